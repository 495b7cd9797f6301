namespace Risk.Domain.Measures;

/// <summary>
/// Methods for <see cref="WalkForward"/> beside plain historical simulation. Each reads a window of P&amp;L, oldest first, and gives VaR and
/// shortfall of the next day as positive losses. Those with fitted parameters remember them: one is made for one walk.
/// </summary>
public static class TailForecasts
{
    /// <summary>The decay of <see cref="AgeWeighted"/>.</summary>
    public const double AgeDecay = 0.98;

    /// <summary>For how many days fitted parameters are kept: they move slowly, and a fit costs a thousand times what a forecast does.</summary>
    public const int RefitDays = 21;

    /// <summary>Historical simulation with fading scenarios; VaR the scenario in which the cumulative weight reaches the tail, or interpolated there.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A confidence outside (0, 1).</exception>
    public static TailForecast AgeWeighted(decimal confidence, double lambda = AgeDecay, bool isInterpolated = false)
    {
        QuantileRank.Tail(confidence);
        return past =>
        {
            var tail = AgeWeightedVar.Of(past, lambda, confidence);
            return (isInterpolated ? tail.VarInterpolated : tail.VarDiscrete, tail.Shortfall);
        };
    }

    /// <summary>
    /// Historical simulation of the P&amp;L brought to the volatility that an EWMA forecasts for the next day. Null where a day moves though its
    /// forecast has faded to zero.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">A confidence outside (0, 1).</exception>
    public static TailForecast VolatilityScaled(
        decimal confidence,
        double lambda = Ewma.DefaultLambda,
        QuantileConvention quantile = QuantileConvention.Type7,
        ShortfallConvention shortfall = ShortfallConvention.AcerbiTasche)
    {
        var historical = WalkForward.Historical(confidence, quantile, shortfall);
        return past => VolatilityScaling.TryScale(past, lambda) is { } scaled ? historical(scaled.Returns) : null;
    }

    /// <summary>
    /// Historical simulation filtered by GARCH(1,1): fitted to the window every <see cref="RefitDays"/> days, filtered anew each day. To a window
    /// that never moves nothing can be fitted: its forecast is that of plain historical simulation, the limit as the moves shrink to nothing
    /// (see <see cref="WalkForwardRun.ConstantWindows"/>). Null when a fit does not converge, and then until the next. Throws for a window shorter than <see cref="GarchFit.MinReturns"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">A confidence outside (0, 1).</exception>
    public static TailForecast FilteredGarch(
        decimal confidence,
        QuantileConvention quantile = QuantileConvention.Type7,
        ShortfallConvention shortfall = ShortfallConvention.AcerbiTasche)
    {
        var historical = WalkForward.Historical(confidence, quantile, shortfall);
        var (kept, days) = ((GarchFit?)null, 0);
        return past =>
        {
            if (WalkForward.IsConstant(past)) return historical(past);
            if (days++ % RefitDays == 0) kept = GarchFit.Of(past);
            return kept is null ? null : historical(Garch.Filter(past, kept.Parameters).Returns);
        };
    }

    /// <summary>Normal with a mean of zero and the standard deviation (n − 1) of the window. Delta-normal of a whole portfolio is the same.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A confidence outside (0, 1).</exception>
    public static TailForecast Normal(decimal confidence) => Elliptical(ParametricVar.Normal(1, confidence), ParametricVar.NormalShortfall(1, confidence));

    /// <summary>Student t with given degrees of freedom, a mean of zero and the standard deviation (n − 1) of the window.</summary>
    /// <param name="nu">ν, above 2.</param>
    /// <exception cref="ArgumentOutOfRangeException">A confidence outside (0, 1), or a ν of 2 or less.</exception>
    public static TailForecast StudentT(decimal confidence, double nu) =>
        Elliptical(ParametricVar.StudentT(1, nu, confidence), ParametricVar.StudentTShortfall(1, nu, confidence));

    /// <summary>
    /// Student t fitted to the window: ν every <see cref="RefitDays"/> days, location and scale each day. The forecast of a window that never
    /// moves is minus its P&amp;L, VaR and shortfall alike: the limit of the fit as its scale goes to 0. Null where the likelihood has no maximum
    /// (<see cref="StudentTFit.HasMaximum"/>), and when the search for ν does not converge until the next.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">A confidence outside (0, 1).</exception>
    public static TailForecast FittedStudentT(decimal confidence)
    {
        var historical = WalkForward.Historical(confidence);
        var (nu, daysLeft) = ((double?)null, 0);
        return past =>
        {
            if (WalkForward.IsConstant(past)) return historical(past);
            if (daysLeft == 0) (nu, daysLeft) = StudentTFit.HasMaximum(past, StudentTFit.MinNu) ? (StudentTFit.Of(past)?.Nu, RefitDays) : (null, 1);
            daysLeft--;
            if (nu is not { } kept || !StudentTFit.HasMaximum(past, kept)) return null;
            var fit = StudentTFit.ForNu(past, kept);
            return (fit.Var(confidence), fit.Shortfall(confidence));
        };
    }

    /// <summary>
    /// Monte Carlo with a mean of zero and the standard deviation (n − 1) of the window. The P&amp;L of a linear portfolio has one shape at every
    /// size, so the paths are drawn once, of unit deviation.
    /// </summary>
    /// <param name="nu">ν of a t, above 2; normal when null.</param>
    /// <param name="paths">At least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A confidence outside (0, 1), a ν of 2 or less, or no path.</exception>
    public static TailForecast Simulated(decimal confidence, double? nu, int paths, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(paths, 1);
        QuantileRank.Tail(confidence);
        var pnl = new double[paths];
        new MonteCarlo([1], [[1]], seed, nu).Simulate(0, pnl);
        var tail = SimulatedTail.Of(SortedPnl.Worst(pnl, SimulatedTail.RanksNeeded(paths, confidence)), confidence);
        return Elliptical(tail.Var, tail.Shortfall);
    }

    /// <summary>The normal quantile bent by skewness and kurtosis of the window; the shortfall at least the VaR.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A confidence outside (0, 1).</exception>
    public static TailForecast CornishFisher(decimal confidence)
    {
        QuantileRank.Tail(confidence);
        return past =>
        {
            var moments = Measures.CornishFisher.Of(past);
            return (moments.Var(confidence), moments.OperationalShortfall(confidence));
        };
    }

    private static TailForecast Elliptical(double var, double shortfall) => past =>
    {
        var sigma = Volatility.Sample(past);
        return (var * sigma, shortfall * sigma);
    };
}
