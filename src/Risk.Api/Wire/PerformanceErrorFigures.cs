using Risk.Domain.Measures;

namespace Risk.Api.Wire;

/// <summary>The standard error of each figure under the figure's name, in its unit; null where none holds. See <see cref="PerformanceErrors"/> and <see cref="ComparisonErrors"/>.</summary>
/// <param name="Calmar">Always null, as that of the drawdown and of the captures that compound.</param>
public sealed record PerformanceErrorFigures(
    double? AnnualReturnGeometric,
    double? AnnualVolatility,
    double? SharpeArithmetic,
    double? SharpeGeometricPa,
    double? Sortino,
    double? Calmar,
    double? DownsideDeviationDailyFullN,
    double? DownsideDeviationAnnualFullN,
    double? DownsideDeviationDailySubsetN,
    double? MaxDrawdown,
    double? Beta,
    double? AlphaDaily,
    double? AlphaAnnualArithmetic,
    double? AlphaAnnualCompounded,
    double? RSquared,
    double? TrackingErrorAnnual,
    double? InformationRatioArithmetic,
    double? InformationRatioGeometricPa,
    double? UpCaptureCumulative,
    double? DownCaptureCumulative,
    double? UpCaptureAnnualised,
    double? DownCaptureAnnualised,
    double? UpCaptureMean,
    double? DownCaptureMean)
{
    internal static PerformanceErrorFigures Of(FigureSheet sheet, PerformanceInput x, Performance? own, BenchmarkComparison? beside)
    {
        var errors = own is null ? null : PerformanceErrors.Of(x.Returns, x.RiskFreeAnnual, x.PeriodsPerYear);
        var besides = beside is null ? null : ComparisonErrors.Of(x.Returns, x.Benchmark!, x.RiskFreeAnnual, x.PeriodsPerYear);
        // A figure that is not there has no error either.
        double? Error(string name, double? figure, double? error) => sheet.Of($"standard_errors/{name}", figure is null ? null : error);
        double? None(string name) => Error(name, null, null);
        return new PerformanceErrorFigures(
            Error("annual_return_geometric", own?.AnnualReturn, errors?.AnnualReturn),
            Error("annual_volatility", own?.AnnualVolatility, errors?.AnnualVolatility),
            Error("sharpe_arithmetic", own?.Sharpe, errors?.Sharpe),
            Error("sharpe_geometric_pa", own?.SharpeGeometric, errors?.SharpeGeometric),
            Error("sortino", own?.Sortino, errors?.Sortino),
            None("calmar"),
            Error("downside_deviation_daily_full_n", own?.DownsideDeviation, errors?.DownsideDeviation),
            Error("downside_deviation_annual_full_n", own?.DownsideDeviation, errors?.DownsideDeviation * Math.Sqrt(x.PeriodsPerYear)),
            Error("downside_deviation_daily_subset_n", own?.DownsideDeviationOfShortfalls, errors?.DownsideDeviationOfShortfalls),
            None("max_drawdown"),
            Error("beta", beside?.Beta, besides?.Beta),
            Error("alpha_daily", beside?.AlphaPerPeriod, besides?.AlphaPerPeriod),
            Error("alpha_annual_arithmetic", beside?.AlphaAnnual, besides?.AlphaPerPeriod * x.PeriodsPerYear),
            Error("alpha_annual_compounded", beside?.AlphaAnnualCompounded, besides?.AlphaAnnualCompounded),
            Error("r_squared", beside?.RSquared, besides?.RSquared),
            Error("tracking_error_annual", beside?.TrackingErrorAnnual, besides?.TrackingErrorAnnual),
            Error("information_ratio_arithmetic", beside?.InformationRatio, besides?.InformationRatio),
            Error("information_ratio_geometric_pa", beside?.InformationRatioGeometric, besides?.InformationRatioGeometric),
            None("up_capture_cumulative"),
            None("down_capture_cumulative"),
            None("up_capture_annualised"),
            None("down_capture_annualised"),
            Error("up_capture_mean", beside?.Up.Mean, besides?.UpMean),
            Error("down_capture_mean", beside?.Down.Mean, besides?.DownMean));
    }
}
