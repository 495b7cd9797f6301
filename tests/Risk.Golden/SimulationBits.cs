using Risk.Domain.Measures;

namespace Risk.Golden;

/// <summary>
/// One simulation, its inputs made of nothing but its numbers, and what came out of it as hashes of all bits: two machines that print the same
/// line computed the same figures to the last bit.
/// </summary>
/// <param name="DegreesOfFreedom">ν of a t distribution; normal when null.</param>
/// <param name="Lanes">8, 4 or 1 paths an instruction; what the processor has when null.</param>
public sealed record SimulationBits(int Assets, int Paths, double? DegreesOfFreedom, ulong Seed, int? Lanes = null)
{
    public static IReadOnlyList<SimulationBits> Cases { get; } =
    [
        .. from assets in (int[])[3, 10, 50] from nu in (double?[])[null, 2.5, 5] from seed in (ulong[])[1, ulong.MaxValue] select new SimulationBits(assets, 1_000, nu, seed),
        .. from lanes in (int[])[8, 4, 1] from nu in (double?[])[null, 2.5] select new SimulationBits(7, 1_003, nu, 42, lanes),
        .. from nu in (double?[])[null, 4] select new SimulationBits(10, 20_000, nu, 20261121),
        .. from nu in (double?[])[null, 3] select new SimulationBits(3, 100_000, nu, 7),
        new SimulationBits(50, 10_000, 6, 99),
    ];

    /// <summary>Hashes of the P&amp;L of all paths; of VaR, ES and their standard errors at 95 and 99 %; and of their parts by position.</summary>
    public (ulong Pnl, ulong Tail, ulong Parts) Hashes()
    {
        var (exposures, covariance) = Inputs();
        var simulation = new MonteCarlo(exposures, covariance, Seed, DegreesOfFreedom);
        var pnl = new double[Paths];
        if (Lanes is { } lanes) simulation.Simulate(0, pnl, lanes);
        else simulation.Simulate(0, pnl);
        var sorted = SortedPnl.Worst(pnl, SimulatedTail.RanksNeeded(Paths, 0.95m));
        var parts = new SimulatedParts(exposures, simulation, new EllipticalRisk(exposures, covariance), sorted);
        SimulatedTail[] tails = [SimulatedTail.Of(sorted, 0.95m), SimulatedTail.Of(sorted, 0.99m)];
        return (
            Bits.Hash(pnl),
            Bits.Hash(tails.SelectMany(x => (double[])[x.Var, x.VarStandardError!.Value, x.Shortfall, x.ShortfallStandardError!.Value])),
            Bits.Hash(tails.SelectMany(x => (LossParts[])[parts.Var(x), parts.Shortfall(x)])
                .SelectMany(x => (IEnumerable<double>)[.. x.Components, .. x.Marginal, .. x.Incremental.Select(y => y ?? 0)])));
    }

    public override string ToString()
    {
        var (pnl, tail, parts) = Hashes();
        var law = DegreesOfFreedom is { } nu ? FormattableString.Invariant($"t {nu}") : "normal";
        return $"{Assets} assets, {Paths} paths, {law}, seed {Seed}{(Lanes is { } lanes ? $", {lanes} lanes" : "")}: {pnl:x16} {tail:x16} {parts:x16}";
    }

    /// <summary>Exposures between ±50,000 and the covariance of 67 returns each, all of draws that no simulation uses.</summary>
    private (double[] Exposures, double[][] Covariance) Inputs()
    {
        var draw = 0u;
        double Next() => NormalPair.Uniform(Philox.Draw(draw++, 0, 0, 2, Seed).First) - 0.5;
        double[] exposures = [.. Enumerable.Range(0, Assets).Select(_ => 1e5 * Next())];
        double[][] series = [.. Enumerable.Range(0, Assets).Select(_ => Enumerable.Range(0, 67).Select(_ => 0.05 * Next()).ToArray())];
        return (exposures, Covariance.Matrix(series));
    }
}
