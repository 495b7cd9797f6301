using Risk.Application.Reporting;
using Risk.Domain.Instruments;
using Risk.Domain.Prices;
using Risk.Domain.Snapshots;

namespace Risk.Api.Wire;

/// <summary>Where the true VaR lies with 95 % probability; <paramref name="High"/> is null where that is beyond the worst observation.</summary>
public sealed record IntervalAnswer(double Low, double? High);

/// <summary>How figures of the domain are written: losses positive, what is missing null with its reason beside it.</summary>
internal static class Figures
{
    /// <summary>The value or null; the reason goes to the list under the figure's name. A negative zero is a zero.</summary>
    public static double? Into(this Figure figure, Dictionary<string, string> reasons, string name)
    {
        if (figure.Reason is { } reason) reasons[name] = FigureWords.Of(reason);
        return figure.Value + 0.0;
    }

    /// <summary>The interval or null; the reason goes to the list under its name.</summary>
    public static IntervalAnswer? IntervalInto(this in LossFigures figures, Dictionary<string, string> reasons, string name) =>
        figures.Interval.Into(reasons, name, figures.Var.Reason);

    /// <summary>The interval or null; the reason, and that of an end which too few observations leave open, goes to the list under its name.</summary>
    /// <param name="missing">Why the VaR itself is missing; null where it is not.</param>
    public static IntervalAnswer? Into(this LossInterval? interval, Dictionary<string, string> reasons, string name, FigureReason? missing)
    {
        if (interval is not { } x) reasons[name] = FigureWords.Of(missing ?? FigureReason.NotApplicable);
        else if (x.High is null) reasons[$"{name}/high"] = FigureWords.Of(FigureReason.ShortHistory);
        return interval is { } known ? new IntervalAnswer(known.Low + 0.0, known.High + 0.0) : null;
    }

    /// <summary>When the newest price is of; null, without a price, with its reason.</summary>
    public static string? Into(this EventTime asOf, Dictionary<string, string> reasons, string name = "as_of") =>
        asOf.ToWire() ?? WordInto(null, Figure.Missing(FigureReason.MissingPrice), reasons, name);

    /// <summary>A word that goes with a figure; null with the figure's reason where there is none.</summary>
    public static string? WordInto(string? word, Figure figure, Dictionary<string, string> reasons, string name)
    {
        if (word is null) reasons[name] = FigureWords.Of(figure.Reason ?? FigureReason.NotApplicable);
        return word;
    }

    /// <summary>Those of a snapshot that speak of its prices and positions, not of its tails: for figures that are read off others.</summary>
    public static RiskFlags WithoutTails(this RiskFlags flags) => flags & ~(RiskFlags.ThinTail95 | RiskFlags.ThinTail99);

    /// <summary>These, and whether the history was unreadable.</summary>
    public static IReadOnlyList<string> FlagsOf(PricedPortfolio priced, RiskFlags flags) =>
        priced.HistoryFault is null ? FigureWords.Of(flags) : [.. FigureWords.Of(flags), "history_unreadable"];

    public static string UnitOf(AssetClass? assetClass) => assetClass switch
    {
        AssetClass.Option or AssetClass.Future => "per contract",
        AssetClass.Fund or AssetClass.Fx or AssetClass.Cash => "per unit",
        _ => "per share",
    };

    /// <summary>Null for the epoch, which stands for "never".</summary>
    public static string? ToWire(this EventTime time) => time.Microseconds == 0 ? null : time.ToString();

    public static string ToWire(this DateTimeOffset time) => EventTime.From(time).ToString();
}
