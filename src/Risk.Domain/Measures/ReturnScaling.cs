namespace Risk.Domain.Measures;

/// <summary>How past returns become scenarios for the next day.</summary>
public enum ReturnScalingKind
{
    /// <summary>As they were.</summary>
    None,

    /// <summary>Each asset brought to its own EWMA volatility of the next day.</summary>
    AssetVolatility,

    /// <summary>All assets of a day by the factor that brings the portfolio to its EWMA volatility of the next day.</summary>
    PortfolioVolatility,

    /// <summary>The portfolio filtered by GARCH(1,1), as <see cref="Garch.Filter"/> does; its return is measured on the sum of the positions.</summary>
    PortfolioGarch,
}

/// <param name="Lambda">Decay of the EWMA.</param>
/// <param name="Garch">Only read for <see cref="ReturnScalingKind.PortfolioGarch"/>.</param>
/// <param name="InitialVariance">Of the GARCH recursion; the population variance of the returns when null.</param>
public readonly record struct ReturnScaling(
    ReturnScalingKind Kind, double Lambda = Ewma.DefaultLambda, GarchParameters Garch = default, double? InitialVariance = null);
