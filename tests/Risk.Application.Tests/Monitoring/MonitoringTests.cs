using Risk.Application.Monitoring;
using Risk.Testing.Simulation;
using Xunit;

namespace Risk.Application.Tests.Monitoring;

public sealed class MonitoringTests
{
    [Fact]
    public void Quantiles_lie_within_a_sixteenth_of_the_sorted_samples()
    {
        var random = new Random(3);
        for (var run = 0; run < 50; run++)
        {
            var histogram = new LatencyHistogram();
            var samples = Enumerable.Range(0, random.Next(1, 2_000)).Select(_ => Math.Max(1, (long)Math.Exp(random.NextDouble() * 21))).Order().ToArray();
            foreach (var sample in samples) histogram.Record(TimeSpan.FromMicroseconds(sample));
            foreach (var part in new[] { 0.01, 0.5, 0.9, 0.99, 1 })
            {
                var exact = samples[Math.Max(1, (int)Math.Ceiling(part * samples.Length)) - 1];
                Assert.InRange(histogram.Quantile(part)!.Value.TotalMicroseconds, exact, exact * 1.0625);
            }
            Assert.Equal(samples.Length, histogram.Count);
        }
    }

    [Fact]
    public void A_histogram_takes_nothing_negative_and_nothing_endless_amiss()
    {
        var histogram = new LatencyHistogram();
        Assert.Null(histogram.Quantile(0.5));
        histogram.Record(TimeSpan.FromSeconds(-1));
        Assert.Equal(1, histogram.Quantile(1)!.Value.TotalMicroseconds);
        histogram.Record(TimeSpan.MaxValue);
        Assert.True(histogram.Quantile(1) > TimeSpan.FromHours(1));
    }

    [Fact]
    public void The_rate_is_that_of_the_last_ten_seconds_or_since_the_start()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero));
        var figures = new StreamFigures(clock);
        Assert.Equal(0, figures.TicksPerSecond);
        clock.Advance(TimeSpan.FromSeconds(2));
        figures.Delivered(100);
        Assert.Equal(50, figures.TicksPerSecond);
        clock.Advance(TimeSpan.FromSeconds(8));
        figures.Delivered(200);
        Assert.Equal(30, figures.TicksPerSecond);
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(20, figures.TicksPerSecond);
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal((0, 300), (figures.TicksPerSecond, figures.Received));
    }
}
