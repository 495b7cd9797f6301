using System.Text.Json.Serialization;
using Risk.Domain.Measures;
using Risk.Domain.Snapshots;

namespace Risk.Api.Wire;

/// <summary>Each is that of the figure of its name; their reasons stand under standard_errors/ and that name.</summary>
public sealed record SampleErrors(double? DailyVolSimple, double? AnnualVolSimple, double? DailyVolLog, double? AnnualVolLog)
{
    internal static SampleErrors Of(FigureSheet sheet, double[] returns, double[]? prices, double periods)
    {
        var simple = sheet.IsOpen ? VolatilityErrors.Sample(returns) : (double?)null;
        var log = sheet.IsOpen && prices is not null ? VolatilityErrors.Sample(Returns.Log(prices)) : (double?)null;
        return new SampleErrors(
            sheet.ErrorOf("daily_vol_simple", simple), sheet.ErrorOf("annual_vol_simple", simple * Math.Sqrt(periods)),
            sheet.ErrorOf("daily_vol_log", log), sheet.ErrorOf("annual_vol_log", log * Math.Sqrt(periods)));
    }

    internal static IReadOnlyList<string> FlagsOf(double[] returns, double[]? prices) =>
        HeavyTails.SpoilSigma(returns) || prices is not null && HeavyTails.SpoilSigma(Returns.Log(prices)) ? ["heavy_tails"] : [];
}

/// <inheritdoc cref="SampleErrors"/>
public sealed record EwmaErrors(
    double? VarianceRecursiveLast, double? VolRecursiveLast, double? AnnualVolRecursiveLast, double? VarianceNormalisedWeights, double? VolNormalisedWeights, double[]? VarianceRecursiveFirst5)
{
    internal static EwmaErrors Of(FigureSheet sheet, double[] returns, VolatilityInput x, double[]? variances)
    {
        var weights = variances is null ? null : Ewma.SquaredWeights(returns.Length, x.Lambda);
        // The variance is taken as constant, so its level is that of all returns.
        var level = sheet.IsOpen ? Volatility.MeanSquare(returns) : (double?)null;
        var last = weights is null ? null : level * VolatilityErrors.OfWeighted(returns, weights[^1]);
        var ofVolatility = HalfOf(last, level);
        var even = level is { } mean ? mean * VolatilityErrors.OfWeighted(returns, Ewma.NormalisedSquaredWeights(returns.Length, x.Lambda)) : (double?)null;
        return new EwmaErrors(
            sheet.ErrorOf("variance_recursive_last", last), sheet.ErrorOf("vol_recursive_last", ofVolatility),
            sheet.ErrorOf("annual_vol_recursive_last", ofVolatility * Math.Sqrt(x.PeriodsPerYear)),
            sheet.ErrorOf("variance_normalised_weights", even), sheet.ErrorOf("vol_normalised_weights", HalfOf(even, level)),
            sheet.ErrorOf("variance_recursive_first5", weights?.Take(5).Select(w => level!.Value * VolatilityErrors.OfWeighted(returns, w))));
    }

    /// <summary>The error of the root: half of the variance's own, over the root. Zero where nothing moves.</summary>
    private static double? HalfOf(double? error, double? variance) => variance > 0 ? error / Math.Sqrt(variance.Value) / 2 : error;
}

/// <inheritdoc cref="SampleErrors"/>
public sealed record GarchFitErrors(double? Mu, double? Omega, double? Alpha, double? Beta, double? NextDaySigma, double? AnnualSigma)
{
    internal static GarchFitErrors Of(FigureSheet sheet, GarchFit? fit, GarchErrors? errors, double periods)
    {
        double? Error(string name, double? value) => sheet.ErrorOf(name, value, fit is null ? FigureReason.DidNotConverge : FigureReason.NotApplicable);
        return new GarchFitErrors(
            Error("mu", errors?.Mu), Error("omega", errors?.Omega), Error("alpha", errors?.Alpha), Error("beta", errors?.Beta),
            Error("next_day_sigma", errors?.NextVolatility), Error("annual_sigma", errors?.NextVolatility * Math.Sqrt(periods)));
    }
}

/// <summary>Of given parameters nothing is estimated, so there is none.</summary>
public sealed record GarchFilterErrors(
    [property: JsonPropertyName("variance_first5_h1_to_h5")] double[]? VarianceFirst5,
    [property: JsonPropertyName("variance_next_h_n_plus_1")] double? VarianceNext,
    double? SigmaNext,
    double? AnnualSigma)
{
    internal static GarchFilterErrors Of(FigureSheet sheet) => new(
        sheet.ErrorOf("variance_first5_h1_to_h5", (IEnumerable<double>?)null), sheet.ErrorOf("variance_next_h_n_plus_1", (double?)null),
        sheet.ErrorOf("sigma_next", (double?)null), sheet.ErrorOf("annual_sigma", (double?)null));
}

/// <inheritdoc cref="SampleErrors"/>
public sealed record MatrixErrors(double[][]? CovarianceDaily, double?[][]? Correlation, double? DailyVol, double? AnnualVol, double[]? VolContribution)
{
    internal static MatrixErrors Of(FigureSheet sheet, VolatilityInput x)
    {
        var errors = sheet.IsOpen ? CovarianceErrors.Of(x.Table.Returns) : null;
        var weights = sheet.IsOpen ? x.Weights : null;
        var sigma = weights is null ? (double?)null : VolatilityErrors.Sample(LinearPnl.Total(weights, x.Table.Returns));
        if (errors is null || errors.Correlation.Any(row => row.Contains(null))) sheet.Miss("standard_errors/correlation", FigureReason.NotApplicable);
        return new MatrixErrors(
            sheet.ErrorOf("covariance_daily", errors?.Covariance), errors?.Correlation, sheet.ErrorOf("daily_vol", sigma),
            sheet.ErrorOf("annual_vol", sigma * Math.Sqrt(x.PeriodsPerYear)),
            sheet.ErrorOf("vol_contribution", weights is null ? null : VolatilityErrors.Contributions(weights, x.Table.Returns)));
    }

    internal static IReadOnlyList<string> FlagsOf(VolatilityInput x) =>
        x.Table.Returns.Any(series => HeavyTails.SpoilSigma(series)) || x.Weights is { } weights && HeavyTails.SpoilSigma(LinearPnl.Total(weights, x.Table.Returns)) ? ["heavy_tails"] : [];
}
