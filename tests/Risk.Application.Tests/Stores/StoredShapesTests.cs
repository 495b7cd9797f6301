using Risk.Application.Stores;
using Risk.Domain.Instruments;
using Risk.Domain.Prices;
using Risk.Domain.Snapshots;
using Risk.Testing.Simulation;
using Xunit;
using static Risk.Application.Tests.Streaming.TestHouse;

namespace Risk.Application.Tests.Stores;

public sealed class StoredShapesTests
{
    private static readonly TimeSpan Lateness = TimeSpan.FromSeconds(2);
    private static readonly FakeItemTable Table = new(new Random(1), new FakeTimeProvider(Start));

    [Fact]
    public async Task A_state_with_everything_in_it_comes_back_as_it_was()
    {
        var state = WorstState(TimeSpan.FromSeconds(30));
        Assert.Equal((4, 3), (state.Sources.Count, state.Shards.Count));
        Assert.All(state.Sources, source => Assert.NotNull(source.Previous));
        Assert.True(state.Windows[0].NotionalSum > ulong.MaxValue);
        var back = await StoreAsync(state);
        Assert.Equal(1, back.Version);
        Assert.Equal(Describe(state), Describe(back));
        Assert.Equal(TickFate.Duplicate, back.Apply(Wild(0, 0, "source-with-a-name-of-32-letters", 1, 300), Lateness));
        Assert.Equal(TickFate.Duplicate, back.Apply(Wild(0, 0, "source-with-a-name-of-32-letters", 0, 300), Lateness));
        Assert.Equal(TickFate.Undecided, back.Apply(Wild(0, 0, "source-with-a-name-of-32-letters", 0, 1), Lateness));
    }

    [Fact]
    public async Task A_typical_state_fits_into_900_bytes()
    {
        var state = new SymbolState();
        for (var i = 0; i < 1_000; i++)
            state.Apply(new Tick(0, At(i * 0.02), Price.From(187.25m + i % 10), Price.From(187.24m), Price.From(187.26m), Volume.From(100), SourceName.Parse("feed-1"), 1, i), Lateness);
        state.ForgetClosedWindows();
        state.MarkApplied("shardId-000000000001", new string('9', 56));
        await StoreAsync(state);
        Assert.InRange(Table.Everything.Single(x => x.Key.Sort == "STORED").Body.Length, 1, 900);
    }

    [Fact]
    public async Task The_worst_state_fits_into_eight_kilobytes()
    {
        await StoreAsync(WorstState(TimeSpan.FromSeconds(30)));
        Assert.InRange(Table.Everything.Single(x => x.Key.Sort == "STORED").Body.Length, 900, 8 * 1024);
    }

    [Fact]
    public async Task A_window_comes_back_as_it_was()
    {
        var window = WorstState(Lateness).Windows[0];
        var store = new WindowStore(Table);
        await store.SaveAsync([(A, window)], Start, Cancel);
        Assert.Equal(Describe(window), Describe(Assert.Single(await store.LoadAsync(A, window.Start, window.Start, 10, Cancel))));
    }

    [Fact]
    public async Task Windows_are_read_over_the_days_and_the_newest_are_kept()
    {
        var store = new WindowStore(Table);
        var ticks = Enumerable.Range(0, 60).Select(i => At(-3 * 86_400 + i * 6_000)).ToList();
        await store.SaveAsync([.. ticks.Select(time => (B, new PriceWindow(PriceWindow.StartOf(time))))], Start, Cancel);
        Assert.Equal(ticks, (await store.LoadAsync(B, ticks[0], ticks[^1], 100, Cancel)).Select(x => x.Start));
        Assert.Equal(ticks[^7..], (await store.LoadAsync(B, ticks[0], ticks[^1], 7, Cancel)).Select(x => x.Start));
        Assert.Equal(ticks[3..9], (await store.LoadAsync(B, ticks[3], ticks[8], 100, Cancel)).Select(x => x.Start));
    }

    [Fact]
    public async Task A_snapshot_with_missing_figures_comes_back_as_it_was()
    {
        var snapshot = SnapshotStoreTests.Snapshot(new SnapshotVersion(1, 2, 3), At(0)) with
        {
            At95 = new LossFigures(Figure.Of(1.1), Figure.Of(-0.3), new LossInterval(0.1, null), Figure.Of(0.2), HasThinTail: true),
            At99 = LossFigures.Missing(FigureReason.ShortHistory),
            Flags = RiskFlags.PartialCoverage | RiskFlags.ThinTail99,
            LeftOut = [new LeftOutPosition(B, FigureReason.MissingFx), new LeftOutPosition(C, FigureReason.MissingPrice)],
        };
        var store = new SnapshotStore(Table);
        await store.SaveAsync([snapshot], Start, Cancel);
        var back = (await store.FindLatestAsync(snapshot.Account, Cancel))!.Value;
        Assert.Equal(snapshot.LeftOut, back.LeftOut);
        Assert.Equal(snapshot with { LeftOut = [] }, back with { LeftOut = [] });
    }

    private static EventTime At(double seconds) => EventTime.From(Start.AddSeconds(seconds));

    private static Tick Wild(int symbol, double seconds, string source, long epoch, long sequence) => new(
        symbol, At(seconds), Price.Max, Price.Max, Price.Max, Volume.From(1_000_000m), SourceName.Parse(source), 1_000_000_000_000 + epoch, 1_000_000_000_000_000 + sequence);

    /// <summary>Four sources of the longest names with two epochs each, three shards, as many windows as the lateness leaves open.</summary>
    private static SymbolState WorstState(TimeSpan lateness)
    {
        var state = new SymbolState();
        for (var source = 0; source < 4; source++)
            for (var epoch = 0; epoch < 2; epoch++)
                for (var i = 0; i < 301; i++)
                    state.Apply(Wild(0, i * 0.1, $"{(source == 0 ? "" : source)}source-with-a-name-of-32-letters"[..32], epoch, i), lateness);
        for (var i = 0; i < 3; i++) state.MarkApplied($"shardId-00000000000{i}", new string('9', 56));
        return state;
    }

    private static async Task<SymbolState> StoreAsync(SymbolState state)
    {
        var symbol = Symbol.Parse("STORED");
        await Table.WriteEachAsync([Ports.ItemWrite.Delete(Keys.Price(symbol))], Cancel);
        var store = new PriceStore(Table);
        await store.SaveAsync([(symbol, state)], Cancel);
        return (await store.FindAsync(symbol, Cancel))!;
    }

    private static string Describe(SymbolState x) => string.Join(
        '\n',
        [
            $"{x.Version} {x.Watermark} {x.Last} {x.Bid} {x.Ask} {x.LastOrder} {x.Counted} {x.Duplicates} {x.Late} {x.Quarantined} {x.Outliers} {x.Lowest} {x.Highest} {x.VolumeSum}",
            .. x.Shards.Select(mark => mark.ToString()),
            .. x.Sources.Select(source => $"{source.Source} {Describe(source.Current)} {Describe(source.Previous!)}"),
            .. x.Windows.Select(Describe),
        ]);

    private static string Describe(SequenceMemory x) => $"{x.Epoch} {x.Top} {string.Join(',', x.Seen.ToArray())}";

    private static string Describe(PriceWindow x) =>
        $"{x.Start} {x.Count} {x.PriceSum} {x.VolumeSum} {x.NotionalSum} {x.Open} {x.High} {x.Low} {x.Close} {x.OpenOrder} {x.CloseOrder}";
}
