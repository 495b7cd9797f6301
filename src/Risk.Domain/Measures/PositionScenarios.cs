namespace Risk.Domain.Measures;

/// <summary>
/// Scenarios for the next day of each position of a linear portfolio, of the whole, and of what is left of it without one position. The
/// scenarios keep the order of the returns.
/// </summary>
public sealed class PositionScenarios
{
    private readonly double[] exposures;
    private readonly IReadOnlyList<double[]> past;
    private readonly double[] pastPnl;
    private readonly ReturnScaling scaling;

    private PositionScenarios(double[] exposures, IReadOnlyList<double[]> past, ReturnScaling scaling, double[][] returns)
    {
        (this.exposures, this.past, this.scaling, Returns) = (exposures, past, scaling, returns);
        (Pnl, pastPnl) = (LinearPnl.Total(exposures, returns), LinearPnl.Total(exposures, past));
    }

    /// <summary>As <c>[position][scenario]</c>.</summary>
    public IReadOnlyList<double[]> Returns { get; }

    /// <summary>Of the portfolio, in the unit of the exposures; a gain is positive.</summary>
    public double[] Pnl { get; }

    /// <param name="exposures">Position values; negative when short. For GARCH their sum must not be zero.</param>
    /// <param name="returns">As <c>[position][day]</c>, ascending in time.</param>
    /// <returns>Null where something moved though its forecast volatility was zero, so that no factor brings it to the next day's.</returns>
    /// <exception cref="ArgumentException">Returns that do not fit the exposures, or parameters out of range.</exception>
    public static PositionScenarios? Of(double[] exposures, IReadOnlyList<double[]> returns, ReturnScaling scaling)
    {
        Check.Rectangular(exposures.Length, returns, nameof(returns));
        if (scaling.Kind == ReturnScalingKind.None) return new PositionScenarios(exposures, returns, scaling, [.. returns]);
        if (scaling.Kind == ReturnScalingKind.AssetVolatility)
        {
            var scaled = returns.Select(asset => FactorsOf(asset, scaling.Lambda) is { } own ? asset.Select((r, t) => r * own[t]).ToArray() : null).ToArray();
            return scaled.Contains(null) ? null : new PositionScenarios(exposures, returns, scaling, scaled!);
        }
        var (mu, pnl) = (DriftOf(scaling), LinearPnl.Total(exposures, returns));
        if (Factors(pnl, exposures.Sum(), exposures.Sum(), scaling) is not { } factors) return null;
        return new PositionScenarios(exposures, returns, scaling, [.. returns.Select(asset => asset.Select((r, t) => mu + factors[t] * (r - mu)).ToArray())]);
    }

    /// <summary>The P&amp;L of the portfolio with that position held in cash, scaled by the volatility that the rest has by itself; null as in <see cref="Of"/>.</summary>
    public double[]? Without(int position)
    {
        var x = exposures[position];
        if (scaling.Kind is ReturnScalingKind.None or ReturnScalingKind.AssetVolatility)
            return [.. Pnl.Select((total, t) => total - x * Returns[position][t])];
        double[] rest = [.. pastPnl.Select((total, t) => total - x * past[position][t])];
        var value = exposures.Sum();
        // Cash has no drift: what is left of μ belongs to what is left of the value.
        var drift = DriftOf(scaling) * (value - x);
        var own = scaling.Kind == ReturnScalingKind.PortfolioGarch ? OfRest(rest, drift, value) : scaling;
        return Factors(rest, value, value - x, own) is { } factors ? [.. rest.Select((pnl, t) => drift + factors[t] * (pnl - drift))] : null;
    }

    /// <summary>
    /// α and β stay, the level of the variances becomes that of the rest: a constant meant for the whole would bring what moves less up to
    /// it, and the first of its scenarios most of all.
    /// </summary>
    private ReturnScaling OfRest(double[] rest, double drift, double value)
    {
        var (whole, left) = (MeanSquareAbout(DriftOf(scaling) * value, pastPnl), MeanSquareAbout(drift, rest));
        var share = whole > 0 ? left / whole : 1;
        var initial = scaling.InitialVariance ?? Volatility.PopulationVariance([.. pastPnl.Select(pnl => pnl / value)]);
        return scaling with { Garch = scaling.Garch with { Omega = scaling.Garch.Omega * share }, InitialVariance = initial * share };
    }

    private static double MeanSquareAbout(double centre, double[] pnl) => Volatility.MeanSquare([.. pnl.Select(x => x - centre)]);

    /// <summary>
    /// How far the forecasts of <see cref="ReturnScalingKind.PortfolioVolatility"/> and <see cref="ReturnScalingKind.AssetVolatility"/> are off
    /// as a share of the tail that they scale, were the shocks independent and of one distribution: ½·√(Σ(w − 1/n)²·Var(z²)), with z the
    /// scaled returns at a mean square of one and w the weights that the last forecast gives. What is common to all forecasts leaves the
    /// scaled returns as they are. With a forecast for each asset z² is the sum over the assets, each by its share in the portfolio's
    /// variance, for which the tail is taken to be made of the assets as the variance is. Never negative, zero where nothing moves; null
    /// for other kinds.
    /// </summary>
    public double? ForecastError()
    {
        if (scaling.Kind is not (ReturnScalingKind.PortfolioVolatility or ReturnScalingKind.AssetVolatility)) return null;
        var whole = Volatility.MeanSquare(Pnl);
        if (!(whole > 0)) return 0;
        var squares = new double[Pnl.Length];
        if (scaling.Kind == ReturnScalingKind.PortfolioVolatility) AddSquares(Pnl, 1, whole, squares);
        else
            for (var i = 0; i < exposures.Length; i++)
            {
                var (x, own) = (exposures[i], Returns[i]);
                var (square, shared) = (x * x * Volatility.MeanSquare(own), x * Covariance.Dot(own, Pnl) / Pnl.Length);
                if (square > 0) AddSquares([.. own.Select(r => x * r)], shared / whole, square, squares);
            }
        return Math.Sqrt(Ewma.SquaredWeightsAboutMean(Pnl.Length, scaling.Lambda) * Volatility.PopulationVariance(squares)) / 2;
    }

    private static void AddSquares(double[] series, double share, double meanSquare, double[] squares)
    {
        for (var t = 0; t < squares.Length; t++) squares[t] += share * (series[t] * series[t] / meanSquare);
    }

    /// <param name="value">What the returns of the portfolio are measured on.</param>
    /// <param name="atRisk">The part of it that is not cash.</param>
    private static double[]? Factors(double[] pnl, double value, double atRisk, ReturnScaling scaling)
    {
        if (scaling.Kind == ReturnScalingKind.PortfolioVolatility) return FactorsOf(pnl, scaling.Lambda);
        if (value == 0) throw new ArgumentException("The positions add up to zero: a return of the portfolio is not defined.", nameof(value));
        double[] returns = [.. pnl.Select(x => x / value)];
        var initial = scaling.InitialVariance ?? Volatility.PopulationVariance(returns);
        if (!(initial > 0)) return Array.TrueForAll(returns, r => r == returns[0]) ? [.. returns.Select(_ => 1.0)] : null;
        return VolatilityScaling.Factors(
            returns, Garch.Variances(returns, scaling.Garch with { Mu = scaling.Garch.Mu * atRisk / value }, initial));
    }

    private static double DriftOf(ReturnScaling scaling) => scaling.Kind == ReturnScalingKind.PortfolioGarch ? scaling.Garch.Mu : 0;

    private static double[]? FactorsOf(double[] series, double lambda) =>
        VolatilityScaling.Factors(series, Ewma.Forecasts(series, lambda, Volatility.MeanSquare(series)));
}
