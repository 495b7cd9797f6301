using Risk.Lambda.Runtime;
using Risk.Testing.Cloud;
using Xunit;

namespace Risk.Lambda.Tests.Runtime;

[Collection("one loop at a time, for the trace id is the process's")]
public sealed class LambdaRuntimeTests
{
    private static readonly FunctionHandler Echo = (invocation, _) => Task.FromResult(invocation.Event);

    [Theory]
    [InlineData(null, "RISK_FUNCTION is not set; this program has Consumer, Producer.")]
    [InlineData("", "RISK_FUNCTION is not set; this program has Consumer, Producer.")]
    [InlineData("consumer", "RISK_FUNCTION is 'consumer'; this program has Consumer, Producer.")]
    public async Task An_unknown_name_is_an_init_error_that_lists_the_known_ones(string? name, string message)
    {
        await using var platform = await RuntimeApiServer.StartAsync();
        using var runtime = new LambdaRuntime(platform.Address, "risk-test", Stream.Null, TimeProvider.System);
        Assert.Equal(1, await runtime.StartAsync(name, new FunctionTable { ["Producer"] = x => x.ServeAsync(Echo), ["Consumer"] = x => x.ServeAsync(Echo) }));
        var answer = (await platform.Ended).MustBeError("UnknownFunctionException");
        Assert.Equal(message, answer.Json.GetProperty("errorMessage").GetString());
        Assert.Equal(["POST init/error"], platform.Calls);
    }

    [Fact]
    public async Task What_fails_before_the_first_event_is_an_init_error()
    {
        await using var function = await RunningFunction.StartAsync(_ => throw new FormatException("RISK_TABLE is not set."));
        Assert.Equal(1, await function.ExitAsync());
        (await function.Platform.Ended).MustBeError("FormatException");
        Assert.Equal(["POST init/error"], function.Platform.Calls);
        Assert.Equal("FATAL", Assert.Single(function.Lines).GetProperty("level").GetString());
    }

    [Fact]
    public async Task What_fails_after_the_first_event_is_none()
    {
        using var stop = new CancellationTokenSource();
        await using var function = await RunningFunction.StartAsync(async x =>
        {
            await x.ServeAsync(Echo, stop.Token);
            throw new FormatException("too late");
        });
        await function.Platform.InvokeAsync("{}");
        await stop.CancelAsync();
        Assert.Equal(1, await function.ExitAsync());
        Assert.DoesNotContain("POST init/error", function.Platform.Calls);
    }

    [Fact]
    public async Task A_function_that_never_asks_for_an_event_is_an_init_error()
    {
        await using var function = await RunningFunction.StartAsync(_ => Task.CompletedTask);
        Assert.Equal(1, await function.ExitAsync());
        (await function.Platform.Ended).MustBeError("InvalidOperationException");
    }

    [Fact]
    public async Task A_platform_that_is_not_there_ends_the_process()
    {
        // Nothing listens on the port of "discard" of the loopback address.
        using var output = new MemoryStream();
        using var runtime = new LambdaRuntime("127.0.0.1:9", "risk-test", output, TimeProvider.System);
        Assert.Equal(1, await runtime.StartAsync("Nothing", []));
        Assert.Contains("could not be told", System.Text.Encoding.UTF8.GetString(output.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Under_SnapStart_hooks_run_once_after_the_restore_and_before_the_first_event()
    {
        var steps = new List<string>();
        await using var function = await RunningFunction.StartAsync(
            runtime =>
            {
                runtime.OnRestore(_ => Step("re-seed"));
                runtime.OnRestore(_ => Step("drop connections"));
                steps.Add("built");
                return runtime.ServeAsync((invocation, _) =>
                {
                    steps.Add("event");
                    return Task.FromResult(invocation.Event);
                });
            },
            isSnapStart: true);
        var first = function.Platform.InvokeAsync("1");
        Assert.Equal(["built"], steps);
        function.Platform.Restored.SetResult();
        await first;
        await function.Platform.InvokeAsync("2");
        Assert.Equal(["built", "re-seed", "drop connections", "event", "event"], steps);
        Assert.Equal(["GET restore/next", "GET invocation/next", "POST invocation/request-1/response", "GET invocation/next"], function.Platform.Calls.Take(4));

        Task Step(string name)
        {
            steps.Add(name);
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task A_hook_that_fails_is_an_error_of_the_restore()
    {
        await using var function = await RunningFunction.StartAsync(
            runtime =>
            {
                runtime.OnRestore(_ => throw new FormatException("no credentials"));
                return runtime.ServeAsync(Echo);
            },
            isSnapStart: true);
        function.Platform.Restored.SetResult();
        Assert.Equal(1, await function.ExitAsync());
        (await function.Platform.Ended).MustBeError("FormatException");
        Assert.Equal(["GET restore/next", "POST restore/error"], function.Platform.Calls);
    }

    [Fact]
    public async Task Without_SnapStart_nothing_is_restored()
    {
        await using var function = await RunningFunction.StartAsync(runtime =>
        {
            runtime.OnRestore(_ => throw new FormatException("never"));
            return runtime.ServeAsync(Echo);
        });
        await function.Platform.InvokeAsync("1");
        Assert.DoesNotContain("GET restore/next", function.Platform.Calls);
    }
}
