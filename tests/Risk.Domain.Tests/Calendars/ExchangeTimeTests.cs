using Risk.Domain.Calendars;
using Xunit;

namespace Risk.Domain.Tests.Calendars;

public sealed class ExchangeTimeTests
{
    [Theory]
    [InlineData("2013-10-08", "09:30:00", "2013-10-08T13:30:00Z")] // summer
    [InlineData("2013-01-08", "09:30:00", "2013-01-08T14:30:00Z")] // winter
    [InlineData("2013-01-08", "23:59:59.999999", "2013-01-09T04:59:59.999999Z")]
    [InlineData("2024-03-10", "01:59:59", "2024-03-10T06:59:59Z")] // clocks go forward at two
    [InlineData("2024-03-10", "02:30:00", "2024-03-10T07:30:00Z")]
    [InlineData("2024-03-10", "03:30:00", "2024-03-10T07:30:00Z")]
    [InlineData("2024-11-03", "01:30:00", "2024-11-03T05:30:00Z")] // and back: the earlier one
    [InlineData("2024-11-03", "02:00:00", "2024-11-03T07:00:00Z")]
    public void The_clock_of_New_York_names_a_moment(string date, string sinceMidnight, string expected) =>
        Assert.Equal(expected, ExchangeTime.FromNewYork(
            DateOnly.Parse(date, System.Globalization.CultureInfo.InvariantCulture), TimeSpan.Parse(sinceMidnight, System.Globalization.CultureInfo.InvariantCulture)).ToString());

    [Fact]
    public void More_than_a_day_is_refused()
    {
        var day = new DateOnly(2024, 1, 2);
        Assert.Throws<ArgumentOutOfRangeException>(() => ExchangeTime.FromNewYork(day, TimeSpan.FromDays(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => ExchangeTime.FromNewYork(day, TimeSpan.FromTicks(-1)));
    }
}
