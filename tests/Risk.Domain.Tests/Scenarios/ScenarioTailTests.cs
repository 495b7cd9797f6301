using Risk.Domain.Scenarios;
using Xunit;

namespace Risk.Domain.Tests.Scenarios;

public sealed class ScenarioTailTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(30, 5)]
    [InlineData(64, 64)]
    [InlineData(65, 65)]
    [InlineData(130, 1)]
    [InlineData(500, 36)]
    [InlineData(2500, 150)]
    public void Finds_what_a_full_sort_finds_with_ties_by_index(int scenarios, int depth)
    {
        var random = new Random(scenarios);
        var pnl = new ScenarioPnl(ScenarioPnlTests.Set([.. Enumerable.Range(0, 4).Select(_ => Steps(random, scenarios))]));
        var tail = new ScenarioTail(scenarios, depth);
        for (var step = 0; step < 60; step++)
        {
            pnl.SetExposure(random.Next(4), random.Next(-3, 4));
            tail.Select(pnl);
            AssertIsTail(pnl, tail);
        }
    }

    /// <summary>The guess is worthless at each step, and the shapes are those that mislead a search by counting.</summary>
    [Theory]
    [InlineData(40, 12)]
    [InlineData(500, 36)]
    [InlineData(500, 500)]
    [InlineData(1000, 70)]
    [InlineData(4096, 300)]
    public void Finds_the_tail_of_a_pnl_that_has_nothing_to_do_with_the_last(int scenarios, int depth)
    {
        var random = new Random(scenarios + depth);
        double[][] shapes =
        [
            [.. Enumerable.Range(0, scenarios).Select(_ => random.NextDouble() - 0.5)],
            [.. Enumerable.Range(0, scenarios).Select(_ => random.NextDouble())],
            [.. Enumerable.Range(0, scenarios).Select(i => i / (double)scenarios - 0.7)],
            [.. Enumerable.Range(0, scenarios).Select(i => 0.7 - i / (double)scenarios)],
            [.. Enumerable.Range(0, scenarios).Select(i => i == scenarios / 2 ? -1 : 1e-9 * random.NextDouble())],
            [.. Enumerable.Range(0, scenarios).Select(_ => -0.25)],
            [.. Enumerable.Range(0, scenarios).Select(_ => random.Next(2) * -0.5)],
            [.. Enumerable.Range(0, scenarios).Select(i => i < depth / 2 ? -1 : 0.5)],
            [.. Enumerable.Range(0, scenarios).Select(_ => Math.Pow(random.NextDouble(), -3) * -1e-9)],
        ];
        var pnl = new ScenarioPnl(ScenarioPnlTests.Set(shapes));
        var tail = new ScenarioTail(scenarios, depth);
        for (var step = 0; step < 60; step++)
        {
            double[] exposures = new double[shapes.Length];
            exposures[random.Next(shapes.Length)] = random.Next(2) == 0 ? 1 : -1e6;
            pnl.SetExposures([.. Enumerable.Range(0, shapes.Length)], exposures);
            tail.Select(pnl);
            AssertIsTail(pnl, tail);
        }
    }

    [Fact]
    public void Of_equal_scenarios_the_first_are_the_worst()
    {
        var pnl = new ScenarioPnl(ScenarioPnlTests.Set([new double[100]]));
        var tail = new ScenarioTail(100, 7);
        tail.Select(pnl);
        Assert.Equal([0, 1, 2, 3, 4, 5, 6], Enumerable.Range(0, 7).Select(tail.Scenario));
    }

    [Fact]
    public void A_tail_of_none_is_empty()
    {
        var tail = new ScenarioTail(0, 0);
        tail.Select(new ScenarioPnl(ScenarioSet.Of([], [])));
        Assert.Equal(0, tail.Depth);
    }

    [Fact]
    public void A_tail_deeper_than_the_scenarios_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => new ScenarioTail(5, 6));

    [Fact]
    public void Allocates_nothing_once_built()
    {
        var random = new Random(3);
        var pnl = new ScenarioPnl(ScenarioPnlTests.RandomSet(random, scenarios: 500, columns: 5));
        var tail = new ScenarioTail(500, 40);
        for (var round = 0; round < 2; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 200; i++)
            {
                // Every tenth time the tail is another one, and selected without its guess.
                pnl.SetExposure(i % 5, i % 10 == 0 ? 1e6 * (i % 4 - 1.5) : random.NextDouble() - 0.5);
                tail.Select(pnl);
            }
            if (round == 1) Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    /// <summary>Few distinct values, so that ties abound.</summary>
    private static double[] Steps(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(-8, 9) / 64d)];

    private static void AssertIsTail(ScenarioPnl pnl, ScenarioTail tail)
    {
        var units = pnl.Units.ToArray();
        int[] sorted = [.. Enumerable.Range(0, units.Length).OrderBy(i => units[i]).ThenBy(i => i).Take(tail.Depth)];
        Assert.Equal(sorted, Enumerable.Range(0, tail.Depth).Select(tail.Scenario));
        Assert.Equal(sorted.Select(i => units[i]), Enumerable.Range(0, tail.Depth).Select(tail.Units));
        Assert.Equal(sorted.Sum(i => units[i]), tail.SumOfWorst(tail.Depth));
    }
}
