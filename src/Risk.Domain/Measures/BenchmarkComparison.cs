namespace Risk.Domain.Measures;

/// <summary>
/// A series of simple returns beside a benchmark's over the same periods. Figures a year are ratios. Null wherever a denominator is zero (a
/// benchmark that never moves has no beta, one that never falls no down capture) and where returns are so small that their squares underflow.
/// </summary>
/// <param name="Beta">Slope of the excess return on the benchmark's excess return.</param>
/// <param name="AlphaPerPeriod">Its intercept (Jensen 1968), per period.</param>
/// <param name="AlphaAnnual">Intercept × periods a year.</param>
/// <param name="AlphaAnnualCompounded">(1 + intercept)^(periods a year) − 1.</param>
/// <param name="RSquared">Squared correlation, 0 … 1.</param>
/// <param name="TrackingErrorAnnual">Sample sd(r − b) × √periods a year.</param>
/// <param name="InformationRatio">Arithmetic: mean(r − b) × periods a year / tracking error.</param>
/// <param name="InformationRatioGeometric">Difference of the geometric annual returns / tracking error.</param>
/// <param name="Up">Over the periods in which the benchmark gained.</param>
/// <param name="Down">Over those in which it lost; below 1 is good.</param>
public sealed record BenchmarkComparison(
    double? Beta,
    double? AlphaPerPeriod,
    double? AlphaAnnual,
    double? AlphaAnnualCompounded,
    double? RSquared,
    double? TrackingErrorAnnual,
    double? InformationRatio,
    double? InformationRatioGeometric,
    Capture Up,
    Capture Down)
{
    /// <param name="returns">Simple, at least two, in ascending order of time.</param>
    /// <param name="benchmark">As many.</param>
    /// <param name="riskFreeAnnual">Simple; a period earns 1/<paramref name="periodsPerYear"/> of it.</param>
    /// <exception cref="ArgumentException">Fewer than two returns, different lengths, or a return that is not finite or below −1.</exception>
    public static BenchmarkComparison Of(
        ReadOnlySpan<double> returns, ReadOnlySpan<double> benchmark, double riskFreeAnnual, double periodsPerYear = Volatility.DaysPerYear)
    {
        Check.SameLength(returns.Length, benchmark.Length, nameof(benchmark));
        double[][] excess = [Performance.Excess(returns, riskFreeAnnual, periodsPerYear), Performance.Excess(benchmark, riskFreeAnnual, periodsPerYear)];
        var covariance = Covariance.Matrix(excess);
        var (own, its) = (Performance.Deviation(excess[0]), Performance.Deviation(excess[1]));
        var beta = its is null ? null : Performance.Ratio(covariance[0][1], covariance[1][1]);
        var alpha = Volatility.Mean(excess[0]) - beta * Volatility.Mean(excess[1]);
        var correlation = own is null || its is null ? null : Covariance.ToCorrelation(covariance)[0][1];
        var active = new double[returns.Length];
        for (var t = 0; t < active.Length; t++) active[t] = returns[t] - benchmark[t];
        var trackingError = Performance.Deviation(active) * Math.Sqrt(periodsPerYear);
        var difference = Performance.AnnualGeometric(returns, periodsPerYear) - Performance.AnnualGeometric(benchmark, periodsPerYear);
        return new BenchmarkComparison(
            beta,
            alpha,
            alpha * periodsPerYear,
            alpha is { } a ? Math.Pow(1 + a, periodsPerYear) - 1 : null,
            correlation * correlation,
            trackingError,
            Performance.Ratio(Volatility.Mean(active) * periodsPerYear, trackingError),
            Performance.Ratio(difference, trackingError),
            Capture.Of(returns, benchmark, +1, periodsPerYear),
            Capture.Of(returns, benchmark, -1, periodsPerYear));
    }
}

/// <summary>How much of the benchmark's way the returns went, over the periods in which it moved in one direction; 1 is all of it.</summary>
/// <param name="Periods">How many there were; none makes all figures null.</param>
/// <param name="Cumulative">Ratio of the compounded returns.</param>
/// <param name="Annualised">Ratio of the compounded returns brought to a year.</param>
/// <param name="Mean">Ratio of the mean returns.</param>
public sealed record Capture(int Periods, double? Cumulative, double? Annualised, double? Mean)
{
    internal static Capture Of(ReadOnlySpan<double> returns, ReadOnlySpan<double> benchmark, int direction, double periodsPerYear)
    {
        List<double> own = [], its = [];
        for (var t = 0; t < returns.Length; t++)
        {
            if (Math.Sign(benchmark[t]) != direction) continue;
            own.Add(returns[t]);
            its.Add(benchmark[t]);
        }
        if (own.Count == 0) return new Capture(0, null, null, null);
        double[] mine = [.. own], theirs = [.. its];
        return new Capture(
            mine.Length,
            Performance.Ratio(Performance.Compounded(mine), Performance.Compounded(theirs)),
            Performance.Ratio(Performance.AnnualGeometric(mine, periodsPerYear), Performance.AnnualGeometric(theirs, periodsPerYear)),
            Performance.Ratio(mine.Sum(), theirs.Sum()));
    }
}
