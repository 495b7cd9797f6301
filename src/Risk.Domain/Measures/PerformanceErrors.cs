namespace Risk.Domain.Measures;

/// <summary>
/// How far the figures of <see cref="Performance"/> are off on average for want of periods, in the unit of each: first order (delta
/// method), with the moments of the sample itself, periods independent. Null where the figure has no denominator, a total loss has no
/// logarithm, or a single period tells it. The depth of a drawdown, and so Calmar's ratio, have no standard error that holds.
/// </summary>
/// <param name="AnnualVolatility">σ√((m₄/m₂² − 1)/(4n)) × √periods a year.</param>
/// <param name="Sharpe">√((1 − S·skewness + S²(kurtosis − 1)/4)/n) × √periods a year, S per period (Lo 2002, Mertens 2002).</param>
public sealed record PerformanceErrors(
    double? AnnualReturn,
    double? AnnualVolatility,
    double? Sharpe,
    double? SharpeGeometric,
    double? Sortino,
    double? DownsideDeviation,
    double? DownsideDeviationOfShortfalls)
{
    /// <inheritdoc cref="Performance.Of"/>
    public static PerformanceErrors Of(ReadOnlySpan<double> returns, double riskFreeAnnual, double periodsPerYear = Volatility.DaysPerYear)
    {
        var excess = Performance.Excess(returns, riskFreeAnnual, periodsPerYear);
        var (squares, isBelow, root) = (new double[excess.Length], new double[excess.Length], Math.Sqrt(periodsPerYear));
        for (var t = 0; t < excess.Length; t++)
            if (excess[t] < 0) (squares[t], isBelow[t]) = (excess[t] * excess[t], 1);
        var (mean, deviation, below) = (Estimate.Mean(excess), Estimate.Deviation(excess), Estimate.Mean(squares));
        var downside = below.Root();
        return new PerformanceErrors(
            AnnualGeometric(returns, periodsPerYear).StandardError,
            Estimate.Deviation(returns).StandardError * root,
            (mean / deviation).StandardError * root,
            (AnnualGeometric(excess, periodsPerYear) / deviation).StandardError / root,
            (mean / downside).StandardError * root,
            downside.StandardError,
            isBelow.Sum() > 1 ? (below / Estimate.Mean(isBelow)).Root().StandardError : null);
    }

    /// <summary>exp(periods a year × mean logarithm) − 1.</summary>
    internal static Estimate AnnualGeometric(ReadOnlySpan<double> returns, double periodsPerYear)
    {
        var logs = new double[returns.Length];
        for (var t = 0; t < logs.Length; t++) logs[t] = double.LogP1(returns[t]);
        var mean = Estimate.Mean(logs);
        return mean.Map(double.ExpM1(periodsPerYear * mean.Value), periodsPerYear * Math.Exp(periodsPerYear * mean.Value));
    }
}

/// <summary>
/// How far the figures of <see cref="BenchmarkComparison"/> are off on average for want of periods, as <see cref="PerformanceErrors"/>.
/// Those of beta and alpha hold for any variance of the residuals (White 1980, no correction for few periods); that of R² is too small
/// where R² is near 0. Captures that compound have no standard error that holds.
/// </summary>
/// <param name="UpMean">Of the up capture's ratio of means.</param>
/// <param name="DownMean">Of the down capture's.</param>
public sealed record ComparisonErrors(
    double? Beta,
    double? AlphaPerPeriod,
    double? AlphaAnnualCompounded,
    double? RSquared,
    double? TrackingErrorAnnual,
    double? InformationRatio,
    double? InformationRatioGeometric,
    double? UpMean,
    double? DownMean)
{
    /// <inheritdoc cref="BenchmarkComparison.Of"/>
    public static ComparisonErrors Of(
        ReadOnlySpan<double> returns, ReadOnlySpan<double> benchmark, double riskFreeAnnual, double periodsPerYear = Volatility.DaysPerYear)
    {
        Check.SameLength(returns.Length, benchmark.Length, nameof(benchmark));
        var (y, x) = (Performance.Excess(returns, riskFreeAnnual, periodsPerYear), Performance.Excess(benchmark, riskFreeAnnual, periodsPerYear));
        var (together, own, its) = (Estimate.Covariance(y, x), Estimate.Covariance(y, y), Estimate.Covariance(x, x));
        var (beta, correlation) = (together / its, together / own.Root() / its.Root());
        var alpha = Estimate.Mean(y) - beta * Estimate.Mean(x);
        var (active, root) = (new double[y.Length], Math.Sqrt(periodsPerYear));
        for (var t = 0; t < active.Length; t++) active[t] = returns[t] - benchmark[t];
        var deviation = Estimate.Deviation(active);
        var difference = PerformanceErrors.AnnualGeometric(returns, periodsPerYear) - PerformanceErrors.AnnualGeometric(benchmark, periodsPerYear);
        var growth = Math.Pow(1 + alpha.Value, periodsPerYear - 1);
        return new ComparisonErrors(
            beta.StandardError,
            alpha.StandardError,
            alpha.Map(growth * (1 + alpha.Value) - 1, periodsPerYear * growth).StandardError,
            (correlation * correlation).StandardError,
            deviation.StandardError * root,
            (Estimate.Mean(active) / deviation).StandardError * root,
            (difference / deviation).StandardError / root,
            Capture(returns, benchmark, +1)?.StandardError,
            Capture(returns, benchmark, -1)?.StandardError);
    }

    /// <summary>Null with fewer than two periods of that direction: one does not tell how far it is off.</summary>
    private static Estimate? Capture(ReadOnlySpan<double> returns, ReadOnlySpan<double> benchmark, int direction)
    {
        var (mine, theirs) = (new double[returns.Length], new double[returns.Length]);
        for (var t = 0; t < mine.Length; t++)
            if (Math.Sign(benchmark[t]) == direction) (mine[t], theirs[t]) = (returns[t], benchmark[t]);
        return theirs.Count(x => x != 0) > 1 ? Estimate.Mean(mine) / Estimate.Mean(theirs) : null;
    }
}
