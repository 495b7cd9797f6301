using Risk.Application.Settings;
using Xunit;

namespace Risk.Application.Tests.Settings;

public sealed class RiskSettingsTests
{
    [Fact]
    public void Every_fault_is_told_at_once_with_what_it_may_be()
    {
        var faults = new List<string>();
        RiskSettings.Read(name => name == "RISK_HISTORY_DAYS" ? "many" : "30001", faults);
        Assert.Collection(
            faults,
            x => Assert.StartsWith("RISK_HISTORY_DAYS is 'many'; it must be a whole number from ", x, StringComparison.Ordinal),
            x => Assert.Equal("RISK_LATENESS_MS is '30001'; it must be a whole number from 0 to 30000.", x));
    }

    [Fact]
    public void What_is_not_given_stays_as_it_is_and_what_is_given_counts()
    {
        var faults = new List<string>();
        Assert.Equal(RiskSettings.Default, RiskSettings.Read(_ => " ", faults));
        var settings = RiskSettings.Read(name => name == "RISK_LATENESS_MS" ? "0" : "250", faults);
        Assert.Equal((250, TimeSpan.Zero, 250), (settings.HistoryDays, settings.Lateness, settings.Conventions.WindowDays));
        Assert.Empty(faults);
    }
}
