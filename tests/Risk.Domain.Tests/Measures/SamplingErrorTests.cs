using MathNet.Numerics;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.Integration;
using Risk.Domain.Measures;
using Xunit;

namespace Risk.Domain.Tests.Measures;

/// <summary>How far a figure is off for want of observations: against closed forms, against leaving each observation out, against repeated samples.</summary>
public sealed class SamplingErrorTests
{
    [Theory]
    [InlineData(0.95)]
    [InlineData(0.99)]
    public void The_error_of_a_bent_quantile_of_normal_losses_is_that_of_their_moments(double confidence)
    {
        const int Count = 20_001;
        var risk = new ModifiedRisk([1], [[.. Enumerable.Range(0, Count).Select(i => Normal.InvCDF(0, 1, (i + 0.5) / Count))]], isSample: false);
        var z = Normal.InvCDF(0, 1, 1 - confidence);
        // The moments of a normal sample are independent of each other, with variances 1, 1/2, 6 and 24 over n.
        var exact = Math.Sqrt(1 + z * z / 2 + 6 * Math.Pow((z * z - 1) / 6, 2) + 24 * Math.Pow((z * z * z - 3 * z) / 24, 2));
        Assert.Equal(exact, risk.StandardError(risk.Moments.VarTail((decimal)confidence))!.Value * Math.Sqrt(Count), 0.01 * exact);
    }

    [Theory]
    [InlineData(0.95, false)]
    [InlineData(0.975, true)]
    public void The_error_of_a_bent_tail_is_that_of_leaving_each_scenario_out(decimal confidence, bool isShortfall)
    {
        var random = new Random(7);
        double[] pnl = [.. Enumerable.Range(0, 3_000).Select(_ => Normal.Sample(random, 0, 1)).Select(z => z + 0.25 * z * z)];
        BentTail Tail(CornishFisher x) => isShortfall ? x.ShortfallTail(confidence) : x.VarTail(confidence);
        double[] without = [.. Enumerable.Range(0, pnl.Length).Select(i =>
        {
            var moments = CornishFisher.Of([.. pnl.Where((_, t) => t != i)]);
            return moments.Loss(Tail(moments));
        })];
        var risk = new ModifiedRisk([1], [pnl], isSample: false);
        var expected = Math.Sqrt(Volatility.PopulationVariance(without) * (pnl.Length - 1));
        Assert.Equal(expected, risk.StandardError(Tail(risk.Moments))!.Value, 0.03 * expected);
    }

    /// <summary>Too small for fat tails at 99 %, where nearly all samples are flagged; a VaR of 95 % hardly takes the kurtosis.</summary>
    [Theory]
    [InlineData("normal", 0, 0, 0.95, 0.92)]
    [InlineData("normal", 0, 0, 0.99, 0.9)]
    [InlineData("gamma", -1, 1.5, 0.95, 0.91)]
    [InlineData("gamma", -1, 1.5, 0.99, 0.8)]
    [InlineData("t5", 0, 6, 0.95, 0.91)]
    [InlineData("t5", 0, 6, 0.99, 0)]
    public void The_interval_of_a_bent_quantile_holds_its_limit_or_is_flagged(string distribution, double skewness, double excessKurtosis, double confidence, double atLeast)
    {
        var (limit, held, flagged) = (new CornishFisher(0, 1, skewness, excessKurtosis).Var((decimal)confidence), 0, 0);
        for (var seed = 0; seed < 1_000; seed++)
        {
            var risk = new ModifiedRisk([1], [EllipticalErrorsTests.Draw(distribution, seed, 500)], isSample: false);
            var tail = risk.Moments.VarTail((decimal)confidence);
            if (Math.Abs(risk.Moments.Loss(tail) - limit) <= 1.96 * risk.StandardError(tail)) held++;
            if (risk.HasHeavyTails) flagged++;
        }
        Assert.InRange(held / 1_000.0, atLeast, atLeast > 0 ? 0.96 : 0.5);
        Assert.InRange(flagged / 1_000.0, distribution == "t5" ? 0.93 : 0, distribution switch { "normal" => 0.01, "gamma" => 0.25, _ => 1 });
    }

    [Theory]
    [InlineData(1, 0.0)]
    [InlineData(1e-200, null)]
    public void What_never_moves_has_no_error_and_what_hardly_moves_no_known_one(double unit, double? expected)
    {
        double[] pnl = expected is null ? [unit, -unit, 0, 2 * unit] : [2 * unit, 2 * unit, 2 * unit, 2 * unit];
        var risk = new ModifiedRisk([1], [pnl], isSample: false);
        Assert.Equal(expected, risk.StandardError(risk.Moments.VarTail(0.95m)));
        Assert.False(risk.HasHeavyTails);
    }

    [Theory]
    [InlineData(0.9)]
    [InlineData(0.99)]
    public void The_error_of_the_shortfall_of_evenly_spread_losses_is_the_closed_form(double confidence)
    {
        const int Count = 10_000;
        var losses = Enumerable.Range(0, Count).Select(i => (i + 0.5) / Count).ToArray();
        new Random(1).Shuffle(losses);
        var (pnl, tail) = (new SortedPnl(losses), 1 - confidence);
        // Beyond the VaR the mean is tail²/2, the mean square tail³/3.
        var exact = Math.Sqrt((tail / 3 - tail * tail / 4) / Count * tail * tail) / tail;
        Assert.Equal(exact, new TailReading().ShortfallError(pnl, (decimal)confidence)!.Value, 0.02 * exact);
        Assert.Equal(exact, new TailReading(QuantileConvention.Type1, AgeLambda: 1).ShortfallError(pnl, (decimal)confidence)!.Value, 0.02 * exact);
        Assert.True(new TailReading(QuantileConvention.Type1, AgeLambda: 0.998).ShortfallError(pnl, (decimal)confidence) > 2 * exact);
    }

    [Fact]
    public void A_shortfall_beyond_which_nothing_lies_has_no_error() =>
        Assert.Null(new TailReading(QuantileConvention.Type1).ShortfallError(new SortedPnl([.. Enumerable.Range(0, 30).Select(i => (double)i)]), 0.99m));

    [Theory]
    [InlineData(30, 0.95)]
    [InlineData(250, 0.99)]
    [InlineData(500, 0.99)]
    [InlineData(500, 0.975)]
    [InlineData(1000, 0.95)]
    public void Without_decay_the_interval_is_that_of_the_order_statistics(int count, double confidence)
    {
        var random = new Random(count);
        var pnl = new SortedPnl([.. Enumerable.Range(0, count).Select(_ => random.NextDouble())]);
        Assert.Equal(HistoricalVar.Interval(pnl, (decimal)confidence), AgeWeightedVar.Interval(pnl, 1, (decimal)confidence));
    }

    /// <summary>The weights of λ 0.99 are worth 198 scenarios of 600; a true quantile lies outside one time in twenty.</summary>
    [Fact]
    public void The_weighted_interval_holds_the_true_quantile_as_often_as_it_says()
    {
        var random = new Random(11);
        var held = 0;
        for (var i = 0; i < 2_000; i++)
        {
            var interval = AgeWeightedVar.Interval(new SortedPnl([.. Enumerable.Range(0, 600).Select(_ => random.NextDouble())]), 0.99, 0.9m);
            if (interval.Low <= -0.1 && -0.1 <= interval.High) held++;
        }
        Assert.InRange(held / 2_000.0, 0.935, 0.975);
        Assert.Null(AgeWeightedVar.Interval(new SortedPnl([.. Enumerable.Range(0, 600).Select(_ => random.NextDouble())]), 0.98, 0.99m).High);
    }

    [Theory]
    [InlineData(1.5)]
    [InlineData(4)]
    [InlineData(30)]
    [InlineData(300)]
    public void The_information_of_an_observation_is_the_mean_product_of_its_scores(double nu)
    {
        static double Log(double x, double scale, double nu) =>
            SpecialFunctions.GammaLn((nu + 1) / 2) - SpecialFunctions.GammaLn(nu / 2) - 0.5 * Math.Log(nu * Math.PI) - Math.Log(scale) - (nu + 1) / 2 * Math.Log(1 + x * x / (scale * scale * nu));
        double ByScale(double x) => (Log(x, 1 + 1e-5, nu) - Log(x, 1 - 1e-5, nu)) / 2e-5;
        double ByNu(double x) => (Log(x, 1, nu * (1 + 1e-4)) - Log(x, 1, nu * (1 - 1e-4))) / (2e-4 * nu);
        double ByLocation(double x) => (nu + 1) * x / (nu + x * x);
        // Over x = tan(u): all of the line.
        double Mean(Func<double, double> product) => 2 * GaussLegendreRule.Integrate(u => product(Math.Tan(u)) * Math.Exp(Log(Math.Tan(u), 1, nu)) / Math.Pow(Math.Cos(u), 2), 0, Math.PI / 2, 512);
        var information = new StudentTInformation(nu);
        Assert.Equal(Mean(x => ByLocation(x) * ByLocation(x)), information.Location, 1e-6);
        Assert.Equal(Mean(x => ByScale(x) * ByScale(x)), information.Scale, 1e-6);
        Assert.Equal(Mean(x => ByScale(x) * ByNu(x)), information.ScaleWithNu, 1e-3 * Math.Abs(information.ScaleWithNu));
        Assert.Equal(Mean(x => ByNu(x) * ByNu(x)), information.OfNu, 1e-3 * information.OfNu);
    }

    [Fact]
    public void The_error_of_a_fitted_t_is_the_spread_of_fits_to_repeated_samples()
    {
        var random = new Random(3);
        const int Samples = 120, Count = 400;
        var (vars, errors) = (new double[Samples], new double[Samples]);
        for (var i = 0; i < Samples; i++)
        {
            double[] sample = new double[Count];
            StudentT.Samples(random, sample, 0, 1, 5);
            var fit = StudentTFit.Of(sample)!;
            (vars[i], errors[i]) = (fit.Var(0.99m), fit.StandardError(nu => StudentTFit.VarMultiple(nu, 0.99m), Count));
        }
        var spread = Math.Sqrt(Volatility.PopulationVariance(vars));
        Assert.Equal(spread, errors.Order().ElementAt(Samples / 2), 0.2 * spread);
    }

    [Fact]
    public void At_the_end_of_the_range_of_nu_the_error_is_that_of_the_normal()
    {
        double[] even = [.. Enumerable.Range(0, 50).Select(i => (double)i)];
        var fit = StudentTFit.Of(even)!;
        var z = Normal.InvCDF(0, 1, 0.99);
        Assert.Equal(fit.Scale * Math.Sqrt((1 + z * z / 2) / 50), fit.StandardError(nu => StudentTFit.VarMultiple(nu, 0.99m), 50), 0.01 * fit.Scale);
    }
}
