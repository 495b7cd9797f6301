using Risk.Domain.Options;

namespace Risk.Domain.Snapshots;

/// <summary>
/// One option at the prices of now: a function of its terms, the spot, its own price and the day. What it is worth is its own price, where it
/// has one; the volatility is the one that this price implies at the present spot, else that of the underlying's history. Works on arrays of its
/// own and allocates nothing after construction.
/// </summary>
internal sealed class LiveOption
{
    private readonly double[] spots, changes, pnl;

    public LiveOption(ModelOption terms)
    {
        Terms = terms;
        pnl = new double[terms.Moves.Length];
        // One place more than scenarios, for the spot of now; the rest of the last step is filled with it, too.
        spots = new double[(pnl.Length / OptionLadder.Step + 1) * OptionLadder.Step];
        changes = new double[spots.Length];
    }

    public ModelOption Terms { get; }

    /// <summary>Why there is no P&amp;L; null if there is one.</summary>
    public FigureReason? Reason { get; private set; }

    /// <summary>Per unit of the underlying, in the option's currency: its own price, else that of the formula; NaN without either.</summary>
    public double Price { get; private set; }

    public double Spot { get; private set; }

    public double Volatility { get; private set; }

    /// <summary>Whether the volatility is that of the underlying's history, because the option's price implies none.</summary>
    public bool IsFallback { get; private set; }

    /// <summary>Of one option on one unit; meaningless where there is a reason.</summary>
    public OptionFigures Figures { get; private set; }

    /// <param name="quoted">The option's own price; NaN if it has none.</param>
    /// <param name="spot">Of the underlying; NaN if it has none.</param>
    public void Revalue(double quoted, double spot, DateOnly day)
    {
        var years = Terms.YearsFrom(day);
        (Price, Spot, IsFallback) = (quoted, spot, false);
        var market = new OptionMarket(spot, Terms.Rate, Terms.DividendYield);
        Reason = double.IsNaN(spot) ? FigureReason.MissingPrice : IsPriceable(years) ? null : FigureReason.NotApplicable;
        if (Reason is not null) return;
        var (right, strike) = (Terms.Terms.Right, (double)Terms.Terms.Strike);
        var implied = double.IsNaN(quoted) ? null : ImpliedVolatility.Of(right, strike, years, market, quoted).Value;
        IsFallback = !(implied <= BlackScholes.MaxVolatility);
        Volatility = IsFallback ? Terms.FallbackVolatility : implied!.Value;
        var option = new EuropeanOption(right, strike, years, Volatility);
        Figures = BlackScholes.Of(option, market);
        spots.AsSpan().Fill(spot);
        for (var s = 0; s < pnl.Length; s++) spots[s] = spot * Math.Max(OptionBook.LeastSpot, 1 + Terms.Moves[s]);
        OptionLadder.Prices(option, market, spots, changes);
        var now = changes[^1];
        if (double.IsNaN(quoted)) Price = now;
        // Where formula and price disagree, the option can still not lose more than its price.
        for (var s = 0; s < pnl.Length; s++) changes[s] = Math.Max(changes[s] - now, -Price);
    }

    /// <summary>
    /// The P&amp;L in each scenario of that many units, in the currency of <paramref name="unitsInBase"/>: the value after the move of spot and
    /// rate less the value of now. Valid until the next call.
    /// </summary>
    /// <param name="unitsInBase">Units × rate.</param>
    /// <param name="withRates">Whether the rate moves; else it stands still.</param>
    public ReadOnlySpan<double> Pnl(double unitsInBase, bool withRates)
    {
        var moves = withRates ? Terms.RateMoves : null;
        for (var s = 0; s < pnl.Length; s++)
            pnl[s] = unitsInBase * (moves is null ? changes[s] : changes[s] + (Price + changes[s]) * moves[s]);
        return pnl;
    }

    private bool IsPriceable(double years) =>
        years is >= 0 and <= BlackScholes.MaxYears && Math.Max(Math.Abs(Terms.Rate), Math.Abs(Terms.DividendYield)) * years <= BlackScholes.MaxDiscount;
}
