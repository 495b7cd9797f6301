using Risk.Application.Reporting;
using Risk.Domain.Prices;
using Risk.Domain.Snapshots;

namespace Risk.Api.Wire;

internal sealed record WindowsInput(string[] Symbols, WindowTick[] Ticks, TimeSpan Length, TimeSpan? Lateness);

/// <param name="Observations">Ticks given.</param>
/// <param name="Coverage">Ticks that are in a window / ticks given.</param>
/// <param name="DroppedIndices">0-based places of the ticks that came too late.</param>
public sealed record WindowsCalculation(
    string Method,
    Dictionary<string, string> Conventions,
    int Observations,
    double Coverage,
    int WindowMs,
    int? LatenessMs,
    IReadOnlyList<CalculatedWindow> Windows,
    int Count,
    IReadOnlyList<int> DroppedIndices,
    IReadOnlyList<string> Flags,
    Dictionary<string, string> Reasons)
{
    internal static WindowsCalculation Of(WindowsInput x)
    {
        var (windows, dropped) = new TumblingWindows(x.Length, x.Lateness).Aggregate(x.Ticks);
        return new WindowsCalculation(
            "tumbling_windows",
            new Dictionary<string, string> { ["watermark"] = "newest event time of all symbols", ["ties"] = "by arrival", ["alignment"] = "1970-01-01T00:00:00Z" },
            x.Ticks.Length, (double)(x.Ticks.Length - dropped.Count) / x.Ticks.Length, (int)x.Length.TotalMilliseconds, (int?)x.Lateness?.TotalMilliseconds,
            [.. windows.Select(w => new CalculatedWindow(
                x.Symbols[w.Symbol], w.Start.ToString(), w.Count, w.Volume, w.Vwap, w.Low.ToDouble(), w.High.ToDouble(), w.Average, w.Open.ToDouble(), w.Close.ToDouble()))],
            windows.Count, dropped, dropped.Count > 0 ? ["late_ticks"] : [],
            x.Lateness is null ? new() { ["lateness_ms"] = FigureWords.Of(FigureReason.NotApplicable) } : []);
    }
}

/// <param name="Avg">The mean price, each tick counting once.</param>
public sealed record CalculatedWindow(
    string Symbol, string WindowStart, int Count, double Volume, double Vwap, double Min, double Max, double Avg, double Open, double Close);
