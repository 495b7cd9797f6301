namespace Risk.Domain.Measures;

/// <summary>All that can be said of a VaR by the days that followed it.</summary>
/// <param name="Expected">Days × tail.</param>
/// <param name="Shortfall">Null where some day has no shortfall, or one that is not positive.</param>
/// <param name="Timeline">One entry a day.</param>
public sealed record BacktestResult(
    VarBacktest Test,
    double Expected,
    Zone Zone,
    double? Multiplier1996,
    double? MultiplierMar99,
    ShortfallBacktest? Shortfall,
    IReadOnlyList<ExceedanceDay> Timeline)
{
    /// <param name="pnl">In ascending order of time, at least one day.</param>
    /// <param name="var">Forecast for each of these days, positive losses.</param>
    /// <param name="shortfall">Forecast for each of these days where there is one.</param>
    /// <param name="days">As in <see cref="VarBacktest.Of"/>.</param>
    /// <exception cref="ArgumentException">No day, different lengths, or a P&amp;L or VaR that is not finite.</exception>
    public static BacktestResult Of(double[] pnl, double[] var, double?[] shortfall, decimal confidence, ReadOnlySpan<int> days = default)
    {
        Check.SameLength(pnl.Length, shortfall.Length, nameof(shortfall));
        var tail = (double)QuantileRank.Tail(confidence);
        var test = VarBacktest.Of(VarBacktest.ExceededBy(pnl, var), tail, days);
        var hasShortfalls = Array.TrueForAll(shortfall, x => x > 0);
        return new BacktestResult(
            test,
            test.Days * tail,
            TrafficLight.ZoneOf(test.Exceedances, test.Days, tail),
            TrafficLight.Multiplier1996(test.Exceedances, test.Days, tail),
            TrafficLight.MultiplierMar99(test.Exceedances, test.Days, tail),
            hasShortfalls ? ShortfallBacktest.Of(pnl, var, [.. shortfall.Select(x => x!.Value)], tail) : null,
            ExceedanceTimeline.Of(pnl, var, tail, days));
    }
}
