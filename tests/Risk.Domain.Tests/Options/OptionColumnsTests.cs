using Risk.Domain.Instruments;
using Risk.Domain.Options;
using Xunit;

namespace Risk.Domain.Tests.Options;

public sealed class OptionColumnsTests
{
    [Fact]
    public void Vectors_agree_with_the_scalar_twin()
    {
        var random = new Random(17);
        var options = Enumerable.Range(0, 5_003).Select(i => (
            new EuropeanOption(i % 2 == 0 ? OptionRight.Call : OptionRight.Put, 30 + 300 * random.NextDouble(), i % 50 == 0 ? 0 : 3 * random.NextDouble(), i % 70 == 0 ? 0 : random.NextDouble()),
            new OptionMarket(i % 90 == 0 ? 30 : 30 + 200 * random.NextDouble(), 0.2 * random.NextDouble() - 0.05, 0.1 * random.NextDouble()))).ToArray();
        options[4] = (new EuropeanOption(OptionRight.Call, 100, 0, 0.2), new OptionMarket(100, 0.05));
        var figures = new FigureColumns(options.Length);
        new OptionColumns(options).Evaluate(figures);
        for (var i = 0; i < options.Length; i++)
        {
            var expected = BlackScholes.Of(options[i].Item1, options[i].Item2);
            var got = figures[i];
            double[] differences =
            [
                got.Price - expected.Price, got.Delta - expected.Delta, (got.Gamma - expected.Gamma) / (1 + expected.Gamma), got.Vega - expected.Vega,
                (got.Theta - expected.Theta) / (1 + Math.Abs(expected.Theta)), got.Rho - expected.Rho,
            ];
            Assert.True(differences.All(x => Math.Abs(x) <= 3e-10), $"{options[i]}: {got} instead of {expected}");
        }
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        var columns = new OptionColumns([.. Enumerable.Repeat((new EuropeanOption(OptionRight.Put, 90, 1, 0.3), new OptionMarket(100, 0.05)), 1_001)]);
        var figures = new FigureColumns(columns.Count);
        for (var round = 0; round < 2; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            columns.Evaluate(figures);
            if (round == 1) Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    [Fact]
    public void What_is_outside_the_limits_or_has_no_place_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new OptionColumns([(new EuropeanOption(OptionRight.Call, 0, 1, 0.2), new OptionMarket(100, 0))]));
        Assert.Throws<ArgumentException>(() => new OptionColumns([]).Evaluate(new FigureColumns(1)));
    }
}
