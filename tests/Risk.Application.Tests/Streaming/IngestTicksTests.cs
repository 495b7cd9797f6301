using Risk.Application.Ports;
using Risk.Application.Stores;
using Risk.Application.Streaming;
using Risk.Domain.Amounts;
using Risk.Domain.Instruments;
using Risk.Domain.Prices;
using Risk.Testing.Simulation;
using Xunit;
using static Risk.Application.Tests.Streaming.TestHouse;

namespace Risk.Application.Tests.Streaming;

public sealed class IngestTicksTests
{
    [Fact]
    public async Task A_late_tick_keeps_its_row_when_its_state_was_saved_and_the_reply_said_otherwise()
    {
        var house = await TestHouse.OpenAsync();
        await house.Process.Ingest.RunAsync(OnlyShard, [Arrival(1, Line(A, 60, 100, 1))], Cancel);
        house.Table.Faults = new TableFaults(RefusedAfterCommit: 1);
        await house.Process.Ingest.RunAsync(OnlyShard, [Arrival(2, Line(A, 1, 99, 0))], Cancel);
        Assert.Equal(1, (await house.StateAsync(A)).Late);
        Assert.Single(house.Rows("LATE#"));
    }

    [Fact]
    public async Task A_late_tick_keeps_its_row_when_another_reader_of_the_shard_was_faster_with_a_part_of_the_delivery()
    {
        var house = await TestHouse.OpenAsync();
        await house.Process.Ingest.RunAsync(OnlyShard, [Arrival(1, Line(A, 60, 100, 1))], Cancel);
        StreamRecord[] both = [Arrival(2, Line(A, 1, 99, 0)), Arrival(3, Line(A, 61, 101, 2))];
        house.Once("before PX#", () => house.NewProcess().Ingest.RunAsync(OnlyShard, both[..1], Cancel));
        await house.Process.Ingest.RunAsync(OnlyShard, both, Cancel);
        var state = await house.StateAsync(A);
        Assert.Equal((2, 1, 0), (state.Counted, state.Late, state.Duplicates));
        Assert.Single(house.Rows("LATE#"));
    }

    [Fact]
    public async Task A_late_tick_keeps_its_row_when_its_repetition_was_counted_first()
    {
        var house = await TestHouse.OpenAsync();
        await house.Process.Ingest.RunAsync(OnlyShard, [Arrival(1, Line(A, 60, 100, 1))], Cancel);
        var late = Line(A, 1, 99, 0);
        house.Once("before PX#", () => house.NewProcess().Ingest.RunAsync("shard-2", [Arrival(7, late)], Cancel));
        await house.Process.Ingest.RunAsync(OnlyShard, [Arrival(2, late)], Cancel);
        var state = await house.StateAsync(A);
        Assert.Equal((1, 1, 1), (state.Counted, state.Late, state.Duplicates));
        Assert.Single(house.Rows("LATE#"));
    }

    [Fact]
    public async Task A_tick_of_a_source_that_was_taken_in_after_all_leaves_no_row_in_quarantine()
    {
        var house = await TestHouse.OpenAsync();
        await house.Process.Ingest.RunAsync(OnlyShard, [Arrival(1, [.. new[] { "a", "b", "c" }.Select(x => Line(A, 1, 100, 0, x))])], Cancel);
        house.Once("before PX#", () => house.NewProcess().Ingest.RunAsync("shard-2", [Arrival(7, Line(A, 1, 100, 0, "e"))], Cancel));
        await house.Process.Ingest.RunAsync(OnlyShard, [Arrival(2, Line(A, 1, 100, 0, "d"), Line(A, 1, 100, 1, "e"))], Cancel);
        var state = await house.StateAsync(A);
        Assert.Equal((5, 1), (state.Counted, state.Quarantined));
        Assert.Contains("\"d\"", System.Text.Encoding.UTF8.GetString(LineOf(Assert.Single(house.Rows("QUAR#")))));
    }

    [Fact]
    public async Task The_last_snapshot_holds_the_last_price_of_every_symbol_whoever_saved_it()
    {
        var house = await TestHouse.OpenAsync();
        house.Once("after PX#", () => house.NewProcess().Ingest.RunAsync(OnlyShard, [Arrival(2, Line(A, 2, 300, 2))], Cancel));
        await house.Process.Ingest.RunAsync(OnlyShard, [Arrival(1, Line(A, 1, 100, 1), Line(B, 1, 50, 1))], Cancel);
        Assert.Equal(10 * 300 + 20 * 50 + 1_000, (await house.SnapshotAsync()).Nav, 1e-6);
    }

    [Fact]
    public async Task Thousands_of_windows_in_one_delivery_leave_a_small_state()
    {
        var house = await TestHouse.OpenAsync();
        var records = Enumerable.Range(0, 250).Select(r => Arrival(r + 1, [.. Enumerable.Range(0, 20).Select(i => Line(A, (r * 20 + i) * 5 - 100_000, 100, r * 20 + i))])).ToArray();
        var largest = 0;
        house.Table.Hook = name =>
        {
            if (name.StartsWith("after PX#", StringComparison.Ordinal)) largest = house.Rows("PX#").Select(item => item.Body.Length).Append(largest).Max();
            return Task.CompletedTask;
        };
        var result = await house.Process.Ingest.RunAsync(OnlyShard, records, Cancel);
        Assert.Null(result.FailedFrom);
        Assert.Equal(5_000, (await house.StateAsync(A)).Counted);
        Assert.InRange(house.Rows("WIN#").Count, 4_998, 5_000);
        Assert.InRange(largest, 1, ItemLimits.MaxBodyBytes / 2);
    }

    [Fact]
    public async Task A_fifth_source_goes_to_quarantine_once_and_is_counted_once()
    {
        var house = await TestHouse.OpenAsync();
        await house.Process.Ingest.RunAsync(OnlyShard, [Arrival(1, [.. "abcd".Select(x => Line(A, 1, 100, 0, x.ToString()))])], Cancel);
        for (var i = 2; i < 5; i++) await house.NewProcess().Ingest.RunAsync(OnlyShard, [Arrival(i, Line(A, 1, 100, 0, "e"), Line(A, 1, 100, 0, "e"))], Cancel);
        var state = await house.StateAsync(A);
        Assert.Equal((4, 1, 5), (state.Counted, state.Quarantined, state.Duplicates));
        Assert.Single(house.Rows("QUAR#"));
    }

    [Fact]
    public async Task A_tick_too_old_to_tell_is_late_at_its_first_arrival_only()
    {
        var house = await TestHouse.OpenAsync();
        await house.Process.Ingest.RunAsync(OnlyShard, [Arrival(1, Line(A, 1, 100, 1_000))], Cancel);
        for (var i = 2; i < 5; i++) await house.NewProcess().Ingest.RunAsync($"shard-{i}", [Arrival(i, Line(A, 1, 100, 7), Line(A, 1, 100, 7))], Cancel);
        var state = await house.StateAsync(A);
        Assert.Equal((1, 1, 5), (state.Counted, state.Late, state.Duplicates));
    }

    [Fact]
    public async Task An_unknown_symbol_is_quarantined_without_an_item_and_learned_once_it_is_an_instrument()
    {
        var house = await TestHouse.OpenAsync();
        var unknown = Symbol.Parse("NEW");
        var result = await house.Process.Ingest.RunAsync(OnlyShard, [Arrival(1, Line(unknown, 1, 100, 0))], Cancel);
        Assert.Equal((0, 1), (result.Ticks, result.Rejected));
        Assert.Empty(house.Rows("PX#"));
        await house.NewProcess().Instruments.PutAsync([new Instrument(unknown, "New", AssetClass.Equity, Currency.Usd)], Cancel);
        await house.Process.Ingest.RunAsync(OnlyShard, [Arrival(2, Line(unknown, 1, 100, 1))], Cancel);
        Assert.Equal(1, (await house.StateAsync(unknown)).Counted);
        Assert.Equal((1, 0), await new QuarantineStore(house.Table).TotalsAsync(Cancel));
    }

    [Fact]
    public async Task A_rejected_line_is_kept_once_with_its_reason_and_counted_once()
    {
        var house = await TestHouse.OpenAsync();
        StreamRecord[] records = [Arrival(1, "no tick", Line(A, 1, 100, 0)), Arrival(2, "no tick", Line(A, 1, -1, 1))];
        for (var i = 0; i < 3; i++) await house.NewProcess().Ingest.RunAsync(OnlyShard, records, Cancel);
        Assert.Equal((2, 1), await new QuarantineStore(house.Table).TotalsAsync(Cancel));
        var reasons = house.Rows("QUAR#").Select(x => System.Text.Json.JsonDocument.Parse(x.Body).RootElement.GetProperty("reason").GetString()).Order();
        Assert.Equal(["malformed", "price_not_positive"], reasons);
        Assert.Equal(1, (await house.StateAsync(A)).Counted);
    }

    [Fact]
    public async Task A_store_out_of_reach_throws_and_counts_nothing_half()
    {
        var house = await TestHouse.OpenAsync();
        StreamRecord[] records = [Arrival(1, Line(A, 1, 100, 1_000)), Arrival(2, Line(A, 1, 99, 3), "no tick")];
        house.Table.Faults = new TableFaults(FailedRead: 1);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => house.Process.Ingest.RunAsync(OnlyShard, records, Cancel));
        house.Table.Faults = new TableFaults(Throttle: 1);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => house.Process.Ingest.RunAsync(OnlyShard, records, Cancel));
        Assert.Empty(house.Rows("PX#").Concat(house.Rows("QUAR")).Concat(house.Rows("LATE#")));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => house.Process.Ingest.RunAsync(OnlyShard, records[..1], Cancel));
        Assert.Empty(house.Rows("PX#"));
        house.Table.Faults = new TableFaults();
        Assert.Null((await house.Process.Ingest.RunAsync(OnlyShard, records, Cancel)).FailedFrom);
        var state = await house.StateAsync(A);
        Assert.Equal((1, 1, 0), (state.Counted, state.Late, state.Duplicates));
    }

    [Fact]
    public void The_hot_path_allocates_nothing_for_a_tick()
    {
        var symbols = new SymbolTable();
        symbols.AddRange([A, B]);
        var (batch, states) = (new TickBatch(), new[] { new SymbolState(), new SymbolState() });
        var rounds = Enumerable.Range(0, 6).Select(round => Enumerable.Range(0, 100).Select(r => Arrival(
            r, [.. Enumerable.Range(0, 25).Select(i => Line(r % 2 == 0 ? A : B, 1 + round * 0.5, 100, (round * 100 + r) * 25 + i))])).ToArray()).ToArray();
        foreach (var records in rounds[..2]) Apply(records);
        // A round that allocates nothing tells of the ticks; another may meet the runtime growing one of its own tables.
        Assert.Contains(0, rounds[2..].Select(records =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Apply(records);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }).ToArray());
        Assert.Equal(15_000, states.Sum(x => x.Counted));

        void Apply(StreamRecord[] records)
        {
            batch.Decode(records, symbols);
            for (var g = 0; g < batch.Groups.Count; g++)
                foreach (var place in batch.TicksOf(batch.Groups[g])) states[batch.Groups[g].Symbol].Apply(batch.Tick(place), TimeSpan.FromSeconds(2));
        }
    }

    private static byte[] LineOf(Item row)
    {
        using var document = System.Text.Json.JsonDocument.Parse(row.Body);
        return document.RootElement.GetProperty("line").GetBytesFromBase64();
    }
}
