using Risk.Application.Reporting;
using Xunit;

namespace Risk.Application.Tests.Reporting;

public sealed class RiskClassTests
{
    [Theory]
    [InlineData(0, "low")]
    [InlineData(-0.01, "low")]
    [InlineData(0.0199999, "low")]
    [InlineData(0.02, "medium")]
    [InlineData(0.0399999, "medium")]
    [InlineData(0.04, "high")]
    [InlineData(5, "high")]
    public void Each_class_begins_at_its_threshold(double ratio, string word) => Assert.Equal(word, RiskClass.Of(ratio));
}
