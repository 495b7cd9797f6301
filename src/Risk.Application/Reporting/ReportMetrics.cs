using Risk.Domain.Limits;
using Risk.Domain.Portfolios;
using Risk.Domain.Snapshots;

namespace Risk.Application.Reporting;

/// <summary>The metrics of an account at the prices stored now, scored against its limits.</summary>
public sealed class ReportMetrics(MeasurePortfolio measure)
{
    /// <summary>Null for an unknown account.</summary>
    public async Task<ScoredPortfolio?> RunAsync(AccountId account, CancellationToken cancellation)
    {
        if (await measure.RunAsync(account, cancellation) is not { } priced) return null;
        var metrics = priced.Metrics();
        return new ScoredPortfolio(priced, metrics, RiskScore.Of(metrics, DefaultLimits.All));
    }
}

/// <summary>A portfolio at the prices of one moment, with its metrics and score.</summary>
public sealed record ScoredPortfolio(PricedPortfolio Priced, RiskMetrics Metrics, RiskScore Score);
