using System.Text.Json.Serialization;
using Risk.Application.Calculators;
using Risk.Application.Reporting;
using Risk.Domain.Measures;
using Risk.Domain.Snapshots;

namespace Risk.Api.Wire;

/// <summary>VaR of positions that the caller brought, with all that says how. Options that the method does not read are left out.</summary>
/// <param name="Observations">Returns that were read; null when a covariance was given.</param>
/// <param name="Reasons">Why observations are null; each result has those of its figures.</param>
/// <param name="Coverage">Share of the positions whose past the figures contain: all, for one without a past is refused, or none where nothing could be computed.</param>
public sealed record CalculatedVarAnswer(
    string Method,
    string Quantile,
    string EsConvention,
    int? Observations,
    int HorizonDays,
    string HorizonMethod,
    double Coverage,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Lambda,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? EwmaSeed,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Scaling,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Mean,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? StandardDeviation,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? DegreesOfFreedom,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] GarchAnswer? Garch,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Paths,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ulong? Seed,
    IReadOnlyList<LossAnswer> Results,
    Dictionary<string, string> Reasons)
{
    internal static CalculatedVarAnswer Of(AskedVar asked, IReadOnlyList<string> symbols, CalculatedVar calculated)
    {
        var (options, said) = (asked.Options, MethodSaid.Of(asked, calculated));
        return new CalculatedVarAnswer(
            asked.Method.Word, asked.Quantile, asked.Shortfall, calculated.Observations, options.HorizonDays, HorizonWord(options), CoverageOf(calculated),
            said.Lambda, said.EwmaSeed, said.Scaling, said.Mean, said.StandardDeviation, said.DegreesOfFreedom, said.Garch, said.Paths, said.Seed,
            [.. calculated.Results.Select(x => LossAnswer.Of(x, symbols, options.HasComponents))],
            calculated.Observations is null ? new() { ["observations"] = FigureWords.Of(FigureReason.NotApplicable) } : []);
    }

    internal static string HorizonWord(VarOptions options) => options.HorizonMethod == Risk.Application.Calculators.HorizonMethod.Overlapping ? "overlapping" : "sqrt_time";

    internal static double CoverageOf(CalculatedVar calculated) => calculated.Results.Any(x => x.Var.Value is not null) ? 1 : 0;
}

/// <summary>What the method was told, or fell back on. Null is what it does not read.</summary>
/// <param name="EwmaSeed">Where the recursion of the volatility starts.</param>
internal readonly record struct MethodSaid(
    double? Lambda, string? EwmaSeed, string? Scaling, string? Mean, string? StandardDeviation, double? DegreesOfFreedom, GarchAnswer? Garch, int? Paths, ulong? Seed)
{
    public static MethodSaid Of(AskedVar asked, CalculatedVar calculated)
    {
        var (method, options) = (asked.Method, asked.Options);
        var isFittedT = method.Method == VarMethod.StudentT && options.DegreesOfFreedom is null;
        return new MethodSaid(
            method.Method switch
            {
                VarMethod.AgeWeighted => options.Lambda ?? VarOptions.UsualAgeLambda,
                VarMethod.VolatilityScaled => options.Lambda ?? Ewma.DefaultLambda,
                _ => null,
            },
            method.Method == VarMethod.VolatilityScaled ? "mean_square" : null,
            method.Reads("scaling") ? options.IsAssetLevel ? "asset" : "portfolio" : null,
            method.Reads("mean") && !isFittedT ? options.HasMean ? "sample" : "zero" : null,
            method.Reads("standard_deviation") && !isFittedT ? options.IsPopulation ?? method.Method == VarMethod.CornishFisher ? "population" : "sample" : null,
            calculated.DegreesOfFreedom,
            calculated.Garch is { } x ? new GarchAnswer(x.Parameters.Mu, x.Parameters.Omega, x.Parameters.Alpha, x.Parameters.Beta, x.InitialVariance) : null,
            asked.IsSimulated ? options.Paths : null,
            asked.IsSimulated ? options.Seed : null);
    }
}

/// <summary>In returns of the portfolio: its P&amp;L over the sum of the positions.</summary>
/// <param name="InitialVariance">The first forecast; the population variance of the returns where none was given.</param>
public sealed record GarchAnswer(double Mu, double Omega, double Alpha, double Beta, double InitialVariance);

/// <param name="Scenarios">Those that set the VaR: VaR = −Σ weight × P&amp;L of a day; none for closed forms.</param>
/// <param name="Components">Only when they were asked for.</param>
public sealed record LossAnswer(
    decimal Confidence,
    double? Var,
    double? Es,
    IntervalAnswer? Interval,
    double? VarStandardError,
    double? EsStandardError,
    IReadOnlyList<LossScenarioAnswer> Scenarios,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<ComponentAnswer>? Components,
    IReadOnlyList<string> Flags,
    Dictionary<string, string> Reasons)
{
    internal static LossAnswer Of(CalculatedLoss loss, IReadOnlyList<string> symbols, bool hasComponents)
    {
        var reasons = new Dictionary<string, string>();
        var (var, es) = (loss.Var.Into(reasons, "var"), loss.Es.Into(reasons, "es"));
        const string none = "not_applicable";
        var interval = loss.Interval.Into(reasons, "interval", loss.Var.Reason);
        var (varError, esError) = (loss.VarStandardError.Into(reasons, "var_standard_error"), loss.EsStandardError.Into(reasons, "es_standard_error"));
        IReadOnlyList<ComponentAnswer>? components = null;
        if (hasComponents)
        {
            components = [.. symbols.Select((symbol, i) => ComponentAnswer.Of(symbol, i, loss.VarParts, loss.EsParts))];
            Explain(components.Any(x => x.ComponentVar is null), "var", ["component_var", "marginal_var"]);
            Explain(components.Any(x => x.IncrementalVar is null), "var", ["incremental_var"]);
            Explain(components.Any(x => x.ComponentEs is null), "es", ["component_es", "marginal_es"]);
            Explain(components.Any(x => x.IncrementalEs is null), "es", ["incremental_es"]);
        }
        return new LossAnswer(
            loss.Confidence, var, es, interval, varError, esError,
            [.. loss.Scenarios.Select(x => new LossScenarioAnswer(x.Index, x.Weight, x.Pnl + 0.0))], components, VarMethodWords.WordsOf(loss.Warnings), reasons);

        void Explain(bool isMissing, string figure, string[] names)
        {
            if (!isMissing) return;
            foreach (var name in names) reasons[$"components/{name}"] = reasons.GetValueOrDefault(figure, none);
        }
    }
}

/// <param name="Index">0-based place in the returns, or number of the simulated path.</param>
public sealed record LossScenarioAnswer(int Index, double Weight, double Pnl);

/// <param name="ComponentVar">Adds up to the VaR over the positions; the component of the ES to the ES.</param>
/// <param name="MarginalVar">Change of the VaR for one more unit of position.</param>
/// <param name="IncrementalVar">VaR − VaR without the position.</param>
public sealed record ComponentAnswer(
    string Symbol, double? ComponentVar, double? ComponentEs, double? MarginalVar, double? IncrementalVar, double? MarginalEs, double? IncrementalEs)
{
    internal static ComponentAnswer Of(string symbol, int position, LossParts? var, LossParts? es) => new(
        symbol,
        var?.Components[position] + 0.0, es?.Components[position] + 0.0, var?.Marginal[position] + 0.0, var?.Incremental[position] + 0.0,
        es?.Marginal[position] + 0.0, es?.Incremental[position] + 0.0);
}
