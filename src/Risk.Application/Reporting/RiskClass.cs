namespace Risk.Application.Reporting;

/// <summary>
/// How risky a position is by itself, from its one-day 95 % VaR over its market value: low below 2 %, medium below 4 %, else high. Under
/// normal returns 2 % is a volatility of about 19 % a year (a broad index), 4 % about 39 % (a lively single share).
/// </summary>
public static class RiskClass
{
    public const double MediumFromRatio = 0.02;
    public const double HighFromRatio = 0.04;

    public static string Of(double var95Ratio) => var95Ratio < MediumFromRatio ? "low" : var95Ratio < HighFromRatio ? "medium" : "high";
}
