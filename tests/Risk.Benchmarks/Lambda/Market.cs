using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Risk.Application.Ports;
using Risk.Application.Stores;
using Risk.Application.Streaming;
using Risk.Domain.Amounts;
using Risk.Domain.Instruments;
using Risk.Domain.Portfolios;
using Risk.Domain.Prices;
using Risk.Domain.Scenarios;

namespace Risk.Benchmarks.Lambda;

/// <summary>A hundred symbols, a hundred portfolios that hold them all, 500 scenarios; and events of 500 ticks of it, of the passing seconds.</summary>
internal sealed class Market
{
    private const int Names = 100;
    private const int Portfolios = 100;
    private const int Scenarios = 500;
    private const int TicksInEvent = 500;

    private readonly Random random = new(1);
    private readonly SymbolTable symbols = new();
    private readonly TickPacker packer;
    private readonly Tick[] ticks = new Tick[TicksInEvent];
    private long next;
    private long sequence = 1_000_000;

    public Market()
    {
        symbols.AddRange(Enumerable.Range(0, Names).Select(i => Symbol.Parse($"S{i:D2}")));
        packer = new TickPacker(symbols);
    }

    public async Task FurnishAsync(IItemTable table, IArchive archive)
    {
        var all = Enumerable.Range(0, Names).Select(i => symbols[i]).ToArray();
        var dates = Enumerable.Range(0, Scenarios + 1).Select(i => new DateOnly(2024, 1, 1).AddDays(i)).ToArray();
        await new InstrumentStore(table).PutAsync([.. all.Select(x => new Instrument(x, x.Text, AssetClass.Equity, Currency.Usd))], default);
        var closes = all.Select(_ => dates.Select(_ => 90 + (20 * random.NextDouble())).ToArray()).ToArray();
        await new HistoryStore(table, archive, TimeProvider.System).ReviseAsync(_ => new PriceHistory(dates, all, closes), default);
        var portfolios = new PortfolioStore(table);
        for (var i = 0; i < Portfolios; i++)
        {
            Position[] positions = [.. all.Select(x => new Position(x, random.Next(-50, 100), 100))];
            await portfolios.ReplaceAsync(new Portfolio(AccountId.Parse($"book-{i:D3}"), Currency.Usd, 1_000, positions, 0), null, [], default);
        }
    }

    /// <summary>As Kinesis would deliver it: records of up to 25 ticks, of one shard.</summary>
    public string NextEvent()
    {
        for (var i = 0; i < TicksInEvent; i++, next++)
        {
            var price = Price.From(90 + (random.Next(2_000) / 100m));
            ticks[i] = new Tick((int)(next % Names), EventTime.From(TimeProvider.System.GetUtcNow()), price, default, default, Volume.From(random.Next(100)), SourceName.Parse("bench"), 0, next / Names);
        }
        var buffer = new ArrayBufferWriter<byte>(64 * 1024);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteStartArray("Records");
        foreach (var record in packer.Pack(ticks)) Write(json, record);
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private void Write(Utf8JsonWriter json, OutgoingRecord record)
    {
        var number = (sequence++).ToString(CultureInfo.InvariantCulture);
        json.WriteStartObject();
        json.WriteStartObject("kinesis");
        json.WriteString("partitionKey", record.PartitionKey);
        json.WriteString("sequenceNumber", number);
        json.WriteBase64String("data", record.Data.Span);
        json.WriteNumber("approximateArrivalTimestamp", TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() / 1000m);
        json.WriteEndObject();
        json.WriteString("eventID", $"shardId-000000000001:{number}");
        json.WriteEndObject();
    }
}
