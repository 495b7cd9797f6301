using Risk.Domain.Measures;

namespace Risk.Domain.Options;

/// <summary>
/// The P&amp;L a·Z + b·Z² of a standard normal shock Z: what delta and gamma make of a normal move of one underlying. VaR figures are positive
/// losses in the unit of a and b.
/// </summary>
/// <param name="Linear">a = delta·S·σ; signed.</param>
/// <param name="Square">b = gamma·S²·σ²/2; signed, negative when short options.</param>
public readonly record struct QuadraticPnl(double Linear, double Square)
{
    /// <summary>Beyond this many standard deviations a double sees no probability.</summary>
    private const double Beyond = 40;

    /// <summary>Exact moments: mean b, variance a² + 2b², third central moment 6a²b + 8b³, fourth cumulant 48a²b² + 48b⁴.</summary>
    public CornishFisher Moments
    {
        get
        {
            var (a2, b, b2) = (Linear * Linear, Square, Square * Square);
            var variance = a2 + 2 * b2;
            return CornishFisher.FromMoments(b, variance, 6 * a2 * b + 8 * b * b2, 48 * a2 * b2 + 48 * b2 * b2 + 3 * variance * variance);
        }
    }

    /// <summary>The VaR without the square: −z(tail)·|a|.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A confidence outside (0, 1).</exception>
    public double DeltaNormalVar(decimal confidence) => ParametricVar.Normal(Math.Abs(Linear), confidence);

    /// <summary>
    /// The exact quantile, found by bisection. With m = |a/2b| the P&amp;L is b·((Z ± m)² − m²), which depends on the distance r = m + t of Z
    /// from ∓m alone: P(distance ≤ r) = N(t) − N(−2m − t), and the loss there is −t·(|a|·sign b + b·t), stable for any small b.
    /// </summary>
    /// <inheritdoc cref="DeltaNormalVar"/>
    public double ExactVar(decimal confidence)
    {
        if (Square == 0) return DeltaNormalVar(confidence);
        // A long gamma loses most in the middle, a short gamma in both tails.
        var inside = (double)(Square > 0 ? QuantileRank.Tail(confidence) : 1 - QuantileRank.Tail(confidence));
        var middle = Math.Abs(0.5 * Linear / Square);
        var (low, high) = (Math.Max(-middle, -Beyond), Beyond);
        while (true)
        {
            var t = 0.5 * (low + high);
            if (t <= low || t >= high) return -t * (Math.Abs(Linear) * Math.Sign(Square) + Square * t);
            if (NormalTail.Cdf(t) - NormalTail.Cdf(-2 * middle - t) < inside) low = t;
            else high = t;
        }
    }
}
