using Risk.Domain.Measures;
using Xunit;

namespace Risk.Domain.Tests.Measures;

public sealed class SortedPnlTests
{
    [Fact]
    public void The_worst_ranks_are_those_of_the_whole()
    {
        var random = new Random(20_261_120);
        foreach (var count in (int[])[1, 2, 3, 10, 999])
            foreach (var levels in (int[])[1, 3, 1_000_000])
            {
                var pnl = Enumerable.Range(0, count).Select(_ => (double)random.Next(levels)).ToArray();
                var whole = new SortedPnl(pnl);
                foreach (var ranks in (int[])[1, (count + 1) / 2, count, count + 5])
                {
                    var worst = SortedPnl.Worst(pnl, ranks);
                    Assert.Equal(count, worst.Count);
                    Assert.Equal(whole.Values[..Math.Min(ranks, count)].ToArray(), worst.Values.ToArray());
                    for (var rank = 1; rank <= Math.Min(ranks, count); rank++) Assert.Equal(whole.ScenarioAt(rank), worst.ScenarioAt(rank));
                }
            }
    }

    [Fact]
    public void The_figures_of_the_tail_are_the_same_from_its_ranks_alone()
    {
        var random = new Random(3);
        foreach (var count in (int[])[1, 2, 20, 500, 5_001])
        {
            var pnl = Enumerable.Range(0, count).Select(_ => random.NextDouble() - 0.5).ToArray();
            var worst = SortedPnl.Worst(pnl, SimulatedTail.RanksNeeded(count, 0.95m));
            foreach (var confidence in (decimal[])[0.95m, 0.99m, 0.999m])
                Assert.Equal(SimulatedTail.Of(new SortedPnl(pnl), confidence), SimulatedTail.Of(worst, confidence));
        }
    }

    [Fact]
    public void Nothing_to_sort_is_refused()
    {
        Assert.Throws<ArgumentException>(() => SortedPnl.Worst([], 1));
        Assert.Throws<ArgumentException>(() => SortedPnl.Worst([1, double.NaN], 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => SortedPnl.Worst([1], 0));
    }
}
