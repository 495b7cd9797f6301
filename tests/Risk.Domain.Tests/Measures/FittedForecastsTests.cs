using Risk.Domain.Measures;
using Xunit;

namespace Risk.Domain.Tests.Measures;

public sealed class FittedForecastsTests
{
    private const int Window = 120;
    private static readonly double[] Pnl = Series(Window + 2 * TailForecasts.RefitDays);

    [Fact]
    public void A_GARCH_is_fitted_to_the_window_and_kept_for_the_days_to_the_next_fit()
    {
        var run = WalkForward.Of(Pnl, Window, TailForecasts.FilteredGarch(0.95m));
        foreach (var day in (int[])[0, 1, TailForecasts.RefitDays - 1, TailForecasts.RefitDays, TailForecasts.RefitDays + 1])
        {
            var fitted = GarchFit.Of(Pnl.AsSpan(day / TailForecasts.RefitDays * TailForecasts.RefitDays, Window))!.Parameters;
            var scenarios = Garch.Filter(Pnl.AsSpan(day, Window), fitted).Returns;
            Assert.Equal(HistoricalVar.Of(scenarios, 0.95m), run.Var[day]);
            Assert.Equal(ExpectedShortfall.Of(scenarios, 0.95m), run.Shortfall[day]);
        }
    }

    [Fact]
    public void Of_a_t_the_degrees_of_freedom_are_kept_and_the_rest_is_fitted_each_day()
    {
        var run = WalkForward.Of(Pnl, Window, TailForecasts.FittedStudentT(0.99m));
        foreach (var day in (int[])[0, 1, TailForecasts.RefitDays, TailForecasts.RefitDays + 1])
        {
            var nu = StudentTFit.Of(Pnl.AsSpan(day / TailForecasts.RefitDays * TailForecasts.RefitDays, Window))!.Nu;
            var fit = StudentTFit.ForNu(Pnl.AsSpan(day, Window), nu);
            Assert.Equal(fit.Var(0.99m), run.Var[day], 1e-6);
            Assert.Equal(fit.Shortfall(0.99m)!.Value, run.Shortfall[day]!.Value, 1e-6);
        }
    }

    [Fact]
    public void What_comes_later_changes_no_forecast()
    {
        double[] other = [.. Pnl[..^1], -50];
        foreach (var make in (Func<TailForecast>[])[() => TailForecasts.FilteredGarch(0.95m), () => TailForecasts.FittedStudentT(0.95m)])
            Assert.Equal(WalkForward.Of(Pnl, Window, make()).Var, WalkForward.Of(other, Window, make()).Var);
    }

    [Fact]
    public void To_what_never_moves_nothing_is_fitted()
    {
        double[] still = [.. Enumerable.Repeat(-0.5, 60)];
        Assert.Equal((0.5, 0.5), TailForecasts.FilteredGarch(0.95m)(still));
        Assert.Equal((0.5, 0.5), TailForecasts.FittedStudentT(0.95m)(still));
    }

    [Fact]
    public void The_forecast_of_what_never_moves_is_the_limit_of_the_fit_as_its_moves_shrink()
    {
        double[] barely = [.. Pnl[..Window].Select(x => -0.5 + 1e-6 * x)];
        foreach (var forecast in (TailForecast[])[TailForecasts.FilteredGarch(0.95m), TailForecasts.FittedStudentT(0.95m)])
        {
            var (var, shortfall) = forecast(barely)!.Value;
            Assert.Equal(0.5, var, 1e-4);
            Assert.Equal(0.5, shortfall!.Value, 1e-4);
        }
    }

    // 250 days of a price that stands still, or nearly so, and the days before and after.
    private static readonly double[] Suspended = [.. Series(100), .. new double[300], .. Series(50)];

    [Fact]
    public void To_a_window_that_stood_still_in_the_end_no_GARCH_is_fitted()
    {
        var run = WalkForward.Of(Suspended, 250, TailForecasts.FilteredGarch(0.99m));
        Assert.InRange(run.DaysWithoutForecast, 90, 200);
        Assert.Equal(200, run.Days.Length + run.DaysWithoutForecast);
        Assert.Equal(51, run.ConstantWindows);
    }

    [Fact]
    public void A_t_has_a_forecast_again_on_the_first_day_whose_window_moves_enough()
    {
        var run = WalkForward.Of([.. new double[260], .. Series(200)], 250, TailForecasts.FittedStudentT(0.99m));
        // 167 of 250 days must move before fewer than a third are equal.
        Assert.Equal([.. Enumerable.Range(250, 11), .. Enumerable.Range(260 + 167, 33)], run.Days);
        Assert.Equal(166, run.DaysWithoutForecast);
    }

    [Fact]
    public void Where_a_volatility_faded_to_zero_there_is_no_forecast()
    {
        double[] pnl = [.. Series(60), .. new double[400], .. Series(60)];
        var run = WalkForward.Of(pnl, 250, TailForecasts.VolatilityScaled(0.99m, 0.01));
        Assert.Equal(270, run.Days.Length + run.DaysWithoutForecast);
        Assert.InRange(run.DaysWithoutForecast, 50, 60);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(5.0)]
    public void Simulated_forecasts_lie_within_four_standard_errors_of_the_closed_form(double? nu)
    {
        var unit = new double[100_000];
        new MonteCarlo([1], [[1]], 3, nu).Simulate(0, unit);
        var error = SimulatedTail.Of(new SortedPnl(unit), 0.99m);
        var (sigma, past) = (Volatility.Sample(Pnl), Pnl);
        var (var, shortfall) = TailForecasts.Simulated(0.99m, nu, unit.Length, 3)(past)!.Value;
        var (exact, exactShortfall) = (nu is { } v ? TailForecasts.StudentT(0.99m, v) : TailForecasts.Normal(0.99m))(past)!.Value;
        Assert.Equal(exact, var, 4 * error.VarStandardError!.Value * sigma);
        Assert.Equal(exactShortfall!.Value, shortfall!.Value, 4 * error.ShortfallStandardError!.Value * sigma);
        Assert.NotEqual(exact, var);
    }

    private static double[] Series(int days)
    {
        var random = new Random(5);
        return [.. Enumerable.Range(0, days).Select(t => (1 + t % 40 / 20.0) * (Enumerable.Range(0, 6).Sum(_ => random.NextDouble()) - 3))];
    }
}
