using System.Text.Json;
using Risk.Application.Reporting;
using Risk.Domain.Instruments;
using Goal = Risk.Application.Reporting.Objective;

namespace Risk.Api.Wire;

public sealed record OptimiseBody(
    string Objective,
    IReadOnlyList<string>? Symbols = null,
    BoundsBody? Bounds = null,
    double? TargetReturn = null,
    Dictionary<string, double>? Budgets = null,
    IReadOnlyList<ViewBody>? Views = null,
    Dictionary<string, double>? ExpectedReturns = null,
    Dictionary<string, double>? MarketWeights = null,
    double? RiskFreeAnnual = null,
    double? RiskAversion = null,
    double? Tau = null,
    decimal? Confidence = null,
    decimal? LotSize = null)
{
    private const double MaxRate = 100;
    private const double MaxWeight = 10;
    private const int MaxViews = 100;

    private static readonly Dictionary<string, Goal> Objectives = new()
    {
        ["min_variance"] = Goal.MinVariance,
        ["max_sharpe"] = Goal.MaxSharpe,
        ["target_return"] = Goal.TargetReturn,
        ["risk_parity"] = Goal.RiskParity,
        ["risk_budget"] = Goal.RiskBudget,
        ["hrp"] = Goal.Hrp,
        ["black_litterman"] = Goal.BlackLitterman,
        ["min_cvar"] = Goal.MinCvar,
    };

    private static readonly string[] Known =
        ["objective", "symbols", "bounds", "target_return", "budgets", "views", "expected_returns", "market_weights", "risk_free_annual", "risk_aversion", "tau", "confidence", "lot_size"];

    internal static string WordOf(Goal objective) => Objectives.First(x => x.Value == objective).Key;

    internal static OptimiseRequest Read(JsonElement root, List<Fault> faults)
    {
        var reader = new BodyReader(root, "", faults, Known);
        var usual = new OptimiseRequest(Goal.MinVariance);
        if (root.ValueKind != JsonValueKind.Object) return usual;
        if (reader.Find("objective") is null) reader.Add("objective", $"Expected is one of {string.Join(", ", Objectives.Keys)}.");
        var objective = reader.Choice("objective", Objectives.Keys);
        var (bounds, ofSymbols) = BoundsBody.Read(reader.Find("bounds"), faults);
        var budgets = BySymbol(reader, "budgets", 0, 1e6);
        var request = new OptimiseRequest(objective is null ? usual.Objective : Objectives[objective])
        {
            Symbols = SymbolsOf(reader),
            Bounds = bounds,
            SymbolBounds = ofSymbols,
            TargetReturn = (double?)reader.Number("target_return", -(decimal)MaxRate, (decimal)MaxRate),
            Budgets = reader.Find("budgets") is null ? null : budgets,
            Views = ViewsOf(reader, faults),
            ExpectedReturns = BySymbol(reader, "expected_returns", -MaxRate, MaxRate),
            MarketWeights = reader.Find("market_weights") is null ? null : BySymbol(reader, "market_weights", -MaxWeight, MaxWeight),
            RiskFreeAnnual = (double?)reader.Number("risk_free_annual", -1, 1),
            RiskAversion = (double)(reader.Number("risk_aversion", 0.001m, 1000) ?? (decimal)usual.RiskAversion),
            Tau = (double)(reader.Number("tau", 0.0001m, 10) ?? (decimal)usual.Tau),
            Confidence = reader.Number("confidence", 0.500001m, 0.999999m) ?? usual.Confidence,
            LotSize = reader.Number("lot_size", 0.00000001m, 1_000_000_000) ?? usual.LotSize,
        };
        if (objective is not null) Together(reader, request);
        return request;
    }

    /// <summary>Where the body names a symbol.</summary>
    internal static string PointerOf(OptimiseRequest asked, Symbol symbol) =>
        asked.Symbols?.Contains(symbol) == true ? "/symbols"
        : asked.SymbolBounds.ContainsKey(symbol) ? $"/bounds/symbols/{Escaped(symbol)}"
        : asked.Budgets?.ContainsKey(symbol) == true ? $"/budgets/{Escaped(symbol)}"
        : asked.ExpectedReturns?.ContainsKey(symbol) == true ? $"/expected_returns/{Escaped(symbol)}"
        : asked.MarketWeights?.ContainsKey(symbol) == true ? $"/market_weights/{Escaped(symbol)}"
        : $"/views/{asked.Views.Index().First(x => x.Item.Positions.ContainsKey(symbol)).Index}/positions/{Escaped(symbol)}";

    /// <summary>What the objective needs, and what it would silently leave aside.</summary>
    private static void Together(BodyReader reader, OptimiseRequest x)
    {
        var word = WordOf(x.Objective);
        if (x.Objective == Goal.TargetReturn && reader.Find("target_return") is null) reader.Add("target_return", "The objective needs it: a return per year.");
        if (x.Objective == Goal.RiskBudget && !(x.Budgets?.Values.Sum() > 0)) reader.Add("budgets", "The objective needs them: shares of the risk by symbol, some above zero.");
        (string Name, bool IsUsed)[] uses =
        [
            ("bounds", x.Objective is not (Goal.RiskParity or Goal.RiskBudget or Goal.Hrp)),
            ("target_return", x.Objective is Goal.TargetReturn or Goal.MinCvar),
            ("budgets", x.Objective == Goal.RiskBudget),
            ("views", x.Objective == Goal.BlackLitterman),
            ("market_weights", x.Objective == Goal.BlackLitterman),
            ("risk_aversion", x.Objective == Goal.BlackLitterman),
            ("tau", x.Objective == Goal.BlackLitterman),
            ("confidence", x.Objective == Goal.MinCvar),
            ("expected_returns", x.Objective is Goal.MaxSharpe or Goal.TargetReturn),
        ];
        foreach (var (name, isUsed) in uses)
            if (!isUsed && reader.Find(name) is not null) reader.Add(name, $"The objective {word} takes none.");
    }

    private static List<Symbol>? SymbolsOf(BodyReader reader)
    {
        if (reader.Find("symbols") is null) return null;
        var symbols = new List<Symbol>();
        foreach (var (name, element) in reader.Array("symbols", OptimisePortfolio.MaxAssets) ?? [])
            if (element.ValueKind == JsonValueKind.String && Symbol.TryParse(element.GetString(), out var symbol)) symbols.Add(symbol);
            else reader.Add(name, "Expected is a symbol.");
        return symbols;
    }

    private static List<SymbolView> ViewsOf(BodyReader reader, List<Fault> faults)
    {
        var views = new List<SymbolView>();
        if (reader.Find("views") is null) return views;
        foreach (var (name, element) in reader.Array("views", MaxViews) ?? [])
        {
            var view = new BodyReader(element, $"/{name}", faults, "positions", "return", "variance");
            var positions = BySymbol(view, "positions", -MaxWeight, MaxWeight);
            if (!positions.Values.Any(x => x != 0)) view.Add("positions", "Expected are weights by symbol, some of them not zero.");
            var expected = view.Number("return", -(decimal)MaxRate, (decimal)MaxRate);
            if (view.Find("return") is null) view.Add("return", "Expected is a return per year.");
            views.Add(new SymbolView(positions, (double)(expected ?? 0), (double?)view.Number("variance", 0, 10_000)));
        }
        return views;
    }

    internal static Dictionary<Symbol, double> BySymbol(BodyReader reader, string name, double min, double max) =>
        reader.Numbers(name, min, max, x => Symbol.TryParse(x, out var symbol) ? symbol : default(Symbol?), "a symbol");

    private static string Escaped(Symbol symbol) => symbol.Text.Replace("/", "~1", StringComparison.Ordinal);
}

/// <summary>For every weight, and for single ones.</summary>
public sealed record BoundsBody(double? Lower = null, double? Upper = null, Dictionary<string, SymbolBoundsBody>? Symbols = null)
{
    private const decimal MaxWeight = 10;

    internal static (WeightBounds All, Dictionary<Symbol, WeightBounds> OfSymbols) Read(JsonElement? member, List<Fault> faults)
    {
        var usual = new WeightBounds(0, 1);
        var ofSymbols = new Dictionary<Symbol, WeightBounds>();
        if (member is not { } element) return (usual, ofSymbols);
        var reader = new BodyReader(element, "/bounds", faults, "lower", "upper", "symbols");
        var all = Pair(reader, usual);
        if (reader.Find("symbols") is not { } symbols) return (all, ofSymbols);
        if (symbols.ValueKind != JsonValueKind.Object) reader.Add("symbols", "Expected is an object of bounds by symbol.");
        else
            foreach (var entry in symbols.EnumerateObject())
            {
                var path = $"/bounds/symbols/{entry.Name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
                var bounds = Pair(new BodyReader(entry.Value, path, faults, "lower", "upper"), all);
                if (!Symbol.TryParse(entry.Name, out var symbol)) faults.Add(new Fault(path, "The name is not a symbol."));
                else if (!ofSymbols.TryAdd(symbol, bounds)) faults.Add(new Fault(path, "It is named twice."));
            }
        return (all, ofSymbols);
    }

    private static WeightBounds Pair(BodyReader reader, WeightBounds usual)
    {
        var (lower, upper) = ((double?)reader.Number("lower", -MaxWeight, MaxWeight) ?? usual.Lower, (double?)reader.Number("upper", -MaxWeight, MaxWeight) ?? usual.Upper);
        if (lower > upper) reader.Add("lower", "It lies above the upper bound.");
        return new WeightBounds(lower, upper);
    }
}

public sealed record SymbolBoundsBody(double? Lower = null, double? Upper = null);

public sealed record ViewBody(Dictionary<string, double> Positions, double Return, double? Variance = null);
