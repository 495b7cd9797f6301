namespace Risk.Application.Calculators;

/// <summary>How the distribution of the P&amp;L is found. The list is closed; <see cref="CalculateVar"/> computes each.</summary>
public enum VarMethod
{
    Historical,
    AgeWeighted,
    VolatilityScaled,
    FilteredGarch,
    ParametricNormal,
    StudentT,
    DeltaNormal,
    CornishFisher,
    MonteCarloNormal,
    MonteCarloT,
}

/// <summary>How figures of several days come from daily returns.</summary>
public enum HorizonMethod
{
    /// <summary>The one-day figure × √days, whatever the method.</summary>
    SqrtTime,

    /// <summary>Returns over that many days, one starting each day.</summary>
    Overlapping,
}

/// <summary>Which shortfall is read off a Cornish–Fisher distribution.</summary>
public enum ModifiedShortfall
{
    /// <summary>The modified one, but at least the VaR.</summary>
    Operational,

    /// <summary>By the Edgeworth expansion; breaks down at high kurtosis.</summary>
    Modified,

    /// <summary>The mean of the bent quantile over the tail.</summary>
    QuantileMean,
}
