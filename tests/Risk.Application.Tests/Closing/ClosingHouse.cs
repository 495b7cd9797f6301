using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Risk.Application.Closing;
using Risk.Application.Ports;
using Risk.Application.Reporting;
using Risk.Application.Stores;
using Risk.Application.Streaming;
using Risk.Domain.Amounts;
using Risk.Domain.Calendars;
using Risk.Domain.Instruments;
using Risk.Domain.Scenarios;
using Risk.Testing.Simulation;
using Xunit;

namespace Risk.Application.Tests.Closing;

/// <summary>A stream, a consumer that archives, and four symbols with a history: two of NSE, one of New York, one that names no exchange and so is simulated.</summary>
internal sealed class ClosingHouse
{
    public const string Monday = "2026-01-05";
    public static readonly Symbol A = Symbol.Parse("AAA"), B = Symbol.Parse("BBB"), C = Symbol.Parse("CCC"), D = Symbol.Parse("DDD");
    public static readonly DateTimeOffset Due = Time("11:00:00");

    private string? read;
    private IngestProcess? process;

    public ClosingHouse(int seed = 1) => (Table, Archive, Stream) = (new FakeItemTable(new Random(seed), Clock), new FakeArchive(new Random(seed)), new FakeTickStream(new Random(seed), Clock));

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public FakeTimeProvider Clock { get; } = new(Time("03:00:00"));

    public FakeItemTable Table { get; }

    public FakeArchive Archive { get; }

    public FakeTickStream Stream { get; }

    public PriceStore Prices => new(Table);

    public HistoryStore History => new(Table, Archive, Clock);

    public int MaxTicksPerPart { get; init; } = CurateTicks.MaxTicksPerPart;

    public static async Task<ClosingHouse> OpenAsync(int maxTicksPerPart = CurateTicks.MaxTicksPerPart, int seed = 1)
    {
        var house = new ClosingHouse(seed) { MaxTicksPerPart = maxTicksPerPart };
        (Symbol Symbol, string? Exchange)[] listed = [(A, "NSE"), (B, "NSE"), (C, "NYSE"), (D, null)];
        await new InstrumentStore(house.Table).PutAsync([.. listed.Select(x => new Instrument(x.Symbol, x.Symbol.Text, AssetClass.Equity, Currency.Usd, Exchange: x.Exchange))], Cancel);
        DateOnly[] dates = [new(2025, 12, 31), new(2026, 1, 1), new(2026, 1, 2)];
        await house.History.ReviseAsync(_ => new PriceHistory(dates, [A, B, C, D], [[1, 2, 3], [4, 5, 6], [7, 8, 9], [10, 11, 12]]), Cancel);
        return house;
    }

    public static DateTimeOffset Time(string clock, string date = Monday) => DateTimeOffset.Parse($"{date}T{clock}Z", CultureInfo.InvariantCulture);

    public static string Line(Symbol symbol, string clock, decimal price, long sequence, string date = Monday) => string.Create(
        CultureInfo.InvariantCulture, $$"""{"symbol":"{{symbol}}","time":"{{date}}T{{clock}}Z","price":{{price}},"volume":1,"source":"feed","sequence":{{sequence}}}""");

    /// <summary>Each line as a record of its own, taken by the stream at that time, and at once counted and archived.</summary>
    public async Task SendAsync(string clock, params string[] lines)
    {
        if (Time(clock) > Clock.GetUtcNow()) Clock.Advance(Time(clock) - Clock.GetUtcNow());
        await Stream.PublishAsync([.. lines.Select(line => new OutgoingRecord("k", Encoding.UTF8.GetBytes(line)))], Cancel);
        await ConsumeAsync();
    }

    /// <summary>As the function does: what could not be counted, or neither archived nor noted, comes again.</summary>
    public async Task ConsumeAsync()
    {
        var shard = Stream.OpenShards()[0];
        while ((await Stream.ReadAsync(shard, read, 7, Cancel)).Records is { Count: > 0 } records)
        {
            try
            {
                process ??= new IngestProcess(Table, TimeSpan.FromSeconds(2), Clock, Archive);
                if ((await process.Ingest.RunAsync(shard, records, Cancel)).FailedFrom is not null) continue;
                await new ArchiveBatch(Archive, new RawGapStore(Table), Clock).RunAsync(shard, records, Cancel);
                read = records[^1].Sequence;
            }
            catch (StoreUnavailableException)
            {
                process = null;
            }
        }
    }

    public async Task<DayClose> CloseAsync(Market market = Market.Nse, DateTimeOffset? at = null)
    {
        var due = at ?? Due;
        if (due > Clock.GetUtcNow()) Clock.Advance(due - Clock.GetUtcNow());
        var (instruments, windows) = (new InstrumentStore(Table), new WindowStore(Table));
        var universe = new Universe(instruments);
        var closing = new CloseDay(
            universe,
            instruments,
            new CloseWindows(Prices, windows, Clock),
            new AppendCloses(History, Prices, windows),
            new FillRawGaps(new RawGapStore(Table), Stream, Archive),
            new CurateTicks(Archive, universe, Prices, windows, Clock, MaxTicksPerPart),
            ReportingSettings.Default).RunAsync(market, due, Cancel);
        while (!closing.IsCompleted)
            if (!Clock.AdvanceToNextTimer()) await Task.Yield();
        return await closing;
    }

    public async Task<JsonElement> ManifestAsync(DayClose closed) =>
        JsonDocument.Parse((await Archive.GetAsync(closed.Curated!.Manifest!, Cancel))!).RootElement;

    /// <summary>The lines of all parts, in their order.</summary>
    public async Task<List<string>> CuratedAsync(string folder = $"curated/market=NSE/dt={Monday}/")
    {
        var lines = new List<string>();
        foreach (var name in (await Archive.ListAsync(folder, Cancel)).Where(x => x.EndsWith(".gz", StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(new GZipStream(new MemoryStream((await Archive.GetAsync(name, Cancel))!), CompressionMode.Decompress));
            lines.AddRange((await reader.ReadToEndAsync(Cancel)).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }
        return lines;
    }

    public List<Item> Rows(string prefix) => [.. Table.Everything.Where(item => item.Key.Partition.StartsWith(prefix, StringComparison.Ordinal))];
}
