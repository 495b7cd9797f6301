using Risk.Domain.Amounts;
using Risk.Domain.Instruments;
using Risk.Domain.Prices;
using Risk.Domain.Scenarios;
using Risk.Domain.Snapshots;

namespace Risk.Domain.Stress;

/// <summary>
/// A portfolio at the prices of one moment, ready to be moved. A linear position changes by value × ((1 + r)(1 + fx) − 1); an option whose
/// underlying moves is valued anew. Cash in base currency stays. Immutable.
/// </summary>
public sealed class StressBook
{
    private StressBook(Currency baseCurrency, double nav, IReadOnlyList<StressPosition> positions, IReadOnlyDictionary<Symbol, Instrument> instruments) =>
        (BaseCurrency, Nav, Positions, Instruments) = (baseCurrency, nav, positions, instruments);

    public Currency BaseCurrency { get; }

    /// <summary>Market value and cash, in base currency.</summary>
    public double Nav { get; }

    /// <summary>In the order of the portfolio.</summary>
    public IReadOnlyList<StressPosition> Positions { get; }

    /// <summary>What is known of symbols, the FX pairs among them.</summary>
    public IReadOnlyDictionary<Symbol, Instrument> Instruments { get; }

    /// <param name="today">From which the time to the expiry of options counts.</param>
    public static StressBook Of(LivePortfolio live, IReadOnlyDictionary<Symbol, Instrument> instruments, DateOnly today)
    {
        var nav = live.Measure(EventTime.Min, default).Nav;
        return new StressBook(live.Model.Portfolio.BaseCurrency, nav, [.. live.Model.Positions.Select((_, i) => PositionOf(live, i, today))], instruments);
    }

    /// <summary>What the moves do to the portfolio.</summary>
    /// <param name="moves">One for each position.</param>
    public StressResult Apply(IReadOnlyList<PositionMove> moves)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(moves.Count, Positions.Count, nameof(moves));
        var positions = Positions.Zip(moves, (position, move) => new StressedPosition(position.Symbol, position.Value, position.Pnl(move), move)).ToList();
        var known = positions.Where(x => x.Pnl.Value is not null).ToList();
        var left = positions.Where(x => x.Pnl.Value is null).Select(x => new LeftOutPosition(x.Symbol, x.Pnl.Reason!.Value)).ToList();
        var pnl = known.Count == 0 && left.Count > 0 ? Figure.Missing(left[0].Reason) : Figure.Of(known.Sum(x => x.Pnl.Value!.Value));
        var (gross, covered) = (Gross(positions), Gross(known));
        return new StressResult(pnl, pnl.Over(Nav), gross > 0 ? covered / gross : left.Count == 0 ? 1 : 0, left, positions);
    }

    private static double Gross(IEnumerable<StressedPosition> positions) => positions.Sum(x => Math.Abs(x.Value.Value ?? 0));

    private static StressPosition PositionOf(LivePortfolio live, int index, DateOnly today)
    {
        var position = live.Model.Positions[index];
        var (symbol, instrument) = (position.Held.Symbol, position.Instrument);
        if (live.ValueOf(index) is not { } value) return new StressPosition(symbol, instrument, Figure.Missing(live.ReasonOf(index)!.Value), null);
        if (instrument?.Option is not { } terms) return new StressPosition(symbol, instrument, Figure.Of(value), null);
        var scale = value == 0 ? 0 : value / live.PriceOf(index)!.Value;
        var spot = live.PriceOf(terms.Underlying);
        return new StressPosition(symbol, instrument, Figure.Of(value), spot is null ? null : HeldOption.Of(terms, live.PriceOf(index)!.Value, spot.Value, scale, today));
    }
}

/// <summary>One position of a <see cref="StressBook"/>.</summary>
public sealed class StressPosition
{
    private readonly HeldOption? option;

    internal StressPosition(Symbol symbol, Instrument? instrument, Figure value, HeldOption? option)
    {
        (Symbol, Instrument, Value) = (symbol, instrument, value);
        this.option = option;
    }

    public Symbol Symbol { get; }

    /// <summary>Null where it is unknown.</summary>
    public Instrument? Instrument { get; }

    /// <summary>Market value in base currency; negative when short.</summary>
    public Figure Value { get; }

    /// <summary>What a move makes of it, in base currency, signed.</summary>
    public Figure Pnl(in PositionMove move)
    {
        if (Value.Value is not { } value) return Value;
        if (move.Reason is { } missing) return Figure.Missing(missing);
        if (move.IsOfUnderlying && option is null) return Figure.Missing(FigureReason.NotApplicable);
        var pnl = move.IsOfUnderlying ? value * move.Fx + option!.Pnl(move.Local) * (1 + move.Fx) : value * FxRoute.Compound(move.Local, move.Fx);
        return double.IsFinite(pnl) ? Figure.Of(pnl) : Figure.Missing(FigureReason.NotApplicable);
    }
}

/// <summary>How one position moves, or why that is not known.</summary>
/// <param name="Local">Relative change of its price in its own currency; of its underlying's where <paramref name="IsOfUnderlying"/> says so.</param>
/// <param name="Fx">Relative change of the price of its currency in base currency.</param>
public readonly record struct PositionMove(double Local, double Fx, MoveSource Source, bool IsOfUnderlying = false, FigureReason? Reason = null)
{
    public static PositionMove None { get; } = new(0, 0, MoveSource.None);

    public static PositionMove Missing(FigureReason reason) => new(0, 0, MoveSource.None, Reason: reason);
}

/// <summary>Where the move of a price comes from.</summary>
public enum MoveSource
{
    /// <summary>It stays.</summary>
    None,

    /// <summary>Its own closes, or its underlying's.</summary>
    History,

    /// <summary>The closes of its proxy.</summary>
    Proxy,

    Symbol,
    Currency,
    Sector,
    AssetClass,
}

/// <param name="Pnl">Of the positions that are known, in base currency; a loss is negative.</param>
/// <param name="NavRatio"><paramref name="Pnl"/> / NAV; not applicable unless the NAV is positive.</param>
/// <param name="CoverageRatio">Share of the gross exposure that <paramref name="Pnl"/> contains.</param>
/// <param name="LeftOut">The positions it does not contain.</param>
/// <param name="Positions">In the order of the portfolio.</param>
public sealed record StressResult(
    Figure Pnl, Figure NavRatio, double CoverageRatio, IReadOnlyList<LeftOutPosition> LeftOut, IReadOnlyList<StressedPosition> Positions);

/// <param name="Value">Before the move, in base currency.</param>
/// <param name="Pnl">In base currency, signed.</param>
public sealed record StressedPosition(Symbol Symbol, Figure Value, Figure Pnl, PositionMove Move);
