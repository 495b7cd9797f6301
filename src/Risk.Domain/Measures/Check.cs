namespace Risk.Domain.Measures;

/// <summary>What the measures demand of their arguments, said in one place. All of it is a programmer's error, so it throws.</summary>
internal static class Check
{
    public static void SameLength(int expected, int actual, string name)
    {
        if (expected != actual) throw new ArgumentException($"Expected {expected} values, got {actual}.", name);
    }

    public static void AtLeast(int count, ReadOnlySpan<double> values, string name)
    {
        if (values.Length < count) throw new ArgumentException($"At least {count} observations are needed, got {values.Length}.", name);
    }

    /// <summary>NaN and infinity are refused: they would spread into every figure unseen.</summary>
    public static void Finite(ReadOnlySpan<double> values, string name)
    {
        for (var i = 0; i < values.Length; i++)
            if (!double.IsFinite(values[i])) throw new ArgumentException($"Value {i} is {values[i]}; all must be finite.", name);
    }

    /// <summary>Series of one length, and one of them for each of the <paramref name="count"/> positions.</summary>
    public static void Rectangular(int count, IReadOnlyList<double[]> series, string name)
    {
        if (series.Count != count) throw new ArgumentException($"Expected {count} series, got {series.Count}.", name);
        for (var i = 1; i < series.Count; i++) SameLength(series[0].Length, series[i].Length, name);
    }

    /// <summary>A decay factor in (0, 1].</summary>
    public static void Lambda(double lambda)
    {
        if (!(lambda > 0 && lambda <= 1)) throw new ArgumentOutOfRangeException(nameof(lambda), lambda, "Must lie above 0 and not above 1.");
    }
}
