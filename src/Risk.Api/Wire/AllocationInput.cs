using System.Text.Json;
using Risk.Domain.Allocation;
using Risk.Domain.Measures;

namespace Risk.Api.Wire;

/// <summary>What an allocation starts from, read and checked.</summary>
/// <param name="Table">Null where a covariance was given.</param>
/// <param name="ExpectedReturns">Null where there are none.</param>
/// <param name="AreReturnsGiven">Whether these were given, and are no means of the series.</param>
/// <param name="Points">Of the frontier; null for none.</param>
internal sealed record AllocationInput(
    string Objective, string[] Assets, double[][] Covariance, double[][]? Correlation, ReturnTable? Table, double[]? ExpectedReturns, bool AreReturnsGiven, WeightLimits Limits, double RiskFree,
    double TargetReturn, int? Points, double[]? Targets, double[]? Budget, BlackLittermanInput? Views, decimal Confidence, double? TargetMeanReturn)
{
    private const double Most = CalculatorLimits.MaxAmount;

    /// <summary>Each objective with the fields that it takes beside those of all.</summary>
    private static readonly Dictionary<string, string[]> Fields = new()
    {
        ["min_variance"] = ["lower", "upper", "unconstrained", "points", "targets"],
        ["max_sharpe"] = ["lower", "upper", "unconstrained", "points", "targets", "risk_free"],
        ["target_return"] = ["lower", "upper", "unconstrained", "points", "targets", "target_return"],
        ["risk_parity"] = [],
        ["risk_budget"] = ["risk_budget"],
        ["hrp"] = [],
        ["black_litterman"] = ["market_weights", "delta", "tau", "P", "Q", "omega_diag"],
        ["min_cvar"] = ["lower", "upper", "unconstrained", "confidence", "target_mean_return"],
    };

    private static readonly string[] OfAll = ["objective", "assets", "covariance", "volatility", "correlation", "prices", "returns", "expected_returns"];

    public static IReadOnlyCollection<string> Objectives => Fields.Keys;

    public static AllocationInput Read(JsonElement root, List<Fault> faults)
    {
        var word = root.TryGetProperty("objective", out var given) && given.ValueKind == JsonValueKind.String ? given.GetString()! : "";
        var reader = new BodyReader(root, "", faults, [.. OfAll, .. Fields.TryGetValue(word, out var own) ? own : Fields.Values.SelectMany(x => x).Distinct()]);
        if (reader.Find("objective") is null) reader.Missing("objective");
        var objective = reader.Choice("objective", Fields.Keys) ?? "";
        var (covariance, correlation, table) = ReadRisk(reader, objective);
        var count = covariance.Length;
        var expected = reader.NumbersOf("expected_returns", count, -Most, Most) ?? table?.Returns.Select(x => x.Length == 0 ? 0 : Volatility.Mean(x)).ToArray();
        int? points = reader.Whole("points", 1, CalculatorLimits.MaxFrontierPoints);
        double[]? targets = reader.Find("targets") is null ? null : reader.Numbers("targets", CalculatorLimits.MaxFrontierPoints, -Most, Most);
        if (points is not null && targets is not null) reader.Add("targets", "Give points or targets, not both.");
        if (expected is null && (objective is "max_sharpe" or "target_return" || points is not null || targets is not null))
            reader.Add("expected_returns", "Is missing: the objective and the frontier need expected returns.");
        foreach (var needed in ((string, string)[])[("target_return", "target_return"), ("risk_budget", "risk_budget")])
            if (objective == needed.Item1 && reader.Find(needed.Item2) is null) reader.Missing(needed.Item2);
        var budget = reader.NumbersOf("risk_budget", count, 0, Most);
        if (budget is { Length: > 0 } && budget.Sum() <= 0) reader.Add("risk_budget", "Some share must be above zero.");
        return new AllocationInput(
            objective, ReadAssets(reader, table, count), covariance, correlation, table, expected, reader.Find("expected_returns") is not null, ReadLimits(reader, count), reader.Real("risk_free", -10, 10) ?? 0,
            reader.Real("target_return", -Most, Most) ?? 0, points, targets, budget, objective == "black_litterman" ? ReadViews(reader, count) : null,
            reader.Number("confidence", 0.500001m, 0.999999m) ?? 0.95m, reader.Real("target_mean_return", -Most, Most));
    }

    private static (double[][] Covariance, double[][]? Correlation, ReturnTable? Table) ReadRisk(BodyReader reader, string objective)
    {
        string[] given = [.. ((string[])["covariance", "volatility", "prices", "returns"]).Where(x => reader.Find(x) is not null)];
        if (given.Length != 1) reader.Add(given.Length == 0 ? "covariance" : given[^1], "Give one of covariance, volatility with correlation, prices and returns.");
        if (objective == "min_cvar" && given is ["covariance" or "volatility"]) reader.Add(given[0], "min_cvar needs prices or returns: it looks at scenarios.");
        var correlation = reader.Symmetric("correlation", CalculatorLimits.MaxAllocationAssets, 1.000001);
        foreach (var (row, i) in (correlation ?? []).Select((row, i) => (row, i)))
            if (row.Length == correlation!.Length && Math.Abs(row[i] - 1) > 1e-6) reader.Add($"correlation/{i}/{i}", "Expected is 1: a series moves as itself.");
        if (given is not [var source]) return ([], null, null);
        if (correlation is not null && (source is "prices" or "returns" || source == "covariance" && objective != "hrp")) reader.Add("correlation", "Goes with volatility, or with covariance in hrp.");
        var (matrix, table) = source switch
        {
            "covariance" => (reader.Symmetric("covariance", CalculatorLimits.MaxAllocationAssets, Most) ?? [], null),
            "volatility" => (FromVolatility(reader, correlation), null),
            _ => FromReturns(reader, objective),
        };
        if (source == "covariance" && correlation is { Length: > 0 } && correlation.Length != matrix.Length) reader.Add("correlation", $"Expected are {matrix.Length} rows, {correlation.Length} are given.");
        return (matrix, source == "covariance" ? correlation : null, table);
    }

    private static double[][] FromVolatility(BodyReader reader, double[][]? correlation)
    {
        var sd = reader.Numbers("volatility", CalculatorLimits.MaxAllocationAssets, 0, 1e6);
        if (correlation is null) reader.Missing("correlation");
        else if (correlation.Length != sd.Length && correlation.Length > 0 && sd.Length > 0) reader.Add("correlation", $"Expected are {sd.Length} rows, {correlation.Length} are given.");
        if (correlation is null || correlation.Length != sd.Length || correlation.Any(row => row.Length != sd.Length)) return [.. sd.Select(_ => new double[sd.Length])];
        return [.. correlation.Select((row, i) => row.Select((x, j) => x * sd[i] * sd[j]).ToArray())];
    }

    private static (double[][] Covariance, ReturnTable? Table) FromReturns(BodyReader reader, string objective)
    {
        if (reader.Returns(CalculatorLimits.MaxAllocationAssets) is not { } table) return ([], null);
        var (count, days) = ((long)table.Names.Length, table.Observations);
        var name = table.Prices is null ? "returns" : "prices";
        if (objective == "min_cvar") reader.IsWithin(name, count * count * days, CalculatorLimits.MaxCvarWork, "scenarios × assets²");
        var isWhole = days >= 2 && table.Returns.All(x => x.Length == days);
        return (isWhole ? Domain.Measures.Covariance.Matrix(table.Returns) : [.. table.Names.Select(_ => new double[table.Names.Length])], table);
    }

    private static string[] ReadAssets(BodyReader reader, ReturnTable? table, int count)
    {
        if (reader.Find("assets") is not { } given) return table?.Names ?? [.. Enumerable.Range(1, count).Select(i => FormattableString.Invariant($"{i}"))];
        if (table is not null) reader.Add("assets", "The series have names already.");
        var names = reader.Elements(given, "assets", CalculatorLimits.MaxAllocationAssets, "names");
        if (names.Length > 0 && names.Length != count && count > 0) reader.Add("assets", $"Expected are {count} names, {names.Length} are given.");
        var known = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < names.Length; i++)
            if (names[i].ValueKind != JsonValueKind.String || names[i].GetString()!.Length is 0 or > CalculatorLimits.MaxNameLength)
                reader.Add($"assets/{i}", $"Expected is a text of 1 to {CalculatorLimits.MaxNameLength} characters.");
            else if (!known.Add(names[i].GetString()!)) reader.Add($"assets/{i}", $"The name {names[i].GetString()} stands there twice.");
        return [.. names.Select(x => x.ValueKind == JsonValueKind.String ? x.GetString()! : "")];
    }

    private static WeightLimits ReadLimits(BodyReader reader, int count)
    {
        var (isFree, lower, upper) = (reader.Truth("unconstrained"), ReadLimit(reader, "lower", count, 0), ReadLimit(reader, "upper", count, 1));
        if (!isFree) return new WeightLimits(lower, upper);
        foreach (var name in (string[])["lower", "upper"])
            if (reader.Find(name) is not null) reader.Add(name, "Goes without unconstrained.");
        return WeightLimits.None(count);
    }

    private static double[] ReadLimit(BodyReader reader, string name, int count, double usual)
    {
        const double most = 1_000;
        var numbers = reader.Find(name) is { ValueKind: JsonValueKind.Array } ? reader.NumbersOf(name, count, -most, most)! : [];
        return numbers.Length == count && count > 0 ? numbers
            : [.. Enumerable.Repeat(reader.Find(name) is { ValueKind: not JsonValueKind.Array } ? reader.Real(name, -most, most) ?? usual : usual, count)];
    }

    private static BlackLittermanInput ReadViews(BodyReader reader, int count)
    {
        foreach (var name in (string[])["market_weights", "delta", "tau"])
            if (reader.Find(name) is null) reader.Missing(name);
        var positions = reader.Matrix("P", CalculatorLimits.MaxViews, Most, count) ?? [];
        var returns = reader.NumbersOf("Q", positions.Length, -Most, Most) ?? [];
        if (returns.Length == 0 && positions.Length > 0 && reader.Find("Q") is null) reader.Missing("Q");
        var variances = reader.NumbersOf("omega_diag", positions.Length, 0, Most);
        var isWhole = returns.Length == positions.Length && (variances is null || variances.Length == positions.Length);
        return new BlackLittermanInput(
            reader.NumbersOf("market_weights", count, -Most, Most) ?? [], reader.Real("delta", 1e-6, 1e6) ?? 1, reader.Real("tau", 1e-9, 1e3) ?? 1,
            isWhole ? [.. positions.Select((x, i) => new ReturnView(x, returns[i], variances?[i]))] : []);
    }
}

internal sealed record BlackLittermanInput(double[] MarketWeights, double Delta, double Tau, IReadOnlyList<ReturnView> Views);
