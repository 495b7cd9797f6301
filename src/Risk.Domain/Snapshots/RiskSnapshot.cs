using Risk.Domain.Amounts;
using Risk.Domain.Instruments;
using Risk.Domain.Portfolios;
using Risk.Domain.Prices;

namespace Risk.Domain.Snapshots;

/// <summary>
/// What a snapshot was computed from. Newer in this order: positions, history, then the sum of the versions of the symbols whose prices
/// it used (<see cref="PortfolioModel.PricedSymbols"/>).
/// </summary>
public readonly record struct SnapshotVersion(long Positions, long History, long SymbolSum) : IComparable<SnapshotVersion>
{
    public int CompareTo(SnapshotVersion other)
    {
        var byPositions = Positions.CompareTo(other.Positions);
        if (byPositions != 0) return byPositions;
        var byHistory = History.CompareTo(other.History);
        return byHistory != 0 ? byHistory : SymbolSum.CompareTo(other.SymbolSum);
    }
}

/// <summary>What a reader of a snapshot should know about its figures.</summary>
[Flags]
public enum RiskFlags
{
    None = 0,

    /// <summary>Fewer than five observations beyond the 95 % VaR.</summary>
    ThinTail95 = 1,

    /// <summary>Fewer than five observations beyond the 99 % VaR.</summary>
    ThinTail99 = 2,

    /// <summary>Some position is not in the figures: see <see cref="RiskSnapshot.LeftOut"/>.</summary>
    PartialCoverage = 4,

    /// <summary>Some position or currency is valued at its last close of the history, because no live price came yet.</summary>
    AtLastClose = 8,

    /// <summary>Some option is revalued with the volatility of its underlying's history, because its price implies none.</summary>
    FallbackVolatility = 16,
}

/// <summary>A position that VaR and shortfall do not contain, and why.</summary>
public sealed record LeftOutPosition(Symbol Symbol, FigureReason Reason);

/// <summary>
/// The risk of one account at one moment. Money is in base currency; losses are positive. A value: measuring allocates nothing.
/// </summary>
public readonly record struct RiskSnapshot
{
    public required AccountId Account { get; init; }

    public required EventTime AsOf { get; init; }

    public required SnapshotVersion Version { get; init; }

    public required Currency BaseCurrency { get; init; }

    public required RiskConventions Conventions { get; init; }

    /// <summary>Σ quantity × price × multiplier × rate over the positions that have a price; shorts count negative.</summary>
    public required double MarketValue { get; init; }

    /// <summary>Market value + cash.</summary>
    public required double Nav { get; init; }

    /// <summary>Σ |exposure| over the positions that have a price: market values, of options units × delta × spot.</summary>
    public required double GrossExposure { get; init; }

    public required LossFigures At95 { get; init; }

    public required LossFigures At99 { get; init; }

    /// <summary>The number of scenarios.</summary>
    public required int Observations { get; init; }

    /// <summary>
    /// Share of gross exposure that the figures contain, as a fraction: 1 for all and for an empty portfolio, 0 where they contain nothing.
    /// Missing where something is contained and a position of <see cref="LeftOut"/> has no price or rate: nobody knows its share.
    /// </summary>
    public required Figure CoverageRatio { get; init; }

    /// <summary>The positions that the figures do not contain, in the order of the portfolio; those without a price or rate are not in the market value either.</summary>
    public required IReadOnlyList<LeftOutPosition> LeftOut { get; init; }

    public required RiskFlags Flags { get; init; }
}
