using System.Text;
using Risk.Application.Ports;
using Risk.Application.Stores;
using Risk.Domain.Amounts;
using Risk.Domain.Prices;
using Risk.Domain.Snapshots;
using Risk.Testing.Simulation;
using Xunit;
using static Risk.Application.Tests.Streaming.TestHouse;

namespace Risk.Application.Tests.Stores;

public sealed class SnapshotStoreTests
{
    private readonly FakeItemTable table = new(new Random(1), new FakeTimeProvider(Start));

    public static RiskSnapshot Snapshot(SnapshotVersion version, EventTime asOf, double nav = 1) => new()
    {
        Account = Account,
        AsOf = asOf,
        Version = version,
        BaseCurrency = Currency.Usd,
        Conventions = RiskConventions.Default,
        MarketValue = 0.1 + 0.2,
        Nav = nav,
        GrossExposure = 7,
        At95 = LossFigures.Zero,
        At99 = LossFigures.Zero,
        Observations = 60,
        CoverageRatio = Figure.Of(0.5),
        LeftOut = [],
        Flags = RiskFlags.None,
    };

    [Fact]
    public async Task Positions_count_before_history_and_history_before_prices_and_the_older_never_wins()
    {
        SnapshotVersion[] rising = [new(1, 1, 999), new(1, 2, 5), new(1, 2, 10), new(1, 10, 1), new(2, 1, 0), new(10, 1, 0), new(10, 1, 7_000_000_000)];
        foreach (var stored in rising)
            foreach (var next in rising)
            {
                var (fresh, expected) = (new SnapshotStore(new FakeItemTable(new Random(1), new FakeTimeProvider(Start))), next.CompareTo(stored) > 0);
                await fresh.SaveAsync([Snapshot(stored, At(0))], Start, Cancel);
                Assert.Equal(expected ? 1 : 0, await fresh.SaveAsync([Snapshot(next, At(1))], Start, Cancel));
                Assert.Equal(expected ? next : stored, (await fresh.FindLatestAsync(Account, Cancel))!.Value.Version);
            }
    }

    [Fact]
    public async Task The_series_hold_what_was_the_latest_when_its_minute_or_its_day_ended()
    {
        var sums = 0L;
        var store = new SnapshotStore(table);
        foreach (var seconds in new[] { 0d, 30, 59, 61, 3_600, 86_400, 86_401, 40 * 86_400 })
            await store.SaveAsync([Snapshot(new SnapshotVersion(1, 1, ++sums), At(seconds), nav: seconds)], Start, Cancel);
        var end = Start.AddDays(50);
        Assert.Equal([59, 61, 3_600, 86_401], (await store.LoadMinutesAsync(Account, Start, end, 100, Cancel)).Select(x => x.Nav));
        Assert.Equal([59, 61], (await store.LoadMinutesAsync(Account, Start, end, 2, Cancel)).Select(x => x.Nav));
        Assert.Equal([61], (await store.LoadMinutesAsync(Account, Start.AddMinutes(1), Start.AddMinutes(1), 100, Cancel)).Select(x => x.Nav));
        Assert.Equal([3_600, 86_401], (await store.LoadDaysAsync(Account, Start, end, Cancel)).Select(x => x.Nav));
    }

    [Fact]
    public async Task A_new_process_goes_on_with_the_series_where_the_old_one_stopped()
    {
        await new SnapshotStore(table).SaveAsync([Snapshot(new SnapshotVersion(1, 1, 1), At(0), nav: 11)], Start, Cancel);
        var next = new SnapshotStore(table);
        await next.SaveAsync([Snapshot(new SnapshotVersion(1, 1, 2), At(70), nav: 12)], Start, Cancel);
        Assert.Equal(11, Assert.Single(await next.LoadMinutesAsync(Account, Start, Start.AddDays(1), 10, Cancel)).Nav);
    }

    [Fact]
    public async Task A_coverage_that_is_not_known_comes_back_with_its_reason()
    {
        var snapshot = Snapshot(new SnapshotVersion(1, 1, 1), At(0)) with { CoverageRatio = Figure.Missing(FigureReason.MissingFx) };
        await new SnapshotStore(table).SaveAsync([snapshot], Start, Cancel);
        Assert.Equal(FigureReason.MissingFx, (await new SnapshotStore(table).FindLatestAsync(Account, Cancel))!.Value.CoverageRatio.Reason);
    }

    [Fact]
    public async Task A_snapshot_of_an_older_program_has_no_error_of_its_shortfall()
    {
        await new SnapshotStore(table).SaveAsync([Snapshot(new SnapshotVersion(1, 1, 1), At(0))], Start, Cancel);
        foreach (var item in table.Everything.ToList())
            await table.WriteEachAsync([ItemWrite.Put(item with { Body = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(item.Body.Span).Replace(",\"es_error\":0", "", StringComparison.Ordinal)) })], Cancel);
        var back = (await new SnapshotStore(table).FindLatestAsync(Account, Cancel))!.Value;
        Assert.Equal((0d, FigureReason.NotApplicable), (back.At95.Es.Value, back.At95.EsStandardError.Reason));
    }

    [Fact]
    public async Task What_is_not_known_to_be_saved_throws_and_can_be_saved_again()
    {
        var store = new SnapshotStore(table);
        table.Faults = new TableFaults(Throttle: 1);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.SaveAsync([Snapshot(new SnapshotVersion(1, 1, 1), At(0))], Start, Cancel));
        table.Faults = new TableFaults();
        Assert.Equal(1, await store.SaveAsync([Snapshot(new SnapshotVersion(1, 1, 1), At(0))], Start, Cancel));
    }

    private static EventTime At(double seconds) => EventTime.From(Start.AddSeconds(seconds));
}
