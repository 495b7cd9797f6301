namespace Risk.Api.Setup;

/// <summary>A body and an answer of each calculator, for the OpenAPI document. A test posts every body and holds the answer against what comes.</summary>
internal static class CalculatorExamples
{
    public const string Volatility =
        """
        {}
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
        {}
        """;

    public const string PerformanceBody =
        """
        {"returns": [-0.01, 0.0123, 0.0042, 0.0007, 0.0131, 0.0276, 0.0071, 0.0195, 0.0264, -0.0118, -0.0058, 0.0098, -0.02, -0.0027, 0.016, 0.013,
          0.0075, -0.0222, 0.0287, 0.0071, 0.0097, 0.0064, -0.0201, -0.0167, -0.0141, 0.0235, -0.0095, -0.0024, -0.0026, 0.0074, 0.0065, 0.0037],
          "benchmark_returns": [-0.0121, -0.0309, 0.0022, 0.0032, 0.0128, -0.0005, -0.0056, 0.0046, -0.015, -0.0099, -0.0096, 0.0034, 0.0214, 0.0081,
          0.0119, 0.0029, 0.0033, -0.004, -0.0023, -0.0238, -0.0115, -0.0124, 0.0089, 0.0071, 0.0119, 0.0161, -0.0026, 0.0111, 0.0201, 0.0004, 0.0114,
          -0.0012], "risk_free_annual": 0.06, "concentration": {"weights": [0.5, 0.3, 0.2], "benchmark_weights": [0.4, 0.4, 0.2], "top": [1, 2]}}
        """;

    public const string Backtest =
        """
        {}
        """;

    public const string BacktestBody =
        """
        {"tail_probability": 0.05, "pnl": [12.5, -31.0, 4.2, -8.1, -44.9, 3.3], "var": [30, 30, 31, 31, 32, 33], "es": [38, 38, 39, 39, 40, 41],
          "dates": ["2026-01-02", "2026-01-05", "2026-01-06", "2026-01-07", "2026-01-08", "2026-01-09"]}
        """;

    public const string Options =
        """
        {}
        """;

    public const string OptionsBody =
        """
        {"spot": 100, "r": 0.05, "columns": ["K", "T", "vol", "type", "quantity"], "rows": [[105, 0.25, 0.2, "C", -100], [95, 0.25, 0.24, "P", 50]],
          "underlying_units": 60, "daily_vol_underlying": 0.012, "confidence": [0.99]}
        """;

    public const string ImpliedVolatility =
        """
        {}
        """;

    public const string ImpliedVolatilityBody =
        """
        {"spot": 100, "r": 0.05, "columns": ["K", "T", "type", "price"], "rows": [[105, 0.25, "C", 2.4779], [105, 0.25, "C", 101]]}
        """;

    public const string Allocation =
        """
        {}
        """;

    public const string AllocationBody =
        """
        {"objective": "max_sharpe", "assets": ["AAPL", "MSFT", "GOLD"], "covariance": [[0.06, 0.02, 0.002], [0.02, 0.05, 0.001], [0.002, 0.001,
          0.02]], "expected_returns": [0.11, 0.09, 0.04], "risk_free": 0.02, "upper": 0.6, "points": 2}
        """;

    public const string LookThrough =
        """
        {}
        """;

    public const string LookThroughBody =
        """
        {"positions": {"FUND_A": 6000, "FUND_B": 3000, "CASH": 1000}, "funds": {"FUND_A": {"INFY": 0.5, "TCS": 0.45}, "FUND_B": {"TCS": 0.3,
          "FUND_A": 0.7}}, "sectors": {"INFY": "IT", "TCS": "IT"}}
        """;

    public const string Windows =
        """
        {}
        """;

    public const string WindowsBody =
        """
        {"ticks": [{"symbol": "AAPL", "time": "2026-01-05T14:30:00Z", "price": 187.25, "volume": 100}, {"symbol": "AAPL", "time": 1767623402500,
          "price": 187.35, "volume": 50}, {"symbol": "AAPL", "time": 1767623411000, "price": 187.3}, {"symbol": "AAPL", "time": 1767623401000,
          "price": 187.2}], "window_ms": 5000, "lateness_ms": 2000}
        """;

    public const string Fx =
        """
        {}
        """;

    public const string FxBody =
        """
        {"base": "USD", "positions": [{"symbol": "SAP", "currency": "EUR", "quantity": 100}, {"symbol": "AAPL", "currency": "USD", "quantity": 50}],
          "local_prices": {"SAP": [200, 196.23, 196.61, 194.77, 195.12, 194.13, 194.97, 190.07, 194.92, 198.2, 197.46, 195.4, 195.51, 197.19, 198.29,
          199.34, 194.73, 192.19, 195.39, 196.05, 192.57, 190.66, 187.44, 185.24, 187.96, 187.55, 190.19, 190.72, 187.34, 185.96, 191.23, 189.54,
          187.21], "AAPL": [180, 183.25, 183.58, 183.66, 187.59, 182.98, 184.16, 181.48, 177.94, 175.96, 178.94, 178.67, 174.08, 171.41, 175.23,
          177.88, 175.2, 181.36, 180.5, 177.51, 177.25, 179.71, 183.94, 186.74, 185.69, 184.29, 180.54, 180.44, 178.99, 179.71, 176.54, 175.32,
          173.2]}, "fx_base_per_unit": {"EUR": [1.0833, 1.0772, 1.0712, 1.0662, 1.0603, 1.0639, 1.0649, 1.0583, 1.0616, 1.0637, 1.0722, 1.0716, 1.071,
          1.0678, 1.069, 1.0722, 1.0737, 1.0729, 1.0765, 1.0776, 1.0794, 1.0748, 1.0765, 1.0716, 1.0674, 1.0688, 1.0809, 1.0869, 1.0875, 1.0871,
          1.0931, 1.1014, 1.1088]}, "confidence": [0.95]}
        """;
}
