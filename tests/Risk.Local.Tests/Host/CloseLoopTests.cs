using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Risk.Application.Closing;
using Risk.Application.Monitoring;
using Risk.Application.Ports;
using Risk.Application.Reporting;
using Risk.Application.Settings;
using Risk.Application.Stores;
using Risk.Application.Streaming;
using Risk.Domain.Amounts;
using Risk.Domain.Calendars;
using Risk.Domain.Instruments;
using Risk.Local.Host;
using Risk.Local.Storage;
using Risk.Local.Tests.Storage;
using Risk.Testing.Simulation;
using Xunit;

namespace Risk.Local.Tests.Host;

public sealed class CloseLoopTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    private readonly DataFolder folder = new();
    private readonly FakeTimeProvider clock = new(Noon);
    private readonly LocalStore store;
    private readonly ServiceProvider services;

    public CloseLoopTests()
    {
        store = LocalStore.Open(folder.Path, clock);
        var collection = new ServiceCollection();
        LocalHost.Compose(collection, RiskSettings.Default, store, clock, new ReportingSettings(MarketCalendar.Sim));
        services = collection.BuildServiceProvider();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await store.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task A_day_is_closed_once_a_while_after_its_session()
    {
        await SendAsync();
        await ConsumeAsync();
        await ArchiveAsync();
        var loop = Open();
        clock.Advance(TimeSpan.FromHours(12));
        Assert.Null(await ManifestAsync(loop));
        clock.Advance(CloseLoop.Grace);
        Assert.NotNull(await ManifestAsync(loop));
    }

    [Fact]
    public async Task A_close_waits_until_all_is_ingested_and_archived()
    {
        await SendAsync();
        clock.Advance(TimeSpan.FromHours(13));
        var loop = Open();
        Assert.Null(await ManifestAsync(loop));
        await ConsumeAsync();
        Assert.Null(await ManifestAsync(loop));
        await ArchiveAsync();
        Assert.NotNull(await ManifestAsync(loop));
    }

    [Fact]
    public async Task A_close_that_was_missed_is_made_up_for_at_the_start()
    {
        await SendAsync();
        await ConsumeAsync();
        await ArchiveAsync();
        clock.Advance(TimeSpan.FromDays(3));
        Assert.NotNull(await ManifestAsync(Open()));
    }

    private CloseLoop Open() => new(
        store, services.GetRequiredService<CloseDay>(), services.GetRequiredService<ConsumeStream>(), services.GetRequiredService<ArchiveTicks>(),
        services.GetRequiredService<StreamFigures>(), clock, NullLogger<CloseLoop>.Instance);

    private async Task SendAsync()
    {
        var symbol = Symbol.Parse("AAA");
        await services.GetRequiredService<InstrumentStore>().PutAsync([new Instrument(symbol, "AAA", AssetClass.Equity, Currency.Usd)], Cancel);
        await store.Ticks.PublishAsync([new OutgoingRecord("k", Encoding.UTF8.GetBytes("""{"symbol":"AAA","time":"2026-01-05T11:59:59Z","price":5,"source":"feed","sequence":1}"""))], Cancel);
    }

    private async Task ConsumeAsync() => await services.GetRequiredService<ConsumeStream>().RunOnceAsync(100, Cancel);

    private async Task ArchiveAsync() => await services.GetRequiredService<ArchiveTicks>().RunOnceAsync(all: true, Cancel);

    private async Task<byte[]?> ManifestAsync(CloseLoop loop)
    {
        var running = loop.RunOnceAsync(Cancel);
        while (!running.IsCompleted)
            if (!clock.AdvanceToNextTimer()) await Task.Yield();
        await running;
        return await store.Archive.GetAsync("curated/market=SIM/dt=2026-01-05/manifest.json", Cancel);
    }
}
