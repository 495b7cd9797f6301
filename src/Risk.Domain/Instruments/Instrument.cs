using Risk.Domain.Amounts;

namespace Risk.Domain.Instruments;

public enum AssetClass
{
    Equity,
    Etf,
    Fund,
    Future,
    Option,
    Fx,
    Cash,
}

public enum OptionRight
{
    Call,
    Put,
}

/// <summary>What an option needs besides the common terms. The expiry is a date in the exchange's calendar.</summary>
public sealed record OptionTerms(Symbol Underlying, decimal Strike, DateOnly Expiry, OptionRight Right);

/// <summary>
/// What is held and quoted. <see cref="Multiplier"/> is the number of units of the underlying per contract: value = quantity × price ×
/// multiplier, in <see cref="Currency"/>. An <see cref="AssetClass.Fx"/> instrument named <c>ABCXYZ</c> quotes XYZ per one ABC and has
/// currency XYZ. <see cref="Proxy"/> lends its returns to the scenarios in which this instrument has none.
/// </summary>
public sealed record Instrument(
    Symbol Symbol,
    string Name,
    AssetClass AssetClass,
    Currency Currency,
    string? Sector = null,
    decimal Multiplier = 1m,
    string? Isin = null,
    string? Exchange = null,
    Symbol? Proxy = null,
    OptionTerms? Option = null);
