using Risk.Domain.Amounts;
using Risk.Domain.Instruments;
using Risk.Domain.Portfolios;
using Risk.Domain.Prices;
using Risk.Domain.Scenarios;

namespace Risk.Domain.Snapshots;

/// <summary>The risk of one long unit (a share, a contract) of a symbol, held or not, in the instrument's own currency. Losses are positive.</summary>
/// <param name="Price">The price in use: the live one, else the last close; of an option without either that of the model.</param>
/// <param name="Observations">Scenarios that it, or its proxy, has a return in; of an option its underlying.</param>
/// <param name="HasFallbackVolatility">Whether it is an option whose price implies no volatility, so that its underlying's history lends one.</param>
public sealed record SymbolRisk(
    Symbol Symbol, Currency Currency, Figure Price, LossFigures At95, LossFigures At99, int Observations, long HistoryVersion, RiskConventions Conventions,
    bool HasFallbackVolatility)
{
    /// <param name="livePrice">Null if none came yet.</param>
    /// <param name="underlying">Of an option: its underlying; null if that is no known instrument.</param>
    /// <param name="underlyingPrice">Null if none came yet.</param>
    /// <param name="asOf">The time of the newest price; the last day of the history where it is not given.</param>
    public static SymbolRisk Of(
        Instrument instrument, double? livePrice, PriceHistory history, RiskConventions conventions,
        Instrument? underlying = null, double? underlyingPrice = null, EventTime? asOf = null)
    {
        var one = new Portfolio(AccountId.Default, instrument.Currency, 0, [new Position(instrument.Symbol, 1, 0)], 0);
        var instruments = new Dictionary<Symbol, Instrument> { [instrument.Symbol] = instrument };
        if (underlying is not null) instruments[underlying.Symbol] = underlying;
        var model = PortfolioModel.Build(one, instruments, history, conventions);
        var live = new LivePortfolio(model);
        if (asOf is { } time) live.MoveTo(time);
        for (var i = 0; i < model.PricedSymbols.Count; i++)
        {
            if (model.PricedSymbols[i] == instrument.Symbol && livePrice is { } price) live.SetPrice(i, price);
            if (model.PricedSymbols[i] == instrument.Option?.Underlying && underlyingPrice is { } spot) live.SetPrice(i, spot);
        }
        var (at95, at99) = live.MeasureTails();
        var used = live.PriceOf(0) is { } known ? Figure.Of(known) : Figure.Missing(FigureReason.MissingPrice);
        return new SymbolRisk(
            instrument.Symbol, instrument.Currency, used, at95, at99,
            model.Positions[0].Observations, history.Version, conventions, live.HasFallback());
    }
}
