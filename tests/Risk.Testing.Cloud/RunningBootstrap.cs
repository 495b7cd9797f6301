using System.Diagnostics;

namespace Risk.Testing.Cloud;

/// <summary>The program itself as one of its functions, over the emulators, on a platform of its own.</summary>
public sealed class RunningBootstrap : IAsyncDisposable
{
    private readonly Process process;
    private readonly Task<string> output;

    private RunningBootstrap(RuntimeApiServer platform, long startedAt, Process process) =>
        (Platform, StartedAt, this.process, output) = (platform, startedAt, process, process.StandardOutput.ReadToEndAsync());

    public RuntimeApiServer Platform { get; }

    /// <summary>The timestamp just before the process was started.</summary>
    public long StartedAt { get; }

    public long WorkingSetBytes
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64;
        }
    }

    /// <summary>Of all its threads, so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    public static Task<RunningBootstrap> StartAsync(string function, Addresses services, params (string Name, string Value)[] settings) =>
        StartAsync(null, function, services, settings);

    /// <param name="program">A published <c>bootstrap.dll</c>, or an executable; null for the one beside the tests.</param>
    public static async Task<RunningBootstrap> StartAsync(string? program, string function, Addresses services, params (string Name, string Value)[] settings)
    {
        var platform = await RuntimeApiServer.StartAsync();
        program ??= Path.Combine(AppContext.BaseDirectory, "bootstrap.dll");
        var start = program.EndsWith(".dll", StringComparison.Ordinal) ? new ProcessStartInfo("dotnet", [program]) : new ProcessStartInfo(program);
        start.RedirectStandardOutput = true;
        (string Name, string Value)[] variables =
        [
            ("AWS_LAMBDA_RUNTIME_API", platform.Address), ("RISK_FUNCTION", function), ("AWS_REGION", Emulators.Region),
            ("AWS_ACCESS_KEY_ID", "test"), ("AWS_SECRET_ACCESS_KEY", "test"),
            ("AWS_ENDPOINT_URL_DYNAMODB", services.Dynamo), ("AWS_ENDPOINT_URL_KINESIS", services.Kinesis), ("AWS_ENDPOINT_URL_S3", services.Fauxqs),
            .. settings,
        ];
        foreach (var (name, value) in variables) start.Environment[name] = value;
        return new RunningBootstrap(platform, Stopwatch.GetTimestamp(), Process.Start(start)!);
    }

    /// <summary>Fails unless the function answers, and not with an error.</summary>
    public async Task<Answer> InvokeAsync(string payload)
    {
        var first = await Task.WhenAny(Platform.InvokeAsync(payload), Platform.Ended);
        var answer = await first;
        return answer.IsError ? throw new InvalidOperationException(answer.Text) : answer;
    }

    /// <summary>The exit code of a process that ends by itself.</summary>
    public async Task<int> ExitAsync()
    {
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    /// <summary>What it has logged.</summary>
    public async Task<string> StopAsync()
    {
        if (!process.HasExited) process.Kill();
        return await output;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await Platform.DisposeAsync();
        process.Dispose();
    }
}
