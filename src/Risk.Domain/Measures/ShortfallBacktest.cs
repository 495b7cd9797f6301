namespace Risk.Domain.Measures;

/// <summary>
/// Whether the losses beyond the VaR were as large as the expected shortfall says: the second statistic of Acerbi and Szekely
/// ("Back-testing expected shortfall", Risk, December 2014), Z₂ = Σ P&amp;L·[P&amp;L &lt; −VaR] / (T·tail·ES) + 1. Zero is expected of a right
/// model; below zero the risk was understated, in frequency or in size. It can reach +1 (no exceedance), and is not bounded below.
/// </summary>
/// <param name="StandardError">
/// How far Z₂ is off on average for want of days, independent ones: it is one plus a mean over them, so the deviation (n − 1) of its terms / √T. Null
/// for a single day and where terms never differ, as without any exceedance: they do not tell how far their mean is off.
/// </param>
/// <param name="Zone">
/// Green above −0.70, red from −1.80 on: the critical values at 5 % and 0.01 % that Acerbi and Szekely propose for 250 days and a tail of
/// 2.5 %, where they hardly depend on the distribution of the P&amp;L. Rougher for other lengths and tails.
/// </param>
public sealed record ShortfallBacktest(int Days, int Exceedances, double Z2, double? StandardError, Zone Zone)
{
    public const double CriticalAt5Percent = -0.70;
    public const double CriticalAt001Percent = -1.80;

    /// <param name="pnl">In ascending order of time.</param>
    /// <param name="var">Forecast for each of these days, positive losses.</param>
    /// <param name="shortfall">Forecast for each of these days, above zero.</param>
    /// <param name="tail">1 − the confidence of both.</param>
    /// <exception cref="ArgumentException">No day, different lengths, a value that is not finite, a shortfall that is not positive, or a tail outside (0, 1).</exception>
    public static ShortfallBacktest Of(ReadOnlySpan<double> pnl, ReadOnlySpan<double> var, ReadOnlySpan<double> shortfall, double tail)
    {
        Check.AtLeast(1, pnl, nameof(pnl));
        Check.SameLength(pnl.Length, shortfall.Length, nameof(shortfall));
        Check.Finite(shortfall, nameof(shortfall));
        if (!(tail > 0 && tail < 1)) throw new ArgumentOutOfRangeException(nameof(tail), tail, "Must lie between 0 and 1, both excluded.");
        var exceeded = VarBacktest.ExceededBy(pnl, var);
        var terms = new double[exceeded.Length];
        for (var t = 0; t < exceeded.Length; t++)
        {
            if (!(shortfall[t] > 0)) throw new ArgumentException($"The shortfall of day {t} is {shortfall[t]}; it must be positive.", nameof(shortfall));
            if (exceeded[t]) terms[t] = pnl[t] / shortfall[t];
        }
        var z = terms.Sum() / (terms.Length * tail) + 1;
        var error = terms.Length > 1 ? Volatility.Sample(terms) / tail / Math.Sqrt(terms.Length) : 0;
        return new ShortfallBacktest(
            terms.Length, exceeded.Count(x => x), z, error > 0 ? error : null, z > CriticalAt5Percent ? Zone.Green : z > CriticalAt001Percent ? Zone.Yellow : Zone.Red);
    }
}
