namespace Risk.Api.Setup;

/// <summary>Bodies of the VaR calculators and what they answer to them, figure by figure: a test asks and compares.</summary>
internal static class VarExamples
{
    public const string CalculateBody =
        """
        {"symbol": "CUSTOM", "prices": [100, 100.4, 99.3, 100.0, 101.3, 100.69, 100.89, 98.97, 99.86, 100.36, 100.06, 101.26, 100.45,
          100.55, 101.15, 99.63, 100.63, 100.43, 101.23, 98.5, 98.8, 99.89, 99.39, 99.79, 98.89, 100.27, 100.17, 100.77, 99.46, 99.66,
          100.36], "confidence": [0.95, 0.975], "method": "cornish_fisher", "es": "operational", "standard_deviation": "population",
          "horizon_days": 10, "horizon_method": "sqrt_time"}
        """;

    public const string Calculate =
        """
        {"symbol": "CUSTOM", "var_95": 5.82677775623, "var_99": 8.49288682653, "es_95": 7.047295633, "es_99": 12.2178824822,
          "interval_95": null, "interval_99": null, "es_95_standard_error": 1.11657311505, "es_99_standard_error": 3.63646555,
          "current_price": 100.36, "currency": null, "unit": "per share", "num_observations": 30, "method": "cornish_fisher", "quantile": "cornish_fisher", "es_convention": "operational", "confidence": [0.95, 0.975], "window_days":
          30, "horizon_days": 10, "history_version": null, "as_of": null, "timestamp": "2026-01-05T14:30:00Z", "coverage": 1,
          "stale_symbols": [], "flags": ["not_monotone_95", "sqrt_time_with_mean_95", "not_monotone_99", "sqrt_time_with_mean_99"],
          "reasons": {"interval_95": "not_applicable", "interval_99": "not_applicable", "currency": "not_applicable", "history_version":
          "not_applicable", "as_of": "not_applicable"}, "horizon_method": "sqrt_time",
          "standard_deviation": "population", "results": [{"confidence": 0.95, "var": 5.82677775623, "es": 7.047295633, "interval": null, "var_standard_error": 1.19238096594, "es_standard_error": 1.11657311505,
          "scenarios": [], "flags": ["not_monotone", "sqrt_time_with_mean"], "reasons": {"interval": "not_applicable"}}, {"confidence":
          0.975, "var": 7.08016149168, "es": 8.48207486444, "interval": null, "var_standard_error": 1.27746517004, "es_standard_error":
          1.53314208881, "scenarios": [], "flags": ["not_monotone", "sqrt_time_with_mean"], "reasons": {"interval": "not_applicable"}}]}
        """;

    public const string VarBody =
        """
        {"returns": {"AAA": [0.004, -0.011, 0.007, 0.013, -0.006, 0.002, -0.019, 0.009, 0.005, -0.003, 0.012, -0.008, 0.001, 0.006,
          -0.015, 0.01, -0.002, 0.008, -0.027, 0.003, 0.011, -0.005, 0.004, -0.009, 0.014, -0.001, 0.006, -0.013, 0.002, 0.007], "BBB":
          [-0.002, 0.008, -0.005, 0.003, 0.009, -0.012, 0.004, -0.001, 0.006, -0.014, 0.002, 0.007, -0.009, 0.005, 0.011, -0.004, 0.001,
          -0.006, 0.013, -0.008, 0.003, -0.017, 0.009, 0.002, -0.007, 0.004, -0.003, 0.01, -0.005, 0.006]}, "positions": {"AAA": 60000,
          "BBB": -25000}, "confidence": [0.95], "method": "volatility_scaled", "scaling": "asset", "lambda": 0.94, "quantile": "type7",
          "es": "acerbi_tasche", "horizon_days": 1, "horizon_method": "sqrt_time", "components": true}
        """;

    public const string Var =
        """
        {"method": "volatility_scaled", "quantile": "type7", "es_convention": "acerbi_tasche", "observations": 30, "horizon_days": 1,
          "horizon_method": "sqrt_time", "coverage": 1, "lambda": 0.94, "ewma_seed": "mean_square", "scaling": "asset",
          "results": [{"confidence": 0.95, "var": 1264.86948115,
          "es": 1789.45619804, "interval": {"low": 852.11360565, "high": null}, "var_standard_error": null, "es_standard_error":
          516.37081961, "scenarios": [{"index": 6, "weight": 0.55, "pnl": -1289.55696339}, {"index": 14, "weight": 0.45, "pnl":
          -1234.69589175}], "components": [{"symbol": "AAA", "component_var": 1083.01940225, "component_es": 1527.53639167,
          "marginal_var": 0.0180503233709, "incremental_var": 998.665808125, "marginal_es": 0.0254589398611, "incremental_es":
          1467.02410705}, {"symbol": "BBB", "component_var": 181.850078894, "component_es": 261.919806373, "marginal_var":
          -0.00727400315576, "incremental_var": 181.850078894, "marginal_es": -0.0104767922549, "incremental_es": 261.919806373}],
          "flags": ["thin_tail"], "reasons": {"interval/high": "short_history", "var_standard_error": "not_applicable"}}], "reasons": {}}
        """;
}
