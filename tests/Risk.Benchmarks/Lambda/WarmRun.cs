using System.Diagnostics;
using Risk.Testing.Cloud;

namespace Risk.Benchmarks.Lambda;

/// <summary>Event after event through one process; each time is from the handing over of an event to the taking of the answer, both included.</summary>
internal sealed class WarmRun(string program, Addresses services, params (string, string)[] settings)
{
    /// <summary>The runtime optimises what is called often, in the background; these come before the measured ones.</summary>
    private const int Unmeasured = 2_000;

    private const int Invocations = 1_000;

    public async Task<IReadOnlyList<Figure>> LoopAsync()
    {
        await using var consumer = await RunningBootstrap.StartAsync(program, "Consumer", services, settings);
        var empty = Package.Event("consumer-empty");
        var first = await FirstAsync(consumer, empty);
        await TimesAsync(consumer, () => empty, 999);
        var after = consumer.WorkingSetBytes / 1e6;
        await TimesAsync(consumer, () => empty, Unmeasured);
        var times = await TimesAsync(consumer, () => empty, Invocations);
        return
        [
            .. times.Figures("loop", "an event without records, there and back: the loop, and the platform on this machine with it", 0.3),
            Figure.Of("consumer_rss_first_mb", "resident after the first event, which touches no service", first),
            Figure.Of("consumer_rss_1000_mb", "the same after 1,000", after),
        ];
    }

    public async Task<IReadOnlyList<Figure>> ApiAsync()
    {
        await using var api = await RunningBootstrap.StartAsync(program, "ReadApi", services, settings);
        var (health, status) = (Package.Event("read-api-health"), new StatusEvents());
        var first = await FirstAsync(api, status.Next());
        await TimesAsync(api, status.Next, 499);
        var ofStatus = await TimesAsync(api, status.Next, 500);
        var after = api.WorkingSetBytes / 1e6;
        await TimesAsync(api, () => health, Unmeasured);
        var ofHealth = await TimesAsync(api, () => health, Invocations);
        return
        [
            .. ofHealth.Figures("http_health", "GET /health there and back: the loop and the whole HTTP pipeline", 1),
            .. ofStatus.Figures("http_status_emulator", "GET /status over DynamoDB Local: the SDK and the emulator, but for the figure above"),
            Figure.Of("read_api_rss_first_mb", "resident after the first GET /status", first),
            Figure.Of("read_api_rss_1000_mb", "the same after 1,000", after),
        ];
    }

    /// <summary>The house must be furnished with <paramref name="market"/>.</summary>
    public async Task<IReadOnlyList<Figure>> ConsumerAsync(Market market)
    {
        await using var consumer = await RunningBootstrap.StartAsync(program, "Consumer", services, settings);
        await TimesAsync(consumer, market.NextEvent, 5);
        return [Figure.Of("consumer_emulator_p50_ms", "500 ticks as above, over DynamoDB Local and fauxqs: the SDK and the emulators, but for the figure above", (await TimesAsync(consumer, market.NextEvent, 15)).Median())];
    }

    private static async Task<double> FirstAsync(RunningBootstrap function, string payload)
    {
        await function.InvokeAsync(payload);
        return function.WorkingSetBytes / 1e6;
    }

    private static async Task<List<double>> TimesAsync(RunningBootstrap function, Func<string> payload, int count)
    {
        var times = new List<double>(count);
        while (times.Count < count)
        {
            var next = payload();
            var began = Stopwatch.GetTimestamp();
            var answer = await function.InvokeAsync(next);
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            answer.MustBeWell();
        }
        return times;
    }
}
