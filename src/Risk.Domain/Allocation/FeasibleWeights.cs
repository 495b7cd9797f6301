using Risk.Domain.Measures;

namespace Risk.Domain.Allocation;

/// <summary>
/// What the limits, the sum of one and a target return leave open, found exactly before any search: which weights have one value left, and a
/// target at the very end of the reachable returns, which fixes all weights but those that tie there.
/// </summary>
internal sealed class FeasibleWeights
{
    private const double Rounding = 1e-12;

    /// <summary>A target this near (of the reachable range) to its end is the end: no search resolves what lies between.</summary>
    private const double AtEnd = 1e-9;

    private readonly double[] lower, upper, least, most;

    private FeasibleWeights(double[] lower, double[] upper)
    {
        (this.lower, this.upper) = (lower, upper);
        // What the others can take leaves at least this, and what they must take leaves at most that.
        least = [.. lower.Select((limit, i) => Math.Max(limit, 1 - Without(upper, i)))];
        most = [.. upper.Select((limit, i) => Math.Min(limit, 1 - Without(lower, i)))];
        Known = [.. least.Select((low, i) => most[i] - low <= Rounding ? Math.Clamp(low, lower[i], Math.Max(lower[i], upper[i])) : (double?)null)];
    }

    /// <summary>The weights that only one value is left for.</summary>
    public double?[] Known { get; }

    /// <summary>Null when no weights within the limits sum to one.</summary>
    public static FeasibleWeights? Of(WeightLimits limits)
    {
        var (lower, upper) = (limits.Lower.ToArray(), limits.Upper.ToArray());
        var isEmpty = lower.Zip(upper).Any(x => x.First > x.Second + Rounding) || lower.Sum() > 1 + Rounding || upper.Sum() < 1 - Rounding;
        return isEmpty ? null : new FeasibleWeights(lower, upper);
    }

    /// <summary>
    /// What a target for the return leaves open; null when it is out of reach. <paramref name="binds"/> says whether it must be a row of the
    /// problem, beyond the weights that are known by then.
    /// </summary>
    /// <param name="atLeast">Whether more than the target will do as well.</param>
    public FeasibleWeights? Reaching(double[] returns, double target, bool atLeast, out bool binds)
    {
        var (worst, best) = (Extreme(returns, -1), Extreme(returns, 1));
        var (low, high) = (worst.Value, best.Value);
        var near = double.IsFinite(high - low) ? Math.Max(AtEnd * (high - low), Rounding * returns.Max(Math.Abs)) : 0;
        binds = false;
        if (target > high + near || !atLeast && target < low - near) return null;
        if (atLeast && target <= low) return this;
        if (target >= high - near) return Of(best.Face(least, most));
        if (!atLeast && target <= low + near) return Of(worst.Face(least, most));
        binds = true;
        return this;
    }

    /// <summary>The highest value of w'values; infinite where the limits do not bound it.</summary>
    public double Highest(double[] values) => Extreme(values, 1).Value;

    /// <summary>−weight ≤ −lower and weight ≤ upper, of the weights that are open; the coefficients are followed by zeros up to <paramref name="size"/>.</summary>
    public IEnumerable<LimitRow> Rows(int size)
    {
        for (var i = 0; i < lower.Length; i++)
        {
            if (Known[i] is not null) continue;
            if (double.IsFinite(lower[i])) yield return new LimitRow(Unit(size, i, -1), -lower[i]);
            if (double.IsFinite(upper[i])) yield return new LimitRow(Unit(size, i, 1), upper[i]);
        }
    }

    /// <summary>What the search leaves a rounding outside, put on its limit.</summary>
    public double[]? Within(double[]? weights) => weights is null ? null : [.. weights.Select((w, i) => Math.Clamp(w, lower[i], Math.Max(lower[i], upper[i])))];

    internal static double[] Unit(int size, int i, double value)
    {
        var row = new double[size];
        row[i] = value;
        return row;
    }

    /// <summary>All at their lower limits, then the room given to the best first (sign 1) or to the worst (−1).</summary>
    private Corner Extreme(double[] values, int sign)
    {
        if (values.Max() == values.Min()) return new Corner(least, values, values[0], values[0]);
        if (!least.All(double.IsFinite)) return new Corner(least, values, double.NaN, sign * double.PositiveInfinity);
        var weights = (double[])least.Clone();
        var left = 1 - least.Sum();
        var marginal = double.NaN;
        foreach (var i in Enumerable.Range(0, values.Length).OrderByDescending(i => sign * values[i]))
        {
            if (!(left > Rounding)) break;
            var more = Math.Min(left, most[i] - least[i]);
            (weights[i], left, marginal) = (least[i] + more, left - more, values[i]);
        }
        return new Corner(weights, values, marginal, Covariance.Dot(weights, values));
    }

    private static double Without(double[] values, int skipped)
    {
        var sum = 0.0;
        for (var i = 0; i < values.Length; i++) sum += i == skipped ? 0 : values[i];
        return sum;
    }

    /// <summary>Weights of the highest or lowest value, and the value of the asset that took the last of the capital.</summary>
    private sealed record Corner(double[] Weights, double[] Values, double Marginal, double Value)
    {
        /// <summary>Only assets that tie with the marginal one can still be exchanged for each other.</summary>
        public WeightLimits Face(double[] lower, double[] upper) => new(
            Weights.Select((w, i) => Values[i] == Marginal ? lower[i] : w), Weights.Select((w, i) => Values[i] == Marginal ? upper[i] : w));
    }
}
