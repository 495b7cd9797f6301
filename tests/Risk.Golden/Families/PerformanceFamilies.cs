using System.Text.Json.Nodes;
using Risk.Domain.Measures;

namespace Risk.Golden.Families;

/// <summary>Performance beside a benchmark; concentration.</summary>
internal static class PerformanceFamilies
{
    public static JsonNode AgainstBenchmark(GoldenCase golden)
    {
        var inputs = golden.Inputs;
        var returns = inputs.Vector("returns");
        var (riskFree, periods) = (inputs.Number("risk_free_annual", 0), inputs.Number("periods_per_year", Volatility.DaysPerYear));
        var own = Performance.Of(returns, riskFree, periods);
        var result = new JsonObject
        {
            ["annual_return_geometric"] = own.AnnualReturn,
            ["annual_volatility"] = own.AnnualVolatility,
            ["calmar"] = own.Calmar,
            ["sharpe_arithmetic"] = own.Sharpe,
            ["sharpe_geometric_pa"] = own.SharpeGeometric,
            ["sortino"] = own.Sortino,
            ["downside_deviation_daily_full_n"] = own.DownsideDeviation,
            ["downside_deviation_annual_full_n"] = own.DownsideDeviation * Math.Sqrt(periods),
            ["downside_deviation_daily_subset_n"] = own.DownsideDeviationOfShortfalls,
        };
        AddDrawdown(result, own.Drawdown, inputs);
        if (inputs.Has("benchmark_returns")) AddBenchmark(result, BenchmarkComparison.Of(returns, inputs.Vector("benchmark_returns"), riskFree, periods));
        return result;
    }

    public static JsonNode ConcentrationOf(GoldenCase golden)
    {
        var weights = golden.Inputs.Vector("weights");
        var result = new JsonObject { ["hhi"] = Concentration.Hhi(weights), ["effective_n"] = Concentration.EffectivePositions(weights) };
        var covariance = golden.Inputs.Has("covariance_daily") ? Rows(golden.Inputs, "covariance_daily") : null;
        if (covariance is not null) result["diversification_ratio"] = Concentration.DiversificationRatio(weights, covariance);
        if (!golden.Inputs.Has("benchmark_weights")) return result;
        var benchmark = golden.Inputs.Vector("benchmark_weights");
        result["active_share"] = Concentration.ActiveShare(weights, benchmark);
        if (covariance is not null)
            result["ex_ante_tracking_error_annual"] = Volatility.Annualised(
                Concentration.TrackingError(weights, benchmark, covariance), golden.Inputs.Number("periods_per_year", Volatility.DaysPerYear));
        return result;
    }

    /// <summary>A matrix by rows.</summary>
    internal static double[][] Rows(Inputs inputs, string name) => [.. inputs.Root.GetProperty(name).EnumerateArray().Select(Inputs.Vector)];

    private static void AddDrawdown(JsonObject result, Drawdown drawdown, Inputs inputs)
    {
        var dates = inputs.Has("dates") ? inputs.Root.GetProperty("dates").EnumerateArray().Select(x => x.GetString()!).ToArray() : null;
        string At(int period) => period == Drawdown.Start ? "start" : dates?[period] ?? $"{period}";
        result["max_drawdown"] = drawdown.Depth;
        result["peak_date"] = At(drawdown.Peak);
        result["trough_date"] = drawdown.Trough is { } trough ? At(trough) : null;
        result["recovery_date"] = drawdown.Recovery is { } recovery ? At(recovery) : "not recovered";
    }

    private static void AddBenchmark(JsonObject result, BenchmarkComparison comparison)
    {
        result["beta"] = comparison.Beta;
        result["alpha_daily"] = comparison.AlphaPerPeriod;
        result["alpha_annual_arithmetic"] = comparison.AlphaAnnual;
        result["alpha_annual_compounded"] = comparison.AlphaAnnualCompounded;
        result["r_squared"] = comparison.RSquared;
        result["tracking_error_annual"] = comparison.TrackingErrorAnnual;
        result["information_ratio_arithmetic"] = comparison.InformationRatio;
        result["information_ratio_geometric_pa"] = comparison.InformationRatioGeometric;
        foreach (var (side, capture) in new[] { ("up", comparison.Up), ("down", comparison.Down) })
        {
            result[$"{side}_capture_cumulative"] = capture.Cumulative;
            result[$"{side}_capture_annualised"] = capture.Annualised;
            result[$"{side}_capture_mean"] = capture.Mean;
        }
    }
}
