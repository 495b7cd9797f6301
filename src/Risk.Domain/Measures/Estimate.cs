namespace Risk.Domain.Measures;

/// <summary>
/// A figure made of means over periods, with the influence of each period on it: by how much the figure moves, to first order, for more
/// weight on that period (Hampel 1974). The operators are the rules of derivatives, so that a formula written with them carries its
/// standard error along: the delta method with the moments of the sample itself, whatever the distribution. Not finite where a formula
/// divides by zero.
/// </summary>
internal sealed class Estimate
{
    private readonly double[] influences;

    private Estimate(double value, double[] influences) => (Value, this.influences) = (value, influences);

    public double Value { get; }

    /// <summary>√Σφ² / n with the influences φ of n independent periods; null where it is not defined.</summary>
    public double? StandardError
    {
        get
        {
            var squares = 0.0;
            foreach (var x in influences) squares += x * x;
            var error = Math.Sqrt(squares) / influences.Length;
            return double.IsFinite(error) ? error : null;
        }
    }

    /// <param name="values">One for each period, at least one; those of all estimates of a formula in the same order.</param>
    public static Estimate Mean(ReadOnlySpan<double> values)
    {
        var (mean, influences) = (Volatility.Mean(values), new double[values.Length]);
        for (var t = 0; t < influences.Length; t++) influences[t] = values[t] - mean;
        return new Estimate(mean, influences);
    }

    /// <summary>The mean product of the deviations of two series of one length; of a series with itself its variance (divisor n).</summary>
    public static Estimate Covariance(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var (meanOfA, meanOfB, products) = (Volatility.Mean(a), Volatility.Mean(b), new double[a.Length]);
        for (var t = 0; t < products.Length; t++) products[t] = (a[t] - meanOfA) * (b[t] - meanOfB);
        return Mean(products);
    }

    /// <summary>The sample standard deviation, divisor n − 1.</summary>
    public static Estimate Deviation(ReadOnlySpan<double> values) => (Covariance(values, values) * (values.Length / (values.Length - 1.0))).Root();

    public static Estimate operator *(Estimate a, double factor) => a.Map(a.Value * factor, factor);

    public static Estimate operator -(Estimate a, Estimate b) => Of(a.Value - b.Value, a, 1, b, -1);

    public static Estimate operator *(Estimate a, Estimate b) => Of(a.Value * b.Value, a, b.Value, b, a.Value);

    public static Estimate operator /(Estimate a, Estimate b) => Of(a.Value / b.Value, a, 1 / b.Value, b, -(a.Value / b.Value) / b.Value);

    public Estimate Root() => Map(Math.Sqrt(Value), 0.5 / Math.Sqrt(Value));

    /// <summary>A function of the figure by its value and its slope there.</summary>
    public Estimate Map(double value, double slope) => Of(value, this, slope, this, 0);

    private static Estimate Of(double value, Estimate a, double slopeOfA, Estimate b, double slopeOfB)
    {
        var influences = new double[a.influences.Length];
        for (var t = 0; t < influences.Length; t++) influences[t] = slopeOfA * a.influences[t] + slopeOfB * b.influences[t];
        return new Estimate(value, influences);
    }
}
