using System.Buffers;
using System.Text.Json;
using Risk.Application.Ports;
using Risk.Application.Stores;
using Risk.Domain.Prices;
using Risk.Domain.Snapshots;

namespace Risk.Application.Streaming;

/// <summary>
/// Turns stored changes into messages for whoever is watching. The one place where changes leave the house: the cloud feeds it from its
/// table's stream, the local host from its table's commits.
/// </summary>
public sealed class FanOutChanges(ILivePush push)
{
    private static readonly string PricePrefix = Keys.PricePartition(0)[..^1];

    /// <summary>Pushes a tick for each changed price, a window for each one closed, a snapshot for each latest risk; passes over all else.</summary>
    public async Task RunAsync(IReadOnlyList<Item> changed, CancellationToken cancellation)
    {
        if (!push.HasListeners) return;
        var messages = new List<LiveMessage>(changed.Count);
        foreach (var item in changed)
            if (MessageOf(item) is { } message) messages.Add(message);
        if (messages.Count > 0) await push.PushAsync(messages, cancellation);
    }

    private static LiveMessage? MessageOf(Item item)
    {
        var (partition, sort) = item.Key;
        if (partition.StartsWith(PricePrefix, StringComparison.Ordinal))
            return new LiveMessage(sort, "tick", TickJson(sort, PriceStore.Read(item)));
        if (partition.StartsWith("WIN#", StringComparison.Ordinal))
        {
            var symbol = partition[4..partition.LastIndexOf('#')];
            return new LiveMessage(symbol, "window", WindowJson(symbol, WindowStore.Read(item)));
        }
        if (sort == "LATEST" && partition.StartsWith("RISK#", StringComparison.Ordinal))
        {
            var snapshot = SnapshotStore.Read(item);
            return new LiveMessage($"account:{snapshot.Account}", "snapshot", SnapshotMessage(snapshot));
        }
        return null;
    }

    private static byte[] TickJson(string symbol, SymbolState state) => Object(json =>
    {
        json.WriteString("symbol"u8, symbol);
        json.WriteNumber("price"u8, state.Last.ToDecimal());
        WritePrice(json, "bid"u8, state.Bid);
        WritePrice(json, "ask"u8, state.Ask);
        json.WriteString("time"u8, state.LastTime.ToString());
        json.WriteNumber("ticks"u8, state.Counted);
    });

    private static byte[] WindowJson(string symbol, PriceWindow window) => Object(json =>
    {
        json.WriteString("symbol"u8, symbol);
        json.WriteString("window_start"u8, window.Start.ToString());
        json.WriteNumber("open"u8, window.Open.ToDecimal());
        json.WriteNumber("high"u8, window.High.ToDecimal());
        json.WriteNumber("low"u8, window.Low.ToDecimal());
        json.WriteNumber("close"u8, window.Close.ToDecimal());
        json.WriteNumber("avg"u8, window.Average);
        json.WriteNumber("vwap"u8, window.Vwap);
        json.WriteNumber("volume"u8, window.Volume);
        json.WriteNumber("count"u8, window.Count);
        json.WriteBoolean("closed"u8, true);
    });

    private static byte[] SnapshotMessage(RiskSnapshot snapshot) => Object(json =>
    {
        json.WriteString("account_id"u8, snapshot.Account.Text);
        json.WriteString("timestamp"u8, snapshot.AsOf.ToString());
        json.WriteString("currency"u8, snapshot.BaseCurrency.Code);
        json.WriteNumber("market_value"u8, snapshot.MarketValue);
        json.WriteNumber("nav"u8, snapshot.Nav);
        WriteFigure(json, "var_95"u8, snapshot.At95.Var);
        WriteFigure(json, "var_99"u8, snapshot.At99.Var);
        WriteFigure(json, "es_95"u8, snapshot.At95.Es);
        WriteFigure(json, "es_99"u8, snapshot.At99.Es);
        WriteFigure(json, "coverage"u8, snapshot.CoverageRatio);
        json.WriteNumber("num_observations"u8, snapshot.Observations);
        json.WriteNumber("history_version"u8, snapshot.Version.History);
    });

    private static void WritePrice(Utf8JsonWriter json, ReadOnlySpan<byte> name, Price price)
    {
        if (price.IsGiven) json.WriteNumber(name, price.ToDecimal());
        else json.WriteNull(name);
    }

    private static void WriteFigure(Utf8JsonWriter json, ReadOnlySpan<byte> name, Figure figure)
    {
        if (figure.Value is { } value) json.WriteNumber(name, value);
        else json.WriteNull(name);
    }

    private static byte[] Object(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(384);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        members(json);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
