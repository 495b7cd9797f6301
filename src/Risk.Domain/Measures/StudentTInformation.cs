namespace Risk.Domain.Measures;

/// <summary>
/// What one observation tells of the location, the scale and the degrees of freedom of a Student t: Fisher's information (Lange, Little,
/// Taylor 1989), for a scale of one. The location is told independently of the others.
/// </summary>
/// <param name="Nu">Degrees of freedom, above 0.</param>
public readonly record struct StudentTInformation(double Nu)
{
    public double Location => (Nu + 1) / (Nu + 3);

    public double Scale => 2 * Nu / (Nu + 3);

    /// <summary>Of the scale together with ν.</summary>
    public double ScaleWithNu => -2 / ((Nu + 1) * (Nu + 3));

    public double OfNu => (Trigamma(Nu / 2) - Trigamma((Nu + 1) / 2)) / 4 - (Nu + 5) / (2 * Nu * (Nu + 1) * (Nu + 3));

    /// <summary>
    /// The variance, times the observations, of −location + scale·multiple(ν) estimated by the greatest likelihood, at a scale of one.
    /// </summary>
    /// <param name="slope">How fast the multiple changes with ν; null where ν is not estimated.</param>
    public double VarianceOf(double multiple, double? slope)
    {
        if (slope is not { } s) return 1 / Location + multiple * multiple / Scale;
        var determinant = Scale * OfNu - ScaleWithNu * ScaleWithNu;
        return 1 / Location + (multiple * multiple * OfNu - 2 * multiple * s * ScaleWithNu + s * s * Scale) / determinant;
    }

    /// <summary>The second derivative of ln Γ: shifted up, then its asymptotic series (Abramowitz and Stegun 6.4.12), right to 10⁻¹⁵.</summary>
    internal static double Trigamma(double x)
    {
        var sum = 0.0;
        for (; x < 20; x++) sum += 1 / (x * x);
        var y = 1 / (x * x);
        return sum + 1 / x + y / 2 + y / x * (1.0 / 6 - y * (1.0 / 30 - y * (1.0 / 42 - y * (1.0 / 30 - y * 5 / 66))));
    }
}
