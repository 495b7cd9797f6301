namespace Risk.Api.Setup;

/// <summary>Answers of the live VaR and risk routes, as the API page shows them.</summary>
internal static class RiskExamples
{
    public const string SymbolVar =
        """
        {"symbol": "AAPL", "var_95": 4.71, "var_99": 7.9, "es_95": 6.6, "es_99": 9.3, "interval_95": {"low": 4.1, "high": 5.6},
          "interval_99": {"low": 6.4, "high": null}, "es_95_standard_error": 0.52,
          "es_99_standard_error": 1.1, "current_price": 187.25, "currency": "USD", "unit": "per share", "method": "historical", "quantile": "type7",
          "es_convention": "acerbi_tasche", "confidence": [0.95, 0.99], "window_days": 500, "num_observations": 500, "horizon_days":
          1, "history_version": 3, "as_of": "2026-01-05T14:30:12.123Z", "timestamp": "2026-01-05T14:30:12.480Z", "coverage": 1,
          "stale_symbols": [], "flags": [], "reasons": {"interval_99/high": "short_history"}}
        """;

    public const string PortfolioVar =
        """
        {"account_id": "default", "results": [{"symbol": "AAPL", "var_95": 4.71, "var_99": 7.9, "es_95": 6.6, "es_99": 9.3,
          "interval_95": {"low": 4.1, "high": 5.6}, "interval_99": {"low": 6.4, "high": null}, "es_95_standard_error": 0.52,
          "es_99_standard_error": 1.1,
          "current_price": 187.25, "currency": "USD", "unit": "per share", "method":
          "historical", "quantile": "type7", "es_convention": "acerbi_tasche", "confidence": [0.95, 0.99], "window_days": 500,
          "num_observations": 500, "horizon_days": 1, "history_version": 3, "as_of": "2026-01-05T14:30:12.123Z", "timestamp":
          "2026-01-05T14:30:12.480Z", "quantity": 100, "market_value": 18725, "risk_class": "medium", "position_var_95": 471,
          "position_var_95_ratio": 0.0252, "position_var_99": 790, "position_interval_95": {"low": 410, "high": 560},
          "position_interval_99": {"low": 640, "high": null}, "component_var_95": 471, "component_var_99": 790,
          "component_es_95": 660, "incremental_var_95": 471, "borrowed_scenarios": 0, "is_stale": false, "reasons": {"interval_99/high":
          "short_history", "position_interval_99/high": "short_history"}}],
          "portfolio": {"market_value": 18725, "nav": 21225, "gross_exposure": 18725, "cash": 2500, "var_95": 471, "var_99": 790,
          "es_95": 660, "es_99": 930, "var_95_ratio": 0.0222, "var_99_ratio": 0.0372, "interval_95": {"low": 410, "high": 560},
          "interval_99": {"low": 640, "high": null}, "es_95_standard_error": 52, "es_99_standard_error": 110, "diversification_benefit_95": 0, "hhi": 1, "effective_positions": 1,
          "coverage": 1, "left_out": [], "stale_symbols": [], "epoch": "4.3.31", "flags": [], "reasons": {"interval_99/high":
          "short_history"}}, "count": 1,
          "currency": "USD", "method": "historical", "quantile": "type7", "es_convention": "acerbi_tasche", "confidence": [0.95,
          0.99], "window_days": 500, "num_observations": 500, "horizon_days": 1, "history_version": 3, "as_of":
          "2026-01-05T14:30:12.123Z", "timestamp": "2026-01-05T14:30:12.480Z", "reasons": {}}
        """;

    public const string Explain =
        """
        {"account_id": "default", "confidence": 0.95, "var": 471, "es": 660, "interval": {"low": 410, "high": 560},
          "es_standard_error": 52, "currency":
          "USD", "method": "historical", "quantile": "type7", "es_convention": "acerbi_tasche", "window_days": 500,
          "num_observations": 500, "horizon_days": 1, "history_version": 3, "as_of": "2026-01-05T14:30:12.123Z", "coverage": 1,
          "left_out": [], "stale_symbols": [], "scenarios": [{"date": "2025-04-04", "rank": 25, "weight": 1, "pnl": -471, "positions": [{"symbol":
          "AAPL", "pnl": -471}]}], "flags": [], "reasons": {}}
        """;

    public const string VarHistory =
        """
        {"account_id": "default", "interval": "minute", "currency": "USD", "from": "2026-01-04T14:30:12Z", "to":
          "2026-01-05T14:30:12Z", "points": [{"time": "2026-01-05T14:29:59.98Z", "var_95": 471, "var_99": 790, "es_95": 660,
          "es_99": 930, "interval_95": {"low": 410, "high": 560}, "interval_99": {"low": 640, "high": null},
          "es_95_standard_error": 52, "es_99_standard_error": 110, "nav": 18725, "pnl": 12.5, "breach_95": null, "breach_99": null, "coverage": 1, "window_days": 500, "num_observations": 500,
          "history_version": 3, "left_out": [], "flags": [], "reasons": {"breach_95": "not_applicable", "breach_99":
          "not_applicable", "interval_99/high": "short_history"}}], "count": 1, "method": "historical", "quantile": "type7", "es_convention":
          "acerbi_tasche", "window_days": 500, "horizon_days": 1}
        """;

    public const string RiskMetrics =
        """
        {"account_id": "default", "timestamp": "2026-01-05T14:30:12.480Z", "risk_score": 32.8, "risk_level": "low", "score_coverage": 1,
          "score_parts": {"position": {"weight": 25, "score": 18.7, "metric": "position_size"}, "leverage": {"weight": 20, "score": 3.1,
          "metric": "leverage"}, "concentration": {"weight": 15, "score": 100, "metric": "stock_weight"}, "correlation": {"weight": 10,
          "score": 41, "metric": "correlation_risk"}, "liquidity": {"weight": 10, "score": 0.1, "metric": "share_of_volume"}, "pl":
          {"weight": 20, "score": 45, "metric": "daily_loss"}}, "total_exposure": 24725, "gross_exposure": 24725, "net_exposure": 24725,
          "long_exposure": 24725, "short_exposure": 0, "market_value": 24725, "nav": 27225, "current_leverage": 0.908,
          "margin_utilization": 0.0182, "required_margin_ratio": 0.02, "var_95": 401, "var_99": 655, "es_95": 553, "es_99": 770,
          "interval_95": {"low": 350, "high": 470}, "interval_99": {"low": 540, "high": null}, "es_95_standard_error": 43,
          "es_99_standard_error": 91, "var_95_ratio": 0.0147, "var_95_without_fx": 401, "es_95_without_fx": 553, "interval_95_without_fx": {"low": 350, "high": 470},
          "es_95_without_fx_standard_error": 43, "var_95_fx_part": 0, "correlation_risk": 0.41,
          "diversification_score": 36.5, "unrealized_pl": 3975, "daily_pl": -450, "instrument_count": 2, "risk_limit_breaches":
          [{"metric": "stock_weight", "severity": "critical", "value": 0.757, "warning": 0.2, "critical": 0.3, "direction": "above"}],
          "exposure_by": {"asset_class": {"equity": {"long": 24725, "short": 0}}, "sector": {"Energy": {"long": 6000, "short": 0},
          "Technology": {"long": 18725, "short": 0}}, "currency": {"USD": {"long": 24725, "short": 0}}}, "var_by": {"asset_class":
          {"equity": {"component_var_95": 401, "component_var_99": 655, "component_es_95": 553, "component_es_99": 770, "var_95": 401,
          "var_99": 655, "es_95": 553, "es_99": 770, "interval_95": {"low": 350, "high": 470},
          "interval_99": {"low": 540, "high": null}, "es_95_standard_error": 43, "es_99_standard_error": 91, "reasons": {"interval_99/high": "short_history"}}}, "sector": {"Energy": {"component_var_95": 51, "component_var_99":
          95, "component_es_95": 73, "component_es_99": 120, "var_95": 160, "var_99": 260, "es_95": 210, "es_99": 300, "interval_95": {"low": 140, "high": 190},
          "interval_99": {"low": 210, "high": null}, "es_95_standard_error": 18, "es_99_standard_error": 37, "reasons": {"interval_99/high": "short_history"}},
          "Technology": {"component_var_95": 350, "component_var_99": 560, "component_es_95": 480, "component_es_99": 650, "var_95": 471,
          "var_99": 790, "es_95": 660, "es_99": 930, "interval_95": {"low": 410, "high": 560},
          "interval_99": {"low": 640, "high": null}, "es_95_standard_error": 52, "es_99_standard_error": 110, "reasons": {"interval_99/high": "short_history"}}}}, "delta": 24725, "gamma": 0, "vega": 0, "liquidity":
          {"days_to_liquidate": 0.0025, "participation_ratio": 0.1, "liquid_share": 1, "largest_share_of_volume": 0.00025,
          "known_volume_share": 1, "liquidity_cost": 2.47, "spread_scale": 3, "known_spread_share": 1, "liquidity_adjusted_var_95":
          403.47, "liquidity_adjusted_var_99": 657.47,
          "liquidity_adjusted_interval_95": {"low": 352.47, "high": 472.47}, "liquidity_adjusted_interval_99": {"low": 542.47, "high": null}}, "positions": [{"symbol": "AAPL", "asset_class": "equity", "sector": "Technology",
          "currency": "USD", "quantity": 100, "market_value": 18725, "exposure": 18725, "delta": 18725, "gamma": 0, "vega": 0,
          "unrealized_pl": 3675, "daily_pl": -400, "average_volume_30d": 40000000, "share_of_volume": 2.5e-06, "days_to_liquidate":
          2.5e-05, "is_liquid": true, "spread_ratio": 0.0002, "liquidity_cost": 1.87, "reasons": {}}, {"symbol": "XOM",
          "asset_class": "equity", "sector": "Energy", "currency": "USD", "quantity": 60, "market_value": 6000, "exposure": 6000, "delta":
          6000, "gamma": 0, "vega": 0, "unrealized_pl": 300, "daily_pl": -50, "average_volume_30d": 240000, "share_of_volume": 0.00025,
          "days_to_liquidate": 0.0025, "is_liquid": true, "spread_ratio": 0.0002, "liquidity_cost": 0.6, "reasons": {}}],
          "currency": "USD", "method": "historical", "quantile": "type7", "es_convention": "acerbi_tasche", "confidence": [0.95, 0.99],
          "window_days": 500, "num_observations": 500, "horizon_days": 1, "history_version": 3, "as_of": "2026-01-05T14:30:12.123Z",
          "coverage": 1, "left_out": [], "stale_symbols": [], "flags": [], "reasons": {"interval_99/high": "short_history",
          "liquidity.liquidity_adjusted_interval_99/high": "short_history"}}
        """;
}
