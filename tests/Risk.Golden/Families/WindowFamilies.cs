using System.Text.Json;
using System.Text.Json.Nodes;
using Risk.Domain.Prices;

namespace Risk.Golden.Families;

/// <summary>Ticks in tumbling windows.</summary>
internal static class WindowFamilies
{
    private const string Lateness = "watermark_lateness_";
    private static readonly string[] UsualColumns = ["event_time_ms", "symbol", "price", "quantity"];

    public static JsonNode Vwap(GoldenCase golden)
    {
        var length = TimeSpan.FromMilliseconds(golden.Inputs.Number("window_ms", 5000));
        string[] names = golden.Inputs.Has("columns") ? [.. golden.Inputs.Root.GetProperty("columns").EnumerateArray().Select(x => x.GetString()!)] : UsualColumns;
        var columns = names.Select((name, i) => (name, i)).ToDictionary();
        var rows = golden.Inputs.Root.GetProperty("ticks_in_arrival_order").EnumerateArray().ToArray();
        string[] symbols = [.. rows.Select(row => row[columns["symbol"]].GetString()!).Distinct().Order(StringComparer.Ordinal)];
        var ticks = rows.Select(row => Tick(row, columns, symbols)).ToArray();
        var result = new JsonObject();
        foreach (var key in golden.KeysAt([], ["all_ticks_accepted", $"{Lateness}0ms", $"{Lateness}2000ms"]))
        {
            TimeSpan? lateness = key.StartsWith(Lateness, StringComparison.Ordinal) ? TimeSpan.FromMilliseconds(Keys.NumberIn(key) ?? 0) : null;
            var (windows, dropped) = new TumblingWindows(length, lateness).Aggregate(ticks);
            JsonArray figures = [.. windows.Select(window => (JsonNode?)Figures(window, symbols))];
            result[key] = lateness is null
                ? figures
                : new JsonObject { ["dropped_indices"] = new JsonArray([.. dropped.Select(i => (JsonNode?)i)]), ["windows"] = figures };
        }
        return result;
    }

    private static WindowTick Tick(JsonElement row, Dictionary<string, int> columns, string[] symbols) => new(
        Array.BinarySearch(symbols, row[columns["symbol"]].GetString(), StringComparer.Ordinal),
        EventTime.FromMilliseconds(row[columns["event_time_ms"]].GetInt64()),
        Price.From(row[columns["price"]].GetDecimal()),
        Volume.From(row[columns["quantity"]].GetDecimal()));

    private static JsonObject Figures(TumblingWindow window, string[] symbols) => new()
    {
        ["symbol"] = symbols[window.Symbol],
        ["window_start"] = window.Start.Microseconds / EventTime.PerMillisecond,
        ["count"] = window.Count,
        ["volume"] = window.Volume,
        ["vwap"] = window.Vwap,
        ["min"] = window.Low.ToDouble(),
        ["max"] = window.High.ToDouble(),
        ["avg"] = window.Average,
        ["open"] = window.Open.ToDouble(),
        ["close"] = window.Close.ToDouble(),
    };
}
