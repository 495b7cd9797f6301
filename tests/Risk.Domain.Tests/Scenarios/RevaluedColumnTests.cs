using Risk.Domain.Scenarios;
using Xunit;

namespace Risk.Domain.Tests.Scenarios;

public sealed class RevaluedColumnTests
{
    private const int Scenarios = 130;

    [Theory]
    [InlineData(KernelWidth.Scalar)]
    [InlineData(KernelWidth.Bits256)]
    [InlineData(KernelWidth.Bits512)]
    public void Any_sequence_of_changes_ends_at_the_bits_of_a_new_computation(KernelWidth width)
    {
        var random = new Random(3);
        var set = ScenarioSet.Of(Dates(), [.. Enumerable.Range(0, 3).Select(_ => Random(random, 0.1))]);
        var pnl = new ScenarioPnl(set, width, revaluedColumns: 2);
        var (exposures, values, exponents) = (new double[3], new[] { new double[Scenarios], new double[Scenarios] }, new HashSet<int>());
        void Empty(int column)
        {
            values[column - 3] = new double[Scenarios];
            pnl.Clear(column);
        }
        for (var step = 0; step < 4_000; step++)
        {
            var column = random.Next(5);
            var size = Math.Pow(10, 9 * random.NextDouble() - 3);
            if (column < 3) pnl.SetExposure(column, exposures[column] = size);
            else if (step % 9 == 0) Empty(column);
            else Assert.True(pnl.SetPnl(column, values[column - 3] = Random(random, size)));
            exponents.Add(pnl.Exponent);
            var fresh = new ScenarioPnl(set, revaluedColumns: 2);
            for (var i = 1; i >= 0; i--) fresh.SetPnl(3 + i, values[i]);
            fresh.SetExposures([0, 1, 2], exposures);
            Assert.Equal((fresh.Exponent, fresh.Grid), (pnl.Exponent, pnl.Grid));
            Assert.True(fresh.Units.SequenceEqual(pnl.Units));
        }
        Assert.True(exponents.Count > 10);
        for (var s = 0; s < Scenarios; s++) Assert.Equal(pnl.Units[s], Enumerable.Range(0, 5).Sum(column => pnl.UnitsOf(column, s)));
        Assert.Equal(values[1][7], pnl.PnlOf(4)[7], pnl.Grid);
    }

    [Fact]
    public void What_is_no_number_is_refused_and_changes_nothing()
    {
        var pnl = new ScenarioPnl(ScenarioSet.Of(Dates(), []), revaluedColumns: 1);
        Assert.True(pnl.SetPnl(0, Random(new Random(1), 100)));
        var before = pnl.Units.ToArray();
        foreach (var wrong in new[] { double.NaN, double.PositiveInfinity, 2 * ScenarioPnl.MaxProduct })
            Assert.False(pnl.SetPnl(0, [.. Enumerable.Repeat(wrong, Scenarios)]));
        Assert.Equal(before, pnl.Units);
        Assert.Throws<ArgumentOutOfRangeException>(() => pnl.SetPnl(1, new double[Scenarios]));
        Assert.Throws<ArgumentException>(() => pnl.SetPnl(0, new double[3]));
        pnl.Clear(0);
        Assert.Equal(new long[Scenarios], pnl.Units);
    }

    private static DateOnly[] Dates() => [.. Enumerable.Range(0, Scenarios).Select(new DateOnly(2020, 1, 1).AddDays)];

    private static double[] Random(Random random, double size) => [.. Enumerable.Range(0, Scenarios).Select(_ => size * (2 * random.NextDouble() - 1))];
}
