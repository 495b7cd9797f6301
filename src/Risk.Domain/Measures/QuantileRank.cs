namespace Risk.Domain.Measures;

/// <summary>
/// How a quantile is read off a finite sample: the nine types of Hyndman and Fan (1996), and the k-th worst, k = ⌊n·tail⌋ + 1.
/// Type 7 is what numpy and pandas use by default.
/// </summary>
public enum QuantileConvention
{
    Type1,
    Type2,
    Type3,
    Type4,
    Type5,
    Type6,
    Type7,
    Type8,
    Type9,
    KthWorst,
}

/// <summary>
/// Where the tail quantile of n sorted P&amp;L values lies: value = (1 − <see cref="UpperWeight"/>)·x(<see cref="Lower"/>) +
/// <see cref="UpperWeight"/>·x(<see cref="Upper"/>), with x(1) the worst P&amp;L. Ranks are 1-based and lie in 1 … n.
/// Computed in exact decimal arithmetic: in floating point (1 − 0.99)·500 exceeds 5 and a ceiling picks the wrong scenario.
/// </summary>
public readonly record struct QuantileRank(int Lower, int Upper, double UpperWeight)
{
    /// <param name="count">The number of observations, at least 1.</param>
    /// <param name="confidence">Between 0 and 1, both excluded; 0.95m means a tail of 5 %.</param>
    /// <exception cref="ArgumentOutOfRangeException">No observation, or a confidence outside (0, 1).</exception>
    public static QuantileRank Of(int count, decimal confidence, QuantileConvention convention = QuantileConvention.Type7)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var tail = Tail(confidence);
        return convention switch
        {
            QuantileConvention.Type1 => At(count, decimal.Ceiling(count * tail)),
            QuantileConvention.Type2 => AveragedAtSteps(count, count * tail),
            QuantileConvention.Type3 => At(count, NearestEven(count * tail)),
            QuantileConvention.Type4 => Between(count, count * tail, 1),
            QuantileConvention.Type5 => Between(count, 2 * count * tail + 1, 2),
            QuantileConvention.Type6 => Between(count, (count + 1) * tail, 1),
            QuantileConvention.Type7 => Between(count, (count - 1) * tail + 1, 1),
            QuantileConvention.Type8 => Between(count, (3m * count + 1) * tail + 1, 3),
            QuantileConvention.Type9 => Between(count, (8m * count + 2) * tail + 3, 8),
            QuantileConvention.KthWorst => At(count, decimal.Floor(count * tail) + 1),
            _ => throw new ArgumentOutOfRangeException(nameof(convention), convention, "Unknown quantile convention."),
        };
    }

    /// <summary>1 − confidence, exactly.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A confidence outside (0, 1).</exception>
    public static decimal Tail(decimal confidence) =>
        confidence is > 0 and < 1 ? 1 - confidence : throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "Must lie between 0 and 1, both excluded.");

    private static QuantileRank At(int count, decimal rank)
    {
        var clamped = (int)decimal.Clamp(rank, 1, count);
        return new QuantileRank(clamped, clamped, 0);
    }

    /// <summary>The position is <paramref name="numerator"/> / <paramref name="denominator"/>, which decimals cannot always hold as one number.</summary>
    private static QuantileRank Between(int count, decimal numerator, int denominator)
    {
        var lower = decimal.Floor(numerator / denominator);
        var weight = (numerator - lower * denominator) / denominator;
        if (lower < 1) return At(count, 1);
        if (lower >= count) return At(count, count);
        return weight == 0 ? At(count, lower) : new QuantileRank((int)lower, (int)lower + 1, (double)weight);
    }

    private static QuantileRank AveragedAtSteps(int count, decimal position) =>
        position == decimal.Floor(position) && position >= 1 && position < count
            ? new QuantileRank((int)position, (int)position + 1, 0.5)
            : At(count, decimal.Ceiling(position));

    private static decimal NearestEven(decimal position)
    {
        var below = decimal.Floor(position - 0.5m);
        var isEvenStep = position - 0.5m == below && below % 2 == 0;
        return isEvenStep ? below : below + 1;
    }
}
