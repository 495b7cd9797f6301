using Risk.Domain.Measures;
using Risk.Domain.Snapshots;

namespace Risk.Application.Reporting;

/// <summary>Historical VaR and shortfall of one unit of something whose prices the caller brings. Losses are positive, in the unit of the prices.</summary>
/// <param name="Price">The last one: what the returns are applied to.</param>
/// <param name="Observations">Returns.</param>
/// <param name="Results">One for each confidence asked for, in order.</param>
public sealed record SampleVar(double Price, int Observations, IReadOnlyList<SampleLoss> Results)
{
    /// <param name="prices">Ascending in time, at least one, positive and finite.</param>
    public static SampleVar Of(IReadOnlyList<double> prices, SampleOptions options)
    {
        double[] series = [.. prices];
        var isOverlapping = options.HorizonMethod == HorizonMethod.Overlapping;
        var pnl = isOverlapping ? Returns.Overlapping(series, options.HorizonDays) : Returns.Simple(series);
        for (var i = 0; i < pnl.Length; i++) pnl[i] *= series[^1];
        var scale = isOverlapping ? 1 : Math.Sqrt(options.HorizonDays);
        if (pnl.Length < RiskConventions.MinObservations || Array.Exists(pnl, x => !double.IsFinite(x)))
        {
            var reason = pnl.Length < RiskConventions.MinObservations ? FigureReason.ShortHistory : FigureReason.NotApplicable;
            return new SampleVar(series[^1], pnl.Length, [.. options.Confidences.Select(x => new SampleLoss(x, LossFigures.Missing(reason)))]);
        }
        var sorted = new SortedPnl(pnl);
        return new SampleVar(series[^1], pnl.Length, [.. options.Confidences.Select(x => new SampleLoss(x, LossAt(sorted, x, options, scale)))]);
    }

    private static LossFigures LossAt(SortedPnl pnl, decimal confidence, SampleOptions options, double scale)
    {
        var var = HistoricalVar.Of(pnl, confidence, options.Quantile) * scale;
        var es = ExpectedShortfall.Of(pnl, confidence, options.Shortfall) * scale;
        var interval = HistoricalVar.Interval(pnl, confidence);
        // The interval counts independent scenarios; overlapping ones are not.
        var isIndependent = options.HorizonMethod != HorizonMethod.Overlapping || options.HorizonDays == 1;
        return new LossFigures(
            Figure.Of(var),
            es is { } value ? Figure.Of(value) : Figure.Missing(FigureReason.NotApplicable),
            isIndependent && interval.Low is { } low ? new LossInterval(low * scale, interval.High * scale) : null,
            ExpectedShortfall.TailCount(pnl.Count, confidence) < 5);
    }
}

/// <param name="Confidences">Each between 0.5 and 1, both excluded.</param>
public sealed record SampleOptions(
    IReadOnlyList<decimal> Confidences,
    QuantileConvention Quantile = QuantileConvention.Type7,
    ShortfallConvention Shortfall = ShortfallConvention.AcerbiTasche,
    int HorizonDays = 1,
    HorizonMethod HorizonMethod = HorizonMethod.SqrtTime);

/// <summary>How figures of several days come from daily prices.</summary>
public enum HorizonMethod
{
    /// <summary>The one-day figure × √days.</summary>
    SqrtTime,

    /// <summary>Returns over that many days, one starting each day.</summary>
    Overlapping,
}

public sealed record SampleLoss(decimal Confidence, LossFigures Figures);
