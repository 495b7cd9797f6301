using Risk.Application.Reporting;
using Risk.Domain.Calendars;
using Risk.Domain.Prices;
using Xunit;

namespace Risk.Application.Tests.Reporting;

public sealed class ReportingSettingsTests
{
    private static readonly ReportingSettings Nse = new(MarketCalendar.Of(Market.Nse));

    /// <summary>India is 5½ hours ahead; the market is open from 09:15 to 15:30 there. 2026-01-05 is a Monday.</summary>
    [Theory]
    [InlineData("06:00:00", "06:01:00", false)]
    [InlineData("06:00:00", "06:01:01", true)]
    [InlineData("06:00:00", "12:00:00", false)]
    [InlineData("03:00:00", "03:45:30", false)]
    [InlineData("03:00:00", "03:46:01", true)]
    [InlineData(null, "03:46:01", true)]
    public void Only_silence_in_trading_hours_makes_stale(string? last, string now, bool isStale) =>
        Assert.Equal(isStale, Nse.IsStale(last is null ? EventTime.Min : At($"2026-01-05T{last}Z"), At($"2026-01-05T{now}Z")));

    [Fact]
    public void The_weekend_makes_nothing_stale() => Assert.False(Nse.IsStale(At("2026-01-09T10:00:00Z"), At("2026-01-10T06:00:00Z")));

    [Fact]
    public void The_simulated_market_has_no_opening_to_wait_for() =>
        Assert.True(ReportingSettings.Default.IsStale(At("2026-01-04T23:59:00Z"), At("2026-01-05T00:00:01Z")));

    private static EventTime At(string text) => EventTime.From(DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture));
}
