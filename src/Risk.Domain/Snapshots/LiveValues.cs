namespace Risk.Domain.Snapshots;

/// <summary>What positions are worth now and what they are exposed to, with sums that are exact: the same after any order of changes.</summary>
internal sealed class LiveValues(int positions)
{
    /// <summary>Values are summed exactly in 2⁻³² of base currency.</summary>
    private const double Units = 1L << 32;

    private readonly double[] values = new double[positions];
    private readonly double[] exposures = new double[positions];
    private readonly Int128[] exactValues = new Int128[positions];
    private readonly Int128[] exactExposures = new Int128[positions];
    private readonly bool[] isCovered = new bool[positions];
    private Int128 marketValue, gross, coveredGross;

    public int Count => values.Length;

    /// <summary>Σ value, in base currency.</summary>
    public double MarketValue => ToDouble(marketValue);

    /// <summary>Σ |exposure|, in base currency.</summary>
    public double Gross => ToDouble(gross);

    /// <summary>Σ |exposure| of what is measured, in base currency.</summary>
    public double CoveredGross => ToDouble(coveredGross);

    public double Value(int position) => values[position];

    public double Exposure(int position) => exposures[position];

    /// <param name="value">In base currency, as <paramref name="exposure"/>.</param>
    /// <param name="isMeasured">Whether the figures of risk contain it.</param>
    public void Put(int position, double value, double exposure, bool isMeasured)
    {
        (values[position], exposures[position]) = (value, exposure);
        var exact = (Int128)Math.Round(value * Units);
        var size = Int128.Abs(exposure == value ? exact : (Int128)Math.Round(exposure * Units));
        marketValue += exact - exactValues[position];
        gross += size - exactExposures[position];
        if (isCovered[position]) coveredGross -= exactExposures[position];
        if (isMeasured) coveredGross += size;
        (exactValues[position], exactExposures[position], isCovered[position]) = (exact, size, isMeasured);
    }

    private static double ToDouble(Int128 exact) => (double)exact / Units;
}
