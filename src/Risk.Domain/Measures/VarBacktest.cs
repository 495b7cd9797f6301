using MathNet.Numerics;

namespace Risk.Domain.Measures;

/// <summary>
/// Whether the losses exceeded a VaR as often as its confidence says, and independently of each other: likelihood-ratio tests of a
/// sequence of exceedances. All of it is computed in logs with 0·ln 0 = 0, so that no exceedance, an exceedance every day and one on the
/// first or the last day all have figures.
/// </summary>
/// <param name="Days">T, at least 1.</param>
/// <param name="Exceedances">x.</param>
/// <param name="Transitions">From each day to the next; T − 1 in all where no day is missing between them.</param>
/// <param name="Coverage">Kupiec (1995), proportion of failures: is x/T the tail probability? χ² with one degree of freedom.</param>
/// <param name="Independence">Christoffersen (1998): is an exceedance as likely after one as after none? χ² with one degree of freedom.</param>
/// <param name="ConditionalCoverage">Both at once: the sum of the two ratios, χ² with two degrees of freedom.</param>
/// <param name="ProbabilityOfAsMany">That a right VaR has x exceedances or more in T days (binomial).</param>
public sealed record VarBacktest(
    int Days,
    int Exceedances,
    TransitionCounts Transitions,
    LikelihoodRatio Coverage,
    LikelihoodRatio Independence,
    LikelihoodRatio ConditionalCoverage,
    double ProbabilityOfAsMany)
{
    /// <summary>x/T.</summary>
    public double Rate => (double)Exceedances / Days;

    /// <summary>Where the probability of an exceedance lies at 95 %, days taken for independent; see <see cref="BinomialTail.Interval"/>.</summary>
    public ProbabilityInterval RateInterval => BinomialTail.Interval(Exceedances, Days);

    /// <param name="exceeded">For each day, in ascending order of time, whether the loss exceeded the VaR.</param>
    /// <param name="tail">1 − the confidence of the VaR.</param>
    /// <param name="days">The place of each in time, ascending, where days between them are missing: only a day and the one right after it make a transition. None are missing where not given.</param>
    /// <exception cref="ArgumentException">No day, a tail outside (0, 1), or places of another number of days.</exception>
    public static VarBacktest Of(ReadOnlySpan<bool> exceeded, double tail, ReadOnlySpan<int> days = default)
    {
        if (exceeded.Length == 0) throw new ArgumentException("At least one day is needed.", nameof(exceeded));
        var count = exceeded.Count(true);
        var coverage = Kupiec(count, exceeded.Length, tail);
        var transitions = TransitionCounts.Of(exceeded, days);
        var independence = new LikelihoodRatio(IndependenceRatio(transitions), 1);
        return new VarBacktest(
            exceeded.Length,
            count,
            transitions,
            coverage,
            independence,
            new LikelihoodRatio(coverage.Ratio + independence.Ratio, 2),
            BinomialTail.AtLeast(count, exceeded.Length, tail));
    }

    /// <summary>The proportion-of-failures test of x exceedances in T days: 2·ln of the likelihood at x/T over that at the tail.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No day, x outside 0 … T, or a tail outside (0, 1).</exception>
    public static LikelihoodRatio Kupiec(int exceedances, int days, double tail)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(days, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(exceedances);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(exceedances, days);
        if (!(tail > 0 && tail < 1)) throw new ArgumentOutOfRangeException(nameof(tail), tail, "Must lie between 0 and 1, both excluded.");
        var rate = (double)exceedances / days;
        return new LikelihoodRatio(2 * (Times(exceedances, rate / tail) + Times(days - exceedances, (1 - rate) / (1 - tail))), 1);
    }

    /// <summary>The days on which the loss exceeded the VaR of that day: P&amp;L below −VaR, a loss equal to it not counted.</summary>
    /// <param name="var">Of the same days, positive losses.</param>
    /// <exception cref="ArgumentException">Different lengths, or a value that is not finite.</exception>
    public static bool[] ExceededBy(ReadOnlySpan<double> pnl, ReadOnlySpan<double> var)
    {
        Check.SameLength(pnl.Length, var.Length, nameof(var));
        Check.Finite(pnl, nameof(pnl));
        Check.Finite(var, nameof(var));
        var exceeded = new bool[pnl.Length];
        for (var t = 0; t < exceeded.Length; t++) exceeded[t] = pnl[t] < -var[t];
        return exceeded;
    }

    private static double IndependenceRatio(TransitionCounts n)
    {
        var (after, all) = (n.FromNone + n.FromExceedance, n.NoneToExceedance + n.Both);
        if (after == 0) return 0;
        var (rate, rate0, rate1) = ((double)all / after, n.RateAfterNone, n.RateAfterExceedance);
        return 2 * (Times(n.NoneToExceedance, rate0 / rate) + Times(n.Both, rate1 / rate)
            + Times(n.Neither, (1 - rate0) / (1 - rate)) + Times(n.ExceedanceToNone, (1 - rate1) / (1 - rate)));
    }

    /// <summary>count·ln(ratio), and 0·ln(anything) = 0.</summary>
    private static double Times(int count, double ratio) => count == 0 ? 0 : count * Math.Log(ratio);
}

/// <summary>A likelihood-ratio statistic and what its χ² distribution says of it.</summary>
public sealed record LikelihoodRatio
{
    /// <param name="ratio">What rounding leaves below zero counts as zero.</param>
    /// <exception cref="ArgumentOutOfRangeException">Neither one nor two degrees of freedom.</exception>
    public LikelihoodRatio(double ratio, int degreesOfFreedom)
    {
        if (degreesOfFreedom is not (1 or 2)) throw new ArgumentOutOfRangeException(nameof(degreesOfFreedom), degreesOfFreedom, "Must be 1 or 2.");
        (Ratio, DegreesOfFreedom) = (Math.Max(0, ratio), degreesOfFreedom);
    }

    /// <summary>Never below zero.</summary>
    public double Ratio { get; }

    /// <summary>1 or 2.</summary>
    public int DegreesOfFreedom { get; }

    /// <summary>The probability of a ratio at least as large if the VaR is right: the upper tail of χ².</summary>
    public double PValue => DegreesOfFreedom == 1 ? SpecialFunctions.Erfc(Math.Sqrt(Ratio / 2)) : Math.Exp(-Ratio / 2);

    /// <summary>Whether the VaR is rejected at the level (0.05: one right VaR in twenty is).</summary>
    public bool RejectedAt(double level = 0.05) => PValue < level;
}

/// <summary>How many days of each kind were followed by a day of each kind.</summary>
public sealed record TransitionCounts(int Neither, int NoneToExceedance, int ExceedanceToNone, int Both)
{
    public int FromNone => Neither + NoneToExceedance;

    public int FromExceedance => ExceedanceToNone + Both;

    /// <summary>How often an exceedance follows a day without one; 0 when there is no such day with a successor.</summary>
    public double RateAfterNone => FromNone == 0 ? 0 : (double)NoneToExceedance / FromNone;

    /// <summary>How often an exceedance follows an exceedance; 0 when none has a successor.</summary>
    public double RateAfterExceedance => FromExceedance == 0 ? 0 : (double)Both / FromExceedance;

    /// <summary>Where the probability of an exceedance after a day without one lies at 95 %; null when there is no such day with a successor. See <see cref="BinomialTail.Interval"/>.</summary>
    public ProbabilityInterval? RateAfterNoneInterval => FromNone == 0 ? null : BinomialTail.Interval(NoneToExceedance, FromNone);

    /// <summary>Where that of an exceedance after an exceedance lies at 95 %; null when none has a successor.</summary>
    public ProbabilityInterval? RateAfterExceedanceInterval => FromExceedance == 0 ? null : BinomialTail.Interval(Both, FromExceedance);

    /// <summary>Of the sequence; all zero for a single day.</summary>
    /// <param name="days">As in <see cref="VarBacktest.Of"/>.</param>
    /// <exception cref="ArgumentException">Places of another number of days.</exception>
    public static TransitionCounts Of(ReadOnlySpan<bool> exceeded, ReadOnlySpan<int> days = default)
    {
        if (!days.IsEmpty) Check.SameLength(exceeded.Length, days.Length, nameof(days));
        Span<int> counts = stackalloc int[4];
        counts.Clear();
        for (var t = 1; t < exceeded.Length; t++)
            if (days.IsEmpty || days[t] == days[t - 1] + 1) counts[(exceeded[t - 1] ? 2 : 0) + (exceeded[t] ? 1 : 0)]++;
        return new TransitionCounts(counts[0], counts[1], counts[2], counts[3]);
    }
}
