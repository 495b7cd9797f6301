namespace Risk.Domain.Measures;

/// <summary>
/// What each position has to do with one VaR or shortfall, in the order of the positions; positive where the position adds risk, negative
/// where it hedges.
/// </summary>
/// <param name="Components">Exposure × <paramref name="Marginal"/>, in the unit of the exposures; they add up to the figure.</param>
/// <param name="Marginal">Change of the figure for one more unit of exposure.</param>
/// <param name="Incremental">
/// The figure − the figure without the position, its value held in cash instead and everything measured anew; does not add up. Null where
/// the rest by itself has no such figure.
/// </param>
public sealed record LossParts(double[] Components, double[] Marginal, double?[] Incremental)
{
    internal static LossParts Of(double[] exposures, double[] marginal, double?[] incremental) =>
        new([.. exposures.Select((x, i) => x * marginal[i])], marginal, incremental);
}
