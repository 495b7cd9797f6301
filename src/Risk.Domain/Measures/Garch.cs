namespace Risk.Domain.Measures;

/// <summary>
/// The variance that GARCH(1,1) with given parameters forecasts for each period (Bollerslev 1986):
/// h(t+1) = ω + α·(r(t) − μ)² + β·h(t). Returns and parameters must be in one unit (ratios with ratios, percent with percent).
/// </summary>
public static class Garch
{
    /// <summary>
    /// h for each period, one longer than the returns: the first is <paramref name="initialVariance"/>, the last the forecast for the next period.
    /// </summary>
    /// <param name="returns">In ascending order of time.</param>
    /// <param name="initialVariance">h of the first period; the population variance of the returns when null.</param>
    /// <exception cref="ArgumentException">No return, a return that is not finite, a negative parameter, or an initial variance that is not positive.</exception>
    public static double[] Variances(ReadOnlySpan<double> returns, GarchParameters parameters, double? initialVariance = null)
    {
        Check.AtLeast(1, returns, nameof(returns));
        Check.Finite(returns, nameof(returns));
        Validate(parameters);
        var variances = new double[returns.Length + 1];
        variances[0] = initialVariance ?? Volatility.PopulationVariance(returns);
        if (!(variances[0] > 0 && double.IsFinite(variances[0])))
            throw new ArgumentOutOfRangeException(nameof(initialVariance), variances[0], "Must be positive and finite.");
        for (var t = 0; t < returns.Length; t++)
        {
            var shock = returns[t] - parameters.Mu;
            variances[t + 1] = parameters.Omega + parameters.Alpha * shock * shock + parameters.Beta * variances[t];
        }
        return variances;
    }

    /// <summary>
    /// Filtered historical simulation (Barone-Adesi, Giannopoulos, Vosper 1999): each past return is freed of the volatility of its day and
    /// given that of the next: μ + σ(n+1)·(r(t) − μ)/σ(t). The scenarios keep the order of the returns.
    /// </summary>
    /// <inheritdoc cref="Variances"/>
    public static ScaledReturns Filter(ReadOnlySpan<double> returns, GarchParameters parameters, double? initialVariance = null)
    {
        var variances = Variances(returns, parameters, initialVariance);
        var next = Math.Sqrt(variances[^1]);
        var scenarios = new double[returns.Length];
        for (var t = 0; t < scenarios.Length; t++)
        {
            if (variances[t] == 0) throw new ArgumentException($"The variance forecast for return {t} is zero: ω must be positive.", nameof(parameters));
            scenarios[t] = parameters.Mu + next * ((returns[t] - parameters.Mu) / Math.Sqrt(variances[t]));
        }
        return new ScaledReturns(scenarios, next);
    }

    private static void Validate(GarchParameters parameters)
    {
        foreach (var value in (ReadOnlySpan<double>)[parameters.Omega, parameters.Alpha, parameters.Beta])
            if (!(value >= 0 && double.IsFinite(value)))
                throw new ArgumentOutOfRangeException(nameof(parameters), parameters, "ω, α and β must be finite and not negative.");
        if (!double.IsFinite(parameters.Mu)) throw new ArgumentOutOfRangeException(nameof(parameters), parameters, "μ must be finite.");
    }
}

/// <param name="Mu">Constant mean of the returns, in their unit.</param>
/// <param name="Omega">Constant of the variance, in their unit squared.</param>
/// <param name="Alpha">Weight of the last squared shock.</param>
/// <param name="Beta">Weight of the last variance. α + β below 1 for a finite long-run variance; not demanded here.</param>
public readonly record struct GarchParameters(double Mu, double Omega, double Alpha, double Beta);
