using System.Text.Json.Serialization;
using Risk.Domain.Measures;
using Risk.Domain.Snapshots;

namespace Risk.Api.Wire;

internal sealed record PerformanceInput(
    double[] Returns, double[]? Benchmark, double RiskFreeAnnual, double PeriodsPerYear, string[]? Dates, ConcentrationInput? Concentration);

/// <summary>Return and risk of a series; ratios are fractions, a drawdown is positive. See <see cref="Performance"/> and <see cref="BenchmarkComparison"/>.</summary>
/// <param name="Coverage">Share of the returns given that the figures contain: all, or none of fewer than 30.</param>
/// <param name="PeakIndex">0-based return after which wealth stood highest before the fall; −1 for the start.</param>
public sealed record PerformanceCalculation(
    string Method,
    Dictionary<string, string> Conventions,
    int Observations,
    double Coverage,
    double PeriodsPerYear,
    double RiskFreeAnnual,
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
    string? PeakDate,
    string? TroughDate,
    string? RecoveryDate,
    int? PeakIndex,
    int? TroughIndex,
    int? RecoveryIndex,
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
    double? DownCaptureMean,
    PerformanceErrorFigures StandardErrors,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ConcentrationFigures? Concentration,
    IReadOnlyList<string> Flags,
    Dictionary<string, string> Reasons)
{
    private static readonly Dictionary<string, string> Said = new()
    {
        ["returns"] = "simple",
        ["standard_deviation"] = "n-1",
        ["downside"] = "target = risk-free of the period",
        ["wealth"] = "1 before the first return",
        ["annualisation"] = "volatility and ratios sqrt(periods_per_year); returns geometric",
        ["standard_error"] = "independent periods, first order by the sample's moments; Sharpe and information ratio Lo 2002, Mertens 2002; beta and alpha White 1980",
        ["concentration"] = "weights and covariance as given, taken as known",
    };

    internal static PerformanceCalculation Of(PerformanceInput x)
    {
        var sheet = FigureSheet.For(x.Returns.Length);
        var own = sheet.IsOpen ? Performance.Of(x.Returns, x.RiskFreeAnnual, x.PeriodsPerYear) : null;
        var beside = sheet.IsOpen && x.Benchmark is not null ? BenchmarkComparison.Of(x.Returns, x.Benchmark, x.RiskFreeAnnual, x.PeriodsPerYear) : null;
        var fall = own?.Drawdown;
        return new PerformanceCalculation(
            "performance", Said, x.Returns.Length, sheet.IsOpen || x.Returns.Length == 0 ? 1 : 0, x.PeriodsPerYear, x.RiskFreeAnnual,
            sheet.Of("annual_return_geometric", own?.AnnualReturn),
            sheet.Of("annual_volatility", own?.AnnualVolatility),
            sheet.Of("sharpe_arithmetic", own?.Sharpe),
            sheet.Of("sharpe_geometric_pa", own?.SharpeGeometric),
            sheet.Of("sortino", own?.Sortino),
            sheet.Of("calmar", own?.Calmar),
            sheet.Of("downside_deviation_daily_full_n", own?.DownsideDeviation),
            sheet.Of("downside_deviation_annual_full_n", own?.DownsideDeviation * Math.Sqrt(x.PeriodsPerYear)),
            sheet.Of("downside_deviation_daily_subset_n", own?.DownsideDeviationOfShortfalls),
            sheet.Of("max_drawdown", fall?.Depth),
            DateAt(sheet, "peak_date", x.Dates, fall?.Trough is null ? null : fall.Peak),
            DateAt(sheet, "trough_date", x.Dates, fall?.Trough),
            fall is { Trough: not null, Recovery: null } && x.Dates is not null ? "not recovered" : DateAt(sheet, "recovery_date", x.Dates, fall?.Recovery),
            IndexAt(sheet, "peak_index", fall?.Trough is null ? null : fall.Peak),
            IndexAt(sheet, "trough_index", fall?.Trough),
            IndexAt(sheet, "recovery_index", fall?.Recovery),
            sheet.Of("beta", beside?.Beta),
            sheet.Of("alpha_daily", beside?.AlphaPerPeriod),
            sheet.Of("alpha_annual_arithmetic", beside?.AlphaAnnual),
            sheet.Of("alpha_annual_compounded", beside?.AlphaAnnualCompounded),
            sheet.Of("r_squared", beside?.RSquared),
            sheet.Of("tracking_error_annual", beside?.TrackingErrorAnnual),
            sheet.Of("information_ratio_arithmetic", beside?.InformationRatio),
            sheet.Of("information_ratio_geometric_pa", beside?.InformationRatioGeometric),
            sheet.Of("up_capture_cumulative", beside?.Up.Cumulative),
            sheet.Of("down_capture_cumulative", beside?.Down.Cumulative),
            sheet.Of("up_capture_annualised", beside?.Up.Annualised),
            sheet.Of("down_capture_annualised", beside?.Down.Annualised),
            sheet.Of("up_capture_mean", beside?.Up.Mean),
            sheet.Of("down_capture_mean", beside?.Down.Mean),
            PerformanceErrorFigures.Of(sheet, x, own, beside),
            x.Concentration is null ? null : ConcentrationFigures.Of(x.Concentration, x.PeriodsPerYear),
            sheet.IsOpen && own is not null && HeavyTails.SpoilSigma(x.Returns) ? ["heavy_tails"] : [],
            sheet.Reasons);
    }

    private static int? IndexAt(FigureSheet sheet, string name, int? period)
    {
        if (period is null) sheet.Miss(name, FigureReason.NotApplicable);
        return period;
    }

    private static string? DateAt(FigureSheet sheet, string name, string[]? dates, int? period)
    {
        if (dates is not null && period is { } at) return at == Drawdown.Start ? "start" : dates[at];
        sheet.Miss(name, FigureReason.NotApplicable);
        return null;
    }
}

internal sealed record ConcentrationInput(double[] Weights, double[]? BenchmarkWeights, double[][]? Covariance, int[] Top);

/// <summary>All figures are ratios. Those that need a benchmark or a covariance are null without.</summary>
public sealed record ConcentrationFigures(
    int Positions, double? Hhi, double? EffectiveN, double? ActiveShare, double? DiversificationRatio, double? ExAnteTrackingErrorAnnual, IReadOnlyList<TopShare> Top,
    Dictionary<string, string> Reasons)
{
    internal static ConcentrationFigures Of(ConcentrationInput x, double periods)
    {
        var sheet = new FigureSheet();
        return new ConcentrationFigures(
            x.Weights.Length,
            sheet.Of("hhi", Concentration.Hhi(x.Weights)),
            sheet.Of("effective_n", Concentration.EffectivePositions(x.Weights)),
            sheet.Of("active_share", x.BenchmarkWeights is null ? null : Concentration.ActiveShare(x.Weights, x.BenchmarkWeights)),
            sheet.Of("diversification_ratio", x.Covariance is null ? null : Concentration.DiversificationRatio(x.Weights, x.Covariance)),
            sheet.Of("ex_ante_tracking_error_annual", x.BenchmarkWeights is null || x.Covariance is null ? null
                : Volatility.Annualised(Concentration.TrackingError(x.Weights, x.BenchmarkWeights, x.Covariance), periods)),
            [.. x.Top.Select(count => new TopShare(count, Concentration.Top(x.Weights, count)))],
            sheet.Reasons);
    }
}

/// <summary>The sum of so many of the largest weights.</summary>
public sealed record TopShare(int Count, double Weight);
