using Risk.Domain.Instruments;
using Risk.Domain.Measures;
using Risk.Domain.Options;

namespace Risk.Benchmarks.Compare;

/// <summary>The calculators: simulation, covariance, options.</summary>
internal static class CalculatorTasks
{
    private const int Seed = 20_261_122;
    private const int Paths = 100_000;

    public static IEnumerable<TimedTask> All()
    {
        foreach (var assets in (int[])[10, 50])
            yield return new TimedTask(
                $"mc_1e5x{assets}",
                $"exposures and covariance of {assets} assets → 100,000 seeded normal paths, a shock for each asset of each path → VaR and ES at 95 % and at 99 % with standard errors",
                () => MonteCarloVar(assets));
        yield return new TimedTask(
            "parametric_T500_N100", "returns of 100 assets over 500 days → covariance matrix → normal VaR and ES at 95 % and at 99 %", () => Parametric(500, 100));
        yield return new TimedTask(
            "bs_greeks_1e5", "Black–Scholes price, delta, gamma, vega, theta and rho of 100,000 options", () => Options(100_000));
    }

    private static Func<double> MonteCarloVar(int assets)
    {
        var random = new Random(Seed);
        var covariance = Covariance.Matrix(MarketData.Returns(random, 500, assets));
        var exposures = MarketData.Exposures(random, assets);
        var pnl = new double[Paths];
        return () =>
        {
            new MonteCarlo(exposures, covariance, Seed).Simulate(0, pnl);
            var worst = SortedPnl.Worst(pnl, SimulatedTail.RanksNeeded(Paths, 0.95m));
            var (at95, at99) = (SimulatedTail.Of(worst, 0.95m), SimulatedTail.Of(worst, 0.99m));
            return at95.Var + at95.Shortfall + at99.Var + at99.Shortfall;
        };
    }

    private static Func<double> Parametric(int days, int assets)
    {
        var random = new Random(Seed);
        var returns = MarketData.Returns(random, days, assets);
        var exposures = MarketData.Exposures(random, assets);
        return () =>
        {
            var sigma = PortfolioVolatility.Of(exposures, Covariance.Matrix(returns));
            return ParametricVar.Normal(sigma, 0.95m) + ParametricVar.NormalShortfall(sigma, 0.95m)
                + ParametricVar.Normal(sigma, 0.99m) + ParametricVar.NormalShortfall(sigma, 0.99m);
        };
    }

    private static Func<double> Options(int count)
    {
        var random = new Random(Seed);
        var columns = new OptionColumns([.. Enumerable.Range(0, count).Select(i => (
            new EuropeanOption(
                i % 2 == 0 ? OptionRight.Call : OptionRight.Put, 50 + 100 * random.NextDouble(), 0.02 + 2 * random.NextDouble(), 0.05 + 0.6 * random.NextDouble()),
            new OptionMarket(50 + 100 * random.NextDouble(), 0.06 * random.NextDouble(), 0.03 * random.NextDouble())))]);
        var figures = new FigureColumns(count);
        return () =>
        {
            columns.Evaluate(figures);
            return figures[count / 2].Price + figures[count - 1].Rho;
        };
    }
}
