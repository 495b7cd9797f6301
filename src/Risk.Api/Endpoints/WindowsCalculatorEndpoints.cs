using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Risk.Api.Setup;
using Risk.Api.Wire;
using Risk.Domain.Prices;

namespace Risk.Api.Endpoints;

/// <summary>Ticks in tumbling windows.</summary>
internal static class WindowsCalculatorEndpoints
{
    private const long MaxMilliseconds = 253_402_300_799_999;
    private const decimal LeastPrice = 0.00000001m;
    private static readonly string[] TimeFormats = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK"];

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/v1/calculate/windows", Calculate).AsCalculator<WindowsRequest, WindowsCalculation>(
            "Ticks you bring in tumbling windows of event time",
            "ticks in order of arrival: symbol, time (RFC 3339 or whole milliseconds since 1970), price, volume (0 unless given). Windows of window_ms (5,000 unless given) "
            + "are aligned to 1970, [start, start + length); open and close go by event time, ties by arrival; vwap is the mean price where nothing was traded; empty windows "
            + "are not listed. With lateness_ms a tick is dropped whose window ends at or before the newest event time of the ticks before it, of all "
            + "symbols, less the lateness; without it every tick counts. dropped_indices names them. "
            + $"At most {CalculatorLimits.MaxTicks} ticks, and {CalculatorLimits.MaxTickNames} bytes of their symbols, as JSON escapes them.",
            CalculatorExamples.Windows, CalculatorExamples.WindowsBody);

    private static Task<IResult> Calculate(HttpRequest request, CancellationToken cancellation) =>
        Calculation.AnswerAsync(request, Read, WindowsCalculation.Of, ApiJson.Default.WindowsCalculation, cancellation);

    private static WindowsInput Read(JsonElement root, List<Fault> faults)
    {
        var reader = new BodyReader(root, "", faults, "ticks", "window_ms", "lateness_ms");
        var length = reader.Whole("window_ms", 1, CalculatorLimits.MaxWindowMs) ?? (int)PriceWindow.Length.TotalMilliseconds;
        var lateness = reader.Whole("lateness_ms", 0, CalculatorLimits.MaxWindowMs);
        var rows = reader.Elements(reader.Find("ticks"), "ticks", CalculatorLimits.MaxTicks, "ticks");
        var given = rows.Select((x, i) => ReadTick(x, i, faults)).ToArray();
        reader.IsWithin("ticks", given.CountBy(x => x.Symbol).Sum(x => (long)x.Value * JsonText.LengthOf(x.Key)), CalculatorLimits.MaxTickNames, "bytes of symbols, as JSON escapes them,");
        string[] symbols = [.. given.Select(x => x.Symbol).Distinct().Order(StringComparer.Ordinal)];
        return new WindowsInput(
            symbols, [.. given.Select(x => x.Tick with { Symbol = Array.BinarySearch(symbols, x.Symbol, StringComparer.Ordinal) })],
            TimeSpan.FromMilliseconds(length), lateness is { } wait ? TimeSpan.FromMilliseconds(wait) : null);
    }

    private static (string Symbol, WindowTick Tick) ReadTick(JsonElement row, int i, List<Fault> faults)
    {
        var reader = new BodyReader(row, $"/ticks/{i}", faults, "symbol", "time", "price", "volume");
        if (row.ValueKind != JsonValueKind.Object) return ("", default);
        foreach (var name in (string[])["symbol", "time", "price"])
            if (reader.Find(name) is null) reader.Missing(name);
        var price = reader.Number("price", LeastPrice, Price.Max.ToDecimal()) ?? 1;
        var volume = reader.Number("volume", 0, Volume.Max.ToDecimal()) ?? 0;
        return (reader.Text("symbol", CalculatorLimits.MaxNameLength) ?? "", new WindowTick(0, ReadTime(reader), Price.From(price), Volume.From(volume)));
    }

    private static EventTime ReadTime(BodyReader reader)
    {
        if (reader.Find("time") is not { } given) return default;
        if (given.ValueKind == JsonValueKind.Number && given.TryGetInt64(out var milliseconds) && milliseconds is >= 0 and <= MaxMilliseconds) return EventTime.FromMilliseconds(milliseconds);
        if (given.ValueKind == JsonValueKind.String && DateTimeOffset.TryParseExact(
            given.GetString(), TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) && time >= DateTimeOffset.UnixEpoch)
            return EventTime.From(time);
        reader.Add("time", "Expected is a time as 2026-01-31T15:30:00Z, or whole milliseconds since 1970.");
        return default;
    }
}

public sealed record WindowsRequest(WindowTickRequest[] Ticks, int? WindowMs = null, int? LatenessMs = null);

public sealed record WindowTickRequest(string Symbol, string Time, decimal Price, decimal? Volume = null);
