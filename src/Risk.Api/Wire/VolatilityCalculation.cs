using System.Text.Json.Serialization;
using Risk.Domain.Measures;
using Risk.Domain.Snapshots;

namespace Risk.Api.Wire;

internal sealed record VolatilityInput(string Method, ReturnTable Table, double PeriodsPerYear, double Lambda, GarchInput? Garch, double[]? Weights);

/// <param name="InitialVariance">The population variance of the returns where null.</param>
internal sealed record GarchInput(GarchParameters Parameters, double? InitialVariance);

/// <param name="Coverage">Share of the series whose figures are known.</param>
/// <param name="Results">One for each series, of the methods that look at one; else left out.</param>
/// <param name="Matrix">Of covariance and correlation; else left out.</param>
public sealed record VolatilityCalculation(
    string Method,
    Dictionary<string, string> Conventions,
    int Observations,
    double Coverage,
    double PeriodsPerYear,
    IReadOnlyList<string> Assets,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<SeriesVolatility>? Results,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] CovarianceFigures? Matrix)
{
    internal static VolatilityCalculation Of(VolatilityInput x)
    {
        var isMatrix = x.Method is "covariance" or "correlation";
        SeriesVolatility[]? series = isMatrix ? null : [.. x.Table.Names.Select((name, i) => SeriesVolatility.Of(name, i, x))];
        var matrix = isMatrix ? CovarianceFigures.Of(x) : null;
        var coverage = series is null ? matrix!.CovarianceDaily is null ? 0 : 1 : series.Average(s => s.IsKnown ? 1.0 : 0);
        return new VolatilityCalculation(x.Method, ConventionsOf(x), x.Table.Observations, coverage, x.PeriodsPerYear, x.Table.Names, series, matrix);
    }

    private static Dictionary<string, string> ConventionsOf(VolatilityInput x)
    {
        var said = new Dictionary<string, string> { ["returns"] = x.Table.Prices is null ? "as given" : "simple", ["annualisation"] = "sqrt(periods_per_year)" };
        (string Key, string Text)[] own = x.Method switch
        {
            "ewma" => [
                ("mean", "zero"), ("lambda", FormattableString.Invariant($"{x.Lambda}")), ("seed", "first squared return"),
                ("standard_errors", "variance taken as constant, fourth moment of the returns")],
            "garch_fit" => [
                ("likelihood", "gaussian, -n/2 ln 2pi included"), ("pre_sample", "mean squared deviation"),
                ("standard_errors", "quasi-maximum likelihood (Bollerslev-Wooldridge)")],
            "garch_filter" => [
                ("initial_variance", x.Garch?.InitialVariance is null ? "population variance" : "as given"), ("standard_errors", "none, parameters taken as known")],
            _ => [("divisor", "n-1"), ("standard_errors", "independent days, fourth moments of the returns")],
        };
        foreach (var (key, text) in own) said[key] = text;
        return said;
    }
}

/// <summary>The figures of one series under one method; those of the other methods are left out.</summary>
public sealed record SeriesVolatility(
    string Symbol,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SampleFigures? Sample,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] EwmaFigures? Ewma,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] GarchFitFigures? GarchFit,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] GarchFilterFigures? GarchFilter,
    IReadOnlyList<string> Flags,
    Dictionary<string, string> Reasons)
{
    internal bool IsKnown => (Sample?.DailyVolSimple ?? Ewma?.VarianceRecursiveLast ?? GarchFit?.NextDaySigma ?? GarchFilter?.SigmaNext) is not null;

    internal static SeriesVolatility Of(string symbol, int i, VolatilityInput x)
    {
        var returns = x.Table.Returns[i];
        var block = $"{x.Method}/";
        var sheet = x.Method == "garch_fit" && returns.Length < Domain.Measures.GarchFit.MinReturns ? new FigureSheet(FigureReason.ShortHistory, block) : FigureSheet.For(returns.Length, block);
        var fit = x.Method == "garch_fit" && sheet.IsOpen ? Domain.Measures.GarchFit.Of(returns) : null;
        var errors = fit is null ? null : GarchErrors.Of(returns, fit);
        var isExplosive = x.Garch?.Parameters is { } p && p.Alpha + p.Beta >= 1;
        return new SeriesVolatility(
            symbol,
            x.Method == "sample" ? SampleFigures.Of(sheet, returns, x.Table.Prices?[i], x.PeriodsPerYear) : null,
            x.Method == "ewma" ? EwmaFigures.Of(sheet, returns, x) : null,
            x.Method == "garch_fit" ? GarchFitFigures.Of(sheet, fit, errors, x.PeriodsPerYear) : null,
            x.Method == "garch_filter" ? GarchFilterFigures.Of(sheet, returns, x) : null,
            isExplosive ? ["no_long_run_variance"]
            : fit is not null && errors is null ? ["at_boundary"]
            : x.Method == "sample" && sheet.IsOpen ? SampleErrors.FlagsOf(returns, x.Table.Prices?[i])
            : [],
            sheet.Reasons);
    }
}

/// <summary>The log figures need prices.</summary>
public sealed record SampleFigures(double? DailyVolSimple, double? AnnualVolSimple, double? DailyVolLog, double? AnnualVolLog, SampleErrors StandardErrors)
{
    internal static SampleFigures Of(FigureSheet sheet, double[] returns, double[]? prices, double periods)
    {
        var simple = sheet.IsOpen ? Volatility.Sample(returns) : (double?)null;
        var log = sheet.IsOpen && prices is not null ? Volatility.Sample(Returns.Log(prices)) : (double?)null;
        return new SampleFigures(
            sheet.Of("daily_vol_simple", simple), sheet.Of("annual_vol_simple", simple * Math.Sqrt(periods)),
            sheet.Of("daily_vol_log", log), sheet.Of("annual_vol_log", log * Math.Sqrt(periods)),
            SampleErrors.Of(sheet, returns, prices, periods));
    }
}

/// <param name="VarianceRecursiveLast">The forecast for the next day.</param>
public sealed record EwmaFigures(
    double? VarianceRecursiveLast, double? VolRecursiveLast, double? AnnualVolRecursiveLast, double? VarianceNormalisedWeights, double? VolNormalisedWeights, double[]? VarianceRecursiveFirst5,
    EwmaErrors StandardErrors)
{
    internal static EwmaFigures Of(FigureSheet sheet, double[] returns, VolatilityInput x)
    {
        var variances = sheet.IsOpen ? Ewma.Variances(returns, x.Lambda) : null;
        var sigma = variances is null ? (double?)null : Math.Sqrt(variances[^1]);
        var normalised = sheet.IsOpen ? Ewma.NormalisedVariance(returns, x.Lambda) : (double?)null;
        return new EwmaFigures(
            sheet.Of("variance_recursive_last", variances?[^1]), sheet.Of("vol_recursive_last", sigma), sheet.Of("annual_vol_recursive_last", sigma * Math.Sqrt(x.PeriodsPerYear)),
            sheet.Of("variance_normalised_weights", normalised), sheet.Of("vol_normalised_weights", normalised is { } v ? Math.Sqrt(v) : null),
            sheet.Of("variance_recursive_first5", variances?.Take(5)), EwmaErrors.Of(sheet, returns, x, variances));
    }
}

/// <param name="StandardErrors">All but that of the likelihood, which is no estimate; none at the boundary of α and β.</param>
public sealed record GarchFitFigures(
    double? Mu, double? Omega, double? Alpha, double? Beta, double? LogLikelihood, double? NextDaySigma, double? AnnualSigma, GarchFitErrors StandardErrors)
{
    internal static GarchFitFigures Of(FigureSheet sheet, GarchFit? fit, GarchErrors? errors, double periods)
    {
        double? Figure(string name, double? value) => sheet.Of(name, value, FigureReason.DidNotConverge);
        return new GarchFitFigures(
            Figure("mu", fit?.Parameters.Mu), Figure("omega", fit?.Parameters.Omega), Figure("alpha", fit?.Parameters.Alpha), Figure("beta", fit?.Parameters.Beta),
            Figure("log_likelihood", fit?.LogLikelihood), Figure("next_day_sigma", fit?.NextVolatility), Figure("annual_sigma", fit?.NextVolatility * Math.Sqrt(periods)),
            GarchFitErrors.Of(sheet, fit, errors, periods));
    }
}

public sealed record GarchFilterFigures(
    [property: JsonPropertyName("variance_first5_h1_to_h5")] double[]? VarianceFirst5,
    [property: JsonPropertyName("variance_next_h_n_plus_1")] double? VarianceNext,
    double? SigmaNext,
    double? AnnualSigma,
    GarchFilterErrors StandardErrors)
{
    internal static GarchFilterFigures Of(FigureSheet sheet, double[] returns, VolatilityInput x)
    {
        // Returns that never move leave nothing to start from.
        var initial = x.Garch!.InitialVariance ?? (sheet.IsOpen ? Volatility.PopulationVariance(returns) : 0);
        var variances = sheet.IsOpen && initial > 0 ? Garch.Variances(returns, x.Garch.Parameters, initial) : null;
        var sigma = variances is null ? (double?)null : Math.Sqrt(variances[^1]);
        return new GarchFilterFigures(
            sheet.Of("variance_first5_h1_to_h5", variances?.Take(5)), sheet.Of("variance_next_h_n_plus_1", variances?[^1]), sheet.Of("sigma_next", sigma),
            sheet.Of("annual_sigma", sigma * Math.Sqrt(x.PeriodsPerYear)), GarchFilterErrors.Of(sheet));
    }
}

/// <summary>Rows and columns in the order of the assets; the portfolio's figures need weights. A series that never moves has no correlation.</summary>
/// <param name="Flags">heavy_tails: of some series, or of the portfolio.</param>
public sealed record CovarianceFigures(
    double[][]? CovarianceDaily, double?[][]? Correlation, double? DailyVol, double? AnnualVol, double[]? VolContribution, MatrixErrors StandardErrors, IReadOnlyList<string> Flags,
    Dictionary<string, string> Reasons)
{
    internal static CovarianceFigures Of(VolatilityInput x)
    {
        var sheet = FigureSheet.For(x.Table.Observations);
        var covariance = sheet.Of("covariance_daily", sheet.IsOpen ? Covariance.Matrix(x.Table.Returns) : null);
        var correlation = covariance is null ? null : Covariance.ToCorrelation(covariance);
        if (correlation is null || correlation.Any(row => row.Any(c => c is null))) sheet.Miss("correlation", FigureReason.NotApplicable);
        var sigma = covariance is not null && x.Weights is not null ? PortfolioVolatility.Of(x.Weights, covariance) : (double?)null;
        return new CovarianceFigures(
            covariance, correlation, sheet.Of("daily_vol", sigma), sheet.Of("annual_vol", sigma * Math.Sqrt(x.PeriodsPerYear)),
            sheet.Of("vol_contribution", sigma is null ? null : PortfolioVolatility.Contributions(x.Weights!, covariance!)),
            MatrixErrors.Of(sheet, x), sheet.IsOpen ? MatrixErrors.FlagsOf(x) : [], sheet.Reasons);
    }
}
