using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Risk.Lambda.Runtime;
using Risk.Testing.Simulation;
using Xunit;

namespace Risk.Lambda.Tests.Runtime;

public sealed class JsonLogsTests
{
    private static readonly FakeTimeProvider Clock = new(new DateTimeOffset(2026, 1, 5, 14, 30, 0, TimeSpan.Zero));

    [Fact]
    public void A_line_says_when_what_and_of_which_event()
    {
        using var output = new MemoryStream();
        using var lines = new LogLines(output);
        using var logs = new JsonLogs(lines, Clock) { Current = new Invocation("r-1", "arn", Clock.GetUtcNow(), "Root=1-a", null, default) };
        logs.CreateLogger("Risk.Ingest").LogWarning("late\nby {Milliseconds} ms", 7);
        Assert.Equal(
            """{"timestamp":"2026-01-05T14:30:00Z","level":"WARN","requestId":"r-1","traceId":"Root=1-a","category":"Risk.Ingest","message":"late\nby 7 ms"}""" + "\n",
            Encoding.UTF8.GetString(output.ToArray()));
    }

    [Fact]
    public void An_exception_is_told_with_its_causes_on_the_same_line()
    {
        using var output = new MemoryStream();
        using var lines = new LogLines(output);
        using var logs = new JsonLogs(lines, Clock);
        logs.CreateLogger("Risk").LogCritical(new FormatException("outer", new InvalidOperationException("inner")), "failed");
        var line = JsonDocument.Parse(Assert.Single(Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries))).RootElement;
        Assert.Equal(["FATAL", "failed", "FormatException", "outer"], ((string[])["level", "message", "errorType", "errorMessage"]).Select(x => line.GetProperty(x).GetString()));
        Assert.Contains("caused by InvalidOperationException: inner", line.GetProperty("stackTrace").EnumerateArray().Select(x => x.GetString()));
        Assert.False(line.TryGetProperty("requestId", out _));
    }

    [Theory]
    [InlineData("WARN", 2)]
    [InlineData("DEBUG", 4)]
    [InlineData(null, 3)]
    [InlineData("fatal", 0)]
    public void Only_what_the_platform_asks_for_is_written(string? level, int expected)
    {
        using var output = new MemoryStream();
        using var lines = new LogLines(output);
        using var logs = new JsonLogs(lines, Clock, JsonLogs.LevelOf(level));
        var log = logs.CreateLogger("Risk");
        foreach (var each in (LogLevel[])[LogLevel.Trace, LogLevel.Debug, LogLevel.Information, LogLevel.Warning, LogLevel.Error]) log.Log(each, "said");
        Assert.Equal(expected, output.ToArray().Count(x => x == '\n'));
    }
}
