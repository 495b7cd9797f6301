using Risk.Domain.Limits;
using Risk.Domain.Snapshots;
using Risk.Domain.Tests.Snapshots;
using Xunit;

namespace Risk.Domain.Tests.Limits;

public sealed class RiskScoreTests
{
    [Fact]
    public void The_weights_are_the_published_ones_and_sum_to_a_hundred()
    {
        var score = Score(new Market(101, seed: 1).WithEquities(2), Market.Holding(0, ("E0", 1), ("E1", 1)));
        Assert.Equal(
            [(ScorePart.Position, 25), (ScorePart.Leverage, 20), (ScorePart.Concentration, 15), (ScorePart.Correlation, 10), (ScorePart.Liquidity, 10), (ScorePart.Pnl, 20)],
            score.Parts.Select(x => (x.Part, x.Weight)));
    }

    [Theory]
    [InlineData(0, RiskLevel.Low)]
    [InlineData(39.999, RiskLevel.Low)]
    [InlineData(40, RiskLevel.Medium)]
    [InlineData(70, RiskLevel.High)]
    [InlineData(89.999, RiskLevel.High)]
    [InlineData(90, RiskLevel.Critical)]
    [InlineData(100, RiskLevel.Critical)]
    public void Levels_begin_at_their_bounds(double score, RiskLevel level) => Assert.Equal(level, RiskScore.LevelOf(score));

    [Fact]
    public void A_part_is_the_use_of_the_critical_limit_by_its_worst_metric()
    {
        // One share worth 50,000 on a NAV of 100,000: half of the position size; a leverage of 0.5; all in one name.
        var market = Flat("A", 50_000);
        var score = Score(market, Market.Holding(50_000, ("A", 1)));
        Assert.Equal((50d, RiskMetric.PositionSize), (Part(score, ScorePart.Position).Score.Value!.Value, Part(score, ScorePart.Position).Worst));
        Assert.Equal(100 * 0.5 / 30, Part(score, ScorePart.Leverage).Score.Value!.Value, 1e-9);
        Assert.Equal(100, Part(score, ScorePart.Concentration).Score.Value);
        Assert.Equal(FigureReason.NotApplicable, Part(score, ScorePart.Correlation).Score.Reason);
        Assert.Equal(FigureReason.ShortHistory, Part(score, ScorePart.Liquidity).Score.Reason);
        Assert.Equal(0, Part(score, ScorePart.Pnl).Score.Value);
        Assert.Equal((25 * 50 + 20 * 100 * 0.5 / 30 + 15 * 100) / 80, score.Total.Value!.Value, 1e-9);
        Assert.Equal(0.8, score.KnownWeight, 1e-12);
    }

    [Fact]
    public void A_part_never_exceeds_a_hundred_and_a_gain_is_no_risk()
    {
        var market = Flat("A", 1_000_000);
        var loss = Score(market, With(Market.Holding(0, ("A", 1)), cost: 2_000_000));
        Assert.Equal((100d, RiskMetric.UnrealizedLoss), (Part(loss, ScorePart.Pnl).Score.Value, Part(loss, ScorePart.Pnl).Worst));
        Assert.Equal(100, Part(loss, ScorePart.Position).Score.Value);
        Assert.Equal(0, Part(Score(market, With(Market.Holding(0, ("A", 1)), cost: 1)), ScorePart.Pnl).Score.Value);
    }

    [Fact]
    public void Who_owes_more_than_he_owns_has_the_whole_part_of_leverage()
    {
        var score = Score(Flat("A", 100), Market.Holding(-1_000, ("A", 1)));
        Assert.Equal(100, Part(score, ScorePart.Leverage).Score.Value);
    }

    [Fact]
    public void Nothing_held_scores_nothing_and_nothing_known_has_no_score()
    {
        var market = Flat("A", 100);
        Assert.Equal((0d, RiskLevel.Low), (Score(market, Market.Holding(10)).Total.Value, Score(market, Market.Holding(10)).Level));
        var ghost = Score(market, Market.Holding(10, ("GHOST", 1)));
        Assert.Null(Part(ghost, ScorePart.Position).Score.Value);
        Assert.Null(Part(ghost, ScorePart.Pnl).Score.Value);
    }

    [Fact]
    public void Breaches_are_beyond_a_limit_not_at_it()
    {
        var limit = new RiskLimit(RiskMetric.Leverage, 20, 30);
        Assert.Equal([null, null, LimitSeverity.Warning, LimitSeverity.Warning, LimitSeverity.Critical], new[] { 1, 20, 20.1, 30, 30.1 }.Select(limit.SeverityOf));
        var below = new RiskLimit(RiskMetric.LiquidShare, 0.1, null, IsLowerBound: true);
        Assert.Equal([LimitSeverity.Warning, null, null], new[] { 0.05, 0.1, 1 }.Select(below.SeverityOf));
        var breaches = Score(Flat("A", 50_000), Market.Holding(50_000, ("A", 1))).Breaches;
        Assert.Equal(
            [(RiskMetric.StockWeight, LimitSeverity.Critical), (RiskMetric.TopFiveWeight, LimitSeverity.Critical), (RiskMetric.Hhi, LimitSeverity.Critical), (RiskMetric.LiquidShare, LimitSeverity.Warning)],
            breaches.Select(x => (x.Limit.Metric, x.Severity)));
    }

    [Fact]
    public void The_score_itself_has_limits()
    {
        var market = Flat("A", 1_000_000);
        var score = Score(market, With(Market.Holding(-990_000, ("A", 1)), cost: 2_000_000));
        Assert.Equal(100, score.Total.Value!.Value, 1e-9);
        Assert.Contains(score.Breaches, x => x is { Limit.Metric: RiskMetric.Score, Severity: LimitSeverity.Critical });
    }

    [Fact]
    public void Every_metric_has_one_default_limit() => Assert.Equal(Enum.GetValues<RiskMetric>().Order(), DefaultLimits.All.Select(x => x.Metric).Order());

    private static PartScore Part(RiskScore score, ScorePart part) => score.Parts.Single(x => x.Part == part);

    private static RiskScore Score(Market market, Domain.Portfolios.Portfolio portfolio) =>
        RiskScore.Of(RiskMetrics.Of(market.Live(portfolio), Market.AsOf, Market.Version, _ => null), DefaultLimits.All);

    private static Domain.Portfolios.Portfolio With(Domain.Portfolios.Portfolio portfolio, decimal cost) =>
        portfolio with { Positions = [.. portfolio.Positions.Select(x => x with { AverageCost = cost })] };

    private static Market Flat(string name, double price) => new Market(101, seed: 1).With(name, history: [.. Enumerable.Repeat(price, 101)]);
}
