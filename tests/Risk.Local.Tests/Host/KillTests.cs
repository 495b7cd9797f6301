using System.Text.Json;
using System.Text.Json.Nodes;
using Risk.Local.Tests.Storage;
using Xunit;

namespace Risk.Local.Tests.Host;

/// <summary>Killed with SIGKILL under load, at three moments, and started again: as if nothing had happened.</summary>
public sealed class KillTests : IDisposable
{
    private readonly DataFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task No_acknowledged_tick_is_lost_none_counts_twice_and_the_risk_is_that_of_an_undisturbed_run()
    {
        var disturbed = await RunAsync("disturbed", new Random(20_260_105));
        var undisturbed = await RunAsync("undisturbed", null);
        Assert.Equal(undisturbed.Windows, disturbed.Windows);
        Assert.Equal(undisturbed.Risk, disturbed.Risk);
        Assert.Contains("\"var_99\":", undisturbed.Risk, StringComparison.Ordinal);
        Assert.DoesNotContain("\"var_99\":null", undisturbed.Risk, StringComparison.Ordinal);
    }

    /// <param name="random">When to kill; null for never.</param>
    private async Task<Outcome> RunAsync(string name, Random? random)
    {
        var data = folder.File(name);
        await File.WriteAllTextAsync(folder.File("closes.csv"), PostedTicks.Closes(), Cancellation);
        await File.WriteAllTextAsync(folder.File("positions.csv"), PostedTicks.Positions(), Cancellation);
        var imported = await LocalProgram.RunAsync(["import", "--data", data, "--prices", folder.File("closes.csv"), "--positions", folder.File("positions.csv")]);
        Assert.Equal((0, ""), (imported.ExitCode, imported.Errors));

        var program = await StartAsync(data);
        try
        {
            var posted = new int[PostedTicks.Clients];
            for (var phase = 1; phase <= PostedTicks.Phases; phase++)
            {
                var (last, rest) = (phase * PostedTicks.BatchesPerPhase, PostedTicks.Clients * PostedTicks.BatchesPerPhase);
                if (random is not null && phase < PostedTicks.Phases)
                {
                    await PostAsync(program, posted, last, killAfter: random.Next(3, rest - 10));
                    Assert.Contains(posted, count => count < last);
                    await program.DisposeAsync();
                    program = await StartAsync(data);
                }
                await PostAsync(program, posted, last, killAfter: int.MaxValue);
                Assert.All(posted, count => Assert.Equal(last, count));
            }
            return await OutcomeOfAsync(program);
        }
        finally
        {
            await program.DisposeAsync();
        }
    }

    private static Task<LocalProgram> StartAsync(string data) => LocalProgram.StartAsync(data, ["--ticks", "none"], ("RISK_LATENESS_MS", "30000"));

    /// <summary>All clients at once, each from its first batch that was not acknowledged, until all are or the program is dead.</summary>
    private static Task PostAsync(LocalProgram program, int[] posted, int last, int killAfter)
    {
        var acknowledged = 0;
        return Task.WhenAll(Enumerable.Range(0, posted.Length).Select(client => Task.Run(
            async () =>
            {
                while (posted[client] < last && await PostedTicks.PostAsync(program.Client, client, posted[client], Cancellation))
                {
                    posted[client]++;
                    if (Interlocked.Increment(ref acknowledged) == killAfter) await program.KillAsync();
                }
            },
            Cancellation)));
    }

    private static async Task<Outcome> OutcomeOfAsync(LocalProgram program)
    {
        static long Sum(JsonElement status, params string[] names) => names.Sum(name => status.GetProperty("stream").GetProperty(name).GetInt64());
        var status = await program.UntilAsync("/status", x => Sum(x, "ticks_counted", "ticks_late", "ticks_quarantined") >= PostedTicks.Total);
        Assert.Equal(PostedTicks.Total, Sum(status, "ticks_counted"));
        Assert.Equal(0, Sum(status, "ticks_late", "ticks_quarantined"));

        var windows = new List<string>();
        var counted = 0L;
        foreach (var symbol in PostedTicks.Symbols)
        {
            var answer = await program.GetAsync($"/api/v1/market/{symbol}/windows?from=2025-01-06T15:00:00Z&to=2025-01-06T15:05:00Z&limit=100");
            foreach (var window in answer.GetProperty("windows").EnumerateArray())
            {
                windows.Add($"{symbol} {window.GetRawText()}");
                counted += window.GetProperty("count").GetInt64();
            }
        }
        Assert.Equal(PostedTicks.Total, counted);
        var risk = JsonNode.Parse((await program.GetAsync("/portfolio/var")).GetRawText())!.AsObject();
        risk.Remove("timestamp");
        // How often the states were saved differs from run to run; what they say does not.
        risk["portfolio"]!.AsObject().Remove("epoch");
        foreach (var row in risk["results"]!.AsArray()) row!.AsObject().Remove("timestamp");
        return new Outcome(risk.ToJsonString(), windows);
    }

    private sealed record Outcome(string Risk, List<string> Windows);
}
