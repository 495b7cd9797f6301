using System.Diagnostics;
using Risk.Testing.Cloud;

namespace Risk.Benchmarks.Lambda;

/// <summary>
/// From the start of the process to its first answer, of every function over an empty table and an empty bucket; and the same time in three
/// phases: the runtime alone, the house up to the question for the first event, the first event.
/// </summary>
internal sealed class Starts(string program, Addresses services)
{
    private const int Times = 9;
    private const double MsOfStores = 300;
    private const double MsOfApi = 220;

    /// <summary>Hosts of .NET look for a second or two after their files on the first start; nothing of that is measured.</summary>
    private const int Unmeasured = 1;

    private static readonly (string Key, string Function, Func<string> Event, string What, double Target)[] Rows =
    [
        ("consumer", "Consumer", () => Package.Event("consumer-good"), "records of unknown symbols: DynamoDB and S3", MsOfStores),
        ("close_day", "CloseDay", () => """{"detail":{"market":"SIM"}}""", "the simulated market: DynamoDB and S3", MsOfStores),
        ("producer", "Producer", () => "{}", "no history: DynamoDB", MsOfStores),
        ("fanout", "Fanout", () => Package.Event("fanout-changes"), "nobody listens: DynamoDB", MsOfStores),
        ("authorizer", "Authorizer", () => Package.Event("authorizer-api-key"), "an unknown key: DynamoDB", MsOfStores),
        ("live_connections", "LiveConnections", () => Package.Event("live-connections-connect"), "a handshake: DynamoDB", MsOfStores),
        ("read_api_health", "ReadApi", () => Package.Event("read-api-health"), "GET /health: no service", MsOfApi),
        ("read_api_status", "ReadApi", () => Package.Event("read-api-status"), "GET /status: DynamoDB", MsOfApi),
        ("command_api", "CommandApi", () => Package.Event("command-api-calculate"), "a calculation: no service", MsOfApi),
    ];

    private readonly (string, string)[] settings =
    [
        ("RISK_TABLE", Emulators.Table), ("RISK_STREAM", Emulators.Stream), ("RISK_RAW_BUCKET", Emulators.Bucket), ("RISK_WEBSOCKET_URL", "ws://127.0.0.1:9/live"),
    ];

    public async Task<IReadOnlyList<Figure>> MeasureAsync()
    {
        var bare = new List<double>();
        for (var i = 0; i < Times + Unmeasured; i++) bare.Add(await RefuseAsync());
        var runtime = bare.Skip(Unmeasured).ToList().Median();
        List<Figure> figures = [Figure.Of("start_bare_ms", "the program without a platform, start to end: the runtime alone", runtime)];
        foreach (var row in Rows)
        {
            var starts = new List<Start>();
            for (var i = 0; i < Times + Unmeasured; i++) starts.Add(await StartAsync(row.Function, row.Event()));
            figures.Add(FigureOf(row.Key, row.What, [.. starts.Skip(Unmeasured)], row.Target));
        }
        return figures;
    }

    private static Figure FigureOf(string key, string what, Start[] starts, double target)
    {
        var (asked, processor, best) = (starts.Select(x => x.Asked).ToList().Median(), starts.Select(x => x.Processor).ToList().Median(), starts.Min(x => x.Answered));
        return Figure.Of(
            $"start_{key}_ms", FormattableString.Invariant($"{what}; asks for the event at {asked:F0} ms; {processor:F0} ms of processor; best {best:F0} ms"),
            starts.Select(x => x.Answered).ToList().Median(), target);
    }

    private async Task<Start> StartAsync(string function, string payload)
    {
        await using var process = await RunningBootstrap.StartAsync(program, function, services, settings);
        await process.InvokeAsync(payload);
        var answered = Stopwatch.GetElapsedTime(process.StartedAt).TotalMilliseconds;
        return new Start(Stopwatch.GetElapsedTime(process.StartedAt, await process.Platform.Asked).TotalMilliseconds, answered, process.ProcessorTime.TotalMilliseconds);
    }

    /// <summary>Without a platform the program says so and ends.</summary>
    private async Task<double> RefuseAsync()
    {
        var start = new ProcessStartInfo("dotnet", [program]) { RedirectStandardError = true };
        start.Environment.Remove("AWS_LAMBDA_RUNTIME_API");
        var began = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    /// <summary>Milliseconds from the start of the process, and those that its threads ran.</summary>
    private sealed record Start(double Asked, double Answered, double Processor);
}
