using System.Buffers;
using System.Text.Json;
using Risk.Domain.Amounts;
using Risk.Domain.Instruments;
using Risk.Domain.Measures;
using Risk.Domain.Portfolios;
using Risk.Domain.Prices;
using Risk.Domain.Snapshots;

namespace Risk.Application.Stores;

/// <summary>A snapshot as the body of an item. A figure that is missing stands as its reason, in text.</summary>
internal static class SnapshotJson
{
    private const int Schema = 1;

    public static byte[] Write(in RiskSnapshot snapshot, ArrayBufferWriter<byte> buffer, Utf8JsonWriter json)
    {
        buffer.ResetWrittenCount();
        json.Reset(buffer);
        json.WriteStartObject();
        json.WriteNumber("schema"u8, Schema);
        json.WriteString("account"u8, snapshot.Account.Text);
        json.WriteNumber("as_of_us"u8, snapshot.AsOf.Microseconds);
        json.WriteNumber("positions_version"u8, snapshot.Version.Positions);
        json.WriteNumber("history_version"u8, snapshot.Version.History);
        json.WriteNumber("symbol_sum"u8, snapshot.Version.SymbolSum);
        json.WriteString("currency"u8, snapshot.BaseCurrency.Code);
        json.WriteNumber("window_days"u8, snapshot.Conventions.WindowDays);
        json.WriteNumber("quantile"u8, (int)snapshot.Conventions.Quantile);
        json.WriteNumber("shortfall"u8, (int)snapshot.Conventions.Shortfall);
        json.WriteNumber("market_value"u8, snapshot.MarketValue);
        json.WriteNumber("nav"u8, snapshot.Nav);
        json.WriteNumber("gross_exposure"u8, snapshot.GrossExposure);
        WriteLosses(json, "95"u8, snapshot.At95);
        WriteLosses(json, "99"u8, snapshot.At99);
        json.WriteNumber("observations"u8, snapshot.Observations);
        WriteFigure(json, "coverage"u8, snapshot.CoverageRatio);
        json.WriteNumber("flags"u8, (int)snapshot.Flags);
        json.WriteStartArray("left_out"u8);
        foreach (var left in snapshot.LeftOut)
        {
            json.WriteStringValue(left.Symbol.Text);
            json.WriteNumberValue((int)left.Reason);
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    public static RiskSnapshot Read(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        var root = document.RootElement;
        if (root.GetProperty("schema"u8).GetInt32() > Schema)
            throw new InvalidDataException("A snapshot was written by a newer version of this program; start that version.");
        return new RiskSnapshot
        {
            Account = AccountId.Parse(root.GetProperty("account"u8).GetString()!),
            AsOf = new EventTime(root.GetProperty("as_of_us"u8).GetInt64()),
            Version = new SnapshotVersion(
                root.GetProperty("positions_version"u8).GetInt64(), root.GetProperty("history_version"u8).GetInt64(), root.GetProperty("symbol_sum"u8).GetInt64()),
            BaseCurrency = Currency.Parse(root.GetProperty("currency"u8).GetString()!),
            Conventions = new RiskConventions
            {
                WindowDays = root.GetProperty("window_days"u8).GetInt32(),
                Quantile = (QuantileConvention)root.GetProperty("quantile"u8).GetInt32(),
                Shortfall = (ShortfallConvention)root.GetProperty("shortfall"u8).GetInt32(),
            },
            MarketValue = root.GetProperty("market_value"u8).GetDouble(),
            Nav = root.GetProperty("nav"u8).GetDouble(),
            GrossExposure = root.GetProperty("gross_exposure"u8).GetDouble(),
            At95 = ReadLosses(root.GetProperty("95"u8)),
            At99 = ReadLosses(root.GetProperty("99"u8)),
            Observations = root.GetProperty("observations"u8).GetInt32(),
            CoverageRatio = ReadFigure(root.GetProperty("coverage"u8)),
            Flags = (RiskFlags)root.GetProperty("flags"u8).GetInt32(),
            LeftOut = ReadLeftOut(root.GetProperty("left_out"u8)),
        };
    }

    /// <summary>Its time alone, from the first members.</summary>
    public static EventTime ReadAsOf(ReadOnlySpan<byte> body)
    {
        var json = new Utf8JsonReader(body);
        while (json.Read())
        {
            if (json.TokenType != JsonTokenType.PropertyName || !json.ValueTextEquals("as_of_us"u8)) continue;
            json.Read();
            return new EventTime(json.GetInt64());
        }
        throw new InvalidDataException("A snapshot has no time.");
    }

    private static void WriteLosses(Utf8JsonWriter json, ReadOnlySpan<byte> name, in LossFigures losses)
    {
        json.WriteStartObject(name);
        WriteFigure(json, "var"u8, losses.Var);
        WriteFigure(json, "es"u8, losses.Es);
        WriteFigure(json, "es_error"u8, losses.EsStandardError);
        if (losses.Interval is { } interval)
        {
            json.WriteNumber("low"u8, interval.Low);
            if (interval.High is { } high) json.WriteNumber("high"u8, high);
        }
        json.WriteBoolean("thin"u8, losses.HasThinTail);
        json.WriteEndObject();
    }

    private static LossFigures ReadLosses(JsonElement x)
    {
        LossInterval? interval = x.TryGetProperty("low"u8, out var low)
            ? new LossInterval(low.GetDouble(), x.TryGetProperty("high"u8, out var high) ? high.GetDouble() : null)
            : null;
        // Snapshots of older programs have none.
        var error = x.TryGetProperty("es_error"u8, out var known) ? ReadFigure(known) : Figure.Missing(FigureReason.NotApplicable);
        return new LossFigures(ReadFigure(x.GetProperty("var"u8)), ReadFigure(x.GetProperty("es"u8)), interval, error, x.GetProperty("thin"u8).GetBoolean());
    }

    private static void WriteFigure(Utf8JsonWriter json, ReadOnlySpan<byte> name, Figure figure)
    {
        if (figure.Value is { } value) json.WriteNumber(name, value);
        else json.WriteString(name, figure.Reason!.Value.ToString());
    }

    private static Figure ReadFigure(JsonElement x) =>
        x.ValueKind == JsonValueKind.Number ? Figure.Of(x.GetDouble()) : Figure.Missing(Enum.Parse<FigureReason>(x.GetString()!));

    private static List<LeftOutPosition> ReadLeftOut(JsonElement x)
    {
        var left = new List<LeftOutPosition>(x.GetArrayLength() / 2);
        for (var i = 0; i + 1 < x.GetArrayLength(); i += 2) left.Add(new LeftOutPosition(Symbol.Parse(x[i].GetString()!), (FigureReason)x[i + 1].GetInt32()));
        return left;
    }
}
