using Risk.Domain.Instruments;

namespace Risk.Domain.Funds;

/// <summary>
/// What is really held when funds are opened. A fund's holdings are weights of its net assets (0.05 is five percent; negative when short);
/// a fund may hold funds, to any depth. What its disclosed weights leave open up to one is kept under <see cref="Other"/>, and is negative
/// for a fund that discloses more than its assets; nothing is scaled up to hide it.
/// </summary>
public sealed class FundLookThrough
{
    public const string CashSector = "Cash";
    public const string OtherSector = "Other";

    /// <summary>Weights that miss one by less than this are taken as complete: it is the noise of adding percentages.</summary>
    public const double Rounding = 1e-12;

    private readonly Dictionary<Symbol, IReadOnlyDictionary<Symbol, double>> expanded = [];
    private readonly Dictionary<Symbol, GrossParts> gross = [];
    private readonly IReadOnlyDictionary<Symbol, IReadOnlyDictionary<Symbol, double>> funds;

    /// <param name="funds">The disclosed holdings of each fund.</param>
    /// <exception cref="FundCycleException">A fund holds itself, directly or through others; the message names the way round.</exception>
    /// <exception cref="ArgumentException">A weight that is not finite.</exception>
    public FundLookThrough(IReadOnlyDictionary<Symbol, IReadOnlyDictionary<Symbol, double>> funds)
    {
        this.funds = funds;
        foreach (var fund in funds.Keys) Expand(fund, []);
    }

    /// <summary>Uninvested money, in a fund or beside it.</summary>
    public static Symbol Cash { get; } = Symbol.Parse("CASH");

    /// <summary>The part of a fund that its disclosure does not name.</summary>
    public static Symbol Other { get; } = Symbol.Parse("OTHER");

    /// <summary>The fund's weights with every fund inside it opened, <see cref="Cash"/> and <see cref="Other"/> included; they sum to one.</summary>
    /// <exception cref="KeyNotFoundException">Not one of the funds.</exception>
    public IReadOnlyDictionary<Symbol, double> HoldingsOf(Symbol fund) => expanded[fund];

    /// <summary>What the fund's own weights leave open up to one: 0 within <see cref="Rounding"/>, negative for a fund that discloses more than its assets.</summary>
    /// <exception cref="KeyNotFoundException">Not one of the funds.</exception>
    public double UndisclosedOf(Symbol fund)
    {
        var open = 1 - funds[fund].Values.Sum();
        return Math.Abs(open) > Rounding ? open : 0;
    }

    /// <summary>The value of each thing really held; sums to the sum of the positions. A position that is no fund stands for itself.</summary>
    /// <param name="positions">Values in one currency; negative when short.</param>
    public IReadOnlyDictionary<Symbol, double> Values(IReadOnlyDictionary<Symbol, double> positions)
    {
        var values = new SortedDictionary<Symbol, double>();
        foreach (var (symbol, value) in positions) AddOpened(values, symbol, value);
        return values;
    }

    /// <summary>
    /// The share of what is really held that is disclosed, 0 … 1, long and short added up in every fund on the way: all of a position that is no
    /// fund, and of a fund what no fund inside it, nor itself, leaves open up to one. Null where all values are zero.
    /// </summary>
    /// <param name="positions">Values in one currency; negative when short.</param>
    public double? DisclosedShare(IReadOnlyDictionary<Symbol, double> positions)
    {
        var (open, all) = GrossOf(positions);
        return all > 0 ? 1 - open / all : null;
    }

    /// <summary>
    /// Sums weights or values by sector: <see cref="Cash"/> under <see cref="CashSector"/>, whatever has no sector under <see cref="OtherSector"/>.
    /// </summary>
    public static IReadOnlyDictionary<string, double> BySector(IReadOnlyDictionary<Symbol, double> held, IReadOnlyDictionary<Symbol, string> sectors)
    {
        var sums = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var (symbol, amount) in held)
        {
            var sector = sectors.TryGetValue(symbol, out var known) ? known : symbol == Cash ? CashSector : OtherSector;
            sums[sector] = sums.GetValueOrDefault(sector) + amount;
        }
        return sums;
    }

    /// <summary>Each amount over the sum of all. Empty when the sum is not positive: such weights would mean nothing.</summary>
    public static IReadOnlyDictionary<Symbol, double> Weights(IReadOnlyDictionary<Symbol, double> values)
    {
        var total = values.Values.Sum();
        var weights = new SortedDictionary<Symbol, double>();
        if (total > 0)
            foreach (var (symbol, value) in values) weights[symbol] = value / total;
        return weights;
    }

    /// <summary>What is held without <see cref="Cash"/> and <see cref="Other"/>.</summary>
    public static IEnumerable<KeyValuePair<Symbol, double>> Stocks(IReadOnlyDictionary<Symbol, double> held) =>
        held.Where(x => x.Key != Cash && x.Key != Other);

    /// <summary>How much of two opened funds is the same: Σ min(a, b) over the stocks that both hold long; 0 … 1 for long-only funds.</summary>
    /// <exception cref="KeyNotFoundException">Not one of the funds.</exception>
    public FundOverlap Overlap(Symbol a, Symbol b)
    {
        var other = HoldingsOf(b);
        var common = Stocks(HoldingsOf(a)).Select(x => Math.Min(x.Value, other.GetValueOrDefault(x.Key))).Where(weight => weight > 0).ToArray();
        return new FundOverlap(common.Sum(), common.Length);
    }

    private IReadOnlyDictionary<Symbol, double> Expand(Symbol fund, List<Symbol> path)
    {
        if (expanded.TryGetValue(fund, out var known)) return known;
        if (path.Contains(fund)) throw new FundCycleException([.. path.SkipWhile(x => x != fund), fund]);
        path.Add(fund);
        var open = new SortedDictionary<Symbol, double>();
        foreach (var (holding, weight) in funds[fund])
        {
            if (!double.IsFinite(weight)) throw new ArgumentException($"{fund} holds {weight} of {holding}; weights must be finite.");
            if (funds.ContainsKey(holding)) Expand(holding, path);
            AddOpened(open, holding, weight);
        }
        var rest = UndisclosedOf(fund);
        if (rest is not 0) open[Other] = open.GetValueOrDefault(Other) + rest;
        var inside = GrossOf(funds[fund]);
        gross[fund] = new GrossParts(inside.Open + Math.Max(0, rest), inside.All + Math.Max(0, rest));
        path.RemoveAt(path.Count - 1);
        return expanded[fund] = open;
    }

    private GrossParts GrossOf(IReadOnlyDictionary<Symbol, double> held)
    {
        var (open, all) = (0.0, 0.0);
        foreach (var (symbol, amount) in held)
        {
            var inside = gross.TryGetValue(symbol, out var known) ? known : new GrossParts(symbol == Other ? 1 : 0, 1);
            (open, all) = (open + Math.Abs(amount) * inside.Open, all + Math.Abs(amount) * inside.All);
        }
        return new GrossParts(open, all);
    }

    private void AddOpened(SortedDictionary<Symbol, double> held, Symbol symbol, double amount)
    {
        if (!expanded.TryGetValue(symbol, out var holdings))
        {
            held[symbol] = held.GetValueOrDefault(symbol) + amount;
            return;
        }
        foreach (var (holding, weight) in holdings) held[holding] = held.GetValueOrDefault(holding) + amount * weight;
    }

    /// <summary>Σ|weight| of what is not disclosed, and of everything, once every fund is opened.</summary>
    private readonly record struct GrossParts(double Open, double All);
}

/// <param name="Weight">Σ min of the two weights.</param>
/// <param name="CommonCount">How many stocks both hold.</param>
public readonly record struct FundOverlap(double Weight, int CommonCount);

/// <summary>Funds that hold each other cannot be opened.</summary>
public sealed class FundCycleException(IReadOnlyList<Symbol> path)
    : Exception($"A fund holds itself: {string.Join(" → ", path)}.")
{
    /// <summary>The funds on the way round, the first one again at the end.</summary>
    public IReadOnlyList<Symbol> Path { get; } = path;
}
