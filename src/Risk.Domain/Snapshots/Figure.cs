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
/// <param name="EsStandardError">Of the shortfall, as <see cref="TailPlan.ShortfallError"/>; missing where no loss lies beyond the VaR.</param>
/// <param name="HasThinTail">Whether fewer than five observations lie in the tail.</param>
public readonly record struct LossFigures(Figure Var, Figure Es, LossInterval? Interval, Figure EsStandardError, bool HasThinTail)
{
    public static LossFigures Zero { get; } = new(Figure.Of(0), Figure.Of(0), new LossInterval(0, 0), Figure.Of(0), HasThinTail: false);

    public static LossFigures Missing(FigureReason reason) => new(Figure.Missing(reason), Figure.Missing(reason), null, Figure.Missing(reason), HasThinTail: false);

    /// <summary>Reads the figures off a selected tail.</summary>
    internal static LossFigures Of(TailPlan plan, ScenarioTail tail, double grid)
    {
        var figures = plan.Measure(tail, grid);
        return new LossFigures(
            Figure.Of(figures.Var), OrNone(figures.Es), new LossInterval(figures.IntervalLow, figures.IntervalHigh),
            OrNone(figures.Es is null ? null : plan.ShortfallError(tail, grid)), plan.HasThinTail);
    }

    /// <summary>Not applicable where a tail has none.</summary>
    internal static Figure OrNone(double? value) => value is { } known ? Figure.Of(known) : Figure.Missing(FigureReason.NotApplicable);
}
