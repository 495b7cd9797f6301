using Risk.Application.Stores;
using Risk.Domain.Instruments;
using Risk.Domain.Scenarios;
using Xunit;

namespace Risk.Application.Tests.Stores;

public class HistoryStoreTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private readonly TinyTable table = new();
    private readonly TinyArchive archive = new();
    private readonly HandTime time = new();
    private readonly HistoryStore store;

    public HistoryStoreTests() => store = NewStore();

    [Fact]
    public async Task Is_empty_before_the_first_import()
    {
        var current = await store.LoadCurrentAsync(Cancel);
        Assert.Equal((0, 0L, (string?)null), (current.History.Symbols.Count, current.History.Version, current.Fault));
    }

    [Fact]
    public async Task Gives_back_what_was_put_bit_for_bit()
    {
        var history = History(("B", [1.1, double.NaN, 1e-9]), ("A", [double.NaN, 0.1 + 0.2, 1e9]));
        await store.ReviseAsync(_ => history, Cancel);
        var read = (await NewStore().LoadCurrentAsync(Cancel)).History;
        Assert.Equal(history.Dates, read.Dates);
        Assert.Equal([Symbol.Parse("A"), Symbol.Parse("B")], read.Symbols);
        foreach (var symbol in history.Symbols) Assert.Equal(history.Find(symbol), read.Find(symbol));
        Assert.Equal(1, read.Version);
        Assert.Equal([$"history/{read.ContentHash}.bin.gz"], archive.Objects.Keys);
    }

    [Fact]
    public async Task Volumes_come_back_as_they_were_and_are_content()
    {
        var history = History(("B", [1, 2]), ("A", [3, 4])) with { Volumes = [null, [7, double.NaN]] };
        await store.ReviseAsync(_ => history, Cancel);
        var read = (await NewStore().LoadCurrentAsync(Cancel)).History;
        Assert.Equal([7, double.NaN], read.FindVolumes(Symbol.Parse("A"))!);
        Assert.Null(read.FindVolumes(Symbol.Parse("B")));
        Assert.Equal([1, 2], read.Find(Symbol.Parse("B"))!);
        Assert.Equal(2, (await store.ReviseAsync(old => old with { Volumes = null }, Cancel)).History.Version);
        Assert.Null((await NewStore().LoadCurrentAsync(Cancel)).History.Volumes);
    }

    [Fact]
    public async Task The_same_content_makes_no_new_version_in_any_order_of_symbols()
    {
        var first = await store.ReviseAsync(_ => History(("A", [1, 2]), ("B", [3, double.NaN])), Cancel);
        var again = await NewStore().ReviseAsync(_ => History(("B", [3, -double.NaN]), ("A", [1, 2])), Cancel);
        Assert.Equal((first.History.Version, first.History.ContentHash), (again.History.Version, again.History.ContentHash));
    }

    [Fact]
    public async Task Versions_count_up_also_when_an_old_content_returns()
    {
        var one = History(("A", [1, 2]));
        var a = (await store.ReviseAsync(_ => one, Cancel)).History;
        var b = (await store.ReviseAsync(_ => History(("A", [1, 3])), Cancel)).History;
        var c = (await store.ReviseAsync(_ => one, Cancel)).History;
        Assert.Equal((1L, 2L, 3L), (a.Version, b.Version, c.Version));
        Assert.Equal(a.ContentHash, c.ContentHash);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_slower_writer_makes_the_change_again_on_top_of_the_faster_one(bool isFirst)
    {
        if (!isFirst) await store.ReviseAsync(_ => History(("Z", [8, 9])), Cancel);
        table.BeforeNextWrite = () => NewStore().ReviseAsync(_ => History(("A", [1, 2])), Cancel);
        var result = await store.ReviseAsync(current => History([.. current.Symbols.Select(s => (s.Text, current.Find(s)!)), ("B", [3.0, 4.0])]), Cancel);
        Assert.Equal([Symbol.Parse("A"), Symbol.Parse("B")], result.History.Symbols);
        Assert.Equal(isFirst ? 2 : 3, result.History.Version);
    }

    [Fact]
    public async Task The_warm_copy_serves_until_the_pointer_moves()
    {
        await store.ReviseAsync(_ => History(("A", [1, 2])), Cancel);
        var reader = NewStore();
        await reader.LoadCurrentAsync(Cancel);
        await reader.LoadCurrentAsync(Cancel);
        Assert.Equal(1, archive.Reads);
        await store.ReviseAsync(_ => History(("A", [1, 3])), Cancel);
        Assert.Equal(3, (await reader.LoadCurrentAsync(Cancel)).History.Closes[0][1]);
        Assert.Equal(2, archive.Reads);
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("truncated")]
    [InlineData("other content")]
    [InlineData("no gzip")]
    public async Task A_damaged_object_leaves_the_last_readable_history_and_names_the_fault(string damage)
    {
        await store.ReviseAsync(_ => History(("A", [1, 2])), Cancel);
        var reader = NewStore();
        await reader.LoadCurrentAsync(Cancel);
        var old = archive.Objects.Single().Value;
        var hash = (await store.ReviseAsync(_ => History(("A", [1, 3])), Cancel)).History.ContentHash;
        var name = $"history/{hash}.bin.gz";
        var whole = archive.Objects[name];
        if (damage == "missing") archive.Objects.Remove(name);
        else archive.Objects[name] = damage switch { "truncated" => whole[..(whole.Length / 2)], "other content" => old, _ => [1, 2, 3] };

        var current = await reader.LoadCurrentAsync(Cancel);
        Assert.Equal(2, current.History.Closes[0][1]);
        Assert.Equal(1, current.History.Version);
        Assert.Contains("version 2", current.Fault, StringComparison.Ordinal);
        Assert.NotNull((await NewStore().LoadCurrentAsync(Cancel)).Fault);

        archive.Objects[name] = whole;
        Assert.NotNull((await reader.LoadCurrentAsync(Cancel)).Fault);
        time.Now += HistoryStore.RetryUnreadableAfter;
        var healed = await reader.LoadCurrentAsync(Cancel);
        Assert.Equal((3.0, (string?)null), (healed.History.Closes[0][1], healed.Fault));
    }

    [Fact]
    public async Task Putting_the_content_of_a_lost_object_again_heals_it()
    {
        var history = History(("A", [1, 2]));
        await store.ReviseAsync(_ => history, Cancel);
        archive.Objects.Clear();
        var other = NewStore();
        Assert.NotNull((await other.ReviseAsync(_ => history, Cancel)).Fault);
        Assert.Null((await other.LoadCurrentAsync(Cancel)).Fault);
        Assert.Null((await NewStore().LoadCurrentAsync(Cancel)).Fault);
    }

    private HistoryStore NewStore() => new(table, archive, time);

    private static PriceHistory History(params (string Symbol, double[] Closes)[] rows) => new(
        [.. Enumerable.Range(0, rows[0].Closes.Length).Select(new DateOnly(2026, 1, 5).AddDays)],
        [.. rows.Select(row => Symbol.Parse(row.Symbol))],
        [.. rows.Select(row => row.Closes)]);
}
