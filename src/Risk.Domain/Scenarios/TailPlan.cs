using MathNet.Numerics.Distributions;
using Risk.Domain.Measures;

namespace Risk.Domain.Scenarios;

/// <summary>
/// Which worst scenarios make up historical VaR and expected shortfall at one confidence, and with which weights. Ranks and weights are
/// fixed by the number of scenarios, in exact decimal arithmetic; only the P&amp;L is left to be read. Losses are positive.
/// </summary>
public sealed class TailPlan
{
    /// <summary>The interval covers the true quantile with at least this probability, whatever the distribution.</summary>
    public const double IntervalCoverage = 0.95;

    private readonly QuantileRank quantile;
    private readonly ShortfallConvention convention;
    private readonly int wholeWorst;
    private readonly double partOfNext, divisor, perScenario, perBeyond;
    private readonly int intervalLow, intervalHigh;

    /// <param name="observations">The number of scenarios, at least 1.</param>
    /// <param name="confidence">From 0.5, excluded, to 1, excluded.</param>
    public TailPlan(int observations, decimal confidence, QuantileConvention quantile, ShortfallConvention shortfall)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(confidence, 0.5m);
        Confidence = confidence;
        convention = shortfall;
        this.quantile = QuantileRank.Of(observations, confidence, quantile);
        var tail = QuantileRank.Tail(confidence);
        var inTail = observations * tail;
        (perScenario, perBeyond) = (1.0 / observations, 1 / (double)inTail);
        HasThinTail = ExpectedShortfall.HasThinTail(observations, confidence);
        var whole = (int)decimal.Floor(inTail);
        (wholeWorst, partOfNext, divisor) = shortfall switch
        {
            ShortfallConvention.AcerbiTasche => (whole, (double)(inTail - whole), (double)inTail),
            ShortfallConvention.MeanWorstFloor => (whole, 0d, whole),
            ShortfallConvention.MeanWorstK => (whole + 1, 0d, whole + 1d),
            ShortfallConvention.BeyondVar => (0, 0d, 0d),
            _ => throw new ArgumentOutOfRangeException(nameof(shortfall), shortfall, "Unknown shortfall convention."),
        };
        (intervalHigh, intervalLow) = IntervalRanks(observations, (double)tail);
        Depth = Math.Max(this.quantile.Upper, Math.Max(Math.Min(whole + 1, observations), intervalLow));
    }

    public decimal Confidence { get; }

    /// <summary>Whether fewer than five observations lie in the tail: the figure stands on few days.</summary>
    public bool HasThinTail { get; }

    /// <summary>How many of the worst scenarios must be known.</summary>
    public int Depth { get; }

    /// <summary>Reads the figures off a tail of at least <see cref="Depth"/>. Allocates nothing.</summary>
    /// <param name="grid">Base currency per unit.</param>
    public TailFigures Measure(ScenarioTail tail, double grid)
    {
        var value = QuantileOf(tail);
        var (count, part, over) = ShortfallOf(tail);
        double? shortfall = null;
        if (over > 0)
        {
            var sum = (double)tail.SumOfWorst(count);
            if (part > 0) sum += part * tail.Units(count);
            shortfall = Loss(sum / over, grid);
        }
        double? high = intervalHigh > 0 ? Loss(tail.Units(intervalHigh - 1), grid) : null;
        return new TailFigures(Loss(value, grid), shortfall, Loss(tail.Units(intervalLow - 1), grid), high);
    }

    /// <summary>
    /// How far the expected shortfall is off on average because it comes from finitely many independent scenarios, in base currency: as
    /// <see cref="TailReading.ShortfallError"/>. Null where no loss lies beyond the VaR.
    /// </summary>
    /// <inheritdoc cref="Measure"/>
    public double? ShortfallError(ScenarioTail tail, double grid)
    {
        // What ties with the VaR adds nothing.
        var (sum, squares) = tail.Below(QuantileOf(tail), quantile.Lower);
        return sum > 0 ? Math.Sqrt(squares - sum * sum * perScenario) * perBeyond * grid : null;
    }

    /// <summary>VaR = −Σ weight · P&amp;L over the ranks, 0 for the worst.</summary>
    public IReadOnlyList<RankWeight> VarWeights() =>
        quantile.UpperWeight == 0
            ? [new RankWeight(quantile.Lower - 1, 1)]
            : [new RankWeight(quantile.Lower - 1, 1 - quantile.UpperWeight), new RankWeight(quantile.Upper - 1, quantile.UpperWeight)];

    /// <summary>Expected shortfall = −Σ weight · P&amp;L over the ranks; empty where it is not applicable.</summary>
    public IReadOnlyList<RankWeight> ShortfallWeights(ScenarioTail tail)
    {
        var (count, part, over) = ShortfallOf(tail);
        if (over == 0) return [];
        var weights = Enumerable.Range(0, count).Select(rank => new RankWeight(rank, 1 / over)).ToList();
        if (part > 0) weights.Add(new RankWeight(count, part / over));
        return weights;
    }

    private (int Count, double Part, double Over) ShortfallOf(ScenarioTail tail)
    {
        if (convention != ShortfallConvention.BeyondVar) return (wholeWorst, partOfNext, divisor);
        var (beyond, value) = (0, QuantileOf(tail));
        while (beyond < quantile.Lower && tail.Units(beyond) < value) beyond++;
        return (beyond, 0, beyond);
    }

    private double QuantileOf(ScenarioTail tail)
    {
        var lower = (double)tail.Units(quantile.Lower - 1);
        return lower + quantile.UpperWeight * (tail.Units(quantile.Upper - 1) - lower);
    }

    /// <summary>
    /// Ranks r ≤ s, 1 the worst, with P(Bin(n, tail) &lt; r) and P(Bin(n, tail) ≥ s) at most 2.5 % each: the true quantile lies between the
    /// order statistics (David and Nagaraja, Order Statistics, 7.1). r = 0: not even the worst observation bounds it.
    /// </summary>
    private static (int Worse, int Milder) IntervalRanks(int count, double tail)
    {
        const double Side = (1 - IntervalCoverage) / 2;
        var worse = 0;
        while (worse < count && Binomial.CDF(tail, count, worse) <= Side) worse++;
        var milder = worse + 1;
        while (milder < count && 1 - Binomial.CDF(tail, count, milder - 1) > Side) milder++;
        return (worse, Math.Min(milder, count));
    }

    /// <summary>Without this, no loss would be a negative zero.</summary>
    private static double Loss(double units, double grid) => 0 - units * grid;
}

/// <summary>VaR, expected shortfall and the interval of the VaR, in base currency; a loss is positive.</summary>
/// <param name="Es">Null where the convention finds nothing in the tail.</param>
/// <param name="IntervalHigh">Null where the upper end lies beyond the worst observation.</param>
public readonly record struct TailFigures(double Var, double? Es, double IntervalLow, double? IntervalHigh);

/// <summary>The weight of the scenario at a rank, 0 for the worst.</summary>
public readonly record struct RankWeight(int Rank, double Weight);
