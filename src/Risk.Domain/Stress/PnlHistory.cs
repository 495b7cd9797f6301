using Risk.Domain.Scenarios;

namespace Risk.Domain.Stress;

/// <summary>
/// What each of today's positions would have gained or lost on every day of a history, in base currency; NaN where that is not known: no
/// close of its own nor of its proxy there or on the day before, or no rate. Immutable.
/// </summary>
public sealed class PnlHistory
{
    private PnlHistory(StressBook book, IReadOnlyList<DateOnly> dates, IReadOnlyList<double[]> pnl) => (Book, Dates, Pnl) = (book, dates, pnl);

    public StressBook Book { get; }

    /// <summary>The return dates, ascending.</summary>
    public IReadOnlyList<DateOnly> Dates { get; }

    /// <summary><c>[position][date]</c>.</summary>
    public IReadOnlyList<double[]> Pnl { get; }

    public static PnlHistory Of(StressBook book, PriceHistory history)
    {
        var closes = new ClosesBetween(history, book, maxGapDays: 0);
        var days = Math.Max(0, history.Dates.Count - 1);
        double[][] pnl = [.. book.Positions.Select(_ => new double[days])];
        for (var day = 0; day < days; day++)
        {
            var moves = closes.Moves(day, day + 1);
            for (var i = 0; i < pnl.Length; i++) pnl[i][day] = book.Positions[i].Pnl(moves[i]).Value ?? double.NaN;
        }
        return new PnlHistory(book, [.. history.Dates.Skip(1)], pnl);
    }
}
