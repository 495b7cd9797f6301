using MathNet.Numerics.Distributions;
using Risk.Application.Calculators;
using Risk.Domain.Snapshots;
using Risk.Testing.Simulation;
using Xunit;

namespace Risk.Application.Tests.Calculators;

/// <summary>Where an error could be computed but would say something absurd.</summary>
public sealed class UnknownErrorTests
{
    private static readonly double[] Days = Draw(1);

    [Fact]
    public void A_simulation_without_a_whole_path_in_its_tail_does_not_know_its_error()
    {
        var options = new VarOptions(Paths: 100);
        foreach (var method in (VarMethod[])[VarMethod.MonteCarloNormal, VarMethod.MonteCarloT])
        {
            var loss = Ask(method, [Days], options with { DegreesOfFreedom = method == VarMethod.MonteCarloT ? 6 : null }, [1], 0.9999m);
            Assert.NotNull(loss.Var.Value);
            Assert.Equal((FigureReason.ShortHistory, FigureReason.ShortHistory), (loss.VarStandardError.Reason, loss.EsStandardError.Reason));
            Assert.True(loss.Warnings.HasFlag(LossWarnings.ThinTail));
        }
        var week = Ask(VarMethod.MonteCarloNormal, [Days], options with { HorizonDays = 5 }, [1], 0.991m);
        Assert.Equal((FigureReason.ShortHistory, FigureReason.ShortHistory), (week.VarStandardError.Reason, week.EsStandardError.Reason));
        var one = Ask(VarMethod.MonteCarloNormal, [Days], options, [1], 0.99m);
        Assert.True(one.VarStandardError.Value > 0 && one.EsStandardError.Value > 0);
    }

    /// <summary>6/(ν − 4) grows beyond all bounds towards 4, and no sample is that wide.</summary>
    [Theory]
    [InlineData(4.0001, true)]
    [InlineData(4.9999, true)]
    [InlineData(5, false)]
    public void The_kurtosis_of_a_given_t_counts_from_five_degrees_of_freedom(double nu, bool isOfSample)
    {
        var (t, normal) = (Ask(VarMethod.StudentT, [Days], new VarOptions(DegreesOfFreedom: nu), [1], 0.95m), Ask(VarMethod.ParametricNormal, [Days], new VarOptions(), [1], 0.95m));
        double Relative(CalculatedLoss loss) => loss.VarStandardError.Value!.Value / loss.Var.Value!.Value;
        if (isOfSample) Assert.Equal(Relative(normal), Relative(t), 1e-12);
        else Assert.InRange(Relative(t), 1.5 * Relative(normal), 2.5 * Relative(normal));
    }

    /// <summary>A hedge leaves the noise of adding up: its moments say nothing of a figure that is noise too, and far more of it.</summary>
    [Theory]
    [InlineData(VarMethod.ParametricNormal)]
    [InlineData(VarMethod.DeltaNormal)]
    [InlineData(VarMethod.StudentT)]
    public void Of_a_perfect_hedge_nothing_tells_how_far_the_figure_is_off(VarMethod method)
    {
        double[] hedge = [.. Days.Select(x => -0.3 * x)];
        var options = new VarOptions(DegreesOfFreedom: method == VarMethod.StudentT ? 6 : null);
        var loss = Ask(method, [Days, hedge], options, [300_000, 1_000_000], 0.95m);
        Assert.Equal((FigureReason.NotApplicable, FigureReason.NotApplicable), (loss.VarStandardError.Reason, loss.EsStandardError.Reason));
        Assert.Equal(LossWarnings.None, loss.Warnings);
        Assert.True(Ask(method, [Days, hedge], options, [300_001, 1_000_000], 0.95m).VarStandardError.Value > 0);
    }

    private static CalculatedLoss Ask(VarMethod method, double[][] returns, VarOptions options, double[] positions, decimal confidence) =>
        new CalculateVar(new FakeTimeProvider(new DateTimeOffset(2026, 1, 5, 0, 0, 0, TimeSpan.Zero)))
            .Run(new VarQuestion(method, positions, null, returns, null, [confidence], options), CancellationToken.None)!.Results[0];

    private static double[] Draw(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, 500).Select(_ => Normal.Sample(random, 0, 0.01))];
    }
}
