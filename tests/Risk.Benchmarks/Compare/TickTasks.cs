using System.Buffers;
using System.Globalization;
using Risk.Application.Streaming;
using Risk.Domain.Instruments;
using Risk.Domain.Prices;

namespace Risk.Benchmarks.Compare;

/// <summary>Ticks: windows over them, and their JSON.</summary>
internal static class TickTasks
{
    private const int Seed = 20_261_123;
    private const int Symbols = 100;
    private const int TicksPerRecord = 25;

    /// <summary>Ticks a consumer takes at once.</summary>
    private const int Batch = 5_000;

    private const int MicrosecondsApart = 100;

    private static readonly EventTime Start = EventTime.From(new DateTimeOffset(2025, 1, 2, 14, 30, 0, TimeSpan.Zero));

    public static IEnumerable<TimedTask> All()
    {
        yield return new TimedTask(
            "vwap_1e6",
            "1,000,000 ticks of 100 symbols in turn, 10,000 a second of event time → tumbling windows of 5 s → VWAP, least, greatest and mean price of each",
            () => Windows(1_000_000));
        yield return new TimedTask("json_decode_1e5", "100,000 ticks as JSON lines, 25 a record → checked ticks", () => Decode(100_000));
    }

    private static Func<double> Windows(int count)
    {
        WindowTick[] ticks = [.. Ticks(count).Select(x => new WindowTick(x.Symbol, x.Time, x.Price, x.Volume))];
        var tumbling = new TumblingWindows(TimeSpan.FromSeconds(5));
        return () =>
        {
            var sum = 0d;
            foreach (var window in tumbling.Aggregate(ticks).Windows) sum += window.Vwap + window.Low.ToDouble() + window.High.ToDouble() + window.Average;
            return sum;
        };
    }

    private static Func<double> Decode(int count)
    {
        var symbols = new SymbolTable();
        symbols.AddRange(Enumerable.Range(0, Symbols).Select(i => Symbol.Parse(string.Create(CultureInfo.InvariantCulture, $"S{i:D3}"))));
        var line = new ArrayBufferWriter<byte>();
        var records = new List<byte[]>();
        foreach (var chunk in Ticks(count).Chunk(TicksPerRecord))
        {
            line.Clear();
            foreach (var tick in chunk) TickCodec.Encode(tick, symbols, line);
            records.Add(line.WrittenSpan.ToArray());
        }
        var (buffer, now) = (new TickBuffer(), new EventTime(Start.Microseconds + 1_000 * EventTime.PerSecond));
        return () =>
        {
            var decoded = 0;
            foreach (var record in records)
            {
                if (buffer.Ticks.Length >= Batch) buffer.Clear();
                var before = buffer.Ticks.Length;
                TickCodec.Decode(record, symbols, now, buffer);
                decoded += buffer.Ticks.Length - before;
            }
            return decoded == count ? decoded : throw new InvalidOperationException($"{decoded} of {count} ticks were decoded.");
        };
    }

    private static Tick[] Ticks(int count)
    {
        var random = new Random(Seed);
        var cents = Enumerable.Repeat(10_000, Symbols).ToArray();
        var source = SourceName.Parse("bench");
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            var symbol = random.Next(Symbols);
            var price = Price.From((cents[symbol] = Math.Max(100, cents[symbol] + random.Next(-2, 3))) / 100m);
            return new Tick(
                symbol, new EventTime(Start.Microseconds + (long)i * MicrosecondsApart), price, new Price(price.E8 - 1_000_000), new Price(price.E8 + 1_000_000),
                Volume.From(random.Next(1, 500)), source, 1, i);
        })];
    }
}
