namespace Risk.Api.Setup;

/// <summary>A body and an answer of each calculator, for the OpenAPI document. A test posts every body and holds the answer against what comes.</summary>
internal static class CalculatorExamples
{
    public const string Volatility =
        """
        {"method": "covariance", "conventions": {"returns": "as given", "annualisation": "sqrt(periods_per_year)", "divisor": "n-1",
          "standard_errors": "independent days, fourth moments of the returns"}, "observations": 32, "coverage": 1, "periods_per_year": 252, "assets": ["AAPL",
          "MSFT"], "matrix": {"covariance_daily": [[0.00024992, -1.4421e-05], [-1.4421e-05, 0.00017035]], "correlation": [[1, -0.069892],
          [-0.069892, 1]], "daily_vol": 0.010503, "annual_vol": 0.16672, "vol_contribution": [0.0082371, 0.0022655], "standard_errors":
          {"covariance_daily": [[6.4969e-05, 4.1432e-05], [4.1432e-05, 4.3772e-05]], "correlation": [[0, 0.20359], [0.20359, 0]], "daily_vol":
          0.0015214, "annual_vol": 0.024151, "vol_contribution": [0.0014041, 0.00068091]}, "flags": ["heavy_tails"], "reasons": {}}}
        """;

    public const string VolatilityBody =
        """
        {"method": "covariance", "returns": {"AAPL": [-0.0172, -0.0167, 0.0105, -0.0339, -0.0017, -0.0333, 0.017, 0.0035, 0.0208, -0.0071, 0.0065,
          -0.0038, -0.0106, 0.0027, -0.0184, -0.0048, 0.0109, 0.0014, -0.0057, 0.0333, 0.0014, -0.0083, 0.0029, -0.0073, -0.0053, -0.0048, 0.0309,
          0.0008, 0.0031, 0.0106, 0.0308, -0.0029], "MSFT": [-0.007, 0.0302, -0.017, -0.0039, 0.0085, 0.0279, -0.0109, -0.0286, 0.0084, -0.0058,
          -0.0041, 0.006, 0.0032, 0.004, -0.0047, 0.016, 0.0186, 0.0009, -0.0049, 0.0093, 0.0062, -0.012, -0.005, 0.0131, -0.0007, -0.0034, 0.003,
          0.0001, 0.0005, -0.0227, 0.0215, 0.0029]}, "weights": [0.6, 0.4], "periods_per_year": 252}
        """;

    public const string Performance =
        """
        {"method": "performance", "conventions": {"returns": "simple", "standard_deviation": "n-1", "downside":
          "target = risk-free of the period", "wealth": "1 before the first return", "annualisation":
          "volatility and ratios sqrt(periods_per_year); returns geometric", "standard_error":
          "independent periods, first order by the sample's moments; Sharpe and information ratio Lo 2002, Mertens 2002; beta and alpha White 1980",
          "concentration": "weights and covariance as given, taken as known"}, "observations": 32, "coverage": 1, "periods_per_year": 252, "risk_free_annual":
          0.06, "annual_return_geometric": 1.3593, "annual_volatility": 0.22528, "sharpe_arithmetic": 3.6593, "sharpe_geometric_pa": 5.426,
          "sortino": 6.2293, "calmar": 27.159, "downside_deviation_daily_full_n": 0.0083364, "downside_deviation_annual_full_n": 0.13234,
          "downside_deviation_daily_subset_n": 0.013613, "max_drawdown": 0.05005, "peak_date": null, "trough_date": null, "recovery_date": null,
          "peak_index": 21, "trough_index": 24, "recovery_index": null, "beta": -0.20094, "alpha_daily": 0.0033453, "alpha_annual_arithmetic":
          0.843, "alpha_annual_compounded": 1.3201, "r_squared": 0.029116, "tracking_error_annual": 0.31946, "information_ratio_arithmetic":
          2.2901, "information_ratio_geometric_pa": 3.8028, "up_capture_cumulative": 0.24191, "down_capture_cumulative": -0.52892,
          "up_capture_annualised": 0.092871, "down_capture_annualised": -2.5968, "up_capture_mean": 0.26493, "down_capture_mean": -0.49293,
          "standard_errors": {"annual_return_geometric": 1.4641, "annual_volatility": 0.022218, "sharpe_arithmetic": 2.8128,
          "sharpe_geometric_pa": 6.1911, "sortino": 5.581, "calmar": null, "downside_deviation_daily_full_n": 0.0014577,
          "downside_deviation_annual_full_n": 0.02314, "downside_deviation_daily_subset_n": 0.0018037, "max_drawdown": null, "beta": 0.17858,
          "alpha_daily": 0.0024224, "alpha_annual_arithmetic": 0.61044, "alpha_annual_compounded": 1.4115, "r_squared": 0.052422,
          "tracking_error_annual": 0.037317, "information_ratio_arithmetic": 2.7762, "information_ratio_geometric_pa": 5.2954,
          "up_capture_cumulative": null, "down_capture_cumulative": null, "up_capture_annualised": null, "down_capture_annualised": null,
          "up_capture_mean": 0.35375, "down_capture_mean": 0.40557}, "concentration": {"positions": 3, "hhi": 0.38, "effective_n": 2.6316,
          "active_share": 0.1, "diversification_ratio": null, "ex_ante_tracking_error_annual": null, "top": [{"count": 1, "weight": 0.5},
          {"count": 2, "weight": 0.8}], "reasons": {"diversification_ratio": "not_applicable", "ex_ante_tracking_error_annual":
          "not_applicable"}}, "flags": [], "reasons": {"peak_date": "not_applicable", "trough_date": "not_applicable", "recovery_date":
          "not_applicable", "recovery_index": "not_applicable", "standard_errors/calmar": "not_applicable", "standard_errors/max_drawdown":
          "not_applicable", "standard_errors/up_capture_cumulative": "not_applicable", "standard_errors/down_capture_cumulative":
          "not_applicable", "standard_errors/up_capture_annualised": "not_applicable", "standard_errors/down_capture_annualised":
          "not_applicable"}}
        """;

    public const string PerformanceBody =
        """
        {"returns": [-0.01, 0.0123, 0.0042, 0.0007, 0.0131, 0.0276, 0.0071, 0.0195, 0.0264, -0.0118, -0.0058, 0.0098, -0.02, -0.0027, 0.016,
          0.013, 0.0075, -0.0222, 0.0287, 0.0071, 0.0097, 0.0064, -0.0201, -0.0167, -0.0141, 0.0235, -0.0095, -0.0024, -0.0026, 0.0074, 0.0065,
          0.0037], "benchmark_returns": [-0.0121, -0.0309, 0.0022, 0.0032, 0.0128, -0.0005, -0.0056, 0.0046, -0.015, -0.0099, -0.0096, 0.0034,
          0.0214, 0.0081, 0.0119, 0.0029, 0.0033, -0.004, -0.0023, -0.0238, -0.0115, -0.0124, 0.0089, 0.0071, 0.0119, 0.0161, -0.0026, 0.0111,
          0.0201, 0.0004, 0.0114, -0.0012], "risk_free_annual": 0.06, "concentration": {"weights": [0.5, 0.3, 0.2], "benchmark_weights": [0.4, 0.4,
          0.2], "top": [1, 2]}}
        """;

    public const string Backtest =
        """
        {"method": "given", "conventions": {"exceedance": "pnl < -var", "exceedance_rate_interval": "95 % Clopper-Pearson, independent days",
          "independence": "transitions from a day to the one right after it, 0 ln 0 = 0", "pi_interval": "95 % Clopper-Pearson, independent days",
          "z2_standard_error": "independent days", "rejection_level": "0.05", "timeline_lookback_days": "250"}, "observations": 6, "coverage": 1,
          "tail_probability": 0.05, "T": 6, "exceedances": 2, "exceedance_rate": 0.33333, "exceedance_rate_interval": {"low": 0.043272, "high":
          0.77722}, "n00": 1, "n01": 2, "n10": 2, "n11": 0, "pi01": 0.66667, "pi01_interval": {"low": 0.094299, "high":
          0.9916}, "pi11": 0, "pi11_interval": {"low": 0, "high": 0.84189}, "lr_pof": 4.7551, "p_pof": 0.029212, "lr_ind": 2.911,
          "p_ind": 0.087976, "lr_cc": 7.6661, "p_cc": 0.021643, "reject_pof_5pct": true, "reject_ind_5pct": false, "reject_cc_5pct": true,
          "binomial_prob_x_or_more": 0.032774, "zone": "yellow", "multiplier_1996_total": null, "multiplier_mar99": null, "z2": -5.461, "z2_standard_error": 4.1623, "z2_zone":
          "red", "timeline": [{"index": 1, "date": "2026-01-05", "pnl": -31, "var": 30, "excess": 1, "run": 1, "recent": 1, "zone": "yellow"},
          {"index": 4, "date": "2026-01-08", "pnl": -44.9, "var": 32, "excess": 12.9, "run": 1, "recent": 2, "zone": "yellow"}], "flags":
          ["short_history"], "reasons": {"multiplier_1996_total": "not_applicable", "multiplier_mar99": "not_applicable"}}
        """;

    public const string BacktestBody =
        """
        {"tail_probability": 0.05, "pnl": [12.5, -31.0, 4.2, -8.1, -44.9, 3.3], "var": [30, 30, 31, 31, 32, 33], "es": [38, 38, 39, 39, 40, 41],
          "dates": ["2026-01-02", "2026-01-05", "2026-01-06", "2026-01-07", "2026-01-08", "2026-01-09"]}
        """;

    public const string Options =
        """
        {"method": "black_scholes_merton", "conventions": {"rates": "continuous", "theta": "per year", "vega": "per 1.00", "rho": "per 1.00",
          "exercise": "european", "sampling_error": "none: closed forms of what is given"}, "observations": 2, "coverage": 1, "price": [2.4779, 2.1857], "delta":
          [0.37718, -0.27706], "gamma": [0.037988, 0.027908], "vega": [18.994, 16.745], "theta": [-9.3597, -6.5429], "rho": [8.81, -7.4728],
          "book": {"method": "delta_gamma and full_revaluation", "conventions": {"quantile": "type7", "es_convention": "acerbi_tasche",
          "interval": "95 % order statistics, independent days", "es_standard_error": "Chen 2008, independent days", "daily_volatility":
          "taken as known: figures under normal shocks have no sampling error", "normal_shock":
          "mean zero; full revaluation at 20000 equally probable moves, quantile type5", "market": "time, volatilities and rates stay"},
          "observations": 0, "horizon_days": 1, "value": 5861.5, "delta": 8.4294, "gamma": -2.4034, "pnl_moments": {"mean": -1.7305, "sd": 10.407,
          "skewness": -0.97927, "excess_kurtosis": 1.2904}, "results": [{"confidence": 0.99, "delta_normal_var": 23.532, "delta_gamma_exact_var":
          32.897, "delta_gamma_cornish_fisher_var": 32.819, "full_revaluation_normal_shock_var": 32.225, "historical_full_revaluation_var_type7":
          null, "historical_delta_gamma_var_type7": null, "historical_full_revaluation_es": null, "historical_full_revaluation_es_standard_error":
          null, "historical_full_revaluation_interval": null, "historical_delta_gamma_interval": null, "flags": [], "reasons":
          {"historical_full_revaluation_var_type7": "not_applicable", "historical_delta_gamma_var_type7": "not_applicable",
          "historical_full_revaluation_es": "not_applicable", "historical_full_revaluation_es_standard_error": "not_applicable",
          "historical_full_revaluation_interval": "not_applicable", "historical_delta_gamma_interval": "not_applicable"}}], "flags":
          ["cornish_fisher_not_monotone"], "reasons": {}}, "flags": [], "reasons": {}}
        """;

    public const string OptionsBody =
        """
        {"spot": 100, "r": 0.05, "columns": ["K", "T", "vol", "type", "quantity"], "rows": [[105, 0.25, 0.2, "C", -100], [95, 0.25, 0.24, "P",
          50]], "underlying_units": 60, "daily_vol_underlying": 0.012, "confidence": [0.99]}
        """;

    public const string ImpliedVolatility =
        """
        {"method": "black_scholes_merton", "conventions": {"rates": "continuous", "implied_vol": "per year", "exercise": "european"},
          "observations": 2, "coverage": 0.5, "implied_vol": [0.2, null], "unsolved": [{"row": 1, "reason": "not_applicable", "detail": "above_bound"}], "flags": [],
          "reasons": {"implied_vol/1": "not_applicable"}}
        """;

    public const string ImpliedVolatilityBody =
        """
        {"spot": 100, "r": 0.05, "columns": ["K", "T", "type", "price"], "rows": [[105, 0.25, "C", 2.4779], [105, 0.25, "C", 101]]}
        """;

    public const string Allocation =
        """
        {"method": "max_sharpe", "conventions": {"covariance": "as given", "period": "that of the input", "standard_errors":
          "none, what is given is taken as known", "risk_free": "0.02"}, "observations":
          null, "coverage": 1, "assets": ["AAPL", "MSFT", "GOLD"], "weights": [0.39941, 0.31384, 0.28675], "variance": 0.021793, "volatility": 0.14762,
          "expected_return": 0.08365, "sharpe": 0.43116, "risk_share": [0.56475, 0.34515, 0.090102], "standard_errors": {"variance": null,
          "volatility": null, "expected_return": null, "sharpe": null}, "points": [{"target": null, "weights":
          [0.16286, 0.23714, 0.6], "expected_return": 0.063257, "variance": 0.013823, "volatility": 0.11757, "standard_errors": {"variance": null, "volatility": null,
          "expected_return": null}, "flags": [], "reasons": {"target": "not_applicable", "standard_errors/variance": "not_applicable",
          "standard_errors/volatility": "not_applicable", "standard_errors/expected_return": "not_applicable"}}, {"target":
          null, "weights": [0.6, 0.4, 0], "expected_return": 0.102, "variance": 0.0392, "volatility": 0.19799, "standard_errors": {"variance": null, "volatility": null,
          "expected_return": null}, "flags": [], "reasons": {"target": "not_applicable", "standard_errors/variance": "not_applicable",
          "standard_errors/volatility": "not_applicable", "standard_errors/expected_return": "not_applicable"}}],
          "flags": [], "reasons": {"observations": "not_applicable", "standard_errors/variance": "not_applicable", "standard_errors/volatility":
          "not_applicable", "standard_errors/expected_return": "not_applicable", "standard_errors/sharpe": "not_applicable"}}
        """;

    public const string AllocationBody =
        """
        {"objective": "max_sharpe", "assets": ["AAPL", "MSFT", "GOLD"], "covariance": [[0.06, 0.02, 0.002], [0.02, 0.05, 0.001], [0.002, 0.001,
          0.02]], "expected_returns": [0.11, 0.09, 0.04], "risk_free": 0.02, "upper": 0.6, "points": 2}
        """;

    public const string LookThrough =
        """
        {"method": "look_through", "conventions": {"undisclosed": "1 - sum of the weights, as OTHER; never scaled up", "overlap":
          "sum of min(a, b) over stocks held long by both, CASH and OTHER excluded"}, "observations": 0, "coverage": 0.9595, "total_value": 10000, "stock_value":
          {"CASH": 1000, "INFY": 4050, "OTHER": 405.0, "TCS": 4545}, "stock_weight": {"CASH": 0.1, "INFY": 0.405, "OTHER": 0.0405, "TCS": 0.4545},
          "sector_weight": {"Cash": 0.1, "IT": 0.8595, "Other": 0.0405}, "hhi_stocks_excl_cash_other": 0.3706, "effective_fund_holdings": {"FUND_A":
          {"INFY": 0.5, "OTHER": 0.05, "TCS": 0.45}, "FUND_B": {"INFY": 0.35, "OTHER": 0.035, "TCS": 0.615}}, "overlaps": [{"fund": "FUND_A",
          "other_fund": "FUND_B", "fund_overlap": 0.8, "fund_overlap_common_count": 2}], "flags": ["undisclosed_holdings"], "reasons": {}}
        """;

    public const string LookThroughBody =
        """
        {"positions": {"FUND_A": 6000, "FUND_B": 3000, "CASH": 1000}, "funds": {"FUND_A": {"INFY": 0.5, "TCS": 0.45}, "FUND_B": {"TCS": 0.3,
          "FUND_A": 0.7}}, "sectors": {"INFY": "IT", "TCS": "IT"}}
        """;

    public const string Windows =
        """
        {"method": "tumbling_windows", "conventions": {"watermark": "newest event time of all symbols", "ties": "by arrival", "alignment":
          "1970-01-01T00:00:00Z"}, "observations": 4, "coverage": 0.75, "window_ms": 5000, "lateness_ms": 2000, "windows": [{"symbol": "AAPL", "window_start":
          "2026-01-05T14:30:00Z", "count": 2, "volume": 150, "vwap": 187.28, "min": 187.25, "max": 187.35, "avg": 187.3, "open": 187.25, "close":
          187.35}, {"symbol": "AAPL", "window_start": "2026-01-05T14:30:10Z", "count": 1, "volume": 0, "vwap": 187.3, "min": 187.3, "max": 187.3,
          "avg": 187.3, "open": 187.3, "close": 187.3}], "count": 2, "dropped_indices": [3], "flags": ["late_ticks"], "reasons": {}}
        """;

    public const string WindowsBody =
        """
        {"ticks": [{"symbol": "AAPL", "time": "2026-01-05T14:30:00Z", "price": 187.25, "volume": 100}, {"symbol": "AAPL", "time": 1767623402500,
          "price": 187.35, "volume": 50}, {"symbol": "AAPL", "time": 1767623411000, "price": 187.3}, {"symbol": "AAPL", "time": 1767623401000,
          "price": 187.2}], "window_ms": 5000, "lateness_ms": 2000}
        """;

    public const string Fx =
        """
        {"method": "historical and delta_normal", "conventions": {"quantile": "type7", "es_convention": "acerbi_tasche", "scenario":
          "(1+r)(1+fx)-1 on today's values", "delta_normal": "sample covariance of local and FX returns, mean zero", "interval":
          "95 % order statistics, independent days", "es_standard_error": "Chen 2008, independent days", "delta_normal_standard_error":
          "independent days, fourth moment of the P&L, first order"}, "observations": 32, "horizon_days": 1, "currency": "USD", "coverage": 1, "symbols":
          ["SAP", "AAPL"], "value_base": [20758.0, 8660], "total_value_base": 29418.0, "currency_exposure": {"EUR": 20758.0, "USD": 8660},
          "delta_normal_sd_with_fx": 307.88, "delta_normal_sd_with_fx_standard_error": 34.841, "results": [{"confidence": 0.95, "hs_with_fx":
          {"var": 496.39, "es": 701.52, "interval": {"low": 347.09, "high": null}, "es_standard_error": 176.6, "flags": ["thin_tail"], "reasons":
          {"interval/high": "short_history"}}, "hs_local_only": {"var": 515.34, "es": 633.77, "interval": {"low": 359.89, "high": null}, "es_standard_error": 98.748, "flags":
          ["thin_tail"], "reasons": {"interval/high": "short_history"}}, "hs_fx_only": {"var": 116.19, "es": 124.24, "interval": {"low": 96.891, "high": null},
          "es_standard_error": 7.6641, "flags": ["thin_tail"], "reasons": {"interval/high": "short_history"}}, "delta_normal_var_with_fx": 506.41,
          "delta_normal_var_with_fx_standard_error": 57.309, "reasons": {}}], "flags": [], "reasons": {}}
        """;

    public const string FxBody =
        """
        {"base": "USD", "positions": [{"symbol": "SAP", "currency": "EUR", "quantity": 100}, {"symbol": "AAPL", "currency": "USD", "quantity":
          50}], "local_prices": {"SAP": [200, 196.23, 196.61, 194.77, 195.12, 194.13, 194.97, 190.07, 194.92, 198.2, 197.46, 195.4, 195.51, 197.19,
          198.29, 199.34, 194.73, 192.19, 195.39, 196.05, 192.57, 190.66, 187.44, 185.24, 187.96, 187.55, 190.19, 190.72, 187.34, 185.96, 191.23,
          189.54, 187.21], "AAPL": [180, 183.25, 183.58, 183.66, 187.59, 182.98, 184.16, 181.48, 177.94, 175.96, 178.94, 178.67, 174.08, 171.41,
          175.23, 177.88, 175.2, 181.36, 180.5, 177.51, 177.25, 179.71, 183.94, 186.74, 185.69, 184.29, 180.54, 180.44, 178.99, 179.71, 176.54,
          175.32, 173.2]}, "fx_base_per_unit": {"EUR": [1.0833, 1.0772, 1.0712, 1.0662, 1.0603, 1.0639, 1.0649, 1.0583, 1.0616, 1.0637, 1.0722,
          1.0716, 1.071, 1.0678, 1.069, 1.0722, 1.0737, 1.0729, 1.0765, 1.0776, 1.0794, 1.0748, 1.0765, 1.0716, 1.0674, 1.0688, 1.0809, 1.0869,
          1.0875, 1.0871, 1.0931, 1.1014, 1.1088]}, "confidence": [0.95]}
        """;
}
