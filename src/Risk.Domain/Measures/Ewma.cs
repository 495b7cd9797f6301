namespace Risk.Domain.Measures;

/// <summary>
/// Exponentially weighted variance of zero-mean returns in ascending order of time (RiskMetrics 1996): the newest squared return weighs
/// 1 − λ, each older one λ times the next. Figures are per period, in squared returns.
/// </summary>
public static class Ewma
{
    public const double DefaultLambda = 0.94;

    /// <summary>
    /// The variance after each return: s²(0) = r(0)², s²(t) = λ·s²(t−1) + (1 − λ)·r(t)². As long as the returns; the last one is the
    /// forecast for the next period.
    /// </summary>
    /// <exception cref="ArgumentException">No return, or λ outside (0, 1].</exception>
    public static double[] Variances(ReadOnlySpan<double> returns, double lambda = DefaultLambda)
    {
        Check.AtLeast(1, returns, nameof(returns));
        return Forecasts(returns, lambda, returns[0] * returns[0])[1..];
    }

    /// <summary>
    /// The variance forecast for each period: s²(0) = <paramref name="seedVariance"/>, s²(t+1) = λ·s²(t) + (1 − λ)·r(t)². One longer than
    /// the returns; the last one is the forecast for the next period.
    /// </summary>
    /// <exception cref="ArgumentException">λ outside (0, 1], or a seed that is negative or not finite.</exception>
    public static double[] Forecasts(ReadOnlySpan<double> returns, double lambda, double seedVariance)
    {
        Check.Lambda(lambda);
        if (!(seedVariance >= 0 && double.IsFinite(seedVariance)))
            throw new ArgumentOutOfRangeException(nameof(seedVariance), seedVariance, "Must be finite and not negative.");
        var variances = new double[returns.Length + 1];
        variances[0] = seedVariance;
        for (var t = 0; t < returns.Length; t++) variances[t + 1] = lambda * variances[t] + (1 - lambda) * returns[t] * returns[t];
        return variances;
    }

    /// <summary>
    /// Σ of the squared weights that <see cref="Variances"/> gives the squared returns, after each of them: the smaller, the more returns
    /// stand behind the variance.
    /// </summary>
    /// <exception cref="ArgumentException">No return, or λ outside (0, 1].</exception>
    public static double[] SquaredWeights(int count, double lambda = DefaultLambda)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        Check.Lambda(lambda);
        var squares = new double[count];
        squares[0] = 1;
        for (var t = 1; t < count; t++) squares[t] = lambda * lambda * squares[t - 1] + (1 - lambda) * (1 - lambda);
        return squares;
    }

    /// <summary>Σ λ²ʲ / (Σ λʲ)²: the same of <see cref="NormalisedVariance"/>.</summary>
    /// <inheritdoc cref="SquaredWeights"/>
    public static double NormalisedSquaredWeights(int count, double lambda = DefaultLambda)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        Check.Lambda(lambda);
        double squares = 0, weights = 0;
        for (var t = 0; t < count; t++) (squares, weights) = (lambda * lambda * squares + 1, lambda * weights + 1);
        return squares / (weights * weights);
    }

    /// <summary>
    /// Σ of the squares by which the weights of the last of <see cref="Forecasts"/>, seeded with the mean square of the returns, are off 1/n:
    /// of a forecast against the mean of all forecasts, which weighs the returns alike but for the first and last few.
    /// </summary>
    /// <inheritdoc cref="SquaredWeights"/>
    public static double SquaredWeightsAboutMean(int count, double lambda = DefaultLambda)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        Check.Lambda(lambda);
        double squares = 0, share = Math.Pow(lambda, count) / count - 1.0 / count, weight = 1 - lambda;
        for (var t = 0; t < count; t++, weight *= lambda) squares += (weight + share) * (weight + share);
        return squares;
    }

    /// <summary>Σ λʲ r(n−1−j)² / Σ λʲ: the weights sum to one, so no seed is needed; differs from the recursion by λⁿ at most.</summary>
    /// <exception cref="ArgumentException">No return, or λ outside (0, 1].</exception>
    public static double NormalisedVariance(ReadOnlySpan<double> returns, double lambda = DefaultLambda)
    {
        Check.AtLeast(1, returns, nameof(returns));
        Check.Lambda(lambda);
        double sum = 0, weights = 0;
        foreach (var r in returns)
        {
            sum = lambda * sum + r * r;
            weights = lambda * weights + 1;
        }
        return sum / weights;
    }
}
