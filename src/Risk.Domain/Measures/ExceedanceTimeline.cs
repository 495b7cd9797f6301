namespace Risk.Domain.Measures;

/// <summary>The exceedances of a VaR as they came, each day seen with what was known by its end.</summary>
public static class ExceedanceTimeline
{
    /// <param name="pnl">In ascending order of time.</param>
    /// <param name="var">Forecast for each of these days, positive losses.</param>
    /// <param name="tail">1 − the confidence of the VaR.</param>
    /// <param name="places">As the days of <see cref="VarBacktest.Of"/>: one that is missing between two ends a run.</param>
    /// <param name="lookback">How many days, this one included, the counts and zones look back over; fewer while there are fewer.</param>
    /// <returns>One entry a day.</returns>
    /// <exception cref="ArgumentException">Different lengths, a value that is not finite, places of another number of days, a tail outside (0, 1), or a lookback below 1.</exception>
    public static IReadOnlyList<ExceedanceDay> Of(
        ReadOnlySpan<double> pnl, ReadOnlySpan<double> var, double tail, ReadOnlySpan<int> places = default, int lookback = TrafficLight.TableDays)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lookback, 1);
        if (!places.IsEmpty) Check.SameLength(pnl.Length, places.Length, nameof(places));
        var exceeded = VarBacktest.ExceededBy(pnl, var);
        var days = new ExceedanceDay[pnl.Length];
        var (recent, run) = (0, 0);
        for (var t = 0; t < days.Length; t++)
        {
            recent += exceeded[t] ? 1 : 0;
            if (t >= lookback && exceeded[t - lookback]) recent--;
            if (!exceeded[t] || (t > 0 && !places.IsEmpty && places[t] != places[t - 1] + 1)) run = 0;
            if (exceeded[t]) run++;
            days[t] = new ExceedanceDay(
                pnl[t], var[t], exceeded[t], exceeded[t] ? -pnl[t] - var[t] : 0, run, recent, TrafficLight.ZoneOf(recent, Math.Min(t + 1, lookback), tail));
        }
        return days;
    }
}

/// <param name="Pnl">Of the day; positive = gain.</param>
/// <param name="Var">Forecast for it; positive = loss.</param>
/// <param name="Excess">Loss beyond the VaR; 0 on days without exceedance.</param>
/// <param name="Run">Exceedances in a row up to this day.</param>
/// <param name="Recent">Exceedances within the lookback.</param>
/// <param name="Zone">That <paramref name="Recent"/> puts the model in.</param>
public sealed record ExceedanceDay(double Pnl, double Var, bool Exceeded, double Excess, int Run, int Recent, Zone Zone);
