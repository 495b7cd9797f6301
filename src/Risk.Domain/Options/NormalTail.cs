using System.Numerics;

namespace Risk.Domain.Options;

/// <summary>
/// The standard normal distribution by way of Mills' ratio M(x) = N(−x)/φ(x): one polynomial for the whole line, without branches, so
/// that it can run on vectors, and with a relative error below 10⁻¹⁵ of the ratio however far out (tested against the erfc of the
/// library). (x + 4)·M(x) is smooth in t = (x − 4)/(x + 4) on [−1, 1], infinity included; the coefficients are its Chebyshev expansion of
/// degree 24, computed in sixty digits and written in powers of t.
/// </summary>
internal static class NormalTail
{
    /// <summary>φ is zero in double precision from here on.</summary>
    public const double Beyond = 40;

    private const double InverseRootTwoPi = 0.3989422804014326779;

    private static readonly double[] Coefficients =
    [
        1.8932190633084853, -1.5237709108199835, 0.9704095548675884, -0.4675409629983325, 0.15139176231244347,
        -0.018900450861711257, -0.008722295274260125, 0.004087855681200072, 0.0003342446162328441, -0.0005792693046478719,
        -4.783264259417208e-06, 8.809573121072337e-05, 1.7963971214040778e-06, -1.4843277679080294e-05, -1.5787665654677373e-06,
        2.568755311229722e-06, 6.829633831673466e-07, -4.00493929251171e-07, -2.1774195022039326e-07, 4.473060051450323e-08,
        5.3711037651589576e-08, -1.4722998923746307e-09, -9.35134044482434e-09, -3.0073979672398766e-10, 8.53083886026053e-10,
    ];

    /// <summary>φ(x).</summary>
    public static double Density(double x) => InverseRootTwoPi * Math.Exp(-0.5 * x * x);

    /// <summary>N(x).</summary>
    public static double Cdf(double x)
    {
        var tail = Density(x) * Mills(Math.Abs(x));
        return x > 0 ? 1 - tail : tail;
    }

    /// <summary>N(−x)/φ(x), x not negative. Even and odd powers apart: two short chains instead of a long one.</summary>
    public static double Mills(double x)
    {
        var scale = 1 / (x + 4);
        var t = 1 - 8 * scale;
        var square = t * t;
        var coefficients = Coefficients;
        var (even, odd) = (coefficients[24], coefficients[23]);
        for (var i = 22; i >= 2; i -= 2) (even, odd) = (even * square + coefficients[i], odd * square + coefficients[i - 1]);
        return (odd * t + (even * square + coefficients[0])) * scale;
    }

    public static Vector<double> Density(Vector<double> x) => InverseRootTwoPi * Vector.Exp(-0.5 * x * x);

    /// <summary>
    /// Two at once: four short chains run beside each other, and the coefficients are read once.
    /// </summary>
    public static (Vector<double> OfX, Vector<double> OfY) Mills(Vector<double> x, Vector<double> y)
    {
        var (four, eight) = (new Vector<double>(4), new Vector<double>(8));
        var (xScale, yScale) = (Vector<double>.One / (x + four), Vector<double>.One / (y + four));
        var (xt, yt) = (Vector<double>.One - eight * xScale, Vector<double>.One - eight * yScale);
        var (xx, yy) = (xt * xt, yt * yt);
        var coefficients = Coefficients;
        var (xEven, xOdd) = (new Vector<double>(coefficients[24]), new Vector<double>(coefficients[23]));
        var (yEven, yOdd) = (xEven, xOdd);
        for (var i = 22; i >= 2; i -= 2)
        {
            var (even, odd) = (new Vector<double>(coefficients[i]), new Vector<double>(coefficients[i - 1]));
            (xEven, xOdd) = (Vector.FusedMultiplyAdd(xEven, xx, even), Vector.FusedMultiplyAdd(xOdd, xx, odd));
            (yEven, yOdd) = (Vector.FusedMultiplyAdd(yEven, yy, even), Vector.FusedMultiplyAdd(yOdd, yy, odd));
        }
        var first = new Vector<double>(coefficients[0]);
        return (
            Vector.FusedMultiplyAdd(xOdd, xt, Vector.FusedMultiplyAdd(xEven, xx, first)) * xScale,
            Vector.FusedMultiplyAdd(yOdd, yt, Vector.FusedMultiplyAdd(yEven, yy, first)) * yScale);
    }

    /// <summary>N(x), from the probability beyond |x|.</summary>
    public static Vector<double> Below(Vector<double> x, Vector<double> tail) =>
        Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<double>.Zero), Vector<double>.One - tail, tail);
}
