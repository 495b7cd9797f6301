using Risk.Domain.Amounts;
using Risk.Domain.Instruments;
using Risk.Domain.Scenarios;
using Xunit;

namespace Risk.Domain.Tests.Scenarios;

public sealed class FxRouteTests
{
    private static readonly Currency Eur = Currency.Parse("EUR");

    [Fact]
    public void The_pair_that_quotes_the_target_comes_first_then_its_inverse_then_crosses() =>
        Assert.Equal(["EURUSD", "1/USDEUR", "EURGBP GBPUSD", "EURINR 1/USDINR"], Routes("USDINR", "EURINR", "EURGBP", "GBPUSD", "USDEUR", "EURUSD"));

    [Fact]
    public void Without_pairs_there_is_no_route() => Assert.Empty(Routes("GBPUSD", "INRJPY"));

    [Fact]
    public void A_symbol_that_is_no_fx_instrument_is_no_pair()
    {
        var name = Symbol.Parse("EURUSD");
        Assert.Empty(FxRoute.Find(Eur, Currency.Usd, new Dictionary<Symbol, Instrument> { [name] = new(name, "", AssetClass.Equity, Currency.Usd) }));
    }

    [Fact]
    public void From_a_currency_to_itself_there_is_nothing_to_cross() => Assert.Empty(Assert.Single(FxRoute.Find(Eur, Eur, Pairs())).Legs);

    [Fact]
    public void Returns_compound_over_the_legs_and_invert_against_the_quote()
    {
        var history = new PriceHistory(
            [new(2024, 1, 1), new(2024, 1, 2)], [Symbol.Parse("EURINR"), Symbol.Parse("USDINR")], [[90, 99], [80, 64]]);
        var instruments = Pairs("EURINR", "USDINR");
        var route = Assert.Single(FxRoute.Find(Eur, Currency.Usd, instruments));
        var change = Assert.Single(route.Returns(new ReturnWindow(history, 500), instruments)!);
        Assert.Equal((99d / 64) / (90d / 80) - 1, change, 1e-15);
    }

    private static IEnumerable<string> Routes(params string[] names) =>
        FxRoute.Find(Eur, Currency.Usd, Pairs(names)).Select(route => string.Join(' ', route.Legs.Select(leg => (leg.IsInverse ? "1/" : "") + leg.Pair)));

    private static Dictionary<Symbol, Instrument> Pairs(params string[] names) =>
        names.Select(Symbol.Parse).ToDictionary(name => name, name => new Instrument(name, "", AssetClass.Fx, Currency.Parse(name.Text[3..])));
}
