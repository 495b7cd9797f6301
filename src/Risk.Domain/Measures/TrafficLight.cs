namespace Risk.Domain.Measures;

/// <summary>The supervisors' zones for a VaR model by its exceedances.</summary>
public enum Zone
{
    /// <summary>As many or fewer are 95 % likely at most: nothing speaks against the model.</summary>
    Green,

    /// <summary>95 % to below 99.99 %: the model may be wrong.</summary>
    Yellow,

    /// <summary>99.99 % and more: it is.</summary>
    Red,
}

/// <summary>
/// The traffic light of the Basel Committee ("Supervisory framework for the use of 'backtesting'", January 1996, table 2; MAR99 table 2):
/// zones by the probability that a right model has x exceedances or fewer, and the multiplier on capital that follows.
/// </summary>
public static class TrafficLight
{
    /// <summary>The days that the tables of multipliers are made for.</summary>
    public const int TableDays = 250;

    private const double TableTail = 0.01;
    private const int FirstYellow = 5;
    private static readonly double[] Yellow1996 = [3.40, 3.50, 3.65, 3.75, 3.85];
    private static readonly double[] YellowMar99 = [1.70, 1.76, 1.83, 1.88, 1.92];

    /// <summary>The zone of x exceedances in T days; at 250 days and 1 %: green 0–4, yellow 5–9, red from 10. Over a few days only, one exceedance is red already.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A negative number of days or exceedances, more exceedances than days, or a tail outside (0, 1).</exception>
    public static Zone ZoneOf(int exceedances, int days, double tail)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(exceedances);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(exceedances, days);
        return BinomialTail.AtMost(exceedances, days, tail) switch
        {
            // None is the best that can happen, however short the time.
            _ when exceedances == 0 => Zone.Green,
            < 0.95 => Zone.Green,
            < 0.9999 => Zone.Yellow,
            _ => Zone.Red,
        };
    }

    /// <summary>
    /// The multiplier of the 1996 framework, 3 … 4. In the yellow zone null unless it is about 250 days at 1 %: the Committee gives its steps
    /// for nothing else.
    /// </summary>
    /// <inheritdoc cref="ZoneOf"/>
    public static double? Multiplier1996(int exceedances, int days, double tail) => Multiplier(exceedances, days, tail, 3, Yellow1996, 4);

    /// <summary>The multiplier of MAR99 (Basel III), 1.5 … 2; otherwise as <see cref="Multiplier1996"/>.</summary>
    /// <inheritdoc cref="ZoneOf"/>
    public static double? MultiplierMar99(int exceedances, int days, double tail) => Multiplier(exceedances, days, tail, 1.5, YellowMar99, 2);

    private static double? Multiplier(int exceedances, int days, double tail, double green, double[] yellow, double red) =>
        ZoneOf(exceedances, days, tail) switch
        {
            Zone.Green => green,
            Zone.Red => red,
            _ when days == TableDays && Math.Abs(tail - TableTail) < 1e-12 => yellow[exceedances - FirstYellow],
            _ => null,
        };
}
