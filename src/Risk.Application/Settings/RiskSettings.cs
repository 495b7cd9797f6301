using System.Globalization;
using Risk.Domain.Snapshots;

namespace Risk.Application.Settings;

/// <summary>The deployment settings that every host of the house reads, from variables named <c>RISK_…</c>.</summary>
/// <param name="HistoryDays">Scenarios in the window of historical VaR.</param>
/// <param name="Lateness">How long a window stays open behind the newest tick of its symbol.</param>
public sealed record RiskSettings(int HistoryDays, TimeSpan Lateness)
{
    /// <summary>A window stays in its symbol's state while it is open: more lateness, larger states.</summary>
    public const int MaxLatenessMs = 30_000;

    public static RiskSettings Default { get; } = new(RiskConventions.Default.WindowDays, TimeSpan.FromMilliseconds(2_000));

    public RiskConventions Conventions => new() { WindowDays = HistoryDays };

    /// <summary>Reads all and reports every fault together, each naming its variable and what it may be.</summary>
    public static RiskSettings Read(Func<string, string?> variable, List<string> faults) => new(
        ReadNumber(variable, "RISK_HISTORY_DAYS", RiskConventions.MinWindowDays, RiskConventions.MaxWindowDays, Default.HistoryDays, faults),
        TimeSpan.FromMilliseconds(ReadNumber(variable, "RISK_LATENESS_MS", 0, MaxLatenessMs, (int)Default.Lateness.TotalMilliseconds, faults)));

    private static int ReadNumber(Func<string, string?> variable, string name, int least, int most, int otherwise, List<string> faults)
    {
        var text = variable(name);
        if (string.IsNullOrWhiteSpace(text)) return otherwise;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most) return value;
        faults.Add($"{name} is '{text}'; it must be a whole number from {least} to {most}.");
        return otherwise;
    }
}
