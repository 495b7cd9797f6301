using System.Text.Json.Serialization;
using Risk.Application.Calculators;
using Risk.Domain.Measures;
using Risk.Domain.Snapshots;

namespace Risk.Api.Wire;

internal sealed record BacktestInput(decimal Tail, bool[]? Exceeded, double[]? Pnl, double[]? Var, double[]? Es, WalkForwardInput? Walk, string[]? Dates);

/// <summary>See <see cref="VarBacktest"/>, <see cref="TrafficLight"/> and <see cref="ShortfallBacktest"/>.</summary>
/// <param name="T">Days tested; null, as all other figures, when a walk has no forecast for any.</param>
/// <param name="Coverage">Days tested / days there were to test.</param>
/// <param name="Pi01">How often an exceedance followed a day without one; <paramref name="Pi11"/>: an exceedance. 0 where none had a day right after it, and then without an interval.</param>
/// <param name="Z2">Null without a shortfall for every day.</param>
/// <param name="Z2StandardError">Null also without an exceedance.</param>
/// <param name="Timeline">The days of exceedance.</param>
/// <param name="DaysWithoutForecast">Of a walk-forward test, not among the days tested; else left out, as <paramref name="Forecasts"/>.</param>
public sealed record BacktestCalculation(
    string Method,
    Dictionary<string, string> Conventions,
    int? Observations,
    double Coverage,
    decimal TailProbability,
    [property: JsonPropertyName("T")] int? T,
    int? Exceedances,
    double? ExceedanceRate,
    RateInterval? ExceedanceRateInterval,
    [property: JsonPropertyName("n00")] int? N00,
    [property: JsonPropertyName("n01")] int? N01,
    [property: JsonPropertyName("n10")] int? N10,
    [property: JsonPropertyName("n11")] int? N11,
    [property: JsonPropertyName("pi01")] double? Pi01,
    [property: JsonPropertyName("pi01_interval")] RateInterval? Pi01Interval,
    [property: JsonPropertyName("pi11")] double? Pi11,
    [property: JsonPropertyName("pi11_interval")] RateInterval? Pi11Interval,
    double? LrPof,
    double? PPof,
    double? LrInd,
    double? PInd,
    double? LrCc,
    double? PCc,
    [property: JsonPropertyName("reject_pof_5pct")] bool? RejectPof,
    [property: JsonPropertyName("reject_ind_5pct")] bool? RejectInd,
    [property: JsonPropertyName("reject_cc_5pct")] bool? RejectCc,
    double? BinomialProbXOrMore,
    string? Zone,
    [property: JsonPropertyName("multiplier_1996_total")] double? Multiplier1996Total,
    [property: JsonPropertyName("multiplier_mar99")] double? MultiplierMar99,
    [property: JsonPropertyName("z2")] double? Z2,
    [property: JsonPropertyName("z2_standard_error")] double? Z2StandardError,
    [property: JsonPropertyName("z2_zone")] string? Z2Zone,
    IReadOnlyList<ExceedanceRow> Timeline,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? DaysWithoutForecast,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ForecastColumns? Forecasts,
    IReadOnlyList<string> Flags,
    Dictionary<string, string> Reasons)
{
    private const double Level = 0.05;

    internal static BacktestCalculation Of(BacktestInput x)
    {
        var run = x.Walk?.Run(1 - x.Tail);
        if (x.Walk is { } walk && run is { Days: [] }) return WithoutForecasts(x, walk, run);
        var tail = (double)x.Tail;
        // A bare sequence has the timeline of a loss of one beyond a VaR of zero, without its amounts.
        var pnl = run?.Pnl ?? x.Pnl ?? [.. x.Exceeded!.Select(hit => hit ? -1.0 : 0.0)];
        var var = run?.Var ?? x.Var ?? new double[pnl.Length];
        double[]? es = run is null ? x.Es : run.Shortfall.All(s => s > 0) ? [.. run.Shortfall.Select(s => s!.Value)] : null;
        var exceeded = VarBacktest.ExceededBy(pnl, var);
        var (test, sheet) = (VarBacktest.Of(exceeded, tail, run?.Days), new FigureSheet());
        var n = test.Transitions;
        var shortfall = es is null ? null : ShortfallBacktest.Of(pnl, var, es, tail);
        if (shortfall is null) sheet.Miss("z2_zone", FigureReason.NotApplicable);
        if (run?.DaysWithoutForecast > 0) sheet.Miss("forecasts", MethodForecasts.ReasonOf(x.Walk!.IsFitted));
        if (run?.Shortfall.Contains(null) == true) sheet.Miss("forecasts/es", FigureReason.NotApplicable);
        ExplainTimeline(x, test, sheet);
        return new BacktestCalculation(
            run is null ? "given" : $"walk_forward {x.Walk!.Method.Word}",
            ConventionsOf(x), test.Days, (double)test.Days / (test.Days + (run?.DaysWithoutForecast ?? 0)), x.Tail, test.Days, test.Exceedances, test.Rate, RateInterval.Of(test.RateInterval),
            n.Neither, n.NoneToExceedance, n.ExceedanceToNone, n.Both,
            n.RateAfterNone, RateInterval.Of(n.RateAfterNoneInterval, sheet, "pi01_interval"), n.RateAfterExceedance, RateInterval.Of(n.RateAfterExceedanceInterval, sheet, "pi11_interval"),
            sheet.Of("lr_pof", test.Coverage.Ratio), sheet.Of("p_pof", test.Coverage.PValue),
            sheet.Of("lr_ind", test.Independence.Ratio), sheet.Of("p_ind", test.Independence.PValue),
            sheet.Of("lr_cc", test.ConditionalCoverage.Ratio), sheet.Of("p_cc", test.ConditionalCoverage.PValue),
            test.Coverage.RejectedAt(Level), test.Independence.RejectedAt(Level), test.ConditionalCoverage.RejectedAt(Level),
            sheet.Of("binomial_prob_x_or_more", test.ProbabilityOfAsMany),
            WordOf(TrafficLight.ZoneOf(test.Exceedances, test.Days, tail)),
            sheet.Of("multiplier_1996_total", TrafficLight.Multiplier1996(test.Exceedances, test.Days, tail)),
            sheet.Of("multiplier_mar99", TrafficLight.MultiplierMar99(test.Exceedances, test.Days, tail)),
            sheet.Of("z2", shortfall?.Z2), sheet.Of("z2_standard_error", shortfall?.StandardError), shortfall is null ? null : WordOf(shortfall.Zone),
            TimelineOf(pnl, var, tail, x, run?.Days),
            run?.DaysWithoutForecast, run is null ? null : ForecastColumns.Of(x.Walk!, run),
            BacktestFlags.Of(test, x.Walk?.HasThinTail(1 - x.Tail) == true, run?.ConstantWindows > 0, run?.DaysWithoutForecast > 0),
            sheet.Reasons);
    }

    private static BacktestCalculation WithoutForecasts(BacktestInput x, WalkForwardInput walk, WalkForwardRun run)
    {
        string[] figures = ["observations", "T", "exceedances", "exceedance_rate", "exceedance_rate_interval", "n00", "n01", "n10", "n11", "pi01", "pi01_interval", "pi11", "pi11_interval", "lr_pof", "p_pof", "lr_ind", "p_ind", "lr_cc", "p_cc", "reject_pof_5pct",
            "reject_ind_5pct", "reject_cc_5pct", "binomial_prob_x_or_more", "zone", "multiplier_1996_total", "multiplier_mar99", "z2", "z2_standard_error", "z2_zone"];
        var sheet = new FigureSheet();
        foreach (var figure in figures) sheet.Miss(figure, MethodForecasts.ReasonOf(walk.IsFitted));
        return new BacktestCalculation(
            $"walk_forward {walk.Method.Word}", ConventionsOf(x), null, 0, x.Tail, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
            null, null, null, null, null, null, null, null, null, [], run.DaysWithoutForecast, null, ["forecasts_missing"], sheet.Reasons);
    }

    /// <summary>Of a bare sequence there are no amounts, and no dates where none were given.</summary>
    private static void ExplainTimeline(BacktestInput x, VarBacktest test, FigureSheet sheet)
    {
        if (test.Exceedances == 0) return;
        if (x.Dates is null) sheet.Miss("timeline/date", FigureReason.NotApplicable);
        if (x.Exceeded is null) return;
        foreach (var amount in (string[])["timeline/pnl", "timeline/var", "timeline/excess"]) sheet.Miss(amount, FigureReason.NotApplicable);
    }

    private static List<ExceedanceRow> TimelineOf(double[] pnl, double[] var, double tail, BacktestInput x, int[]? days)
    {
        var hasAmounts = x.Exceeded is null;
        return [.. from day in ExceedanceTimeline.Of(pnl, var, tail, days).Index()
                   where day.Item.Exceeded
                   let at = days?[day.Index] ?? day.Index
                   select new ExceedanceRow(
                       at, x.Dates?[at], hasAmounts ? day.Item.Pnl : null, hasAmounts ? day.Item.Var : null, hasAmounts ? day.Item.Excess : null,
                       day.Item.Run, day.Item.Recent, WordOf(day.Item.Zone))];
    }

    private static Dictionary<string, string> ConventionsOf(BacktestInput x) =>
        x.Walk is { } walk ? BacktestConventions.Of(walk.Method, walk.Window, walk.Quantile, walk.Shortfall, walk.Options, walk.IsFitted) : BacktestConventions.OfTests();

    private static string WordOf(Zone zone) => zone switch
    {
        Domain.Measures.Zone.Green => "green",
        Domain.Measures.Zone.Yellow => "yellow",
        _ => "red",
    };
}

/// <param name="Index">0-based, of the input.</param>
/// <param name="Excess">Loss beyond the VaR; the amounts are null where only the sequence was given.</param>
/// <param name="Run">Exceedances in a row up to this day.</param>
/// <param name="Recent">Exceedances within 250 days up to this day.</param>
public sealed record ExceedanceRow(int Index, string? Date, double? Pnl, double? Var, double? Excess, int Run, int Recent, string Zone);

/// <summary>What the method said of each day from <paramref name="FirstDay"/> (0-based) on; null where it said nothing.</summary>
public sealed record ForecastColumns(int FirstDay, int Window, double?[] Var, double?[] Es)
{
    internal static ForecastColumns Of(WalkForwardInput walk, WalkForwardRun run)
    {
        var count = walk.Returns.Length - walk.Window;
        var (var, es) = (new double?[count], new double?[count]);
        foreach (var (i, day) in run.Days.Index()) (var[day - walk.Window], es[day - walk.Window]) = (run.Var[i], run.Shortfall[i]);
        return new ForecastColumns(walk.Window, walk.Window, var, es);
    }
}
