using Risk.Domain.Instruments;
using Risk.Domain.Scenarios;

namespace Risk.Domain.Snapshots;

/// <summary>What the positions of a portfolio can be grouped by.</summary>
public enum Grouping
{
    AssetClass,
    Sector,
    Currency,
}

/// <summary>The exposures of one group, in base currency.</summary>
/// <param name="LongExposure">Never negative.</param>
/// <param name="ShortExposure">Never positive.</param>
public sealed record GroupExposure(string Name, double LongExposure, double ShortExposure)
{
    public double NetExposure => LongExposure + ShortExposure;

    public double GrossExposure => LongExposure - ShortExposure;
}

/// <summary>
/// The risk of one group of positions, in base currency; losses are positive. The components are sums of those of the positions, so they
/// add up to the figures of the portfolio; the stand-alone figures, of the group without all others, do not.
/// </summary>
/// <param name="At95">Stand-alone.</param>
/// <param name="At99">Stand-alone.</param>
public sealed record GroupRisk(
    string Name, LossFigures At95, LossFigures At99, Figure ComponentVar95, Figure ComponentVar99, Figure ComponentEs95, Figure ComponentEs99);

/// <summary>Sorts positions into groups. Groups come in ordinal order of their names.</summary>
public static class RiskGroups
{
    /// <summary>The group of those whose instrument is unknown, or has no sector.</summary>
    public const string Unclassified = "unclassified";

    /// <summary>The group of an instrument: asset class in lower case, sector as it is written, currency code.</summary>
    /// <param name="instrument">Null if it is unknown.</param>
    public static string NameOf(Instrument? instrument, Grouping grouping) => grouping switch
    {
        _ when instrument is null => Unclassified,
        Grouping.AssetClass => instrument.AssetClass.ToString().ToLowerInvariant(),
        Grouping.Sector => string.IsNullOrWhiteSpace(instrument.Sector) ? Unclassified : instrument.Sector,
        _ => instrument.Currency.Code,
    };

    /// <summary>Every position that has a value counts.</summary>
    public static IReadOnlyList<GroupExposure> Exposures(LivePortfolio live, Grouping grouping) =>
    [
        .. from named in Groups(live, grouping)
           let exposures = named.Select(position => live.ExposureOf(position) ?? 0).ToList()
           select new GroupExposure(named.Key, exposures.Where(x => x > 0).Sum(), exposures.Where(x => x < 0).Sum()),
    ];

    /// <summary>Stand-alone and component figures of each group. Only what the figures of the portfolio contain counts.</summary>
    public static IReadOnlyList<GroupRisk> Risks(LivePortfolio live, RiskReport report, Grouping grouping)
    {
        var alone = new ScenarioPnl(live.Model.Scenarios, revaluedColumns: live.Model.OptionPositions.Length);
        var tail = new ScenarioTail(live.Model.Observations, live.Model.TailDepth);
        return [.. Groups(live, grouping).Select(group => RiskOf(group.Key, [.. group], live, report, alone, tail))];
    }

    private static GroupRisk RiskOf(string name, int[] members, LivePortfolio live, RiskReport report, ScenarioPnl alone, ScenarioTail tail)
    {
        var measured = members.Where(position => live.ReasonOf(position) is null).ToArray();
        var (at95, at99) = (report.Snapshot.At95, report.Snapshot.At99);
        if (measured.Length == 0 || at95.Var.Value is null)
        {
            var reason = measured.Length == 0 ? live.ReasonOf(members[0])!.Value : at95.Var.Reason!.Value;
            (at95, at99) = (LossFigures.Missing(reason), LossFigures.Missing(reason));
            return new GroupRisk(name, at95, at99, at95.Var, at99.Var, at95.Es, at99.Es);
        }
        var parts = measured.Select(position => report.Positions[position]).ToList();
        var columns = measured.Where(position => live.Model.Positions[position].Column != ModelPosition.None).ToList();
        foreach (var position in columns) live.LayInto(alone, position);
        var (alone95, alone99) = (LossFigures.Zero, LossFigures.Zero);
        if (columns.Count > 0)
        {
            tail.Select(alone);
            (alone95, alone99) = (LossFigures.Of(live.Model.Tail95!, tail, alone.Grid), LossFigures.Of(live.Model.Tail99!, tail, alone.Grid));
        }
        foreach (var position in columns) alone.Clear(live.Model.Positions[position].Column);
        return new GroupRisk(
            name, alone95, alone99,
            Sum(parts, x => x.ComponentVar95), Sum(parts, x => x.ComponentVar99), Sum(parts, x => x.ComponentEs95), Sum(parts, x => x.ComponentEs99));
    }

    /// <summary>The measured positions have a component exactly where the portfolio has the figure.</summary>
    private static Figure Sum(List<PositionRisk> parts, Func<PositionRisk, Figure> of) =>
        parts.Select(of).FirstOrDefault(x => x.Value is null) is { Reason: { } reason } ? Figure.Missing(reason) : Figure.Of(parts.Sum(x => of(x).Value!.Value));

    private static IEnumerable<IGrouping<string, int>> Groups(LivePortfolio live, Grouping grouping) =>
        Enumerable.Range(0, live.Model.Positions.Length)
            .GroupBy(position => NameOf(live.Model.Positions[position].Instrument, grouping))
            .OrderBy(named => named.Key, StringComparer.Ordinal);
}
