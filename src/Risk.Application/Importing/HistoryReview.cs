using System.Globalization;
using Risk.Domain.Instruments;
using Risk.Domain.Scenarios;

namespace Risk.Application.Importing;

/// <summary>
/// Names what a person should look at before trusting a history. Nothing is cleaned: real one-day moves of 25–60 % exist, and a split
/// that is not adjusted can only be told apart by whoever knows the symbol.
/// </summary>
internal static class HistoryReview
{
    /// <summary>Fewer closes do not yield any risk figure.</summary>
    private const int FewObservations = 30;

    private const double LargeMove = 0.5;

    /// <summary>Ratios at which shares are commonly split or consolidated, and how close to one a move must come.</summary>
    private static readonly int[] SplitRatios = [2, 3, 4, 5, 6, 7, 8, 10, 15, 20, 25, 50, 100];

    private const double SplitTolerance = 0.02;

    public static void Of(PriceHistory history, IEnumerable<Symbol> symbols, WarningList warnings)
    {
        foreach (var symbol in symbols.Order()) Review(history, symbol, warnings);
    }

    private static void Review(PriceHistory history, Symbol symbol, WarningList warnings)
    {
        var closes = history.Find(symbol)!;
        int first = -1, last = -1, count = 0;
        for (var day = 0; day < closes.Length; day++)
        {
            if (double.IsNaN(closes[day])) continue;
            if (first < 0) first = day;
            else NameMove(history, symbol, closes, last, day, warnings);
            (last, count) = (day, count + 1);
        }
        if (count < FewObservations) warnings.Add($"{symbol} has {count} closes, fewer than {FewObservations}: no risk figure without a proxy.");
        if (count < last - first + 1) warnings.Add($"{symbol} misses {last - first + 1 - count} closes between its first and its last.");
        if (last < closes.Length - 1) warnings.Add($"{symbol} ends on {history.Dates[last]:yyyy-MM-dd}, before the last date {history.Dates[^1]:yyyy-MM-dd}.");
    }

    private static void NameMove(PriceHistory history, Symbol symbol, double[] closes, int from, int to, WarningList warnings)
    {
        var ratio = closes[to] / closes[from];
        var isLarge = Math.Abs(ratio - 1) > LargeMove;
        var split = Array.Find(SplitRatios, known => Math.Abs(Math.Max(ratio, 1 / ratio) / known - 1) < SplitTolerance);
        if (!isLarge && split == 0) return;
        var move = string.Create(CultureInfo.InvariantCulture, $"{symbol} moves by {ratio - 1:+0.0%;-0.0%} on {history.Dates[to]:yyyy-MM-dd}");
        var suspicion = ratio < 1 ? $"a split of {split}:1" : $"a consolidation of 1:{split}";
        warnings.Add(split == 0 ? $"{move}; kept as it is." : $"{move}, which looks like {suspicion} that is not adjusted; kept as it is.");
    }
}
