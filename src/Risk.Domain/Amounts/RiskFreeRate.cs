namespace Risk.Domain.Amounts;

/// <summary>The risk-free rate that is taken where an account names none, per currency.</summary>
public static class RiskFreeRate
{
    /// <summary>Per year, as a ratio: 6 % for the rupee, else 0.</summary>
    public static double AnnualOf(Currency currency) => currency == Currency.Inr ? 0.06 : 0;

    /// <summary>The same, compounded continuously: ln(1 + annual).</summary>
    public static double ContinuousOf(Currency currency) => Math.Log(1 + AnnualOf(currency));
}
