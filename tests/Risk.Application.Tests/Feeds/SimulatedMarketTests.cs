using Risk.Application.Feeds;
using Risk.Domain.Instruments;
using Risk.Domain.Prices;
using Xunit;

namespace Risk.Application.Tests.Feeds;

public sealed class SimulatedMarketTests
{
    private static readonly TickPace Pace = new(EventTime.FromMilliseconds(1_735_831_800_000), 50);

    [Fact]
    public void Tick_n_is_the_same_wherever_generation_starts()
    {
        var whole = Generate(Market(7), 1_000);
        var market = Market(7);
        var prices = market.StartPrices();
        var parts = new Tick[1_000];
        for (int at = 0, size = 1; at < parts.Length; at += size, size = Math.Min(size * 2, parts.Length - at))
            Market(7).Generate(at, prices, parts.AsSpan(at, size), 1, Pace.Skip(at), EventTime.Min);
        Assert.Equal(whole, parts);
    }

    [Fact]
    public void Another_seed_gives_other_prices_and_another_universe_another_hash()
    {
        Assert.NotEqual(Generate(Market(7), 10).Select(x => x.Volume), Generate(Market(8), 10).Select(x => x.Volume));
        Assert.Equal(Market(7).UniverseHash, Market(8).UniverseHash);
        Assert.NotEqual(Market(7).UniverseHash, new SimulatedMarket(7, Instruments(0.21), new SymbolTable(), SourceName.Parse("sim")).UniverseHash);
    }

    [Fact]
    public void Symbols_tick_in_turn_and_each_counts_its_own_sequence()
    {
        var ticks = Generate(Market(1), 9);
        Assert.Equal([0, 1, 2, 3, 0, 1, 2, 3, 0], ticks.Select(x => x.Symbol));
        Assert.Equal([0, 0, 0, 0, 1, 1, 1, 1, 2], ticks.Select(x => x.Sequence));
        Assert.Equal(20_000, ticks[1].Time.Microseconds - ticks[0].Time.Microseconds);
        Assert.All(ticks, x => Assert.True(x.Bid.E8 <= x.Price.E8 && x.Price.E8 <= x.Ask.E8 && x.Bid.E8 < x.Ask.E8 && x.Volume.E6 > 0));
        Assert.All(ticks, x => Assert.Equal(0, x.Price.E8 % 1_000_000));
    }

    [Fact]
    public void Times_never_fall_before_the_last_one_published()
    {
        var ticks = new Tick[8];
        var notBefore = Pace.At(3);
        Market(1).Generate(0, Market(1).StartPrices(), ticks, 1, Pace, notBefore);
        Assert.Equal(notBefore, ticks[0].Time);
        Assert.Equal(Pace.At(7), ticks[7].Time);
    }

    [Fact]
    public void Returns_have_the_given_volatility_and_correlations()
    {
        // One round a trading day, so that annual figures are √252 times the round's.
        var market = new SimulatedMarket(11, Instruments(0.2, tickSize: 0.00000001m), new SymbolTable(), SourceName.Parse("sim"));
        const int rounds = 20_000;
        var prices = market.StartPrices();
        var ticks = new Tick[rounds * 4];
        market.Generate(0, prices, ticks, 1, new TickPace(Pace.Start, 4 / (6.5 * 3600)), EventTime.Min);
        var returns = Enumerable.Range(0, 4).Select(s => Enumerable.Range(1, rounds - 1).Select(r =>
            Math.Log((double)ticks[r * 4 + s].Price.E8 / ticks[(r - 1) * 4 + s].Price.E8)).ToArray()).ToArray();
        Assert.All(returns, x => Assert.InRange(Math.Sqrt(252 * x.Average(y => y * y)), 0.196, 0.204));
        Assert.InRange(Correlation(returns[0], returns[1]), 0.48, 0.52); // one sector
        Assert.InRange(Correlation(returns[0], returns[2]), 0.28, 0.32); // two sectors
        Assert.InRange(Correlation(returns[1], returns[3]), 0.28, 0.32); // one without
        Assert.InRange(Correlation(returns[0][1..], returns[0][..^1]), -0.02, 0.02);
    }

    [Fact]
    public void Settings_that_make_no_market_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new SimulatedMarket(1, [], new SymbolTable(), default));
        var twice = new SimulatedInstrument(Symbol.Parse("A"), 1, 0.1);
        Assert.Throws<ArgumentException>(() => new SimulatedMarket(1, [twice, twice], new SymbolTable(), default));
        Assert.Throws<ArgumentException>(() => new SimulatedMarket(1, [twice with { AnnualVolatility = double.NaN }], new SymbolTable(), default));
        Assert.Throws<ArgumentException>(() => new SimulatedMarket(1, [twice with { StartPrice = 0 }], new SymbolTable(), default));
    }

    internal static SimulatedMarket Market(long seed, SymbolTable? symbols = null) =>
        new(seed, Instruments(0.2), symbols ?? new SymbolTable(), SourceName.Parse("sim"));

    private static SimulatedInstrument[] Instruments(double volatility, decimal tickSize = 0.01m) =>
    [
        new(Symbol.Parse("AAA"), 100, volatility, 2, "tech", tickSize), new(Symbol.Parse("BBB"), 50, volatility, 2, "tech", tickSize),
        new(Symbol.Parse("CCC"), 200, volatility, 2, "bank", tickSize), new(Symbol.Parse("DDD"), 20, volatility, 2, null, tickSize),
    ];

    private static Tick[] Generate(SimulatedMarket market, int count)
    {
        var ticks = new Tick[count];
        market.Generate(0, market.StartPrices(), ticks, 1, Pace, EventTime.Min);
        return ticks;
    }

    private static double Correlation(double[] a, double[] b)
    {
        var (meanA, meanB) = (a.Average(), b.Average());
        var product = a.Zip(b, (x, y) => (x - meanA) * (y - meanB)).Sum();
        return product / Math.Sqrt(a.Sum(x => (x - meanA) * (x - meanA)) * b.Sum(x => (x - meanB) * (x - meanB)));
    }
}
