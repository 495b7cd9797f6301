using Risk.Application.Reporting;
using Risk.Domain.Snapshots;

namespace Risk.Api.Wire;

/// <summary>The scenarios that set a VaR.</summary>
public sealed record ExplainAnswer(
    string AccountId,
    decimal Confidence,
    double? Var,
    double? Es,
    IntervalAnswer? Interval,
    double? EsStandardError,
    string Currency,
    string Method,
    string Quantile,
    string EsConvention,
    int WindowDays,
    int NumObservations,
    int HorizonDays,
    long HistoryVersion,
    string? AsOf,
    double? Coverage,
    IReadOnlyList<LeftOutAnswer> LeftOut,
    IReadOnlyList<string> StaleSymbols,
    IReadOnlyList<ScenarioAnswer> Scenarios,
    IReadOnlyList<string> Flags,
    Dictionary<string, string> Reasons)
{
    internal static ExplainAnswer Of(PricedPortfolio priced, VarExplanation x)
    {
        var (model, reasons) = (priced.Live.Model, new Dictionary<string, string>());
        var snapshot = priced.Live.Measure(priced.AsOf, priced.Version);
        var flags = Figures.FlagsOf(priced, snapshot.Flags.WithoutTails());
        return new ExplainAnswer(
            model.Portfolio.Account.Text, x.Confidence, x.Figures.Var.Into(reasons, "var"), x.Figures.Es.Into(reasons, "es"), x.Figures.IntervalInto(reasons, "interval"),
            x.Figures.EsStandardError.Into(reasons, "es_standard_error"),
            model.Portfolio.BaseCurrency.Code, FigureWords.Historical, FigureWords.Of(model.Conventions.Quantile), FigureWords.Of(model.Conventions.Shortfall),
            model.Conventions.WindowDays, model.Observations, RiskConventions.HorizonDays, model.History.Version, priced.AsOf.Into(reasons),
            snapshot.CoverageRatio.Into(reasons, "coverage"), LeftOutAnswer.Of(snapshot.LeftOut),
            [.. priced.StaleSymbols.Select(symbol => symbol.Text)],
            [.. x.Scenarios.Select(scenario => new ScenarioAnswer(
                scenario.Date, scenario.Rank, scenario.Weight, scenario.Pnl,
                [.. scenario.Positions.Select(position => new PositionPnlAnswer(position.Symbol.Text, position.Pnl))]))],
            x.Figures.HasThinTail ? ["thin_tail", .. flags] : flags,
            reasons);
    }
}

/// <param name="Rank">1 is the worst scenario of the window.</param>
public sealed record ScenarioAnswer(DateOnly Date, int Rank, double Weight, double Pnl, IReadOnlyList<PositionPnlAnswer> Positions);

public sealed record PositionPnlAnswer(string Symbol, double Pnl);
