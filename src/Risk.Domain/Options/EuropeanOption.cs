using Risk.Domain.Instruments;

namespace Risk.Domain.Options;

/// <summary>The terms of one European option on one unit of its underlying, and the volatility it is valued with.</summary>
/// <param name="Strike">In the currency of the underlying; positive, within the <see cref="BlackScholes"/> limits.</param>
/// <param name="Years">To expiry; 0 at expiry.</param>
/// <param name="Volatility">Per year, as a ratio: 0.2 is 20 %. Zero is allowed.</param>
public readonly record struct EuropeanOption(OptionRight Right, double Strike, double Years, double Volatility);

/// <summary>What all options on one underlying share.</summary>
/// <param name="Spot">Price of the underlying; positive.</param>
/// <param name="Rate">r, continuous, per year; may be negative.</param>
/// <param name="DividendYield">q, continuous, per year: the dividend yield, or the foreign rate of an FX option, or r for one on a future.</param>
public readonly record struct OptionMarket(double Spot, double Rate, double DividendYield = 0);

/// <summary>Value and sensitivities of one option held long, for one unit of the underlying.</summary>
/// <param name="Price">Never negative.</param>
/// <param name="Delta">To the spot.</param>
/// <param name="Gamma">Change of delta for one unit of spot.</param>
/// <param name="Vega">For 1.00 of volatility; divide by 100 for one percentage point.</param>
/// <param name="Theta">Change of value as one <b>year</b> passes, per year; negative is decay. Divide by 365 for a calendar day.</param>
/// <param name="Rho">For 1.00 of the rate r, with q fixed; divide by 10,000 for one basis point.</param>
public readonly record struct OptionFigures(double Price, double Delta, double Gamma, double Vega, double Theta, double Rho);
