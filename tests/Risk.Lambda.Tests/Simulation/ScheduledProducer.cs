using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Risk.Api.Access;
using Risk.Application.Feeds;
using Risk.Application.Settings;
using Risk.Application.Stores;
using Risk.Domain.Calendars;
using Risk.Lambda.Functions;
using Risk.Testing.Simulation;

namespace Risk.Lambda.Tests.Simulation;

/// <summary>
/// The schedule with the Producer's handler behind it: fires each minute, at times twice or late, invokes asynchronously, and repeats what
/// failed two times under the same request, also while a first attempt lives on.
/// </summary>
internal sealed class ScheduledProducer(IngestSimulation run, double rate, double crash)
{
    private static readonly CloudSettings Settings = new("", "", "", "", new AccessSettings(LoopbackOnly: false), Market.Sim, 1, 1, RiskSettings.Default);

    /// <summary>What the handler said it published.</summary>
    public long Published { get; private set; }

    public int AlreadyRun { get; private set; }

    /// <summary>For each scheduled time, how many of its firings did the work.</summary>
    public Dictionary<DateTimeOffset, int> Worked { get; } = [];

    public int Failures { get; private set; }

    public async Task RunAsync(int minutes, double twice)
    {
        var firing = new List<Task>();
        for (var minute = 0; minute < minutes; minute++)
        {
            var scheduled = IngestSimulation.Start.AddMinutes(minute);
            if (scheduled > run.Clock.GetUtcNow()) await Task.Delay(scheduled - run.Clock.GetUtcNow(), run.Clock);
            firing.Add(FireAsync(scheduled, minute * 2));
            if (run.Random.NextDouble() >= twice) continue;
            await Task.Delay(TimeSpan.FromMilliseconds(run.Random.Next(3_000)), run.Clock);
            firing.Add(FireAsync(scheduled, (minute * 2) + 1));
        }
        await Task.WhenAll(firing);
    }

    private async Task FireAsync(DateTimeOffset scheduled, int request)
    {
        var payload = $$"""{"version":"0","detail-type":"Scheduled Event","source":"aws.scheduler","time":"{{scheduled:yyyy-MM-dd'T'HH:mm:ss'Z'}}","resources":["arn:aws:scheduler:us-east-1:111122223333:schedule/risk/producer-sim"],"detail":"{}"}""";
        for (var attempt = 0; attempt < 3; attempt++)
        {
            var invocation = new FakeInvocation(run.Clock);
            invocation.At = _ => crash > 0 && run.Random.NextDouble() < crash ? invocation.Kill() : Task.CompletedTask;
            var reply = await invocation.RunAsync(NewProcess().HandleAsync, payload, string.Create(CultureInfo.InvariantCulture, $"fired-{request}"), run.Zombies.Add);
            if (reply is { } answer)
            {
                using var document = JsonDocument.Parse(answer);
                Published += document.RootElement.GetProperty("published").GetInt64();
                if (document.RootElement.GetProperty("reason").GetString() == "already_run") AlreadyRun++;
                else Worked[scheduled] = Worked.GetValueOrDefault(scheduled) + 1;
                return;
            }
            Failures++;
            await Task.Delay(TimeSpan.FromSeconds(run.Random.Next(1, 20)), run.Clock);
        }
    }

    private Producer NewProcess()
    {
        var house = run.NewProcess();
        var markets = new HistoricalMarket(house.Instruments, house.History, house.Universe);
        return new Producer(
            markets, house.Universe, run.Stream, new ProducerCursors(run.Table), new JobLock(run.Table, run.Clock), Settings with { Rate = rate }, run.Clock, NullLogger<Producer>.Instance);
    }
}
