using Risk.Domain.Instruments;

namespace Risk.Domain.Scenarios;

/// <summary>
/// The last return dates of a history. The return at a date needs a close there and at the date before, both positive: what is missing is
/// never a zero.
/// </summary>
public sealed class ReturnWindow
{
    private readonly PriceHistory history;
    private readonly int firstDay;

    /// <param name="days">How many return dates at most; fewer if the history is shorter.</param>
    public ReturnWindow(PriceHistory history, int days)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(days, 1);
        this.history = history;
        firstDay = Math.Max(1, history.Dates.Count - days);
        Dates = [.. history.Dates.Skip(firstDay)];
    }

    /// <summary>The return dates, ascending.</summary>
    public IReadOnlyList<DateOnly> Dates { get; }

    /// <summary>The simple returns of a symbol, one a date; where it has none, those of its proxy. Null if some date has neither.</summary>
    public SymbolReturns? Find(Symbol symbol, Symbol? proxy)
    {
        var own = history.Find(symbol);
        var lent = proxy is { } p ? history.Find(p) : null;
        if (own is null && lent is null) return null;
        var returns = new double[Dates.Count];
        var borrowed = 0;
        for (var i = 0; i < returns.Length; i++)
        {
            var value = ReturnAt(own, firstDay + i);
            if (double.IsNaN(value))
            {
                value = ReturnAt(lent, firstDay + i);
                borrowed++;
            }
            if (double.IsNaN(value)) return null;
            returns[i] = value;
        }
        return new SymbolReturns(returns, borrowed);
    }

    /// <summary>On how many of the dates a symbol has a return, of its own or of its proxy.</summary>
    public int Count(Symbol symbol, Symbol? proxy)
    {
        var own = history.Find(symbol);
        var lent = proxy is { } p ? history.Find(p) : null;
        return Enumerable.Range(firstDay, Dates.Count).Count(day => !double.IsNaN(ReturnAt(own, day)) || !double.IsNaN(ReturnAt(lent, day)));
    }

    /// <summary>The newest close of a symbol; NaN if there is none.</summary>
    /// <param name="before">Only closes of earlier dates count, where it is given.</param>
    public static double LastClose(PriceHistory history, Symbol symbol, DateOnly? before = null)
    {
        if (history.Find(symbol) is not { } closes) return double.NaN;
        var day = closes.Length - 1;
        while (day >= 0 && !(IsClose(closes[day]) && (before is null || history.Dates[day] < before))) day--;
        return day < 0 ? double.NaN : closes[day];
    }

    private static double ReturnAt(double[]? closes, int day)
    {
        if (closes is null || !IsClose(closes[day]) || !IsClose(closes[day - 1])) return double.NaN;
        var value = closes[day] / closes[day - 1] - 1;
        return double.IsFinite(value) ? value : double.NaN;
    }

    private static bool IsClose(double value) => double.IsFinite(value) && value > 0;
}

/// <param name="Borrowed">In how many scenarios the proxy's return stands in.</param>
public sealed record SymbolReturns(double[] Values, int Borrowed);
