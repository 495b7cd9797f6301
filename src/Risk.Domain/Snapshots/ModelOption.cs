using Risk.Domain.Amounts;
using Risk.Domain.Instruments;
using Risk.Domain.Measures;
using Risk.Domain.Options;
using Risk.Domain.Scenarios;

namespace Risk.Domain.Snapshots;

/// <summary>
/// An option in a portfolio as far as no live price changes it. It is valued as a European one by Black–Scholes–Merton, with the risk-free
/// rate of its currency and q as the underlying tells: r for a future, the foreign rate for a currency pair, else 0.
/// </summary>
/// <param name="Underlying">Its index among the priced symbols.</param>
/// <param name="Moves">The return of the underlying in each scenario, in its own currency.</param>
/// <param name="RateMoves">The return of the currency's rate in each scenario; null in base currency.</param>
/// <param name="FallbackVolatility">Of the underlying over the window, per year: used where the option's price gives none.</param>
internal sealed record ModelOption(
    OptionTerms Terms, int Underlying, double[] Moves, double[]? RateMoves, double Rate, double DividendYield, double FallbackVolatility, int Borrowed)
{
    public const double DaysPerYear = 365;

    /// <summary>To expiry, in calendar years; 0 on its day, negative afterwards.</summary>
    public double YearsFrom(DateOnly day) => (Terms.Expiry.DayNumber - day.DayNumber) / DaysPerYear;

    /// <param name="underlying">Null if it is no known instrument.</param>
    /// <param name="moves">At least two.</param>
    public static ModelOption Of(Instrument instrument, Instrument? underlying, int priced, SymbolReturns moves, double[]? rateMoves)
    {
        var rate = RiskFreeRate.ContinuousOf(instrument.Currency);
        var yield = underlying?.AssetClass switch
        {
            AssetClass.Future => rate,
            AssetClass.Fx when Currency.TryParse(underlying.Symbol.Text[..Math.Min(3, underlying.Symbol.Text.Length)], out var foreign) => RiskFreeRate.ContinuousOf(foreign),
            _ => 0,
        };
        var volatility = moves.Values.Length < 2 ? 0 : Volatility.Annualised(Volatility.Sample(moves.Values));
        return new ModelOption(instrument.Option!, priced, moves.Values, rateMoves, rate, yield, Math.Min(volatility, BlackScholes.MaxVolatility), moves.Borrowed);
    }
}
