namespace Risk.Domain.Measures;

/// <summary>How expected shortfall is read off n sorted P&amp;L values; tail = 1 − confidence.</summary>
public enum ShortfallConvention
{
    /// <summary>(sum of the ⌊n·tail⌋ worst + the fractional part of the next) / (n·tail): coherent; equals Rockafellar–Uryasev.</summary>
    AcerbiTasche,

    /// <summary>Mean of the ⌊n·tail⌋ worst; not applicable when that is none.</summary>
    MeanWorstFloor,

    /// <summary>Mean of the k worst, k = ⌊n·tail⌋ + 1.</summary>
    MeanWorstK,

    /// <summary>Mean of the losses strictly beyond the VaR, of whatever quantile convention goes with it; not applicable when there is none.</summary>
    BeyondVar,
}
