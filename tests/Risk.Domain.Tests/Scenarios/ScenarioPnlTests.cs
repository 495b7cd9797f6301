using Risk.Domain.Scenarios;
using Xunit;

namespace Risk.Domain.Tests.Scenarios;

public sealed class ScenarioPnlTests
{
    [Fact]
    public void Is_the_sum_of_exposure_times_return_in_each_scenario()
    {
        var pnl = new ScenarioPnl(Set([[0.5, -0.25, 0.125], [-0.5, 0.5, 0.25]]));
        pnl.SetExposures([0, 1], [1000, -200]);
        Assert.Equal([600d, -350d, 75d], Values(pnl));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Any_sequence_of_changes_ends_at_the_bits_of_a_new_computation(int seed)
    {
        var random = new Random(seed);
        var set = RandomSet(random, scenarios: 130, columns: 9);
        var pnl = new ScenarioPnl(set);
        var exponents = new HashSet<int>();
        for (var step = 0; step < 20_000; step++)
        {
            if (step % 50 == 7) pnl.SetExposures([1, 4, 5, 8], [.. Enumerable.Range(0, 4).Select(_ => RandomExposure(random))]);
            else pnl.SetExposure(random.Next(9), RandomExposure(random));
            exponents.Add(pnl.Exponent);
            if (step % 20 == 0) AssertSameAsNew(pnl);
        }
        AssertSameAsNew(pnl);
        Assert.True(exponents.Count > 10, "The grid must have changed often for this to mean anything.");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(500)]
    public void Every_width_of_instructions_gives_the_same_bits(int scenarios)
    {
        var random = new Random(scenarios);
        var set = RandomSet(random, scenarios, columns: 7);
        ScenarioPnl[] all = [new(set, KernelWidth.Scalar), new(set, KernelWidth.Bits256), new(set, KernelWidth.Bits512)];
        for (var step = 0; step < 200; step++)
        {
            var (column, exposure) = (random.Next(7), RandomExposure(random));
            foreach (var pnl in all) pnl.SetExposure(column, exposure);
            Assert.True(all[0].Units.SequenceEqual(all[1].Units) && all[0].Units.SequenceEqual(all[2].Units));
            foreach (var pnl in all) pnl.Recompute();
            Assert.True(all[0].Units.SequenceEqual(all[1].Units) && all[0].Units.SequenceEqual(all[2].Units));
        }
    }

    [Fact]
    public void Stays_within_a_few_last_digits_of_plain_doubles()
    {
        var random = new Random(5);
        var set = RandomSet(random, scenarios: 500, columns: 100);
        double[] exposures = [.. Enumerable.Range(0, 100).Select(_ => (random.NextDouble() - 0.3) * 4e6)];
        var pnl = new ScenarioPnl(set);
        pnl.SetExposures([.. Enumerable.Range(0, 100)], exposures);
        var values = Values(pnl);
        for (var s = 0; s < 500; s++)
        {
            var plain = 0d;
            for (var c = 0; c < 100; c++) plain += exposures[c] * set[c, s];
            Assert.Equal(plain, values[s], 1e-14 * exposures.Sum(Math.Abs));
        }
    }

    [Fact]
    public void Keeps_the_digits_of_a_portfolio_worth_a_millionth()
    {
        var pnl = new ScenarioPnl(Set([[0.0123456789, -0.02]]));
        pnl.SetExposures([0], [1e-6]);
        Assert.Equal(1.23456789e-8, Values(pnl)[0], 1.3e-8 * 1e-9);
    }

    [Fact]
    public void The_parts_of_the_columns_add_up_exactly()
    {
        var random = new Random(6);
        var set = RandomSet(random, scenarios: 70, columns: 5);
        var pnl = new ScenarioPnl(set);
        for (var c = 0; c < 5; c++) pnl.SetExposure(c, RandomExposure(random));
        for (var s = 0; s < 70; s++) Assert.Equal(pnl.Units[s], Enumerable.Range(0, 5).Sum(c => pnl.UnitsOf(c, s)));
    }

    [Fact]
    public void A_column_and_its_exact_opposite_cancel_in_every_scenario()
    {
        var random = new Random(7);
        double[] returns = [.. Enumerable.Range(0, 100).Select(_ => random.NextDouble() - 0.5)];
        var pnl = new ScenarioPnl(Set([returns, returns]));
        pnl.SetExposures([0, 1], [123456.789, -123456.789]);
        Assert.All(Values(pnl), value => Assert.Equal(0, value));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(1e25)]
    [InlineData(-1e300)]
    public void Refuses_an_exposure_that_it_cannot_hold(double exposure)
    {
        var pnl = new ScenarioPnl(Set([[1d, -1d]]));
        Assert.False(ScenarioPnl.CanCarry(exposure, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => pnl.SetExposure(0, exposure));
        Assert.Equal([0d, 0d], Values(pnl));
    }

    [Fact]
    public void Holds_the_largest_exposure_that_it_accepts()
    {
        var pnl = new ScenarioPnl(Set([[1d, -1d], [1d, 1d]]));
        pnl.SetExposures([0, 1], [ScenarioPnl.MaxProduct, ScenarioPnl.MaxProduct]);
        Assert.Equal([2 * ScenarioPnl.MaxProduct, 0d], Values(pnl));
    }

    [Fact]
    public void Allocates_nothing_once_built()
    {
        var random = new Random(8);
        var pnl = new ScenarioPnl(RandomSet(random, scenarios: 500, columns: 20));
        for (var round = 0; round < 2; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 2_000; i++) pnl.SetExposure(i % 20, RandomExposure(random));
            pnl.Recompute();
            if (round == 1) Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    [Fact]
    public void A_set_refuses_columns_that_do_not_fit_and_returns_that_are_no_numbers()
    {
        Assert.Throws<ArgumentException>(() => ScenarioSet.Of([default, default], [[0.1]]));
        Assert.Throws<ArgumentException>(() => ScenarioSet.Of([default], [[double.NaN]]));
        Assert.Throws<ArgumentException>(() => ScenarioSet.Of(new DateOnly[ScenarioSet.MaxScenarios + 1], []));
        Assert.Throws<ArgumentOutOfRangeException>(() => Set([[0.1]])[0, 1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => Set([[0.1]])[1, 0]);
    }

    internal static ScenarioSet Set(double[][] columns) =>
        ScenarioSet.Of([.. Enumerable.Range(0, columns[0].Length).Select(i => new DateOnly(2020, 1, 1).AddDays(i))], columns);

    internal static ScenarioSet RandomSet(Random random, int scenarios, int columns) =>
        Set([.. Enumerable.Range(0, columns).Select(_ => Enumerable.Range(0, scenarios).Select(_ => (random.NextDouble() - 0.5) / 8).ToArray())]);

    internal static double[] Values(ScenarioPnl pnl) => [.. pnl.Units.ToArray().Select(unit => unit * pnl.Grid)];

    private static double RandomExposure(Random random) =>
        random.Next(6) == 0 ? 0 : (random.Next(2) * 2 - 1) * Math.Pow(10, random.NextDouble() * 12 - 3);

    private static void AssertSameAsNew(ScenarioPnl pnl)
    {
        var fresh = new ScenarioPnl(pnl.Set);
        fresh.SetExposures([.. Enumerable.Range(0, pnl.Set.Columns)], pnl.Exposures);
        Assert.Equal(fresh.Exponent, pnl.Exponent);
        Assert.True(fresh.Units.SequenceEqual(pnl.Units));
    }
}
