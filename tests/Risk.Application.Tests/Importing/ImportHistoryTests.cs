using System.Globalization;
using System.Text;
using Risk.Application.Importing;
using Risk.Application.Stores;
using Risk.Application.Tests.Stores;
using Risk.Domain.Amounts;
using Risk.Domain.Instruments;
using Xunit;

namespace Risk.Application.Tests.Importing;

public class ImportHistoryTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private readonly TinyArchive archive = new();
    private readonly TinyTable items = new();
    private readonly HistoryStore store;

    public ImportHistoryTests() => store = new HistoryStore(items, archive, new HandTime());

    [Fact]
    public async Task Reports_what_is_now_in_use()
    {
        var import = await RunAsync("date,A,B\n2026-01-05,1,10\n2026-01-06,2,11\n");
        Assert.Equal((1L, 2, 2), (import.History.Version, import.History.Symbols.Count, import.History.Dates.Count));
        Assert.Equal((new DateOnly(2026, 1, 5), new DateOnly(2026, 1, 6)), (import.From, import.To));
        Assert.Equal(import.History.ContentHash, (await store.LoadCurrentAsync(Cancel)).History.ContentHash);
    }

    [Fact]
    public async Task A_second_file_adds_and_replaces_and_takes_nothing_away()
    {
        await RunAsync("date,A,B\n2026-01-05,1,10\n2026-01-06,2,11\n2026-01-07,3,12\n");
        var history = (await RunAsync("date,A,C\n2026-01-06,2.5,7\n2026-01-07,,8\n2026-01-08,4,9\n")).History;
        Assert.Equal(2, history.Version);
        Assert.Equal([1, 2.5, 3, 4], history.Find(Symbol.Parse("A"))!);
        Assert.Equal([10, 11, 12, double.NaN], history.Find(Symbol.Parse("B"))!);
        Assert.Equal([double.NaN, 7, 8, 9], history.Find(Symbol.Parse("C"))!);
    }

    [Fact]
    public async Task The_same_file_again_makes_no_new_version()
    {
        const string file = "date,A\n2026-01-05,1\n2026-01-06,2\n";
        await RunAsync(file);
        Assert.Equal(1, (await RunAsync(file)).History.Version);
        Assert.Equal(1, (await RunAsync("date,symbol,close\n2026-01-06,A,2.0\n")).History.Version);
    }

    [Fact]
    public async Task Symbols_that_no_instrument_knows_become_shares_in_dollars()
    {
        var instruments = new InstrumentStore(items);
        await instruments.PutAsync([new Instrument(Symbol.Parse("B"), "Bond fund", AssetClass.Fund, Currency.Inr)], Cancel);
        var import = await RunAsync("date,C,B,A\n2026-01-05,1,2,3\n");
        Assert.Equal("2 symbols were no instruments and are taken for shares in USD: A, C. Import instruments to say what they are.", import.Warnings[0]);
        var known = (await instruments.LoadAllAsync(Cancel)).Instruments;
        Assert.Equal((3, AssetClass.Equity, Currency.Usd), (known.Count, known[Symbol.Parse("A")].AssetClass, known[Symbol.Parse("C")].Currency));
        Assert.Equal(AssetClass.Fund, known[Symbol.Parse("B")].AssetClass);
        Assert.DoesNotContain((await RunAsync("date,A\n2026-01-06,2\n")).Warnings, warning => warning.Contains("no instruments", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_with_a_fault_changes_nothing()
    {
        await RunAsync("date,A\n2026-01-05,1\n");
        var import = await RunAsync("date,A,B\n2026-01-05,2,3\n2026-01-06,x,4\n");
        Assert.Equal("line 3, column A", Assert.Single(import.Faults.Listed).Where);
        var current = (await store.LoadCurrentAsync(Cancel)).History;
        Assert.Equal((1L, 1), (current.Version, current.Symbols.Count));
        Assert.Single(archive.Objects);
        Assert.Single((await new InstrumentStore(items).LoadAllAsync(Cancel)).Instruments);
    }

    [Fact]
    public async Task Names_what_a_person_should_look_at()
    {
        var text = new StringBuilder("date,CRASH,EARLY,GAPS,SPLIT\n");
        for (var i = 0; i < 40; i++)
        {
            var date = new DateOnly(2026, 1, 1).AddDays(i).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            text.Append(CultureInfo.InvariantCulture, $"{date},{(i < 20 ? 100 : 39)},{(i < 35 ? "5" : "")},{(i is 10 or 11 ? "" : "8")},{(i < 30 ? 700 : 100)}\n");
        }
        Assert.Equal(
        [
            "CRASH moves by -61.0% on 2026-01-21; kept as it is.",
            "EARLY ends on 2026-02-04, before the last date 2026-02-09.",
            "GAPS misses 2 closes between its first and its last.",
            "SPLIT moves by -85.7% on 2026-01-31, which looks like a split of 7:1 that is not adjusted; kept as it is.",
        ],
        (await RunAsync(text.ToString())).Warnings.Skip(1));
    }

    [Fact]
    public async Task Warns_of_a_short_history_and_of_a_jump_where_two_files_meet()
    {
        var first = await RunAsync("date,A\n2026-01-05,10\n");
        Assert.Equal(["A has 1 closes, fewer than 30: no risk figure without a proxy."], first.Warnings.Skip(1));
        var second = await RunAsync("date,A\n2026-01-06,20\n");
        Assert.Contains("A moves by +100.0% on 2026-01-06, which looks like a consolidation of 1:2 that is not adjusted; kept as it is.", second.Warnings);
    }

    [Fact]
    public async Task Starts_anew_and_says_so_when_the_object_in_use_is_lost()
    {
        var table = new TinyTable();
        await new ImportHistory(new HistoryStore(table, archive, new HandTime()), new InstrumentStore(table)).RunAsync("date,A\n2026-01-05,10\n"u8.ToArray(), Cancel);
        archive.Objects.Clear();
        var import = await new ImportHistory(new HistoryStore(table, archive, new HandTime()), new InstrumentStore(table)).RunAsync("date,B\n2026-01-05,10\n"u8.ToArray(), Cancel);
        Assert.Equal((2L, 1), (import.History.Version, import.History.Symbols.Count));
        Assert.Contains("The history now in use is this file alone.", import.Warnings[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refuses_to_grow_beyond_the_bounds()
    {
        string File(char symbol, int year) => $"date,symbol,close\n" + string.Concat(Enumerable.Range(0, 2_000).Select(i =>
            string.Create(CultureInfo.InvariantCulture, $"{new DateOnly(year, 1, 1).AddDays(i):yyyy-MM-dd},{symbol}{i / 2},1\n")));
        Assert.False((await RunAsync(File('A', 1950))).Faults.Any);
        Assert.False((await RunAsync(File('A', 1960))).Faults.Any);
        var import = await RunAsync(File('B', 1970));
        Assert.Contains("Together with the history in use", Assert.Single(import.Faults.Listed).Detail, StringComparison.Ordinal);
        Assert.Equal(2, (await store.LoadCurrentAsync(Cancel)).History.Version);
    }

    private Task<HistoryImport> RunAsync(string text) => new ImportHistory(store, new InstrumentStore(items)).RunAsync(Encoding.UTF8.GetBytes(text), Cancel);
}
