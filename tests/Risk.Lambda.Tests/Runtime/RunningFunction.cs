using System.Text.Json;
using Risk.Lambda.Runtime;
using Risk.Testing.Cloud;
using Xunit;

namespace Risk.Lambda.Tests.Runtime;

/// <summary>A function on the real runtime, in this process, against a platform of its own.</summary>
internal sealed class RunningFunction : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly MemoryStream output = new();
    private readonly LambdaRuntime runtime;

    private RunningFunction(RuntimeApiServer platform, Function? function, FunctionHandler? handler, TimeProvider time, bool isSnapStart)
    {
        Platform = platform;
        runtime = new LambdaRuntime(platform.Address, "risk-test", output, time, isSnapStart);
        Exit = runtime.StartAsync("Test", new FunctionTable { ["Test"] = function ?? (x => x.ServeAsync(handler!, stop.Token)) });
    }

    public RuntimeApiServer Platform { get; }

    /// <summary>The exit code.</summary>
    public Task<int> Exit { get; }

    /// <summary>What was logged; to be read while no event is handled.</summary>
    public List<JsonElement> Lines =>
        [.. System.Text.Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(x => JsonDocument.Parse(x).RootElement)];

    public static async Task<RunningFunction> ServeAsync(FunctionHandler handler, TimeProvider? time = null) =>
        new(await RuntimeApiServer.StartAsync(), null, handler, time ?? TimeProvider.System, isSnapStart: false);

    public static async Task<RunningFunction> StartAsync(Function function, bool isSnapStart = false) =>
        new(await RuntimeApiServer.StartAsync(), function, null, TimeProvider.System, isSnapStart);

    public async Task<int> ExitAsync() => await Exit.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        // First the platform: a function that waits for an event is refused one and goes.
        await Platform.DisposeAsync();
        await Exit;
        runtime.Dispose();
        stop.Dispose();
        await output.DisposeAsync();
    }
}
