using Risk.Application.Stores;
using Risk.Domain.Instruments;
using Risk.Domain.Prices;
using Risk.Domain.Snapshots;

namespace Risk.Application.Reporting;

/// <summary>The risk of one unit of a symbol, held or not, at its last price.</summary>
public sealed class MeasureSymbol(
    InstrumentStore instruments, HistoryStore history, PriceStore prices, RiskConventions conventions, ReportingSettings settings, TimeProvider time)
{
    /// <summary>Null for a symbol that is no instrument.</summary>
    public async Task<MeasuredSymbol?> RunAsync(Symbol symbol, CancellationToken cancellation)
    {
        if (await instruments.FindAsync(symbol, cancellation) is not { } instrument) return null;
        var current = await history.LoadCurrentAsync(cancellation);
        var state = await prices.FindAsync(symbol, cancellation);
        var live = PriceOf(state);
        var underlying = instrument.Option?.Underlying is { } name ? await instruments.FindAsync(name, cancellation) : null;
        var spot = instrument.Option?.Underlying is { } symbolOf ? await prices.FindAsync(symbolOf, cancellation) : null;
        var newest = state?.LastTime > spot?.LastTime || spot is null ? state?.LastTime : spot.LastTime;
        var risk = SymbolRisk.Of(instrument, live, current.History, conventions, underlying, PriceOf(spot), newest);
        var now = EventTime.From(time.GetUtcNow());
        var asOf = newest > EventTime.Min ? newest.Value
            : current.History.Dates.Count > 0 ? EventTime.From(new DateTimeOffset(current.History.Dates[^1], TimeOnly.MinValue, TimeSpan.Zero))
            : EventTime.Min;
        return new MeasuredSymbol(risk, instrument, asOf, now, settings.IsStale(state?.LastTime ?? EventTime.Min, now));
    }

    private static double? PriceOf(SymbolState? state) => state is { Last.IsGiven: true } ? state.Last.ToDouble() : null;
}

/// <param name="AsOf">The time of the price in use.</param>
public sealed record MeasuredSymbol(SymbolRisk Risk, Instrument Instrument, EventTime AsOf, EventTime Now, bool IsStale);
