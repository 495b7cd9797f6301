using Microsoft.Extensions.Logging;

namespace Risk.Lambda.Runtime;

/// <summary>What every function runs on: the platform, the log and the metrics. Made once, first of all, and cheap.</summary>
public sealed partial class LambdaRuntime : IDisposable
{
    private readonly RuntimeApi api;
    private readonly LogLines lines;
    private readonly ILogger log;
    private readonly bool isSnapStart;
    private readonly List<Func<CancellationToken, Task>> afterRestore = [];

    /// <param name="api">Host and port of the Runtime API.</param>
    /// <param name="functionName">The name in the account, the dimension of the metrics.</param>
    /// <param name="output">Takes the log.</param>
    /// <param name="isSnapStart">True where the process is made into a snapshot once it has started.</param>
    public LambdaRuntime(string api, string functionName, Stream output, TimeProvider time, bool isSnapStart = false, LogLevel least = LogLevel.Information)
    {
        this.api = new RuntimeApi(api);
        this.isSnapStart = isSnapStart;
        Time = time;
        lines = new LogLines(output);
        Logs = new JsonLogs(lines, time, least);
        Metrics = new EmbeddedMetrics(lines, Logs, time, functionName);
        log = Logs.CreateLogger("Risk.Lambda.Runtime");
    }

    public TimeProvider Time { get; }

    public JsonLogs Logs { get; }

    public EmbeddedMetrics Metrics { get; }

    /// <summary>Runs the function of that name on the platform that the environment names. Returns the exit code.</summary>
    public static async Task<int> RunAsync(string? name, FunctionTable functions)
    {
        if (Environment.GetEnvironmentVariable("AWS_LAMBDA_RUNTIME_API") is not { Length: > 0 } api)
        {
            await Console.Error.WriteLineAsync("AWS_LAMBDA_RUNTIME_API is not set: this program is started by AWS Lambda, or by 'sam local'. For people it has the verb keys.");
            return 1;
        }
        using var runtime = new LambdaRuntime(
            api,
            Environment.GetEnvironmentVariable("AWS_LAMBDA_FUNCTION_NAME") ?? name ?? "unknown",
            Console.OpenStandardOutput(),
            TimeProvider.System,
            Environment.GetEnvironmentVariable("AWS_LAMBDA_INITIALIZATION_TYPE") == "snap-start",
            JsonLogs.LevelOf(Environment.GetEnvironmentVariable("AWS_LAMBDA_LOG_LEVEL")));
        return await runtime.StartAsync(name, functions);
    }

    /// <summary>
    /// Runs the function until it is stopped (0) or can't go on (1). What fails before the first event is reported to the platform: an
    /// unknown name, what is thrown while the function is built, a function that ends without having served.
    /// </summary>
    public async Task<int> StartAsync(string? name, FunctionTable functions)
    {
        ArgumentNullException.ThrowIfNull(functions);
        try
        {
            if (name is null || !functions.TryGetValue(name, out var function)) throw new UnknownFunctionException(name, functions.Keys);
            await function(this);
            return api.HasAskedForWork ? 0 : throw new InvalidOperationException($"The function {name} ended without asking for an event.");
        }
#pragma warning disable CA1031 // The last one to catch: it is logged and reported, and the process exits.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            LogEnd(log, fault);
            await ReportAsync(FunctionError.Of(fault));
            return 1;
        }
    }

    /// <summary>
    /// Runs after a restore from a snapshot, in the order of registration, before the first event: seed random numbers anew, drop
    /// connections and cached credentials. All copies of a snapshot share what is not renewed here.
    /// </summary>
    public void OnRestore(Func<CancellationToken, Task> hook) => afterRestore.Add(hook);

    /// <summary>Hands event after event to the handler until it is stopped; everything slow must have been built before.</summary>
    public async Task ServeAsync(FunctionHandler handler, CancellationToken stop = default)
    {
        if (isSnapStart && !api.HasAskedForWork)
        {
            await api.AwaitRestoreAsync(stop);
            foreach (var hook in afterRestore) await hook(stop);
        }
        await new InvocationLoop(api, handler, Logs, Metrics, Time).RunAsync(stop);
    }

    public void Dispose()
    {
        api.Dispose();
        lines.Dispose();
    }

    /// <summary>Between the events of a function there is nobody to report to; the exit says it.</summary>
    private async Task ReportAsync(FunctionError error)
    {
        try
        {
            if (api.IsRestoring) await api.FailRestoreAsync(error);
            else if (!api.HasAskedForWork) await api.FailInitAsync(error);
        }
        catch (Exception fault) when (fault is HttpRequestException or RuntimeApiException)
        {
            LogUnreported(log, fault);
        }
    }

    [LoggerMessage(LogLevel.Critical, "The function can't go on.")]
    private static partial void LogEnd(ILogger log, Exception fault);

    [LoggerMessage(LogLevel.Critical, "The platform could not be told.")]
    private static partial void LogUnreported(ILogger log, Exception fault);
}

/// <summary>RISK_FUNCTION names no function of this program.</summary>
public sealed class UnknownFunctionException(string? name, IEnumerable<string> known)
    : Exception($"{(string.IsNullOrEmpty(name) ? "RISK_FUNCTION is not set" : $"RISK_FUNCTION is '{name}'")}; this program has {Listed(known)}.")
{
    private static string Listed(IEnumerable<string> known) => string.Join(", ", known.Order(StringComparer.Ordinal)) is { Length: > 0 } names ? names : "no function yet";
}
