using MathNet.Numerics.Distributions;
using Risk.Application.Calculators;
using Risk.Domain.Measures;
using Risk.Domain.Snapshots;
using Risk.Testing.Simulation;
using Xunit;

namespace Risk.Application.Tests.Calculators;

/// <summary>Whether intervals of scenarios that were scaled by forecasts hold the true VaR of the next day as often as they say: 95 %.</summary>
public sealed class ScenarioIntervalTests
{
    private const int Days = 500;

    private static readonly decimal[] Confidences = [0.95m, 0.99m];

    private static readonly CalculateVar Calculate = new(new FakeTimeProvider(new DateTimeOffset(2026, 1, 5, 0, 0, 0, TimeSpan.Zero)));

    [Theory]
    [InlineData(double.PositiveInfinity, 0.94)]
    [InlineData(double.PositiveInfinity, 0.98)]
    [InlineData(5, 0.94)]
    [InlineData(5, 0.98)]
    public void Scaled_by_the_volatility_of_the_portfolio_they_do(double nu, double lambda)
    {
        var (held, share) = Held(400, seed => (Ask(VarMethod.VolatilityScaled, [1_000], [Shocks(seed, nu)], new VarOptions(Lambda: lambda)), x => 1_000 * Quantile(nu, x)));
        Assert.InRange(held, 0.93, 0.99);
        Assert.Equal(1, share);
    }

    /// <summary>A long and a short asset with a correlation of 0.6; the P&amp;L has a variance of 2² + 1² − 2·0.6·2.</summary>
    [Fact]
    public void Scaled_by_the_volatility_of_each_asset_they_do()
    {
        var (held, share) = Held(400, seed =>
        {
            var (common, own) = (Shocks(seed, double.PositiveInfinity), Shocks(seed + 10_000, double.PositiveInfinity));
            double[] other = [.. common.Select((x, t) => 0.6 * x + 0.8 * own[t])];
            var losses = Ask(VarMethod.VolatilityScaled, [2, -1], [common, other], new VarOptions(IsAssetLevel: true));
            return (losses, x => Math.Sqrt(2.6) * Quantile(double.PositiveInfinity, x));
        });
        Assert.InRange(held, 0.93, 0.99);
        Assert.Equal(1, share);
    }

    [Fact]
    public void Filtered_by_a_fitted_GARCH_they_do()
    {
        var (held, share) = HeldByFits(60, 0.05, 0.1, 0.85);
        Assert.InRange(held, 0.92, 0.98);
        Assert.InRange(share, 0.95, 1);
    }

    /// <summary>Without clusters most fits end at the boundary, which is flagged.</summary>
    [Fact]
    public void Filtered_by_a_GARCH_fitted_where_there_is_none_they_do()
    {
        var (held, share) = HeldByFits(40, 1, 0, 0);
        Assert.InRange(held, 0.9, 0.99);
        Assert.InRange(share, 0.2, 0.6);
    }

    [Fact]
    public void What_is_given_is_taken_for_known_and_said()
    {
        double[][] returns = [Clustered(1, double.PositiveInfinity, 0.05, 0.1, 0.85).Returns];
        var given = new GarchParameters(0.05, 0.05, 0.1, 0.85);
        var known = Ask(VarMethod.FilteredGarch, [1_000], returns, new VarOptions(Garch: given))[0];
        var scenarios = PositionScenarios.Of([1_000], returns, new ReturnScaling(ReturnScalingKind.PortfolioGarch, Garch: given))!;
        var bare = new TailReading().Interval(new SortedPnl(scenarios.Pnl), 0.95m);
        Assert.Equal(LossWarnings.ForecastTakenAsKnown, known.Warnings);
        Assert.Equal(new LossInterval(bare.Low!.Value, bare.High), known.Interval);
        Assert.Equal(new TailReading().ShortfallError(new SortedPnl(scenarios.Pnl), 0.95m), known.EsStandardError.Value);
        var explosive = Ask(VarMethod.FilteredGarch, [1_000], returns, new VarOptions(Garch: given with { Beta = 0.9 }))[0];
        Assert.Equal(LossWarnings.ForecastTakenAsKnown | LossWarnings.NoLongRunVariance, explosive.Warnings);
        Assert.Equal(LossWarnings.None, Ask(VarMethod.FilteredGarch, [1_000], returns)[0].Warnings);
        Assert.Equal(LossWarnings.None, Ask(VarMethod.VolatilityScaled, [1_000], returns)[0].Warnings);
    }

    [Fact]
    public void The_error_of_the_forecast_widens_both_sides_and_the_error_of_the_shortfall()
    {
        double[][] returns = [Shocks(3, 5)];
        var scenarios = PositionScenarios.Of([1_000], returns, new ReturnScaling(ReturnScalingKind.PortfolioVolatility))!;
        var (pnl, share) = (new SortedPnl(scenarios.Pnl), scenarios.ForecastError()!.Value);
        var (bare, loss) = (new TailReading().Interval(pnl, 0.95m), Ask(VarMethod.VolatilityScaled, [1_000], returns)[0]);
        var (var, es) = (loss.Var.Value!.Value, loss.Es.Value!.Value);
        Assert.Equal(var - Math.Sqrt(Math.Pow(var - bare.Low!.Value, 2) + Math.Pow(1.96 * share * var, 2)), loss.Interval!.Value.Low, 1e-3 * var);
        Assert.Equal(var + Math.Sqrt(Math.Pow(bare.High!.Value - var, 2) + Math.Pow(1.96 * share * var, 2)), loss.Interval.Value.High!.Value, 1e-3 * var);
        Assert.Equal(Math.Sqrt(Math.Pow(new TailReading().ShortfallError(pnl, 0.95m)!.Value, 2) + Math.Pow(share * es, 2)), loss.EsStandardError.Value!.Value, 1e-9 * es);
        // Too few days to bound it from above: that end stays open.
        Assert.Null(Ask(VarMethod.VolatilityScaled, [1_000], [returns[0][..200]])[1].Interval!.Value.High);
        // Without decay every forecast is the same, and nothing is scaled.
        var plain = Ask(VarMethod.Historical, [1_000], returns)[0];
        Assert.Equal(plain.Interval!.Value.Low, Ask(VarMethod.VolatilityScaled, [1_000], returns, new VarOptions(Lambda: 1))[0].Interval!.Value.Low, 1e-6 * var);
    }

    [Fact]
    public void A_drift_is_not_scaled_and_so_not_off_with_the_forecast()
    {
        double[] returns = [.. Clustered(3, double.PositiveInfinity, 0.05, 0.1, 0.85).Returns.Select(r => r + 3)];
        var fit = GarchFit.Of(returns)!;
        var scenarios = PositionScenarios.Of([1_000], [returns], new ReturnScaling(ReturnScalingKind.PortfolioGarch, Garch: fit.Parameters))!;
        var (loss, bare) = (Ask(VarMethod.FilteredGarch, [1_000], [returns])[0], new TailReading().Interval(new SortedPnl(scenarios.Pnl), 0.95m));
        // Days that gain three times their deviation: even the tail gains.
        var var = loss.Var.Value!.Value;
        Assert.InRange(var, -2_500, -500);
        var aside = 1.96 * GarchErrors.Of(returns, fit)!.RelativeToPast * (var + 1_000 * fit.Parameters.Mu);
        Assert.Equal(var - Math.Sqrt(Math.Pow(var - bare.Low!.Value, 2) + aside * aside), loss.Interval!.Value.Low, 0.1);
        Assert.Equal(var + Math.Sqrt(Math.Pow(bare.High!.Value - var, 2) + aside * aside), loss.Interval.Value.High!.Value, 0.1);
    }

    /// <summary>At both confidences, of as many normal samples as of fat-tailed ones; and the share of those with an error of their forecast.</summary>
    private static (double Held, double Share) HeldByFits(int samples, double omega, double alpha, double beta) => Held(2 * samples, seed =>
    {
        var nu = seed < samples ? double.PositiveInfinity : 5;
        var (returns, next) = Clustered(seed, nu, omega, alpha, beta);
        return (Ask(VarMethod.FilteredGarch, [1_000], [returns]), x => 1_000 * (Math.Sqrt(next) * Quantile(nu, x) - 0.05));
    });

    /// <summary>How often the interval holds the truth where the forecast's error is in it, and how often it is.</summary>
    private static (double Held, double Share) Held(int samples, Func<int, (IReadOnlyList<CalculatedLoss> Losses, Func<decimal, double> Truth)> draw)
    {
        int held = 0, counted = 0;
        for (var seed = 0; seed < samples; seed++)
        {
            var (losses, truth) = draw(seed);
            foreach (var loss in losses.Where(x => !x.Warnings.HasFlag(LossWarnings.ForecastTakenAsKnown)))
            {
                var (interval, var) = (loss.Interval!.Value, truth(loss.Confidence));
                counted++;
                if (interval.Low <= var && var <= (interval.High ?? double.PositiveInfinity)) held++;
            }
        }
        return ((double)held / counted, (double)counted / (samples * Confidences.Length));
    }

    private static IReadOnlyList<CalculatedLoss> Ask(VarMethod method, double[] positions, double[][] returns, VarOptions? options = null) =>
        Calculate.Run(new VarQuestion(method, positions, null, returns, null, Confidences, options ?? new VarOptions()), CancellationToken.None)!.Results;

    private static double Quantile(double nu, decimal confidence) => double.IsFinite(nu)
        ? StudentT.InvCDF(0, Math.Sqrt((nu - 2) / nu), nu, (double)confidence)
        : Normal.InvCDF(0, 1, (double)confidence);

    /// <summary>Independent, of a variance of one: normal, or t.</summary>
    private static double[] Shocks(int seed, double nu, int count = Days)
    {
        var (random, shocks) = (new Random(seed), new double[count]);
        if (double.IsFinite(nu)) StudentT.Samples(random, shocks, 0, Math.Sqrt((nu - 2) / nu), nu);
        else Normal.Samples(random, shocks, 0, 1);
        return shocks;
    }

    /// <summary>Returns of a mean of 0.05 and a long-run variance of 1, and the true variance of the next day.</summary>
    private static (double[] Returns, double Next) Clustered(int seed, double nu, double omega, double alpha, double beta)
    {
        const int Before = 300;
        var (shocks, variance, returns) = (Shocks(seed, nu, Before + Days), 1.0, new double[Days]);
        for (var t = 0; t < shocks.Length; t++)
        {
            var shock = Math.Sqrt(variance) * shocks[t];
            if (t >= Before) returns[t - Before] = 0.05 + shock;
            variance = omega + alpha * shock * shock + beta * variance;
        }
        return (returns, variance);
    }
}
