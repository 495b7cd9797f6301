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
    private StressBook(Currency baseCurrency, double nav, IReadOnlyList<StressPosition> positions, IReadOnlyDictionary<Symbol, Instrument> instruments)
    {
        (BaseCurrency, Nav, Positions, Instruments) = (baseCurrency, nav, positions, instruments);
        Unvalued = [.. positions.Where(x => x.Value.Reason is not null).Select(x => new LeftOutPosition(x.Symbol, x.Value.Reason!.Value))];
    }

    public Currency BaseCurrency { get; }

    /// <summary>Market value and cash, in base currency.</summary>
    public double Nav { get; }

    /// <summary>In the order of the portfolio.</summary>
    public IReadOnlyList<StressPosition> Positions { get; }

    /// <summary>The positions that have no known value, in the order of the portfolio.</summary>
    public IReadOnlyList<LeftOutPosition> Unvalued { get; }

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
        // Where of all that moves nothing is known, what stands still beside it does not make that a zero.
        var moved = positions.Where((x, i) => x.Move != PositionMove.None && !Positions[i].IsRiskless).ToList();
        var decisive = moved.Count > 0 ? moved : positions;
        var pnl = decisive.Count > 0 && decisive.TrueForAll(x => x.Pnl.Value is null) ? decisive[0].Pnl : Figure.Of(known.Sum(x => x.Pnl.Value!.Value));
        return new StressResult(pnl, pnl.Over(Nav), CoverageOf(Gross(known), Gross(positions), left.Count > 0), left, positions);
    }

    /// <summary>The share that figures of this book contain.</summary>
    internal Figure CoverageOf(double covered, double gross, bool isAnyLeftOut) =>
        Coverage.Of(covered, gross, isAnyLeftOut, Unvalued.Count > 0 ? Unvalued[0].Reason : null);

    private static double Gross(IEnumerable<StressedPosition> positions) => positions.Sum(x => Math.Abs(x.Value.Value ?? 0));

    private static StressPosition PositionOf(LivePortfolio live, int index, DateOnly today)
    {
        var position = live.Model.Positions[index];
        var (symbol, instrument) = (position.Held.Symbol, position.Instrument);
        if (live.ValueOf(index) is not { } value) return new StressPosition(symbol, instrument, Figure.Missing(live.ReasonOf(index)!.Value), null);
        var isRiskless = position is { Column: ModelPosition.None, Reason: null };
        if (instrument?.Option is not { } terms) return new StressPosition(symbol, instrument, Figure.Of(value), null, isRiskless);
        var scale = value == 0 ? 0 : value / live.PriceOf(index)!.Value;
        var spot = live.PriceOf(terms.Underlying);
        return new StressPosition(symbol, instrument, Figure.Of(value), spot is null ? null : HeldOption.Of(terms, live.PriceOf(index)!.Value, spot.Value, scale, today));
    }
}

/// <summary>One position of a <see cref="StressBook"/>.</summary>
public sealed class StressPosition
{
    private readonly HeldOption? option;

    internal StressPosition(Symbol symbol, Instrument? instrument, Figure value, HeldOption? option, bool isRiskless = false)
    {
        (Symbol, Instrument, Value, IsRiskless) = (symbol, instrument, value, isRiskless);
        this.option = option;
    }

    public Symbol Symbol { get; }

    /// <summary>Null where it is unknown.</summary>
    public Instrument? Instrument { get; }

    /// <summary>Market value in base currency; negative when short.</summary>
    public Figure Value { get; }

    /// <summary>Whether it is cash in base currency, which nothing moves.</summary>
    internal bool IsRiskless { get; }

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

/// <param name="Pnl">Of the positions that are known, in base currency; a loss is negative. Missing where none of those that move is known.</param>
/// <param name="NavRatio"><paramref name="Pnl"/> / NAV; not applicable unless the NAV is positive.</param>
/// <param name="CoverageRatio">Share of the gross exposure that <paramref name="Pnl"/> contains; missing where a position without a known value is left out of it.</param>
/// <param name="LeftOut">The positions it does not contain.</param>
/// <param name="Positions">In the order of the portfolio.</param>
public sealed record StressResult(
    Figure Pnl, Figure NavRatio, Figure CoverageRatio, IReadOnlyList<LeftOutPosition> LeftOut, IReadOnlyList<StressedPosition> Positions);

/// <param name="Value">Before the move, in base currency.</param>
/// <param name="Pnl">In base currency, signed.</param>
public sealed record StressedPosition(Symbol Symbol, Figure Value, Figure Pnl, PositionMove Move);
