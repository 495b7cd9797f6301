using Risk.Domain.Amounts;
using Risk.Domain.Instruments;
using Risk.Domain.Scenarios;
using Risk.Domain.Snapshots;

namespace Risk.Domain.Stress;

/// <summary>
/// Today's portfolio through the prices of a time past: every price and rate moves by the ratio of its closes at the two ends, quantities
/// stay. A close holds for <see cref="MaxGapDays"/> calendar days. Where a symbol has no closes at both ends its proxy moves it; without
/// one it is left out and named.
/// </summary>
/// <param name="From">The day of the history that stands for the start; null where there is none.</param>
/// <param name="To">That for the end.</param>
/// <param name="Result">At the end; null where the history does not cover the window.</param>
/// <param name="WorstPnl">The lowest P&amp;L at a close within the window, of the positions in <paramref name="Result"/>.</param>
/// <param name="WorstDate">Its day.</param>
public sealed record WindowReplay(HistoricalWindow Window, DateOnly? From, DateOnly? To, StressResult? Result, Figure WorstPnl, DateOnly? WorstDate)
{
    public const int MaxGapDays = 7;

    /// <summary>Null dates and result where the history begins later, or ends earlier, than the window.</summary>
    public static WindowReplay Of(StressBook book, PriceHistory history, HistoricalWindow window)
    {
        var closes = new ClosesBetween(history, book, MaxGapDays);
        var (first, last) = (closes.DayAt(window.From), closes.DayAt(window.To));
        if (first < 0 || last <= first) return new WindowReplay(window, null, null, null, Figure.Missing(FigureReason.ShortHistory), null);
        var result = book.Apply(closes.Moves(first, last));
        var (worst, date) = result.Pnl.Value is null ? (result.Pnl, default(DateOnly?)) : Worst(book, closes, result, first, last);
        return new WindowReplay(window, history.Dates[first], history.Dates[last], result, worst, date);
    }

    private static (Figure Pnl, DateOnly? Date) Worst(StressBook book, ClosesBetween closes, StressResult end, int first, int last)
    {
        var (worst, at) = (end.Pnl.Value!.Value, last);
        for (var day = last - 1; day > first; day--)
        {
            var moves = closes.Moves(first, day);
            var pnl = 0.0;
            for (var i = 0; i < moves.Length && !double.IsNaN(pnl); i++)
                if (end.Positions[i].Pnl.Value is not null) pnl += book.Positions[i].Pnl(moves[i]).Value ?? double.NaN;
            if (pnl <= worst) (worst, at) = (pnl, day);
        }
        return (Figure.Of(worst), closes.Dates[at]);
    }
}

/// <summary>The moves of a book's positions from one day of a history to another.</summary>
/// <param name="maxGapDays">How many calendar days a close still holds where a later one is missing.</param>
internal sealed class ClosesBetween(PriceHistory history, StressBook book, int maxGapDays)
{
    private readonly Dictionary<Currency, IReadOnlyList<FxRoute>> routes = [];

    public IReadOnlyList<DateOnly> Dates => history.Dates;

    /// <summary>The last day at or before the date, unless it lies too far back; else −1.</summary>
    public int DayAt(DateOnly date)
    {
        var day = -1;
        while (day + 1 < history.Dates.Count && history.Dates[day + 1] <= date) day++;
        return day >= 0 && date.DayNumber - history.Dates[day].DayNumber <= maxGapDays ? day : -1;
    }

    public PositionMove[] Moves(int first, int last) => [.. book.Positions.Select(x => MoveOf(x.Instrument, first, last))];

    private PositionMove MoveOf(Instrument? instrument, int first, int last)
    {
        if (instrument is null) return PositionMove.Missing(FigureReason.NotApplicable);
        if (RateBetween(instrument.Currency, first, last) is not { } fx) return PositionMove.Missing(FigureReason.MissingFx);
        if (instrument.AssetClass == AssetClass.Cash) return new PositionMove(0, fx, MoveSource.History);
        var isOption = instrument.Option is not null;
        var moving = instrument.Option is { } option ? book.Instruments.GetValueOrDefault(option.Underlying) : instrument;
        if (moving is null) return PositionMove.Missing(FigureReason.NotApplicable);
        if (Between(moving.Symbol, first, last) is { } own) return new PositionMove(own, fx, MoveSource.History, isOption);
        return moving.Proxy is { } proxy && Between(proxy, first, last) is { } lent
            ? new PositionMove(lent, fx, MoveSource.Proxy, isOption)
            : PositionMove.Missing(FigureReason.ShortHistory);
    }

    private double? RateBetween(Currency currency, int first, int last)
    {
        if (currency == book.BaseCurrency) return 0;
        if (!routes.TryGetValue(currency, out var known)) routes[currency] = known = FxRoute.Find(currency, book.BaseCurrency, book.Instruments);
        foreach (var route in known)
        {
            var factor = 1.0;
            foreach (var (pair, isInverse) in route.Legs)
            {
                var move = Between(pair, first, last) ?? (book.Instruments[pair].Proxy is { } proxy ? Between(proxy, first, last) : null);
                factor *= move is null ? double.NaN : isInverse ? 1 / (1 + move.Value) : 1 + move.Value;
            }
            if (double.IsFinite(factor)) return factor - 1;
        }
        return null;
    }

    private double? Between(Symbol symbol, int first, int last)
    {
        if (history.Find(symbol) is not { } closes) return null;
        var (from, to) = (CloseAt(closes, first), CloseAt(closes, last));
        return from is null || to is null || !double.IsFinite(to.Value / from.Value) ? null : to / from - 1;
    }

    private double? CloseAt(double[] closes, int day)
    {
        for (var at = day; at >= 0 && history.Dates[day].DayNumber - history.Dates[at].DayNumber <= maxGapDays; at--)
            if (double.IsFinite(closes[at]) && closes[at] > 0) return closes[at];
        return null;
    }
}
