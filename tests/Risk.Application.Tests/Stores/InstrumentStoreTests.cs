using Risk.Application.Ports;
using Risk.Application.Stores;
using Risk.Domain.Amounts;
using Risk.Domain.Instruments;
using Xunit;

namespace Risk.Application.Tests.Stores;

public class InstrumentStoreTests
{
    private static readonly Instrument Acme = new(Symbol.Parse("ACME"), "Acme", AssetClass.Equity, Currency.Usd, "Tools", Isin: "US0000000019", Exchange: "XNYS");

    private static readonly Instrument AcmeCall = new(
        Symbol.Parse("ACME-C"), "Acme call", AssetClass.Option, Currency.Usd, Multiplier: 100, Proxy: Acme.Symbol,
        Option: new OptionTerms(Acme.Symbol, 12.5m, new DateOnly(2027, 1, 15), OptionRight.Call));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private readonly TinyTable table = new();
    private readonly InstrumentStore store;

    public InstrumentStoreTests() => store = new InstrumentStore(table);

    [Fact]
    public async Task Gives_back_what_was_put_over_several_pages()
    {
        Instrument[] all = [Acme, AcmeCall, .. Enumerable.Range(0, 5).Select(i => Acme with { Symbol = Symbol.Parse($"S{i}"), Isin = null })];
        var changed = await store.PutAsync(all, Cancel);
        Assert.Equal(all.Select(x => x.Symbol).Order(), changed);
        var read = (await new InstrumentStore(table).LoadAllAsync(Cancel)).Instruments;
        Assert.Equal(all.OrderBy(x => x.Symbol), read.Values.OrderBy(x => x.Symbol));
        Assert.Equal(AcmeCall, await store.FindAsync(AcmeCall.Symbol, Cancel));
        Assert.Null(await store.FindAsync(Symbol.Parse("NOBODY"), Cancel));
    }

    [Fact]
    public async Task Reports_only_what_changed()
    {
        await store.PutAsync([Acme, AcmeCall], Cancel);
        Assert.Empty(await store.PutAsync([Acme, AcmeCall], Cancel));
        Assert.Equal([AcmeCall.Symbol], await store.PutAsync([Acme, AcmeCall with { Multiplier = 10 }], Cancel));
    }

    [Fact]
    public async Task The_warm_copy_serves_until_somebody_puts()
    {
        await store.PutAsync([Acme], Cancel);
        var reader = new InstrumentStore(table);
        await reader.LoadAllAsync(Cancel);
        await reader.LoadAllAsync(Cancel);
        Assert.Equal(1, table.Queries);
        await store.PutAsync([Acme with { Sector = "Toys" }], Cancel);
        Assert.Equal("Toys", (await reader.FindAsync(Acme.Symbol, Cancel))!.Sector);
    }

    [Fact]
    public async Task Is_listed_by_its_isin()
    {
        await store.PutAsync([Acme], Cancel);
        Assert.Equal(new ItemKey("INST#ISIN#US0000000019", "ACME"), (await table.GetAsync(new ItemKey("INST", "ACME"), Cancel))!.Index);
    }

    [Fact]
    public async Task Meets_a_faster_writer_and_writes_that_are_not_known()
    {
        await store.PutAsync([Acme], Cancel);
        table.BeforeNextWrite = () => new InstrumentStore(table).PutAsync([Acme with { Name = "Faster" }], Cancel);
        Assert.Equal([Acme.Symbol], await store.PutAsync([Acme with { Name = "Slower" }], Cancel));
        table.UnavailableWrites = 3;
        await store.PutAsync([Acme with { Name = "Last" }, AcmeCall], Cancel);
        Assert.Equal("Last", (await store.FindAsync(Acme.Symbol, Cancel))!.Name);
        Assert.Equal(2, (await store.LoadAllAsync(Cancel)).Instruments.Count);
    }

    [Fact]
    public async Task Fails_loudly_when_the_table_stays_away()
    {
        table.UnavailableWrites = int.MaxValue;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.PutAsync([Acme], Cancel));
    }
}
