using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Risk.Application.Ports;
using Risk.Application.Streaming;
using Risk.Lambda.Runtime;

namespace Risk.Lambda.Functions;

/// <summary>Changes of the table, from its stream: pushed to whoever is watching.</summary>
public sealed partial class Fanout(FanOutChanges changes, ILogger<Fanout> log)
{
    public static async Task ServeAsync(LambdaRuntime runtime)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        var settings = CloudSettings.Read(Environment.GetEnvironmentVariable, "RISK_TABLE", "RISK_WEBSOCKET_URL");
        await using var services = new ServiceCollection().AddCloud(settings, runtime).AddSingleton<Fanout>().BuildServiceProvider();
        await runtime.ServeAsync(services.GetRequiredService<Fanout>().HandleAsync);
    }

    /// <exception cref="MalformedEventException">The event is not one of a table's stream.</exception>
    public async Task<ReadOnlyMemory<byte>> HandleAsync(Invocation invocation, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(invocation);
        var records = TableEvent.Parse(invocation.Event);
        // A record that can't be read is reported alone, once those before it have gone out: the platform sets it aside in the end.
        var unreadable = records.FirstOrDefault(record => record.Fault is not null);
        var readable = unreadable is null ? records : [.. records.TakeWhile(record => record != unreadable)];
        if (unreadable is not null) LogUnreadable(log, unreadable.Fault!, unreadable.Sequence);
        try
        {
            await changes.RunAsync([.. readable.Select(record => record.Item).OfType<Item>()], cancellation);
            return PartialBatch.Reply(unreadable is null ? [] : [unreadable.Sequence]);
        }
        catch (StoreUnavailableException fault)
        {
            LogLater(log, fault, records[0].Sequence);
            return PartialBatch.Reply([records[0].Sequence]);
        }
    }

    [LoggerMessage(LogLevel.Error, "The change {Sequence} can't be read.")]
    private static partial void LogUnreadable(ILogger log, Exception fault, string sequence);

    [LoggerMessage(LogLevel.Warning, "The changes must come again from {Sequence} on.")]
    private static partial void LogLater(ILogger log, Exception fault, string sequence);
}
