using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace Risk.Domain.Measures;

/// <summary>Probabilities of a count among independent trials, computed in logs and summed small to large, so that far tails keep their digits.</summary>
public static class BinomialTail
{
    /// <summary>The probability of exactly <paramref name="count"/> hits.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A negative number of trials, or a probability outside (0, 1).</exception>
    public static double Exactly(int count, int trials, double probability)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(trials);
        if (!(probability > 0 && probability < 1)) throw new ArgumentOutOfRangeException(nameof(probability), probability, "Must lie between 0 and 1, both excluded.");
        if (count < 0 || count > trials) return 0;
        return Math.Exp(SpecialFunctions.BinomialLn(trials, count) + count * Math.Log(probability) + (trials - count) * double.LogP1(-probability));
    }

    /// <summary>The probability of at most so many hits.</summary>
    /// <inheritdoc cref="Exactly"/>
    public static double AtMost(int count, int trials, double probability)
    {
        if (count >= trials) return 1;
        return count + 1 > trials * probability ? 1 - Sum(count + 1, trials, trials, probability) : Sum(0, count, trials, probability);
    }

    /// <summary>The probability of at least so many hits.</summary>
    /// <inheritdoc cref="Exactly"/>
    public static double AtLeast(int count, int trials, double probability)
    {
        if (count <= 0) return 1;
        return count > trials * probability ? Sum(count, trials, trials, probability) : 1 - Sum(0, count - 1, trials, probability);
    }

    /// <summary>
    /// Where the probability of a hit lies by <paramref name="count"/> hits (Clopper and Pearson 1934): each end is where as many, or as few,
    /// would be seen with a probability of (1 − level)/2. Holds the true one at least as often as the level says.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">No trial, a count outside 0 … trials, or a level outside (0, 1).</exception>
    public static ProbabilityInterval Interval(int count, int trials, double level = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, trials);
        if (!(level > 0 && level < 1)) throw new ArgumentOutOfRangeException(nameof(level), level, "Must lie between 0 and 1, both excluded.");
        return new ProbabilityInterval(
            count == 0 ? 0 : Beta.InvCDF(count, trials - count + 1, (1 - level) / 2),
            count == trials ? 1 : Beta.InvCDF(count + 1, trials - count, (1 + level) / 2));
    }

    /// <summary>From the far end of the tail towards the mean.</summary>
    private static double Sum(int from, int to, int trials, double probability)
    {
        var sum = 0.0;
        if (from > trials * probability)
            for (var i = to; i >= from; i--) sum += Exactly(i, trials, probability);
        else
            for (var i = from; i <= to; i++) sum += Exactly(i, trials, probability);
        return sum;
    }
}

/// <summary>The ends of the interval of a probability, 0 ≤ <see cref="Low"/> ≤ <see cref="High"/> ≤ 1.</summary>
public readonly record struct ProbabilityInterval(double Low, double High);
