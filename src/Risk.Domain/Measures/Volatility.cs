namespace Risk.Domain.Measures;

/// <summary>Mean, variance and volatility of a series of returns; every figure in the unit of the returns (or its square) per period.</summary>
public static class Volatility
{
    /// <summary>Trading days in a year.</summary>
    public const double DaysPerYear = 252;

    /// <summary>The arithmetic mean; of equal returns it is that return to the last bit, so that they have a variance of exactly zero.</summary>
    /// <exception cref="ArgumentException">No return.</exception>
    public static double Mean(ReadOnlySpan<double> returns)
    {
        Check.AtLeast(1, returns, nameof(returns));
        var sum = 0.0;
        foreach (var r in returns) sum += r - returns[0];
        return returns[0] + sum / returns.Length;
    }

    /// <summary>Sample variance about the mean, divisor n − 1.</summary>
    /// <exception cref="ArgumentException">Fewer than two returns.</exception>
    public static double SampleVariance(ReadOnlySpan<double> returns)
    {
        Check.AtLeast(2, returns, nameof(returns));
        return SquaredDeviations(returns) / (returns.Length - 1);
    }

    /// <summary>Population variance about the mean, divisor n.</summary>
    /// <exception cref="ArgumentException">No return.</exception>
    public static double PopulationVariance(ReadOnlySpan<double> returns) => SquaredDeviations(returns) / returns.Length;

    /// <summary>Σr²/n, the variance about zero: the seed of <see cref="VolatilityScaling"/> when none is given.</summary>
    /// <exception cref="ArgumentException">No return.</exception>
    public static double MeanSquare(ReadOnlySpan<double> returns)
    {
        Check.AtLeast(1, returns, nameof(returns));
        var sum = 0.0;
        foreach (var r in returns) sum += r * r;
        return sum / returns.Length;
    }

    /// <summary>Sample standard deviation, divisor n − 1.</summary>
    /// <exception cref="ArgumentException">Fewer than two returns.</exception>
    public static double Sample(ReadOnlySpan<double> returns) => Math.Sqrt(SampleVariance(returns));

    /// <summary>A volatility of one period over a year of independent periods: × √<paramref name="periodsPerYear"/>.</summary>
    public static double Annualised(double perPeriod, double periodsPerYear = DaysPerYear) => perPeriod * Math.Sqrt(periodsPerYear);

    private static double SquaredDeviations(ReadOnlySpan<double> returns)
    {
        var mean = Mean(returns);
        var sum = 0.0;
        foreach (var r in returns) sum += (r - mean) * (r - mean);
        return sum;
    }
}
