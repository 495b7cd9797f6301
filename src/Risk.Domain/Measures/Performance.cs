namespace Risk.Domain.Measures;

/// <summary>
/// What a series of simple returns earned and what it took: figures a year are ratios (0.05 is five percent). Null wherever a denominator
/// is zero or a total loss leaves nothing to annualise, and where returns are so small that their squares underflow.
/// </summary>
/// <param name="AnnualReturn">Geometric: (Π(1 + r))^(periods a year / n) − 1; −1 after a total loss.</param>
/// <param name="AnnualVolatility">Sample standard deviation × √periods a year.</param>
/// <param name="Sharpe">Arithmetic: mean(r − rf) / sd(r − rf) × √periods a year (Sharpe 1994).</param>
/// <param name="SharpeGeometric">Annualised geometric excess return / annualised sd of the excess.</param>
/// <param name="Sortino">mean(r − rf) / downside deviation × √periods a year, target = rf (Sortino and Price 1994).</param>
/// <param name="Calmar">Annual return / depth of the deepest drawdown.</param>
/// <param name="DownsideDeviation">√(Σ min(r − rf, 0)² / n) over all n periods, per period.</param>
/// <param name="DownsideDeviationOfShortfalls">The same over the periods below the target only; null when there is none.</param>
public sealed record Performance(
    double AnnualReturn,
    double? AnnualVolatility,
    double? Sharpe,
    double? SharpeGeometric,
    double? Sortino,
    double? Calmar,
    double? DownsideDeviation,
    double? DownsideDeviationOfShortfalls,
    Drawdown Drawdown)
{
    /// <param name="returns">Simple, at least two, in ascending order of time.</param>
    /// <param name="riskFreeAnnual">Simple; a period earns 1/<paramref name="periodsPerYear"/> of it.</param>
    /// <exception cref="ArgumentException">Fewer than two returns, one that is not finite or below −1, or figures a year that make no sense.</exception>
    public static Performance Of(ReadOnlySpan<double> returns, double riskFreeAnnual, double periodsPerYear = Volatility.DaysPerYear)
    {
        var excess = Excess(returns, riskFreeAnnual, periodsPerYear);
        var annualReturn = AnnualGeometric(returns, periodsPerYear);
        var sd = Deviation(excess);
        var (mean, root) = (Volatility.Mean(excess), Math.Sqrt(periodsPerYear));
        double squares = 0;
        var below = 0;
        foreach (var e in excess)
        {
            if (!(e < 0)) continue;
            squares += e * e;
            below++;
        }
        var downside = below == 0 ? 0 : Root(squares / excess.Length);
        var drawdown = Drawdown.Of(returns);
        return new Performance(
            annualReturn,
            Deviation(returns) * root,
            Ratio(mean * root, sd),
            Ratio(AnnualGeometric(excess, periodsPerYear), sd * root),
            Ratio(mean * root, downside),
            Ratio(annualReturn, drawdown.Depth),
            downside,
            below > 0 ? Root(squares / below) : null,
            drawdown);
    }

    /// <summary>(Π(1 + r))^(periods a year / n) − 1, the product clamped at a total loss.</summary>
    /// <exception cref="ArgumentException">No return.</exception>
    public static double AnnualGeometric(ReadOnlySpan<double> returns, double periodsPerYear = Volatility.DaysPerYear)
    {
        Check.AtLeast(1, returns, nameof(returns));
        return Math.Pow(1 + Compounded(returns), periodsPerYear / returns.Length) - 1;
    }

    /// <summary>Π(1 + r) − 1, and −1 once a return lost everything; 0 for no return.</summary>
    public static double Compounded(ReadOnlySpan<double> returns)
    {
        var wealth = 1.0;
        foreach (var r in returns) wealth *= Math.Max(0, 1 + r);
        return wealth - 1;
    }

    internal static double[] Excess(ReadOnlySpan<double> returns, double riskFreeAnnual, double periodsPerYear)
    {
        Check.AtLeast(2, returns, nameof(returns));
        Check.Finite(returns, nameof(returns));
        foreach (var r in returns)
            if (r < -1) throw new ArgumentException($"A simple return of {r} loses more than everything.", nameof(returns));
        if (!(periodsPerYear > 0 && double.IsFinite(periodsPerYear)))
            throw new ArgumentOutOfRangeException(nameof(periodsPerYear), periodsPerYear, "Must be positive and finite.");
        if (!double.IsFinite(riskFreeAnnual)) throw new ArgumentOutOfRangeException(nameof(riskFreeAnnual), riskFreeAnnual, "Must be finite.");
        var excess = new double[returns.Length];
        for (var t = 0; t < excess.Length; t++) excess[t] = returns[t] - riskFreeAnnual / periodsPerYear;
        return excess;
    }

    /// <summary>The sample standard deviation; 0 only of equal values, null where the squares underflow.</summary>
    internal static double? Deviation(ReadOnlySpan<double> values) => values.ContainsAnyExcept(values[0]) ? Root(Volatility.SampleVariance(values)) : 0;

    internal static double? Ratio(double numerator, double? denominator) => denominator is { } some && some != 0 ? numerator / some : null;

    private static double? Root(double square) => double.IsNormal(square) ? Math.Sqrt(square) : null;
}
