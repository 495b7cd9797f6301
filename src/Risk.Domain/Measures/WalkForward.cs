namespace Risk.Domain.Measures;

/// <summary>
/// A method tried on the past as it would have been used: each day's VaR and shortfall come from the days before it alone. The day itself
/// and all that follow cannot reach the method.
/// </summary>
public static class WalkForward
{
    /// <param name="pnl">In ascending order of time.</param>
    /// <param name="window">How many days before each forecast the method sees, at least 1.</param>
    /// <param name="forecast">The method: the last <paramref name="window"/> days, oldest first, to a forecast for the next.</param>
    /// <returns>
    /// One forecast for each day from day <paramref name="window"/> (0-based) on, but for those for which the method has none; no day when there
    /// are not more days than the window.
    /// </returns>
    /// <exception cref="ArgumentException">A window below 1, or a P&amp;L that is not finite.</exception>
    public static WalkForwardRun Of(ReadOnlySpan<double> pnl, int window, TailForecast forecast)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(window, 1);
        Check.Finite(pnl, nameof(pnl));
        var (days, var, shortfall, constant) = (new List<int>(), new List<double>(), new List<double?>(), 0);
        for (var day = window; day < pnl.Length; day++)
        {
            var past = pnl.Slice(day - window, window);
            if (forecast(past) is not { } next || !double.IsFinite(next.Var)) continue;
            days.Add(day);
            var.Add(next.Var);
            shortfall.Add(next.Shortfall is { } value && double.IsFinite(value) ? value : null);
            if (IsConstant(past)) constant++;
        }
        double[] tested = new double[days.Count];
        for (var i = 0; i < tested.Length; i++) tested[i] = pnl[days[i]];
        return new WalkForwardRun([.. days], tested, [.. var], [.. shortfall], constant, Math.Max(0, pnl.Length - window) - days.Count);
    }

    /// <summary>Whether a window never moves, or by so little that its variance underflows: nothing can be fitted to it.</summary>
    internal static bool IsConstant(ReadOnlySpan<double> past) => !(Volatility.PopulationVariance(past) > 0);

    /// <summary>Historical simulation under the given conventions, as a method to try.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A confidence outside (0, 1).</exception>
    public static TailForecast Historical(
        decimal confidence,
        QuantileConvention quantile = QuantileConvention.Type7,
        ShortfallConvention shortfall = ShortfallConvention.AcerbiTasche)
    {
        QuantileRank.Tail(confidence);
        return past =>
        {
            var sorted = new SortedPnl(past);
            return (HistoricalVar.Of(sorted, confidence, quantile), ExpectedShortfall.Of(sorted, confidence, shortfall, quantile));
        };
    }
}

/// <summary>
/// VaR, and shortfall where the method has one, for the day after <paramref name="past"/>; positive losses. Null where it has none: its fit did
/// not converge, or its volatility is zero though something moved.
/// </summary>
public delegate (double Var, double? Shortfall)? TailForecast(ReadOnlySpan<double> past);

/// <param name="Days">0-based days that have a forecast, ascending; the others are left out of all columns.</param>
/// <param name="Pnl">Of each.</param>
/// <param name="Var">Forecast for each.</param>
/// <param name="Shortfall">Forecast for each.</param>
/// <param name="ConstantWindows">How many of the forecasts rest on a window that never moves.</param>
/// <param name="DaysWithoutForecast">How many days after the first window have none.</param>
public sealed record WalkForwardRun(int[] Days, double[] Pnl, double[] Var, double?[] Shortfall, int ConstantWindows, int DaysWithoutForecast);
