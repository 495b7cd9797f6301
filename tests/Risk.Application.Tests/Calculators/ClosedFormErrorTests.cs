using MathNet.Numerics.Distributions;
using Risk.Application.Calculators;
using Risk.Domain.Measures;
using Risk.Domain.Snapshots;
using Risk.Testing.Simulation;
using Xunit;

namespace Risk.Application.Tests.Calculators;

/// <summary>Standard errors of methods with a closed form: whether they hold, when they are flagged, and where there are none.</summary>
public sealed class ClosedFormErrorTests
{
    private static readonly CalculateVar Calculate = new(new FakeTimeProvider(new DateTimeOffset(2026, 1, 5, 0, 0, 0, TimeSpan.Zero)));

    private static readonly double[][] Calm = Returns(1, double.PositiveInfinity), Wild = Returns(1, 3);

    /// <summary>Two assets of one volatility and a correlation of 0.6, long and short.</summary>
    [Theory]
    [InlineData(VarMethod.ParametricNormal, false, 4, 0.85)]
    [InlineData(VarMethod.ParametricNormal, true, 4, 0.85)]
    [InlineData(VarMethod.DeltaNormal, false, 4, 0.85)]
    [InlineData(VarMethod.ParametricNormal, false, double.PositiveInfinity, 0.92)]
    [InlineData(VarMethod.StudentT, false, 5, 0.95)]
    public void Intervals_hold_the_figure_of_the_distribution(VarMethod method, bool hasMean, double nu, double atLeast)
    {
        var options = new VarOptions(HasMean: hasMean, DegreesOfFreedom: method == VarMethod.StudentT ? nu : null);
        var held = Enumerable.Range(0, 500).Count(seed =>
        {
            var loss = Ask(method, Returns(seed, nu), options);
            var truth = Math.Sqrt(2.6) * (method == VarMethod.StudentT ? ParametricVar.StudentT(1, nu, 0.95m) : ParametricVar.Normal(1, 0.95m));
            return Math.Abs(loss.Var.Value!.Value - truth) <= 1.96 * loss.VarStandardError.Value;
        });
        Assert.InRange(held / 500.0, atLeast, 0.99);
    }

    [Theory]
    [InlineData(VarMethod.ParametricNormal)]
    [InlineData(VarMethod.DeltaNormal)]
    [InlineData(VarMethod.CornishFisher)]
    [InlineData(VarMethod.StudentT)]
    public void Heavy_tails_are_flagged_where_there_is_an_error_that_they_spoil(VarMethod method)
    {
        var options = new VarOptions(DegreesOfFreedom: method == VarMethod.StudentT ? 30 : null);
        bool IsFlagged(double[][] returns, VarOptions given) => Ask(method, returns, given).Warnings.HasFlag(LossWarnings.HeavyTails);
        Assert.True(IsFlagged(Wild, options));
        Assert.False(IsFlagged(Calm, options));
        var overlapping = options with { HorizonDays = 5, HorizonMethod = HorizonMethod.Overlapping };
        Assert.False(IsFlagged(Small(Wild), overlapping));
        var loss = Ask(method, Small(Wild), overlapping);
        Assert.Equal((FigureReason.NotApplicable, FigureReason.NotApplicable), (loss.VarStandardError.Reason, loss.EsStandardError.Reason));
    }

    [Fact]
    public void A_t_without_fourth_moment_and_a_given_covariance_have_none()
    {
        var t = Ask(VarMethod.StudentT, Wild, new VarOptions(DegreesOfFreedom: 4));
        var given = Calculate.Run(new VarQuestion(VarMethod.DeltaNormal, [2, -1], null, null, Covariance.Matrix(Wild), [0.95m], new VarOptions()), CancellationToken.None)!;
        Assert.Null(given.Observations);
        foreach (var loss in (CalculatedLoss[])[t, given.Results[0]])
        {
            Assert.Equal((FigureReason.NotApplicable, FigureReason.NotApplicable), (loss.VarStandardError.Reason, loss.EsStandardError.Reason));
            Assert.Equal(LossWarnings.None, loss.Warnings);
        }
    }

    [Theory]
    [InlineData(VarMethod.ParametricNormal)]
    [InlineData(VarMethod.DeltaNormal)]
    [InlineData(VarMethod.CornishFisher)]
    public void Errors_scale_with_the_root_of_the_days(VarMethod method)
    {
        var (day, week) = (Ask(method, Calm, new VarOptions()), Ask(method, Calm, new VarOptions(HorizonDays: 5)));
        Assert.Equal(day.VarStandardError.Value!.Value * Math.Sqrt(5), week.VarStandardError.Value!.Value, 1e-12);
        Assert.Equal(day.EsStandardError.Value!.Value * Math.Sqrt(5), week.EsStandardError.Value!.Value, 1e-12);
    }

    /// <summary>What never moves is known for certain; of moves whose powers leave the range of a double nothing is said.</summary>
    [Theory]
    [InlineData(VarMethod.ParametricNormal)]
    [InlineData(VarMethod.DeltaNormal)]
    [InlineData(VarMethod.CornishFisher)]
    [InlineData(VarMethod.StudentT)]
    public void Extremes_have_an_error_of_zero_or_a_reason(VarMethod method)
    {
        var options = new VarOptions(DegreesOfFreedom: method == VarMethod.StudentT ? 5 : null, HasMean: method == VarMethod.ParametricNormal);
        double[] still = [.. Enumerable.Repeat(0.01, 60)];
        foreach (var loss in (CalculatedLoss[])[Ask(method, [still, still], options), Ask(method, [Wild[0], Wild[0]], options, [1_000, -1_000])])
            Assert.Equal((0, 0, LossWarnings.None), (loss.VarStandardError.Value, loss.EsStandardError.Value, loss.Warnings));
        foreach (var unit in (double[])[1e-200, 1e160, 1e307])
        {
            var loss = Ask(method, Wild, options, [2 * unit, -unit]);
            Assert.Equal((FigureReason.NotApplicable, FigureReason.NotApplicable), (loss.VarStandardError.Reason, loss.EsStandardError.Reason));
            Assert.Equal(LossWarnings.None, loss.Warnings & LossWarnings.HeavyTails);
        }
        if (method != VarMethod.CornishFisher) Assert.InRange(Ask(method, Wild, options, [2e150, -1e150]).VarStandardError.Value!.Value, 1e148, 1e150);
    }

    private static CalculatedLoss Ask(VarMethod method, double[][] returns, VarOptions options, double[]? positions = null) =>
        Calculate.Run(new VarQuestion(method, positions ?? [2, -1], null, returns, null, [0.95m], options), CancellationToken.None)!.Results[0];

    private static double[][] Small(double[][] returns) => [.. returns.Select(x => x.Select(r => r / 100).ToArray())];

    /// <summary>500 days of two assets, jointly a t with a variance of 1 each and a correlation of 0.6: [2, −1] has a variance of 2.6.</summary>
    private static double[][] Returns(int seed, double nu)
    {
        var random = new Random(seed);
        var (a, b) = (new double[500], new double[500]);
        for (var t = 0; t < a.Length; t++)
        {
            var wide = double.IsFinite(nu) ? Math.Sqrt((nu - 2) / ChiSquared.Sample(random, nu)) : 1;
            var (x, y) = (Normal.Sample(random, 0, 1), Normal.Sample(random, 0, 1));
            (a[t], b[t]) = (wide * x, wide * (0.6 * x + 0.8 * y));
        }
        return [a, b];
    }
}
