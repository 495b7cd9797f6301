using Risk.Application.Reporting;
using Risk.Domain.Snapshots;

namespace Risk.Api.Wire;

/// <summary>
/// What a calculator takes at most. Checked while the body is read, before anything is computed; a refusal names the limit. They keep
/// an answer below the 6 MB of a Lambda reply, and its work to seconds on one core.
/// </summary>
internal static class CalculatorLimits
{
    /// <summary>Days of one series.</summary>
    public const int MaxObservations = 20_000;

    /// <summary>Series of one body; the four matrices of that size are 4 MB of answer.</summary>
    public const int MaxAssets = 200;

    /// <summary>Series times days of a GARCH fit, which evaluates its likelihood thousands of times.</summary>
    public const int MaxFittedReturns = 10_000;

    /// <summary>Returns of a walk-forward backtest, and the days that each forecast sees.</summary>
    public const int MaxWalkForwardReturns = 5_000;

    /// <summary>Forecasts times days of the window where parameters are fitted on the way.</summary>
    public const int MaxFittedWalk = BacktestPortfolio.MaxFittedWork;

    public const int MaxWalkForwardWindow = RiskConventions.MaxWindowDays;

    public const int MaxConfidences = 20;

    public const int MaxOptionRows = 20_000;

    /// <summary>Of a book that is valued anew some 25,000 times.</summary>
    public const int MaxBookRows = 200;

    /// <summary>Prices of the underlying, each a full revaluation.</summary>
    public const int MaxBookPrices = 5_000;

    public const int MaxAllocationAssets = 100;

    public const int MaxFrontierPoints = 50;

    public const int MaxViews = 100;

    /// <summary>Scenarios × assets², what a step of the search for the least CVaR costs.</summary>
    public const int MaxCvarWork = 5_000_000;

    public const int MaxPositions = 10_000;

    public const int MaxFunds = 100;

    /// <summary>Funds times the distinct things that they hold: what the answer may have to list.</summary>
    public const int MaxFundHoldings = 75_000;

    /// <summary>Positions of a currency book; each has a series of prices.</summary>
    public const int MaxFxPositions = 500;

    public const int MaxTicks = 20_000;

    /// <summary>Bytes of the ticks' symbols, as JSON escapes them: each may have to stand in a window of its own, beside some 280 bytes of figures.</summary>
    public const int MaxTickNames = 600_000;

    /// <summary>The same of positions for all confidences whose components are asked for.</summary>
    public const int MaxComponentNames = 2_500_000;

    public const int MaxWindowMs = 86_400_000;

    public const int MaxTopCounts = 20;

    public const int MaxNameLength = 64;

    /// <summary>The size of a number that has no narrower range of its own.</summary>
    public const double MaxAmount = 1e15;

    /// <summary>The size of a return, in ratios or percent.</summary>
    public const double MaxReturn = 1e6;

    public const double MinPrice = 1e-9;

    public const double MaxPrice = 1e9;
}
