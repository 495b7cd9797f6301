namespace Risk.Domain.Measures;

/// <summary>What each position has to do with figures read off scenarios. Sorts the rest without each position once, for all confidences.</summary>
public sealed class ScenarioParts(double[] exposures, PositionScenarios scenarios, TailReading reading)
{
    private readonly Lazy<SortedPnl?[]> without = new(
        () => [.. exposures.Select((_, i) => scenarios.Without(i) is { } rest && Array.TrueForAll(rest, double.IsFinite) ? new SortedPnl(rest) : null)]);

    private readonly SortedPnl pnl = new(scenarios.Pnl);

    /// <exception cref="ArgumentException">As in <see cref="TailReading.VarScenarios"/>.</exception>
    public LossParts Var(decimal confidence) =>
        Of(reading.VarScenarios(pnl, confidence), reading.Var(pnl, confidence), rest => reading.Var(rest, confidence));

    /// <returns>Null where there is no shortfall.</returns>
    /// <inheritdoc cref="Var"/>
    public LossParts? Shortfall(decimal confidence) => reading.ShortfallOf(pnl, confidence) is { } loss
        ? Of(reading.ShortfallScenarios(pnl, confidence), loss, rest => reading.ShortfallOf(rest, confidence))
        : null;

    private LossParts Of(IReadOnlyList<ScenarioWeight> tail, double loss, Func<SortedPnl, double?> of) => LossParts.Of(
        exposures,
        HistoricalComponents.Of(scenarios.Returns, tail),
        [.. without.Value.Select(rest => rest is null ? null : loss - of(rest))]);
}
