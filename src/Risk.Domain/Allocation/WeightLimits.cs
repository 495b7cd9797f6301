using Risk.Domain.Measures;

namespace Risk.Domain.Allocation;

/// <summary>How much of the capital each asset may take: lower ≤ weight ≤ upper, as ratios; infinite where there is no limit. Weights sum to one.</summary>
public sealed class WeightLimits
{
    /// <exception cref="ArgumentException">Different lengths, NaN, or a lower limit of +∞ or an upper one of −∞. Limits that exclude all are no error.</exception>
    public WeightLimits(IEnumerable<double> lower, IEnumerable<double> upper)
    {
        (Lower, Upper) = ([.. lower], [.. upper]);
        Check.SameLength(Lower.Count, Upper.Count, nameof(upper));
        if (Lower.Any(x => !(x < double.PositiveInfinity)) || Upper.Any(x => !(x > double.NegativeInfinity)))
            throw new ArgumentException("A lower limit is below +∞ and an upper limit above −∞.", nameof(lower));
    }

    public IReadOnlyList<double> Lower { get; }

    public IReadOnlyList<double> Upper { get; }

    public int Count => Lower.Count;

    /// <summary>Anything goes, shorts included.</summary>
    public static WeightLimits None(int count) => Alike(count, double.NegativeInfinity, double.PositiveInfinity);

    /// <summary>Between 0 and 1.</summary>
    public static WeightLimits LongOnly(int count) => Alike(count, 0, 1);

    public static WeightLimits Alike(int count, double lower, double upper) => new(Enumerable.Repeat(lower, count), Enumerable.Repeat(upper, count));
}
