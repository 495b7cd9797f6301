using Risk.Application.Calculators;
using Risk.Domain.Measures;
using Risk.Domain.Portfolios;
using Risk.Domain.Snapshots;

namespace Risk.Application.Reporting;

/// <summary>
/// Whether an account's VaR holds: a method walked forward over what today's positions would have gained and lost on the days of the
/// history; and the VaR that was published for the account, against what its NAV then did.
/// </summary>
public sealed class BacktestPortfolio(MeasurePortfolio measure, ReportVarSeries series, RiskConventions conventions)
{
    public const int UsualDays = 250;

    /// <summary>Window and days come from one history, of which a model holds this much.</summary>
    public const int MaxDaysInAll = RiskConventions.MaxWindowDays;

    /// <summary>Days times window where parameters are fitted on the way: a few seconds.</summary>
    public const int MaxFittedWork = 500_000;

    /// <summary>Null for an unknown account.</summary>
    public async Task<BacktestReport?> RunAsync(AccountId account, PortfolioBacktestRequest request, CancellationToken cancellation)
    {
        if (await measure.RunAsync(account, cancellation) is not { } priced) return null;
        var asked = request with { WindowDays = request.WindowDays ?? UsualWindow(priced.Live.Model.History.Dates.Count - 1, request) };
        var from = priced.AsOf.ToDateTimeOffset() - TimeSpan.FromDays(2 * request.Days + 10);
        var published = await series.RunAsync(account, SeriesInterval.Day, from < DateTimeOffset.UnixEpoch ? DateTimeOffset.UnixEpoch : from, null, cancellation);
        return published is null ? null : WalkForwardOf(priced, asked) with { Published = PublishedOf(published, asked, DateOnly.FromDateTime(priced.Now.ToDateTimeOffset().UtcDateTime)) };
    }

    /// <summary>The account's own, but of a short history no more than leaves the days, or half of it.</summary>
    private int UsualWindow(int observations, PortfolioBacktestRequest request)
    {
        var most = Math.Min(conventions.WindowDays, MaxDaysInAll - request.Days);
        if (request.IsFitted) most = Math.Min(most, MaxFittedWork / request.Days);
        return Math.Clamp(Math.Max(observations - request.Days, observations / 2), RiskConventions.MinObservations, most);
    }

    private static BacktestReport WalkForwardOf(PricedPortfolio priced, PortfolioBacktestRequest asked)
    {
        var (today, window) = (priced.Live.Model, asked.WindowDays!.Value);
        var model = PortfolioModel.Build(today.Portfolio, priced.Instruments, today.History, today.Conventions with { WindowDays = window + asked.Days });
        var live = priced.Live.At(model);
        var snapshot = live.Measure(priced.AsOf, priced.Version);
        var report = new BacktestReport(priced, asked, snapshot, Backtested.Missing(snapshot.At95.Var.Reason ?? FigureReason.ShortHistory), Backtested.Missing(FigureReason.ShortHistory));
        if (snapshot.At95.Var.Value is null || model.Observations <= window) return report;
        var pnl = new double[model.Observations];
        for (var s = 0; s < pnl.Length; s++) pnl[s] = live.Pnl.Units[s] * live.Pnl.Grid;
        if (asked.Method == VarMethod.FilteredGarch && window < GarchFit.MinReturns) return report;
        var options = asked.OptionsUnder(today.Conventions);
        var run = WalkForward.Of(pnl, window, MethodForecasts.Of(asked.Method, asked.Confidence, options));
        if (run.Days.Length == 0) return report with { Walk = Backtested.Missing(MethodForecasts.ReasonOf(asked.IsFitted)) };
        return report with
        {
            Walk = Backtested.Of(run.Pnl, run.Var, run.Shortfall, [.. run.Days.Select(day => model.Scenarios.Dates[day])], run.Days, asked.Confidence) with
            {
                HasThinTail = MethodForecasts.HasThinTail(asked.Method, asked.Confidence, options, window),
                HasConstantWindow = run.ConstantWindows > 0,
                DaysWithoutForecast = run.DaysWithoutForecast,
            },
        };
    }

    /// <summary>Of the days that are over, and only those whose positions stayed: another portfolio's P&amp;L says nothing about a VaR.</summary>
    private static Backtested PublishedOf(VarSeries series, PortfolioBacktestRequest asked, DateOnly today)
    {
        if (asked.Confidence is not (0.95m or 0.99m)) return Backtested.Missing(FigureReason.NotApplicable);
        var days = new List<(int Place, DateOnly Date, double Pnl, double Var, LossFigures Figures)>();
        for (var i = 1; i < series.Points.Count; i++)
        {
            var (before, point) = (series.Points[i - 1].Snapshot, series.Points[i]);
            var figures = asked.Confidence == 0.95m ? before.At95 : before.At99;
            var date = DateOnly.FromDateTime(point.Snapshot.AsOf.ToDateTimeOffset().UtcDateTime);
            if (date < today && point.Pnl is { } pnl && figures.Var.Value is { } var) days.Add((point.Place, date, pnl, var, figures));
        }
        var last = days.TakeLast(asked.Days).ToList();
        return Backtested.Of(
            [.. last.Select(x => x.Pnl)], [.. last.Select(x => x.Var)], [.. last.Select(x => x.Figures.Es.Value)], [.. last.Select(x => x.Date)], [.. last.Select(x => x.Place)], asked.Confidence) with
        { HasThinTail = last.Exists(x => x.Figures.HasThinTail) };
    }
}

/// <param name="WindowDays">What the method sees before each day; the account's window, or what a short history allows, where not given.</param>
/// <param name="Days">How many days are tried at most.</param>
/// <param name="DegreesOfFreedom">ν of a t, above 2: needed for the simulated one; the other is fitted where not given.</param>
public sealed record PortfolioBacktestRequest(VarMethod Method, decimal Confidence, int Days, int? WindowDays = null, double? DegreesOfFreedom = null)
{
    /// <summary>Whether parameters are fitted to the window.</summary>
    public bool IsFitted => Method == VarMethod.FilteredGarch || Method == VarMethod.StudentT && DegreesOfFreedom is null;

    /// <summary>What the method is told; the rest is as usual.</summary>
    public VarOptions OptionsUnder(RiskConventions conventions) => new(conventions.Quantile, conventions.Shortfall, DegreesOfFreedom: DegreesOfFreedom);
}

/// <param name="Snapshot">Of today's positions over window and days together: its coverage is that of the walk.</param>
public sealed record BacktestReport(PricedPortfolio Priced, PortfolioBacktestRequest Asked, RiskSnapshot Snapshot, Backtested Walk, Backtested Published);

/// <summary>A backtest and its days, or the reason why there is none.</summary>
/// <param name="HasThinTail">Whether some forecast was read off a tail of fewer than five scenarios.</param>
/// <param name="HasConstantWindow">Whether some forecast rests on a window in which nothing moved.</param>
/// <param name="DaysWithoutForecast">Days of a walk for which the method had none: they are not among the days tested.</param>
public sealed record Backtested(
    BacktestResult? Result,
    IReadOnlyList<DateOnly> Dates,
    IReadOnlyList<double?> Shortfalls,
    FigureReason? Reason,
    bool HasThinTail = false,
    bool HasConstantWindow = false,
    int? DaysWithoutForecast = null)
{
    public static Backtested Missing(FigureReason reason) => new(null, [], [], reason);

    /// <param name="places">Of the days in time: one that is missing between two parts them.</param>
    public static Backtested Of(double[] pnl, double[] var, double?[] shortfall, IReadOnlyList<DateOnly> dates, int[] places, decimal confidence) =>
        pnl.Length == 0 ? Missing(FigureReason.ShortHistory) : new Backtested(BacktestResult.Of(pnl, var, shortfall, confidence, places), dates, shortfall, null);
}
