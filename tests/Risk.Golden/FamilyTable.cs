using System.Text.Json.Nodes;
using Risk.Golden.Families;

namespace Risk.Golden;

/// <summary>Which calculation a case asks for: the family is the start of its name, up to the part that names the data; the longest match wins.</summary>
public static class FamilyTable
{
    private static readonly (string Family, Func<GoldenCase, JsonNode> Compute)[] Families =
    [
        ("returns_simple_log", ReturnFamilies.ReturnsSimpleLog),
        ("volatility_annualised", ReturnFamilies.VolatilityAnnualised),
        ("ewma_volatility", ReturnFamilies.EwmaVolatility),
        ("covariance_correlation", ReturnFamilies.CovarianceCorrelation),
        ("portfolio_volatility", ReturnFamilies.PortfolioVolatilityOf),
        ("hs_single_asset", HistoricalFamilies.Plain),
        ("hs_portfolio", HistoricalFamilies.Plain),
        ("hs_age_weighted", HistoricalFamilies.AgeWeighted),
        ("hs_volatility_scaled", HistoricalFamilies.VolatilityScaled),
        ("garch11_filter", GarchFamilies.Filter),
        ("garch11_fit", GarchFamilies.Fit),
        ("hs_filtered_garch", GarchFamilies.FilteredHistorical),
        ("hs_horizon", HistoricalFamilies.Horizon),
        ("delta_normal", ParametricFamilies.DeltaNormal),
        ("parametric_normal", ParametricFamilies.NormalPortfolio),
        ("parametric_student_t_given_nu", ParametricFamilies.StudentTGivenNu),
        ("student_t_mle_fit", ParametricFamilies.StudentTMle),
        ("cornish_fisher_modified", ParametricFamilies.ModifiedVar),
        ("component_var_historical", ComponentFamilies.Historical),
        ("component_var_parametric", ComponentFamilies.Parametric),
        ("component_var_modified", ComponentFamilies.Modified),
        ("monte_carlo", MonteCarloFamilies.Simulated),
        ("performance", PerformanceFamilies.AgainstBenchmark),
        ("concentration_active_share", PerformanceFamilies.ConcentrationOf),
        ("backtest", BacktestFamilies.Tests),
        ("basel_traffic_light", BacktestFamilies.TrafficLights),
        ("bs_", OptionFamilies.Greeks),
        ("implied_volatility", OptionFamilies.Implied),
        ("option_book", OptionFamilies.Book),
        ("min_variance", AllocationFamilies.MinimumVarianceOf),
        ("max_sharpe", AllocationFamilies.MaximumSharpeOf),
        ("efficient_frontier", AllocationFamilies.Frontier),
        ("min_cvar", AllocationFamilies.MinimumCvarOf),
        ("risk_parity", AllocationFamilies.RiskBudgetOf),
        ("risk_budget", AllocationFamilies.RiskBudgetOf),
        ("hrp_", AllocationFamilies.HierarchicalParityOf),
        ("black_litterman", AllocationFamilies.BlackLittermanOf),
        ("fund_look_through", FundFamilies.LookThrough),
        ("fx_", CurrencyFamilies.Portfolio),
        ("vwap_", WindowFamilies.Vwap),
    ];

    /// <summary>The calculation of the case; null when its family is not built yet.</summary>
    public static Func<GoldenCase, JsonNode>? Find(string name) =>
        Families.Where(x => name.StartsWith(x.Family, StringComparison.Ordinal)).OrderByDescending(x => x.Family.Length).FirstOrDefault().Compute;
}
