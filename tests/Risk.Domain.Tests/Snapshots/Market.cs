using Risk.Domain.Amounts;
using Risk.Domain.Instruments;
using Risk.Domain.Portfolios;
using Risk.Domain.Prices;
using Risk.Domain.Scenarios;
using Risk.Domain.Snapshots;

namespace Risk.Domain.Tests.Snapshots;

/// <summary>An invented market: instruments, their closes, and portfolios in them.</summary>
internal sealed class Market(int days, int seed)
{
    private readonly Random random = new(seed);
    private readonly List<Symbol> symbols = [];
    private readonly List<double[]> closes = [];

    public static readonly EventTime AsOf = EventTime.FromMilliseconds(1_700_000_000_000);

    public static readonly SnapshotVersion Version = new(3, 5, 8);

    public Dictionary<Symbol, Instrument> Instruments { get; } = [];

    public PriceHistory History => new([.. Enumerable.Range(0, days).Select(i => new DateOnly(2020, 1, 1).AddDays(i))], [.. symbols], [.. closes], 5);

    public static Symbol Name(string text) => Symbol.Parse(text);

    /// <summary>Adds an instrument with a random history, or the given closes.</summary>
    public Market With(
        string name, AssetClass kind = AssetClass.Equity, string currency = "USD", decimal multiplier = 1, string? proxy = null, double[]? history = null)
    {
        var symbol = Name(name);
        Instruments[symbol] = new Instrument(
            symbol, name, kind, Currency.Parse(currency), Multiplier: multiplier, Proxy: proxy is null ? null : Name(proxy));
        if (kind == AssetClass.Cash) return this;
        symbols.Add(symbol);
        closes.Add(history ?? Walk(kind == AssetClass.Fx ? 1.3 : 20 + 200 * random.NextDouble()));
        return this;
    }

    /// <summary>Adds an option; without a close of its own unless one is given, which is that of every day.</summary>
    public Market WithOption(
        string name, string underlying, decimal strike, DateOnly expiry, OptionRight right, string currency = "USD", decimal multiplier = 100, double? close = null)
    {
        With(name, AssetClass.Option, currency, multiplier, history: [.. Enumerable.Repeat(close ?? double.NaN, days)]);
        Instruments[Name(name)] = Instruments[Name(name)] with { Option = new OptionTerms(Name(underlying), strike, expiry, right) };
        return this;
    }

    public Market WithEquities(int count)
    {
        for (var i = 0; i < count; i++) With($"E{i}");
        return this;
    }

    public double[] Walk(double start)
    {
        var path = new double[days];
        for (var day = 0; day < days; day++) path[day] = day == 0 ? start : path[day - 1] * (1 + 0.04 * (random.NextDouble() - 0.49));
        return path;
    }

    public static double[] Without(double[] closes, params int[] missing)
    {
        foreach (var day in missing) closes[day] = double.NaN;
        return closes;
    }

    public static Portfolio Holding(decimal cash, params (string Symbol, decimal Quantity)[] positions) =>
        new(AccountId.Default, Currency.Usd, cash, [.. positions.Select(x => new Position(Name(x.Symbol), x.Quantity, 0)).OrderBy(x => x.Symbol)], 3);

    public PortfolioModel Model(Portfolio portfolio, RiskConventions? conventions = null) =>
        PortfolioModel.Build(portfolio, Instruments, History, conventions ?? RiskConventions.Default);

    public LivePortfolio Live(Portfolio portfolio, RiskConventions? conventions = null) => new(Model(portfolio, conventions));

    public RiskSnapshot Measure(Portfolio portfolio, RiskConventions? conventions = null) => Live(portfolio, conventions).Measure(AsOf, Version);

    public RiskReport Report(Portfolio portfolio) => RiskReport.Of(Live(portfolio), AsOf, Version);

    public double Close(string symbol) => closes[symbols.IndexOf(Name(symbol))][^1];

    public double[] Closes(string symbol) => closes[symbols.IndexOf(Name(symbol))];

    /// <summary>Simple returns by hand.</summary>
    public double[] Returns(string symbol)
    {
        var path = Closes(symbol);
        return [.. Enumerable.Range(1, days - 1).Select(t => path[t] / path[t - 1] - 1)];
    }
}

/// <summary>VaR and shortfall of plain doubles by a full sort: type 7, Acerbi–Tasche.</summary>
internal static class Plain
{
    public static double Var(double[] pnl, double tail)
    {
        var sorted = pnl.Order().ToArray();
        var position = (pnl.Length - 1) * tail;
        var lower = (int)Math.Floor(position + 1e-9);
        return lower + 1 >= sorted.Length ? -sorted[lower] : -(sorted[lower] + (position - lower) * (sorted[lower + 1] - sorted[lower]));
    }

    public static double Es(double[] pnl, double tail)
    {
        var sorted = pnl.Order().ToArray();
        var inTail = pnl.Length * tail;
        var whole = (int)Math.Floor(inTail + 1e-9);
        return -(sorted.Take(whole).Sum() + (inTail - whole) * sorted[whole]) / inTail;
    }

    public static double[] Sum(params double[][] parts) => [.. Enumerable.Range(0, parts[0].Length).Select(i => parts.Sum(part => part[i]))];

    public static double[] Times(this double[] returns, double exposure) => [.. returns.Select(r => r * exposure)];
}
