using System.Runtime.Intrinsics;

namespace Risk.Domain.Measures;

/// <summary>
/// Standard errors of <see cref="Measures.Covariance.Matrix"/> and of its correlations by the delta method, with the fourth moments of the
/// returns themselves: they hold whatever the distribution, for independent days. As <c>[asset][asset]</c>, symmetric, never negative.
/// </summary>
/// <param name="Covariance">√((E[(x − x̄)²(y − ȳ)²] − cov²)/n): in the unit of the returns squared.</param>
/// <param name="Correlation">A ratio, 0 on the diagonal; null wherever one of the two never moves.</param>
public sealed record CovarianceErrors(double[][] Covariance, double?[][] Correlation)
{
    /// <param name="series"><c>[asset][day]</c>.</param>
    /// <exception cref="ArgumentException">No series, series of different lengths, or no return.</exception>
    public static CovarianceErrors Of(IReadOnlyList<double[]> series)
    {
        Check.Rectangular(series.Count, series, nameof(series));
        if (series.Count == 0) throw new ArgumentException("At least one series is needed.", nameof(series));
        Check.AtLeast(1, series[0], nameof(series));
        var (count, days) = (series.Count, (double)series[0].Length);
        double[] deviations = [.. series.Select(x => Math.Sqrt(Volatility.PopulationVariance(x)))];
        double[][] standard = [.. series.Select((x, i) => Standardised(x, deviations[i]))];
        double[][] covariance = [.. series.Select(_ => new double[count])];
        double?[][] correlation = [.. series.Select(_ => new double?[count])];
        using var squares = new DeviationProducts([.. standard.Select(x => Powers(x, 2))], Vector512.IsHardwareAccelerated);
        // Beside the series themselves, for the products with their cubes.
        using var products = new DeviationProducts([.. standard, .. standard.Select(x => Powers(x, 3))], Vector512.IsHardwareAccelerated);
        var fourth = new double[count];
        for (var i = 0; i < count; i++) fourth[i] = products[i, count + i] / days;
        for (var i = 0; i < count; i++)
            for (var j = i; j < count; j++)
            {
                if (!(deviations[i] > 0 && deviations[j] > 0)) continue;
                var (r, both) = (products[i, j] / days, 1 + squares[i, j] / days);
                covariance[i][j] = covariance[j][i] = deviations[i] * deviations[j] * Root((both - r * r) / days);
                var spread = both - r * (products[i, count + j] + products[j, count + i]) / days + r * r / 4 * (fourth[i] + 2 * both + fourth[j]);
                correlation[i][j] = correlation[j][i] = i == j ? 0 : Root(spread / days);
            }
        return new CovarianceErrors(covariance, correlation);
    }

    private static double Root(double square) => Math.Sqrt(Math.Max(0, square));

    private static double[] Standardised(double[] returns, double deviation)
    {
        var mean = Volatility.Mean(returns);
        return [.. returns.Select(r => deviation > 0 ? (r - mean) / deviation : 0)];
    }

    private static double[] Powers(double[] standard, int power) => [.. standard.Select(x => power == 2 ? x * x : x * x * x)];
}
