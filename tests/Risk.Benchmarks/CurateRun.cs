using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using Risk.Application.Closing;
using Risk.Application.Stores;
using Risk.Application.Streaming;
using Risk.Domain.Amounts;
using Risk.Domain.Calendars;
using Risk.Domain.Instruments;
using Risk.Domain.Prices;
using Risk.Local.Storage;
using Risk.Testing.Simulation;

namespace Risk.Benchmarks;

/// <summary>The curated copy of one invented day of 500 symbols from a folder of raw objects: how long it takes and how much memory.</summary>
internal static class CurateRun
{
    private const int Symbols = 500;
    private const int TicksPerObject = 12_500;
    private static readonly DateTimeOffset Midnight = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    public static async Task<int> MainAsync(string[] options)
    {
        var ticks = options is ["--ticks", var text] ? int.Parse(text, CultureInfo.InvariantCulture) : 5_000_000;
        var folder = Directory.CreateTempSubdirectory("risk-curate-");
        try
        {
            var clock = new FakeTimeProvider(Midnight.AddDays(1).AddMinutes(5));
            var table = new FakeItemTable(new Random(1), clock);
            var instruments = new InstrumentStore(table);
            Symbol[] symbols = [.. Enumerable.Range(0, Symbols).Select(i => Symbol.Parse($"S{i:000}"))];
            await instruments.PutAsync([.. symbols.Select(x => new Instrument(x, x.Text, AssetClass.Equity, Currency.Usd))], default);
            var universe = new Universe(instruments);
            await universe.RefreshAsync(default);
            var archive = new FolderArchive(folder.FullName);
            await FillAsync(archive, universe.Symbols, ticks);
            var before = Process.GetCurrentProcess().PeakWorkingSet64;
            var watch = Stopwatch.StartNew();
            var day = TradingDay.ClosedBy(Market.Sim, EventTime.From(clock.GetUtcNow()))!;
            var curated = await new CurateTicks(archive, universe, new PriceStore(table), new WindowStore(table), clock).RunAsync(day, symbols, [], default);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"ticks":{{curated.Ticks}},"copies":{{curated.Copies}},"parts":{{curated.Parts}},"seconds":{{watch.Elapsed.TotalSeconds:F1}},"peak_mb_before":{{before >> 20}},"peak_mb":{{Process.GetCurrentProcess().PeakWorkingSet64 >> 20}}}"""));
            return curated.Ticks == ticks ? 0 : 1;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The ticks of the whole day evenly, every twentieth object twice under another name.</summary>
    private static async Task FillAsync(FolderArchive archive, SymbolTable symbols, int ticks)
    {
        var random = new Random(7);
        var lines = new ArrayBufferWriter<byte>(4 << 20);
        for (var first = 0; first < ticks; first += TicksPerObject)
        {
            lines.ResetWrittenCount();
            var time = Midnight;
            for (var i = first; i < Math.Min(ticks, first + TicksPerObject); i++)
            {
                time = Midnight.AddSeconds(86_399.0 * i / ticks);
                var price = new Price((100 * Price.One) + (random.Next(10_000) * 1_000_000L));
                TickCodec.Encode(new Tick(i % Symbols, EventTime.From(time), price, default, default, new Volume(1_000_000), SourceName.Parse("feed"), 0, i), symbols, lines);
            }
            using var content = new MemoryStream();
            using (var gzip = new GZipStream(content, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(lines.WrittenSpan);
            for (var copy = 0; copy < (first / TicksPerObject % 20 == 0 ? 2 : 1); copy++)
                await archive.PutAsync(string.Create(CultureInfo.InvariantCulture, $"raw/dt={time:yyyy-MM-dd}/hh={time:HH}/shard-{first}-{copy}.ndjson.gz"), content.ToArray(), default);
        }
    }
}
