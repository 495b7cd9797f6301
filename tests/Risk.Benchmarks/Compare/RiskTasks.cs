using Risk.Domain.Amounts;
using Risk.Domain.Instruments;
using Risk.Domain.Measures;
using Risk.Domain.Portfolios;
using Risk.Domain.Scenarios;
using Risk.Domain.Snapshots;

namespace Risk.Benchmarks.Compare;

/// <summary>Historical VaR and expected shortfall, as the live portfolio computes them.</summary>
internal static class RiskTasks
{
    private const int Seed = 20_261_121;

    public static IEnumerable<TimedTask> All()
    {
        foreach (var scenarios in (int[])[252, 500, 1000, 2500])
            foreach (var positions in (int[])[10, 100, 1000])
                yield return new TimedTask(
                    $"hs_full_T{scenarios}_N{positions}",
                    "exposures unrelated to the last ones and the matrix of returns → historical VaR and ES at 95 % and at 99 %",
                    () => Full(scenarios, positions));
        yield return new TimedTask(
            "hs_component_T500_N100", "the same, and the component VaR of each position at 95 %", () => Component(500, 100));
        foreach (var scenarios in (int[])[252, 500, 1000, 2500])
            yield return new TimedTask(
                $"hs_incremental_T{scenarios}",
                "one price of 100 positions moves by up to 0.05 % → market value, VaR and ES at 95 % and at 99 % anew",
                () => Incremental(scenarios, 100));
    }

    private static Func<double> Full(int scenarios, int positions)
    {
        var run = new FullRun(scenarios, positions);
        return run.Measure;
    }

    private static Func<double> Component(int scenarios, int positions)
    {
        var run = new FullRun(scenarios, positions);
        var components = new double[positions];
        return () => run.Measure() + run.Components(components);
    }

    private static Func<double> Incremental(int scenarios, int positions)
    {
        var random = new Random(Seed);
        var live = new LivePortfolio(Model(random, scenarios, positions));
        var (prices, moves) = (live.Model.LastCloses.ToArray(), Enumerable.Range(0, 997).Select(_ => 1 + 0.001 * (random.NextDouble() - 0.5)).ToArray());
        var (at, step) = (0, 0);
        return () =>
        {
            at = (at + 37) % positions;
            step = step == moves.Length - 1 ? 0 : step + 1;
            live.SetPrice(at, prices[at] * moves[step]);
            var snapshot = live.Measure(default, default);
            return snapshot.At95.Es.Value!.Value + snapshot.At99.Var.Value!.Value;
        };
    }

    private static PortfolioModel Model(Random random, int scenarios, int positions)
    {
        var names = Enumerable.Range(0, positions).Select(i => Symbol.Parse($"S{i}")).ToArray();
        var instruments = names.ToDictionary(x => x, x => new Instrument(x, x.Text, AssetClass.Equity, Currency.Usd));
        var dates = Dates(scenarios + 1);
        var closes = names.Select(_ => Walk(random, dates.Length)).ToArray();
        var held = names.Select(x => new Position(x, random.Next(1, 1_000), 100)).ToArray();
        var conventions = RiskConventions.Default with { WindowDays = scenarios };
        return PortfolioModel.Build(new Portfolio(AccountId.Default, Currency.Usd, 0, held, 1), instruments, new PriceHistory(dates, names, closes), conventions);
    }

    private static DateOnly[] Dates(int count) => [.. Enumerable.Range(0, count).Select(i => new DateOnly(2015, 1, 2).AddDays(i))];

    private static double[] Walk(Random random, int days)
    {
        var price = 100.0;
        return [.. Enumerable.Range(0, days).Select(_ => price *= 1 + 0.01 * MarketData.Normal(random))];
    }

    /// <summary>What a live portfolio does when all of its exposures are new, with two sets of them in turn.</summary>
    private sealed class FullRun
    {
        private readonly ScenarioPnl pnl;
        private readonly ScenarioTail tail;
        private readonly TailPlan at95, at99;
        private readonly int[] columns;
        private readonly double[][] exposures;
        private readonly RankWeight[] varWeights;
        private int turn;

        public FullRun(int scenarios, int positions)
        {
            var random = new Random(Seed);
            var returns = MarketData.Returns(random, scenarios, positions);
            at95 = new TailPlan(scenarios, 0.95m, QuantileConvention.Type7, ShortfallConvention.AcerbiTasche);
            at99 = new TailPlan(scenarios, 0.99m, QuantileConvention.Type7, ShortfallConvention.AcerbiTasche);
            varWeights = [.. at95.VarWeights()];
            pnl = new ScenarioPnl(ScenarioSet.Of(Dates(scenarios), returns));
            tail = new ScenarioTail(scenarios, Math.Max(at95.Depth, at99.Depth));
            columns = [.. Enumerable.Range(0, positions)];
            exposures = [.. Enumerable.Range(0, 16).Select(_ => MarketData.Exposures(random, positions))];
        }

        public double Measure()
        {
            turn = (turn + 1) % exposures.Length;
            pnl.SetExposures(columns, exposures[turn]);
            tail.Select(pnl);
            var (figures95, figures99) = (at95.Measure(tail, pnl.Grid), at99.Measure(tail, pnl.Grid));
            return figures95.Var + figures95.Es!.Value + figures99.Var + figures99.Es!.Value;
        }

        /// <summary>Of the last measurement; they add up to its VaR.</summary>
        public double Components(double[] components)
        {
            for (var column = 0; column < components.Length; column++)
            {
                var sum = 0d;
                foreach (var rank in varWeights) sum += rank.Weight * pnl.UnitsOf(column, tail.Scenario(rank.Rank));
                components[column] = -sum * pnl.Grid;
            }
            return components[^1];
        }
    }
}
