using Risk.Domain.Measures;
using Risk.Domain.Snapshots;

namespace Risk.Api.Wire;

/// <summary>Where the probability of an exceedance lies with at least 95 % (Clopper and Pearson), if days are independent.</summary>
public sealed record RateInterval(double Low, double High)
{
    internal static RateInterval Of(ProbabilityInterval x) => new(x.Low, x.High);

    /// <summary>Null where nothing was tried, with the reason under the name.</summary>
    internal static RateInterval? Of(ProbabilityInterval? interval, FigureSheet sheet, string name)
    {
        if (interval is null) sheet.Miss(name, FigureReason.NotApplicable);
        return interval is { } known ? Of(known) : null;
    }
}

/// <summary>What a reader of a backtest must know.</summary>
internal static class BacktestFlags
{
    /// <param name="hasThinTail">Some forecast was read off fewer than five scenarios.</param>
    /// <param name="hasConstantWindow">Some forecast rests on a window in which nothing moved.</param>
    /// <param name="areForecastsMissing">Some days have none and are not tested.</param>
    public static IReadOnlyList<string> Of(VarBacktest test, bool hasThinTail, bool hasConstantWindow, bool areForecastsMissing)
    {
        (bool Holds, string Word)[] words = [
            (test.Days < RiskConventions.MinObservations, "short_history"), (hasThinTail, "thin_tail"), (hasConstantWindow, "constant_window"), (areForecastsMissing, "forecasts_missing")];
        return [.. words.Where(x => x.Holds).Select(x => x.Word)];
    }
}
