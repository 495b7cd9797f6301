using Risk.Domain.Measures;
using Xunit;

namespace Risk.Domain.Tests.Measures;

public sealed class TrafficLightTests
{
    // Basel Committee, "Supervisory framework for the use of 'backtesting' in conjunction with the internal models approach to market risk
    // capital requirements", January 1996, table 2: zone, increase of the factor 3, cumulative probability in percent. MAR99 table 2 holds
    // the multipliers of today's framework.
    [Theory]
    [InlineData(0, Zone.Green, 0.00, 8.11, 1.50)]
    [InlineData(1, Zone.Green, 0.00, 28.58, 1.50)]
    [InlineData(2, Zone.Green, 0.00, 54.32, 1.50)]
    [InlineData(3, Zone.Green, 0.00, 75.81, 1.50)]
    [InlineData(4, Zone.Green, 0.00, 89.22, 1.50)]
    [InlineData(5, Zone.Yellow, 0.40, 95.88, 1.70)]
    [InlineData(6, Zone.Yellow, 0.50, 98.63, 1.76)]
    [InlineData(7, Zone.Yellow, 0.65, 99.60, 1.83)]
    [InlineData(8, Zone.Yellow, 0.75, 99.89, 1.88)]
    [InlineData(9, Zone.Yellow, 0.85, 99.97, 1.92)]
    [InlineData(10, Zone.Red, 1.00, 99.99, 2.00)]
    [InlineData(250, Zone.Red, 1.00, 100.00, 2.00)]
    public void Is_the_table_of_the_basel_committee(int exceedances, Zone zone, double plus, double cumulative, double mar99)
    {
        Assert.Equal(zone, TrafficLight.ZoneOf(exceedances, 250, 0.01));
        Assert.Equal(3 + plus, TrafficLight.Multiplier1996(exceedances, 250, 0.01)!.Value, 1e-12);
        Assert.Equal(mar99, TrafficLight.MultiplierMar99(exceedances, 250, 0.01));
        Assert.Equal(cumulative, 100 * BinomialTail.AtMost(exceedances, 250, 0.01), 0.005);
    }

    [Fact]
    public void The_yellow_zone_of_other_lengths_has_no_multiplier()
    {
        Assert.Equal(Zone.Yellow, TrafficLight.ZoneOf(10, 500, 0.01));
        Assert.Null(TrafficLight.Multiplier1996(10, 500, 0.01));
        Assert.Null(TrafficLight.MultiplierMar99(20, 250, 0.05));
        Assert.Equal(3, TrafficLight.Multiplier1996(8, 500, 0.01));
        Assert.Equal(2, TrafficLight.MultiplierMar99(20, 500, 0.01));
    }

    [Fact]
    public void No_exceedance_is_green_however_few_the_days()
    {
        Assert.Equal(Zone.Green, TrafficLight.ZoneOf(0, 0, 0.01));
        Assert.Equal(Zone.Green, TrafficLight.ZoneOf(0, 1, 0.01));
        Assert.Equal(Zone.Green, TrafficLight.ZoneOf(0, 5, 0.01));
    }

    [Fact]
    public void Probabilities_of_a_count_keep_their_digits_in_the_far_tail()
    {
        Assert.Equal(1e-100, BinomialTail.AtLeast(50, 50, 0.01), 1e-112);
        Assert.Equal(1, BinomialTail.AtMost(3, 250, 0.01) + BinomialTail.AtLeast(4, 250, 0.01), 1e-13);
        Assert.Equal(Math.Pow(0.5, 10), BinomialTail.Exactly(10, 10, 0.5), 1e-17);
        Assert.Equal(11 * Math.Pow(0.5, 10), BinomialTail.AtLeast(9, 10, 0.5), 1e-15);
        Assert.Equal((1, 0), (BinomialTail.AtMost(10, 10, 0.5), BinomialTail.Exactly(11, 10, 0.5)));
        Assert.Throws<ArgumentOutOfRangeException>(() => BinomialTail.Exactly(0, 10, 1));
    }

    [Fact]
    public void More_exceedances_than_days_are_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => TrafficLight.ZoneOf(6, 5, 0.01));
}
