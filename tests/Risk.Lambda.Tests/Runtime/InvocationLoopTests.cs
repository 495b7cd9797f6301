using System.Text;
using Risk.Lambda.Runtime;
using Risk.Testing.Cloud;
using Risk.Testing.Simulation;
using Xunit;

namespace Risk.Lambda.Tests.Runtime;

[Collection("one loop at a time, for the trace id is the process's")]
public sealed class InvocationLoopTests
{
    private static readonly FunctionHandler Echo = (invocation, _) => Task.FromResult(invocation.Event);

    [Fact]
    public async Task A_thousand_events_in_a_row_are_answered_each_by_its_own()
    {
        await using var function = await RunningFunction.ServeAsync(Echo);
        for (var i = 0; i < 1_000; i++)
        {
            // Of all sizes, so that the buffer grows and is used again by shorter ones.
            var payload = $$"""{"n":{{i}},"text":"{{new string('x', i * 7919 % 200_000)}}"}""";
            var answer = await function.Platform.InvokeAsync(payload);
            Assert.False(answer.IsError);
            Assert.Equal(payload, answer.Text);
        }
    }

    [Fact]
    public async Task An_event_brings_its_id_its_function_and_its_deadline()
    {
        Invocation? seen = null;
        await using var function = await RunningFunction.ServeAsync((invocation, _) =>
        {
            seen = invocation;
            return Task.FromResult<ReadOnlyMemory<byte>>(default);
        });
        Assert.Empty((await function.Platform.InvokeAsync("{}", "Root=1-a", RuntimeApiServer.Far)).Body);
        Assert.Equal("request-1", seen!.RequestId);
        Assert.Equal("arn:aws:lambda:eu-north-1:111122223333:function:risk-test", seen.FunctionArn);
        Assert.Equal(RuntimeApiServer.Far, seen.Deadline);
        Assert.Equal("Root=1-a", seen.TraceId);
        Assert.Null(seen.ClientContext);
    }

    [Fact]
    public async Task What_is_thrown_is_a_typed_error_and_the_next_event_is_handled()
    {
        await using var function = await RunningFunction.ServeAsync((invocation, _) =>
            invocation.Event.Length > 2 ? throw new InvalidOperationException("of no use", new FormatException("the cause")) : Task.FromResult(invocation.Event));
        var answer = (await function.Platform.InvokeAsync("[1]")).MustBeError("InvalidOperationException");
        Assert.Equal("of no use", answer.Json.GetProperty("errorMessage").GetString());
        var trace = answer.Json.GetProperty("stackTrace").EnumerateArray().Select(x => x.GetString()).ToList();
        Assert.StartsWith("at Risk.Lambda.Tests", trace[0], StringComparison.Ordinal);
        Assert.Contains("caused by FormatException: the cause", trace);
        Assert.Equal("{}", (await function.Platform.InvokeAsync("{}")).Text);
    }

    [Fact]
    public async Task The_trace_id_is_that_of_the_event_and_gone_when_the_next_has_none()
    {
        await using var function = await RunningFunction.ServeAsync((_, _) =>
            Task.FromResult<ReadOnlyMemory<byte>>(Encoding.UTF8.GetBytes($"\"{Environment.GetEnvironmentVariable("_X_AMZN_TRACE_ID") ?? "none"}\"")));
        Assert.Equal("\"Root=1-first;Sampled=1\"", (await function.Platform.InvokeAsync("{}", "Root=1-first;Sampled=1")).Text);
        Assert.Equal("\"none\"", (await function.Platform.InvokeAsync("{}")).Text);
        Assert.Equal("\"Root=1-third\"", (await function.Platform.InvokeAsync("{}", "Root=1-third")).Text);
    }

    [Fact]
    public async Task The_token_is_cancelled_shortly_before_the_deadline_and_that_is_an_error_of_its_own()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 1, 5, 14, 30, 0, TimeSpan.Zero));
        var waiting = new TaskCompletionSource<CancellationToken>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var function = await RunningFunction.ServeAsync(
            async (_, cancellation) =>
            {
                waiting.SetResult(cancellation);
                await Task.Delay(Timeout.InfiniteTimeSpan, clock, cancellation);
                return default;
            },
            clock);
        var answer = function.Platform.InvokeAsync("{}", deadline: clock.GetUtcNow().AddSeconds(5));
        var token = await waiting.Task;
        clock.Advance(TimeSpan.FromSeconds(4.79));
        Assert.False(token.IsCancellationRequested);
        clock.Advance(TimeSpan.FromSeconds(0.02));
        (await answer).MustBeError("DeadlineExceeded");
    }

    [Fact]
    public async Task A_cancellation_of_the_functions_own_is_no_deadline()
    {
        await using var function = await RunningFunction.ServeAsync((_, _) => throw new OperationCanceledException("by itself"));
        (await function.Platform.InvokeAsync("{}")).MustBeError("OperationCanceledException");
    }

    [Fact]
    public async Task A_deadline_in_the_past_has_cancelled_already()
    {
        await using var function = await RunningFunction.ServeAsync((_, cancellation) =>
        {
            cancellation.ThrowIfCancellationRequested();
            return Task.FromResult<ReadOnlyMemory<byte>>(default);
        });
        (await function.Platform.InvokeAsync("{}", deadline: DateTimeOffset.UnixEpoch)).MustBeError("DeadlineExceeded");
    }

    [Fact]
    public async Task A_reply_of_six_megabytes_is_taken_and_a_larger_one_is_followed_by_no_error()
    {
        await using var function = await RunningFunction.ServeAsync((invocation, _) =>
            Task.FromResult<ReadOnlyMemory<byte>>(new byte[int.Parse(Encoding.UTF8.GetString(invocation.Event.Span), null)]));
        Assert.False((await function.Platform.InvokeAsync($"{RuntimeApiServer.MaxReplyBytes}")).IsTooLarge);
        Assert.True((await function.Platform.InvokeAsync($"{RuntimeApiServer.MaxReplyBytes + 1}")).IsTooLarge);
        Assert.Equal(2, (await function.Platform.InvokeAsync("2")).Body.Length);
        Assert.DoesNotContain(function.Platform.Calls, x => x.EndsWith("error", StringComparison.Ordinal));
        Assert.Contains(function.Lines, x => x.GetProperty("message").GetString()!.Contains("6291557", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_event_of_six_megabytes_arrives_whole()
    {
        await using var function = await RunningFunction.ServeAsync(Echo);
        var payload = new byte[RuntimeApiServer.MaxReplyBytes];
        new Random(7).NextBytes(payload);
        Assert.Equal(payload, (await function.Platform.InvokeAsync(payload)).Body);
    }

    [Theory]
    [InlineData(403)]
    [InlineData(400)]
    public async Task A_reply_that_is_not_taken_is_no_reason_to_stop(int status)
    {
        var second = 0;
        await using var function = await RunningFunction.ServeAsync((invocation, _) => Interlocked.Increment(ref second) == 1 ? throw new FormatException() : Task.FromResult(invocation.Event));
        function.Platform.Failures["request-1/error"] = status;
        function.Platform.Failures["request-2/response"] = status;
        _ = function.Platform.InvokeAsync("1");
        _ = function.Platform.InvokeAsync("2");
        Assert.Equal("3", (await function.Platform.InvokeAsync("3")).Text);
        Assert.Equal(2, function.Lines.Count(x => x.GetProperty("level").GetString() == "WARN"));
    }

    [Theory]
    [InlineData("invocation/next", 500)]
    [InlineData("invocation/next", 403)]
    [InlineData("request-1/response", 500)]
    [InlineData("request-1/response", 503)]
    public async Task A_platform_that_is_broken_ends_the_process_without_an_init_error(string path, int status)
    {
        var platform = await RuntimeApiServer.StartAsync();
        platform.Failures[path] = status;
        using var output = new MemoryStream();
        using var runtime = new LambdaRuntime(platform.Address, "risk-test", output, TimeProvider.System);
        var exit = runtime.StartAsync("Test", new FunctionTable { ["Test"] = x => x.ServeAsync(Echo) });
        if (path != "invocation/next") _ = platform.InvokeAsync("{}");
        Assert.Equal(1, await exit.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.False(platform.Ended.IsCompleted);
        Assert.Contains($"{status}", Encoding.UTF8.GetString(output.ToArray()), StringComparison.Ordinal);
        await platform.DisposeAsync();
    }

    [Fact]
    public async Task Stopped_between_two_events_it_ends_well()
    {
        using var stop = new CancellationTokenSource();
        await using var function = await RunningFunction.StartAsync(x => x.ServeAsync(Echo, stop.Token));
        await function.Platform.InvokeAsync("{}");
        await stop.CancelAsync();
        Assert.Equal(0, await function.ExitAsync());
    }
}
