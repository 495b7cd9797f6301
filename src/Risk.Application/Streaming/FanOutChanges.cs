using System.Buffers;
using System.Text.Json;
using Risk.Application.Ports;
using Risk.Application.Reporting;
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

    private static byte[] SnapshotMessage(RiskSnapshot x) => Object(json =>
    {
        var reasons = new Dictionary<string, FigureReason>();
        json.WriteString("account_id"u8, x.Account.Text);
        if (x.AsOf > EventTime.Min) json.WriteString("as_of"u8, x.AsOf.ToString());
        else WriteFigure(json, "as_of", Figure.Missing(FigureReason.MissingPrice), reasons);
        json.WriteString("currency"u8, x.BaseCurrency.Code);
        json.WriteNumber("market_value"u8, x.MarketValue);
        json.WriteNumber("nav"u8, x.Nav);
        foreach (var (at, figures) in ((string, LossFigures)[])[("95", x.At95), ("99", x.At99)])
        {
            WriteFigure(json, $"var_{at}", figures.Var, reasons);
            WriteInterval(json, $"interval_{at}", figures, reasons);
            WriteFigure(json, $"es_{at}", figures.Es, reasons);
            WriteFigure(json, $"es_{at}_standard_error", figures.EsStandardError, reasons);
        }
        json.WriteString("method"u8, FigureWords.Historical);
        json.WriteString("quantile"u8, FigureWords.Of(x.Conventions.Quantile));
        json.WriteString("es_convention"u8, FigureWords.Of(x.Conventions.Shortfall));
        json.WriteNumber("window_days"u8, x.Conventions.WindowDays);
        json.WriteNumber("num_observations"u8, x.Observations);
        json.WriteNumber("horizon_days"u8, RiskConventions.HorizonDays);
        json.WriteNumber("history_version"u8, x.Version.History);
        WriteFigure(json, "coverage", x.CoverageRatio, reasons);
        json.WriteStartArray("left_out"u8);
        foreach (var left in x.LeftOut) WriteWords(json, ("symbol", left.Symbol.Text), ("reason", FigureWords.Of(left.Reason)));
        json.WriteEndArray();
        json.WriteStartArray("flags"u8);
        foreach (var flag in FigureWords.Of(x.Flags)) json.WriteStringValue(flag);
        json.WriteEndArray();
        json.WritePropertyName("reasons"u8);
        WriteWords(json, [.. reasons.Select(reason => (reason.Key, FigureWords.Of(reason.Value)))]);
    });

    private static void WritePrice(Utf8JsonWriter json, ReadOnlySpan<byte> name, Price price)
    {
        if (price.IsGiven) json.WriteNumber(name, price.ToDecimal());
        else json.WriteNull(name);
    }

    private static void WriteFigure(Utf8JsonWriter json, string name, Figure figure, Dictionary<string, FigureReason> reasons)
    {
        if (figure.Reason is { } reason) reasons[name] = reason;
        WriteNumber(json, name, figure.Value);
    }

    private static void WriteInterval(Utf8JsonWriter json, string name, LossFigures figures, Dictionary<string, FigureReason> reasons)
    {
        if (figures.Interval is not { } interval)
        {
            WriteFigure(json, name, Figure.Missing(figures.Var.Reason ?? FigureReason.NotApplicable), reasons);
            return;
        }
        if (interval.High is null) reasons[$"{name}/high"] = FigureReason.ShortHistory;
        json.WriteStartObject(name);
        WriteNumber(json, "low", interval.Low);
        WriteNumber(json, "high", interval.High);
        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } known) json.WriteNumber(name, known);
        else json.WriteNull(name);
    }

    private static void WriteWords(Utf8JsonWriter json, params ReadOnlySpan<(string Name, string Word)> words)
    {
        json.WriteStartObject();
        foreach (var (name, word) in words) json.WriteString(name, word);
        json.WriteEndObject();
    }

    private static byte[] Object(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        members(json);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
