namespace Risk.Api.Setup;

/// <summary>An answer of each route, and a body where it takes one, for the OpenAPI document. A test holds them against real answers.</summary>
internal static class Examples
{
    public const string Health =
        """
        {"status": "ok"}
        """;

    public const string DetailedHealth =
        """
        {"status": "ok", "dependencies": {"store": {"status": "ok", "latency_ms": 0.21, "detail": null}, "stream": {"status": "ok",
          "latency_ms": 0.02, "detail": null}, "archive": {"status": "ok", "latency_ms": 0.05, "detail": null}}}
        """;

    public const string Status =
        """
        {"version": "0.1.0", "uptime_seconds": 12.5, "started_at": "2026-01-05T14:30:00Z", "stream": {"ticks_produced": 625,
          "ticks_received": 620, "ticks_counted": 620, "ticks_duplicate": 0, "ticks_late": 0, "ticks_quarantined": 0,
          "ticks_per_second": 50, "lag_ms": 0, "completeness_ratio": 0.992}, "totals": {"unique_symbols": 20, "price_min": 12.1,
          "price_max": 412.75, "volume": 71250}, "symbols": 20, "accounts": 1, "last_snapshot_at": "2026-01-05T14:30:12.480Z",
          "history_version": 1, "last_fault": null}
        """;

    public const string Performance =
        """
        {"decode": {"count": 12, "p50": 0.06, "p95": 0.2, "p99": 0.4}, "ingest": {"count": 12, "p50": 0.9, "p95": 2.1, "p99": 3.4},
          "measure": {"count": 12, "p50": 0.1, "p95": 0.3, "p99": 0.4}, "store": {"count": 12, "p50": 0.4, "p95": 1.1, "p99": 1.8},
          "end_to_end_ms": {"count": 300, "p50": 6.1, "p95": 12.7, "p99": 18}, "api_ms": {"count": 40, "p50": 0.4, "p95": 1.2,
          "p99": 2.4}, "ticks_per_second": 50, "ticks_received": 620, "snapshots": 12, "memory_bytes": 92274688, "cpu_percent": 3.1}
        """;

    public const string Symbols =
        """
        {"symbols": [{"symbol": "AAPL", "name": "Apple Inc.", "asset_class": "equity", "currency": "USD", "sector": "Technology",
          "last_price": 187.25, "bid": 187.24, "ask": 187.26, "last_tick_at": "2026-01-05T14:30:12.123Z", "ticks": 31}], "count": 1,
          "next_cursor": null}
        """;

    public const string Windows =
        """
        {"symbol": "AAPL", "windows": [{"window_start": "2026-01-05T14:30:10Z", "open": 187.2, "high": 187.3, "low": 187.1, "close":
          187.25, "avg": 187.21, "vwap": 187.22, "volume": 1200, "count": 12, "closed": true}], "count": 1}
        """;

    public const string History =
        """
        {"symbol": "AAPL", "currency": "USD", "history_version": 3, "days": [{"date": "2026-01-02", "close": 186.1}, {"date":
          "2026-01-05", "close": null}], "count": 2}
        """;

    public const string Ticks =
        """
        {"accepted": 1, "rejected": [{"index": 1, "reason": "price_not_positive"}]}
        """;

    public const string TicksBody =
        """
        {"ticks": [{"symbol": "AAPL", "time": "2026-01-05T14:30:12.123456Z", "price": 187.25, "bid": 187.24, "ask": 187.26,
          "volume": 100, "source": "feed-1", "epoch": 1, "sequence": 42}, {"symbol": "AAPL", "time": 1767623412123, "price": -1}]}
        """;

    public const string HistoryImport =
        """
        {"history_version": 3, "symbols": 2, "days": 500, "from": "2024-01-02", "to": "2025-12-31", "warnings": []}
        """;

    public const string HistoryBody =
        """
        date,AAPL,MSFT
        2025-12-30,186.1,410.2
        2025-12-31,187.25,
        """;

    public const string InstrumentImport =
        """
        {"instruments": 1, "changed": ["AAPL"], "warnings": []}
        """;

    public const string InstrumentsBody =
        """
        {"instruments": [{"symbol": "AAPL", "name": "Apple Inc.", "isin": "US0378331005", "asset_class": "equity", "currency": "USD"
          , "sector": "Technology", "multiplier": 1, "exchange": "NASDAQ"}]}
        """;

    public const string Keys =
        """
        {"keys": [{"key_id": "0a1b2c3d4e5f", "label": "desk 1, spreadsheet", "scopes": [{"accounts": ["desk-1"], "role": "trader"}, {"accounts": ["*"], "role": "viewer"}],
          "state": "active", "created_at": "2026-01-05T14:30:00Z", "created_by": "local", "expires_at": "2026-04-05T14:30:00Z", "revoked_at": null}], "count": 1}
        """;

    public const string IssuedKey =
        """
        {"key": "rk_{id}_{secret}", "key_id": "0a1b2c3d4e5f", "label": "desk 1, spreadsheet", "scopes": [{"accounts": ["desk-1"], "role": "trader"}],
          "created_at": "2026-01-05T14:30:00Z", "created_by": "local", "expires_at": "2026-04-05T14:30:00Z"}
        """;

    public const string KeyBody =
        """
        {"label": "desk 1, spreadsheet", "scopes": [{"accounts": ["desk-1"], "role": "trader"}, {"accounts": ["*"], "role": "viewer"}], "expires_in_days": 90}
        """;

    public const string RevokedKey =
        """
        {"key_id": "0a1b2c3d4e5f", "label": "desk 1, spreadsheet", "scopes": [{"accounts": ["desk-1"], "role": "trader"}], "state": "revoked",
          "created_at": "2026-01-05T14:30:00Z", "created_by": "local", "expires_at": "2026-04-05T14:30:00Z", "revoked_at": "2026-01-06T09:00:00Z"}
        """;

    public const string Ticket =
        """
        {"ticket": "{ticket}", "expires_at": "2026-01-05T14:31:00Z"}
        """;

    public const string Positions =
        """
        {"account_id": "default", "base_currency": "USD", "cash": 2500, "version": 4, "positions": [{"symbol": "AAPL", "quantity":
          100, "average_cost": 150.5, "currency": "USD"}], "count": 1, "warnings": []}
        """;

    public const string PositionsBody =
        """
        {"base_currency": "USD", "cash": 2500, "positions": [{"symbol": "AAPL", "quantity": 100, "average_cost": 150.5, "currency":
          "USD"}]}
        """;

    public const string Scenarios =
        """
        {"account_id": "default", "currency": "USD", "nav": 18725, "as_of": "2026-01-05T14:30:12.123Z", "timestamp":
          "2026-01-05T14:30:12.480Z", "history_version": 3, "history_from": "2019-01-02", "history_to": "2026-01-05", "stale_symbols": [],
          "method": "revaluation", "option_revaluation": "black_scholes at the volatility implied by the option's price, which stays; rates zero",
          "scenarios": [{"name": "crisis_2008", "kind": "historical", "title": "Global financial crisis", "from": "2007-10-09", "to": "2009-03-09",
          "covered": false, "detail": "The history goes from 2019-01-02 to 2026-01-05; the window needs closes of both its ends.",
          "pnl": null, "nav_ratio": null, "worst_pnl": null, "worst_date": null, "coverage": 0, "left_out": [],
          "positions": [], "reasons": {"pnl": "short_history", "nav_ratio": "short_history", "worst_pnl": "short_history", "worst_date":
          "short_history"}}], "count": 1, "stressed_var": {"search": "worst", "confidence": 0.99, "from":
          "2019-06-03", "to": "2020-05-28", "window_days": 250, "num_observations": 250, "windows_searched": 1511, "var_95": 610, "var_99": 1180,
          "es_95": 920, "es_99": 1340, "interval_95": {"low": 560, "high": 830}, "interval_99": {"low": 960, "high": null},
          "es_95_standard_error": 74, "es_99_standard_error": 160, "coverage": 1, "left_out": [], "method": "historical", "quantile":
          "type7", "es_convention": "acerbi_tasche", "horizon_days": 1, "flags": ["thin_tail_99"], "reasons": {"interval_99/high": "short_history"}}, "flags": [], "reasons": {}}
        """;

    public const string ScenarioBody =
        """
        {"custom": [{"name": "tech_sell_off", "save": true, "symbols": {"AAPL": -0.3}, "sectors": {"Technology": -0.2}, "asset_classes": {"etf": -0.1},
          "currencies": {"EUR": -0.05}}], "stressed_var": {"window_days": 250, "confidence": 0.99}}
        """;

    public const string ScenarioRun =
        """
        {"account_id": "default", "currency": "USD", "nav": 18725, "as_of": "2026-01-05T14:30:12.123Z", "timestamp":
          "2026-01-05T14:30:12.480Z", "history_version": 3, "history_from": "2019-01-02", "history_to": "2026-01-05", "stale_symbols": [],
          "method": "revaluation", "option_revaluation": "black_scholes at the volatility implied by the option's price, which stays; rates zero",
          "scenarios": [{"name": "tech_sell_off", "kind": "stored", "covered": true,
          "shocks": {"symbols": {"AAPL": -0.3}, "sectors": {"Technology": -0.2}, "asset_classes": {"etf": -0.1}, "currencies": {"EUR": -0.05}},
          "without_effect": {"symbols": {}, "sectors": {"Technology": -0.2}, "asset_classes": {"etf": -0.1}, "currencies": {"EUR": -0.05}}, "pnl": -5617.5,
          "nav_ratio": -0.3, "worst_pnl": null, "worst_date": null, "coverage": 1, "left_out": [], "positions": [{"symbol": "AAPL", "market_value": 18725,
          "local_return": -0.3, "fx_return": 0, "of_underlying": false, "source": "symbol", "pnl": -5617.5, "reasons": {}}], "reasons": {"worst_pnl":
          "not_applicable", "worst_date": "not_applicable"}}], "count": 1, "stressed_var": {"search": "worst", "confidence": 0.99, "from":
          "2019-06-03", "to": "2020-05-28", "window_days": 250, "num_observations": 250, "windows_searched": 1511, "var_95": 610, "var_99": 1180,
          "es_95": 920, "es_99": 1340, "interval_95": {"low": 560, "high": 830}, "interval_99": {"low": 960, "high": null},
          "es_95_standard_error": 74, "es_99_standard_error": 160, "coverage": 1, "left_out": [], "method": "historical", "quantile":
          "type7", "es_convention": "acerbi_tasche", "horizon_days": 1, "flags": ["thin_tail_99"], "reasons": {"interval_99/high": "short_history"}}, "flags": [], "reasons": {}}
        """;

    public const string DeletedScenario =
        """
        {"account_id": "default", "deleted": "tech_sell_off"}
        """;

    public const string Backtest =
        """
        {"account_id": "default", "method": "historical", "conventions": {"exceedance": "pnl < -var", "exceedance_rate_interval":
          "95 % Clopper-Pearson, independent days", "independence": "transitions from a day to the one right after it, 0 ln 0 = 0", "pi_interval":
          "95 % Clopper-Pearson, independent days", "z2_standard_error": "independent days", "rejection_level": "0.05", "timeline_lookback_days": "250",
          "window": "500", "quantile": "type7", "es_convention": "acerbi_tasche"}, "confidence": 0.99, "quantile": "type7", "es_convention": "acerbi_tasche", "window_days": 500,
          "days": 250, "horizon_days": 1, "num_observations": 750, "currency": "USD", "as_of": "2026-01-05T14:30:12.123Z", "timestamp":
          "2026-01-05T14:30:12.480Z", "history_version": 3, "coverage": 1, "left_out": [], "stale_symbols": [], "walk_forward": {"from": "2025-01-06", "to":
          "2026-01-05", "days": 250, "days_without_forecast": 0, "exceedances": 4, "expected_exceedances": 2.5, "exceedance_rate": 0.016, "exceedance_rate_interval":
          {"low": 0.004376, "high": 0.040457}, "probability_of_as_many": 0.2419, "kupiec": {"ratio": 0.7691, "degrees_of_freedom": 1, "p_value": 0.3805,
          "rejected": false}, "independence": {"ratio": 0.131, "degrees_of_freedom": 1, "p_value": 0.7174, "rejected": false}, "conditional_coverage": {"ratio": 0.9001, "degrees_of_freedom": 2, "p_value": 0.6376, "rejected": false}, "zone": "green",
          "multiplier_1996": 3, "multiplier_mar99": 1.5, "z2": -0.4, "z2_standard_error": 0.75, "z2_zone": "green", "timeline": [{"date": "2025-01-06", "pnl": -120.5, "var": 790, "es":
          930, "exceeded": false, "excess": 0, "run": 0, "recent": 0, "zone": "green"}], "flags": [], "reasons": {}}, "published": null, "flags": [], "reasons":
          {"published": "short_history"}}
        """;

    public const string OptimiseBody =
        """
        {"objective": "min_variance", "bounds": {"lower": 0, "upper": 0.9, "symbols": {"AAPL": {"upper": 0.6}}}, "lot_size": 1}
        """;

    public const string Optimise =
        """
        {"account_id": "default", "objective": "min_variance", "outcome": "solved", "currency": "USD", "capital": 58725, "lot_size": 1, "rounding":
          "towards no trade, to whole lots", "trades": [{"symbol": "AAPL", "weight_before": 0.6811, "weight": 0.31, "reached_weight": 0.3125, "held": 100,
          "side": "sell", "quantity": 116, "value": 21721}], "cash_change": 320.5, "before": {"nav": 61225, "expected_return_annual": 0.11,
          "expected_return_annual_standard_error": 0.149, "volatility_annual": 0.21, "volatility_annual_standard_error": 0.0094, "var_95": 1100, "var_99": 1900,
          "es_95": 1500, "es_99": 2300, "interval_95": {"low": 980, "high": 1240}, "interval_99": {"low": 1620, "high": 2500}, "es_95_standard_error": 92,
          "es_99_standard_error": 210, "flags": [], "reasons": {}}, "after": {"nav": 61225,
          "expected_return_annual": 0.1, "expected_return_annual_standard_error": 0.128, "volatility_annual": 0.18, "volatility_annual_standard_error": 0.0081,
          "var_95": 950, "var_99": 1600, "es_95": 1300, "es_99": 1950, "interval_95": {"low": 850, "high": 1070}, "interval_99": {"low": 1390, "high": 2100},
          "es_95_standard_error": 79, "es_99_standard_error": 180, "flags": ["in_sample"], "reasons": {}},
          "risk_free_annual": 0, "confidence": 0.95, "method": "historical", "quantile": "type7", "es_convention": "acerbi_tasche", "window_days": 500,
          "num_observations": 500, "horizon_days": 1, "as_of": "2026-01-05T14:30:12.123Z", "timestamp": "2026-01-05T14:30:12.480Z",
          "history_version": 3, "coverage": 1, "left_out": [], "stale_symbols": [], "flags": [], "reasons": {}}
        """;
}
