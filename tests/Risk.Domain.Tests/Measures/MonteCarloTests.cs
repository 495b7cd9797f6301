using Risk.Domain.Measures;
using Xunit;

namespace Risk.Domain.Tests.Measures;

public sealed class MonteCarloTests
{
    private static readonly double[][] Covariance3 = [[4e-4, 1e-4, 0], [1e-4, 1e-4, -2e-5], [0, -2e-5, 9e-4]];
    private static readonly double[] Exposures = [100_000, -50_000, 20_000];
    private static readonly double Sigma = PortfolioVolatility.Of(Exposures, Covariance3);

    [Theory]
    [InlineData(null)]
    [InlineData(2.5)]
    [InlineData(5.0)]
    public void The_bits_do_not_depend_on_lanes_or_on_how_the_paths_are_split(double? nu)
    {
        var simulation = new MonteCarlo(Exposures, Covariance3, 7, nu, [0.001, 0, -0.002]);
        var whole = new double[1003];
        simulation.Simulate(0, whole);
        foreach (var lanes in (int[])[8, 4, 1])
        {
            var again = new double[1003];
            simulation.Simulate(0, again.AsSpan(0, 501), lanes);
            simulation.Simulate(501, again.AsSpan(501), lanes);
            Assert.Equal(whole.Select(BitConverter.DoubleToInt64Bits), again.Select(BitConverter.DoubleToInt64Bits));
        }
    }

    [Fact]
    public void Many_threads_at_once_give_the_bits_of_one()
    {
        var simulation = new MonteCarlo(Exposures, Covariance3, 7, 5);
        var (alone, together) = (new double[40_003], new double[40_003]);
        simulation.Simulate(0, alone);
        Parallel.For(0, 41, slice => simulation.Simulate(slice * 1_000, together.AsSpan(slice * 1_000, Math.Min(1_000, together.Length - slice * 1_000))));
        Assert.Equal(alone.Select(BitConverter.DoubleToInt64Bits), together.Select(BitConverter.DoubleToInt64Bits));
    }

    [Fact]
    public void Another_seed_is_another_sample() =>
        Assert.Empty(Pnl(1, null, 1_000).Intersect(Pnl(2, null, 1_000)));

    [Fact]
    public void Nothing_is_allocated_for_paths()
    {
        var simulation = new MonteCarlo(Exposures, Covariance3, 7, 5);
        var pnl = new double[20_000];
        simulation.Simulate(0, pnl);
        var before = GC.GetAllocatedBytesForCurrentThread();
        simulation.Simulate(0, pnl);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(5.0)]
    public void Var_and_shortfall_are_the_exact_ones_within_four_standard_errors(double? nu)
    {
        var pnl = new SortedPnl(Pnl(11, nu, 100_000));
        foreach (var confidence in (decimal[])[0.95m, 0.975m, 0.99m])
        {
            var tail = SimulatedTail.Of(pnl, confidence);
            var (var, shortfall) = nu is { } v
                ? (ParametricVar.StudentT(Sigma, v, confidence), ParametricVar.StudentTShortfall(Sigma, v, confidence))
                : (ParametricVar.Normal(Sigma, confidence), ParametricVar.NormalShortfall(Sigma, confidence));
            Assert.Equal(var, tail.Var, 4 * tail.VarStandardError!.Value);
            Assert.Equal(shortfall, tail.Shortfall, 4 * tail.ShortfallStandardError!.Value);
        }
    }

    // √(tail·confidence/n)/f(q) and the formula of the shortfall, both with the exact normal distribution.
    [Theory]
    [InlineData(0.95, 0.0066825, 0.0077969)]
    [InlineData(0.99, 0.0118056, 0.0145097)]
    public void The_standard_errors_are_those_of_theory(double confidence, double var, double shortfall)
    {
        var tail = SimulatedTail.Of(new SortedPnl(Pnl(5, null, 100_000)), (decimal)confidence);
        Assert.Equal(var, tail.VarStandardError!.Value / Sigma, 0.15 * var);
        Assert.Equal(shortfall, tail.ShortfallStandardError!.Value / Sigma, 0.1 * shortfall);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(4.5)]
    public void The_positions_of_a_path_sum_to_it(double? nu)
    {
        var simulation = new MonteCarlo(Exposures, Covariance3, 7, nu, [0.001, 0, -0.002]);
        var pnl = new double[20];
        simulation.Simulate(0, pnl);
        for (var path = 0; path < pnl.Length; path++)
            Assert.Equal(pnl[path], simulation.ByPosition([new ScenarioWeight(path, 1)]).Sum(), 1e-9);
    }

    [Fact]
    public void Components_of_the_tail_are_those_of_euler()
    {
        var simulation = new MonteCarlo(Exposures, Covariance3, 3);
        var pnl = new double[200_000];
        simulation.Simulate(0, pnl);
        var worst = SortedPnl.Worst(pnl, SimulatedTail.RanksNeeded(pnl.Length, 0.95m));
        var exact = ParametricComponents.Normal(Exposures, Covariance3, 0.95m);
        var shortfall = simulation.ByPosition(ExpectedShortfall.Scenarios(worst, 0.95m)).Select(x => -x).ToArray();
        var var = simulation.ByPosition(SimulatedTail.AroundVar(worst, 0.95m)).Select(x => -x).ToArray();
        Assert.Equal(ExpectedShortfall.Of(worst, 0.95m)!.Value, shortfall.Sum(), 1e-6);
        for (var i = 0; i < Exposures.Length; i++)
        {
            Assert.Equal(exact.ShortfallComponents[i], shortfall[i], 0.02 * Sigma);
            Assert.Equal(exact.Components[i], var[i], 0.1 * Sigma);
        }
    }

    [Fact]
    public void A_position_and_its_opposite_have_no_risk()
    {
        var simulation = new MonteCarlo([1_000, -1_000], [[1e-4, 1e-4], [1e-4, 1e-4]], 1, 4);
        var pnl = new double[100];
        simulation.Simulate(0, pnl);
        Assert.All(pnl, x => Assert.Equal(0, x));
    }

    [Fact]
    public void No_position_and_no_path_are_no_error()
    {
        new MonteCarlo([], [], 1).Simulate(0, []);
        var pnl = new double[9];
        new MonteCarlo([], [], 1, 5).Simulate(0, pnl);
        Assert.All(pnl, x => Assert.Equal(0, x));
    }

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new MonteCarlo(Exposures, Covariance3, 1, 2));
        Assert.Throws<ArgumentException>(() => new MonteCarlo([1, double.NaN, 1], Covariance3, 1));
        Assert.Throws<ArgumentException>(() => new MonteCarlo([1], Covariance3, 1));
        Assert.Throws<ArgumentException>(() => new MonteCarlo(Exposures, Covariance3, 1, null, [0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MonteCarlo(Exposures, Covariance3, 1).Simulate(-1, new double[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MonteCarlo(Exposures, Covariance3, 1).Simulate(0, new double[1], 3));
    }

    private static double[] Pnl(ulong seed, double? nu, int paths)
    {
        var pnl = new double[paths];
        new MonteCarlo(Exposures, Covariance3, seed, nu).Simulate(0, pnl);
        return pnl;
    }
}
