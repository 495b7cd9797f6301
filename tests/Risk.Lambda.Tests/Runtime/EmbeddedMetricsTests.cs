using System.Text;
using System.Text.Json;
using Risk.Lambda.Runtime;
using Risk.Testing.Simulation;
using Xunit;

namespace Risk.Lambda.Tests.Runtime;

[Collection("one loop at a time, for the trace id is the process's")]
public sealed class EmbeddedMetricsTests
{
    private static readonly FakeTimeProvider Clock = new(new DateTimeOffset(2026, 1, 5, 14, 30, 0, TimeSpan.Zero));

    [Fact]
    public void One_line_holds_what_was_recorded_in_the_embedded_metric_format()
    {
        Assert.Equal(
            """{"_aws":{"Timestamp":1767623400000,"CloudWatchMetrics":[{"Namespace":"RiskLambdas","Dimensions":[["FunctionName"]],"Metrics":[{"Name":"MeasureTime","Unit":"Milliseconds"},{"Name":"TicksCounted","Unit":"Count"}]}]},"FunctionName":"risk-dev-Consumer","requestId":"r-1","traceId":"Root=1-a","MeasureTime":[1.5,2],"TicksCounted":12}""",
            Assert.Single(Recorded(metrics =>
            {
                metrics.Record(Metric.TicksCounted, 5);
                metrics.Record(Metric.MeasureTime, 1.5);
                metrics.Record(Metric.TicksCounted, 7);
                metrics.Record(Metric.MeasureTime, TimeSpan.FromMilliseconds(2));
            })));
    }

    [Fact]
    public void Nothing_recorded_is_nothing_written_and_nothing_is_written_twice()
    {
        Assert.Empty(Recorded(_ => { }));
        Assert.Single(Recorded(metrics =>
        {
            metrics.Record(Metric.TicksLate, 1);
            metrics.Flush();
        }));
    }

    [Fact]
    public void No_metric_has_more_than_a_hundred_values_in_a_line()
    {
        var lines = Recorded(metrics =>
        {
            for (var i = 0; i < 250; i++) metrics.Record(Metric.StoreTime, i);
        });
        var values = lines.Select(x => JsonDocument.Parse(x).RootElement.GetProperty("StoreTime").EnumerateArray().Select(y => y.GetInt32()).ToList()).ToList();
        Assert.Equal([100, 100, 50], values.Select(x => x.Count));
        Assert.Equal(Enumerable.Range(0, 250), values.SelectMany(x => x));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void What_is_no_number_is_refused(double value) =>
        Recorded(metrics => Assert.Throws<ArgumentOutOfRangeException>(() => metrics.Record(Metric.SnapshotAge, value)));

    [Fact]
    public async Task Metrics_are_written_before_the_reply()
    {
        await using var function = await RunningFunction.StartAsync(runtime => runtime.ServeAsync((invocation, _) =>
        {
            runtime.Metrics.Record(Metric.IteratorAge, 42);
            return Task.FromResult(invocation.Event);
        }));
        await function.Platform.InvokeAsync("{}");
        Assert.Equal(42, Assert.Single(function.Lines).GetProperty("IteratorAge").GetInt32());
    }

    private static string[] Recorded(Action<EmbeddedMetrics> record)
    {
        using var output = new MemoryStream();
        using var lines = new LogLines(output);
        using var logs = new JsonLogs(lines, Clock) { Current = new Invocation("r-1", "arn", Clock.GetUtcNow(), "Root=1-a", null, default) };
        var metrics = new EmbeddedMetrics(lines, logs, Clock, "risk-dev-Consumer");
        record(metrics);
        metrics.Flush();
        return Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
