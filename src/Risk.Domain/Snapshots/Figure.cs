using Risk.Domain.Scenarios;

namespace Risk.Domain.Snapshots;

/// <summary>Why a figure could not be computed. The list is closed.</summary>
public enum FigureReason
{
    ShortHistory,
    MissingPrice,
    MissingFx,
    StalePrices,
    NotApplicable,
    DidNotConverge,
}

/// <summary>A figure, or the reason why there is none. Exactly one of the two is given.</summary>
public readonly record struct Figure
{
    private readonly double value;
    private readonly FigureReason? reason;

    private Figure(double value, FigureReason? reason) => (this.value, this.reason) = (value, reason);

    public double? Value => reason is null ? value : null;

    public FigureReason? Reason => reason;

    /// <exception cref="ArgumentException">Not a finite number: that is a missing figure.</exception>
    public static Figure Of(double value) =>
        double.IsFinite(value) ? new Figure(value, null) : throw new ArgumentException("A figure is finite.", nameof(value));

    public static Figure Missing(FigureReason reason) => new(0, reason);

    /// <summary>This figure divided by another number; not applicable unless that is positive.</summary>
    public Figure Over(double divisor) =>
        reason is not null ? this : divisor > 0 && double.IsFinite(value / divisor) ? Of(value / divisor) : Missing(FigureReason.NotApplicable);
}

/// <summary>
/// Where the true VaR lies with 95 % probability, whatever the distribution: two order statistics, in base currency, losses positive.
/// </summary>
/// <param name="High">Null where it lies beyond the worst observation.</param>
public readonly record struct LossInterval(double Low, double? High);

/// <summary>VaR and expected shortfall at one confidence, one day ahead; a loss is positive.</summary>
/// <param name="Interval">Of the VaR; null exactly where the VaR is.</param>
/// <param name="HasThinTail">Whether fewer than five observations lie in the tail.</param>
public readonly record struct LossFigures(Figure Var, Figure Es, LossInterval? Interval, bool HasThinTail)
{
    public static LossFigures Zero { get; } = new(Figure.Of(0), Figure.Of(0), new LossInterval(0, 0), HasThinTail: false);

    public static LossFigures Missing(FigureReason reason) => new(Figure.Missing(reason), Figure.Missing(reason), null, HasThinTail: false);

    /// <summary>Of the shortfall, as <see cref="TailPlan.ShortfallError"/>; null where nobody asked for it, as in snapshots.</summary>
    public Figure? EsStandardError { get; private init; }

    /// <summary>Reads the figures off a selected tail.</summary>
    internal static LossFigures Of(TailPlan plan, ScenarioTail tail, double grid)
    {
        var figures = plan.Measure(tail, grid);
        var es = figures.Es is { } value ? Figure.Of(value) : Figure.Missing(FigureReason.NotApplicable);
        return new LossFigures(Figure.Of(figures.Var), es, new LossInterval(figures.IntervalLow, figures.IntervalHigh), plan.HasThinTail);
    }

    /// <summary>Figures of a portfolio that was just measured, with the error of their shortfall: for readers, not for each tick.</summary>
    internal LossFigures WithError(TailPlan? plan, LivePortfolio live) => WithError(plan, live.Tail, live.Pnl.Grid);

    /// <summary>These figures with the error of the shortfall, read off the same tail.</summary>
    internal LossFigures WithError(TailPlan? plan, ScenarioTail tail, double grid) => WithError(Es.Value is null ? null : plan?.ShortfallError(tail, grid));

    /// <summary>What is missing has no error, nor has a tail that ends at the VaR.</summary>
    internal LossFigures WithError(double? error) =>
        this with { EsStandardError = error is { } value ? Figure.Of(value) : Figure.Missing(Es.Reason ?? FigureReason.NotApplicable) };
}
