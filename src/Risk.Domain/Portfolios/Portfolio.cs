using Risk.Domain.Amounts;
using Risk.Domain.Instruments;

namespace Risk.Domain.Portfolios;

/// <summary>What an account holds of one symbol. Negative quantities are short. The average cost is per unit, in the instrument's currency.</summary>
public sealed record Position(Symbol Symbol, decimal Quantity, decimal AverageCost);

/// <summary>
/// What an account holds at one version of its positions: at most one position a symbol, in ordinal order of the symbols.
/// <see cref="Version"/> only ever rises, also across delete and recreate.
/// </summary>
/// <param name="Cash">In base currency; may be negative.</param>
public sealed record Portfolio(AccountId Account, Currency BaseCurrency, decimal Cash, IReadOnlyList<Position> Positions, long Version);
