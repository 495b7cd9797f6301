using Risk.Domain.Amounts;
using Risk.Domain.Instruments;
using Risk.Domain.Portfolios;
using Risk.Domain.Scenarios;

namespace Risk.Domain.Snapshots;

/// <summary>The risk of one long unit (a share, a contract) of a symbol, held or not, in the instrument's own currency. Losses are positive.</summary>
/// <param name="Price">The price in use: the live one, else the last close.</param>
public sealed record SymbolRisk(
    Symbol Symbol, Currency Currency, Figure Price, LossFigures At95, LossFigures At99, int Observations, long HistoryVersion, RiskConventions Conventions)
{
    /// <param name="livePrice">Null if none came yet.</param>
    public static SymbolRisk Of(Instrument instrument, double? livePrice, PriceHistory history, RiskConventions conventions)
    {
        var one = new Portfolio(AccountId.Default, instrument.Currency, 0, [new Position(instrument.Symbol, 1, 0)], 0);
        var model = PortfolioModel.Build(one, new Dictionary<Symbol, Instrument> { [instrument.Symbol] = instrument }, history, conventions);
        var live = new LivePortfolio(model);
        if (livePrice is { } price && model.PricedSymbols.Count > 0) live.SetPrice(0, price);
        var (at95, at99) = live.MeasureTails();
        var used = live.PriceOf(0) is { } known ? Figure.Of(known) : Figure.Missing(FigureReason.MissingPrice);
        return new SymbolRisk(instrument.Symbol, instrument.Currency, used, at95, at99, model.Observations, history.Version, conventions);
    }
}
