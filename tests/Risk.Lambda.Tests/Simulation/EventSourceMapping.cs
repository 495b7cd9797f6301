using System.Globalization;
using System.Text.Json;
using Risk.Application.Ports;
using Risk.Domain.Instruments;
using Risk.Domain.Prices;
using Risk.Lambda.Tests.Functions;
using Risk.Testing.Simulation;

namespace Risk.Lambda.Tests.Simulation;

/// <summary>
/// Lambda's event source mapping of the template over the fake stream, with the Consumer's handler behind it: each shard for itself and in
/// order, parents before children; partial batch replies; a batch that makes the function fail is halved; what fails for too long goes to the
/// destination for failures. Delivery is at least once, and it makes the most of that.
/// </summary>
internal sealed class EventSourceMapping : ISimulatedConsumer
{
    private readonly IngestSimulation run;
    private readonly Random random;
    private readonly Func<IngestSimulation, IItemTable> table;
    private readonly Dictionary<string, string?> handled = [];
    private readonly HashSet<string> ended = [];
    private readonly List<ConsumerProcess> idle = [];
    private MappingPlan plan;
    private int invocations;

    public EventSourceMapping(IngestSimulation run, MappingPlan plan, Func<IngestSimulation, IItemTable>? table = null)
    {
        (this.run, this.plan, random, this.table) = (run, plan, run.Random, table ?? (_ => run.Table));
        run.Table.Hook = moment => FakeInvocation.Current is null ? run.CrashOrGoOn() : FakeInvocation.PassAsync(moment);
    }

    /// <summary>What went to the destination for failures, with the payload that S3 is given.</summary>
    public List<(string Shard, IReadOnlyList<StreamRecord> Records, string Payload)> Discarded { get; } = [];

    public int Invocations => invocations;

    /// <summary>How often one batch was halved until its parts were handled, at most.</summary>
    public int DeepestSplit { get; private set; }

    public int Processes { get; private set; }

    /// <summary>Invocations that the platform ended because they took too long.</summary>
    public int TimedOut { get; private set; }

    /// <summary>Replies that asked for records again.</summary>
    public int Asked { get; private set; }

    /// <summary>When each delivery was handled, and how old its oldest record was then.</summary>
    public List<(DateTimeOffset At, TimeSpan Age)> Ages { get; } = [];

    /// <summary>How far each shard was handled.</summary>
    public IReadOnlyDictionary<string, string?> Handled => handled;

    public async Task RunAsync(Func<bool> isDone)
    {
        var polling = new Dictionary<string, Task>();
        while (!isDone())
        {
            foreach (var shard in await ReadableAsync())
                if (!polling.ContainsKey(shard)) polling[shard] = PollAsync(shard, isDone);
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(50, 1_500)), run.Clock);
        }
        await Task.WhenAll(polling.Values);
    }

    public async Task DrainAsync()
    {
        plan = new MappingPlan { BatchSize = plan.BatchSize, WholeBatches = true, IsDeadly = plan.IsDeadly, MaxAge = plan.MaxAge };
        while (await ReadableAsync() is { Count: > 0 } shards)
        {
            var left = false;
            foreach (var shard in shards) left |= await DeliverAsync(shard);
            if (!left) break;
        }
        // Positions may have been edited after the last tick; whatever process is warm looks once more.
        await Take().House.Risk.RunAsync(new Dictionary<Symbol, SymbolState>(), default);
    }

    private async Task PollAsync(string shard, Func<bool> isDone)
    {
        while (!isDone() && !ended.Contains(shard))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(50, 1_500)), run.Clock);
            await DeliverAsync(shard);
        }
    }

    /// <summary>True when there was something to do.</summary>
    private async Task<bool> DeliverAsync(string shard)
    {
        var after = handled.GetValueOrDefault(shard);
        if (Strikes(plan.Earlier)) after = run.Stream.EarlierThan(shard, after);
        var size = plan.WholeBatches ? plan.BatchSize : random.Next(1, plan.BatchSize + 1);
        var read = await run.Stream.ReadAsync(shard, after, size, default);
        if (read.Records.Count > 0) await HandleAsync(shard, read.Records);
        if (read.Ended) ended.Add(shard);
        return read.Records.Count > 0 || read.Ended;
    }

    private async Task HandleAsync(string shard, IReadOnlyList<StreamRecord> records)
    {
        var parts = new Stack<(IReadOnlyList<StreamRecord> Records, int Depth)>([(records, 0)]);
        for (var failures = 0; parts.TryPop(out var part);)
        {
            var failedFrom = await DeliverAsync(shard, part.Records);
            var done = failedFrom ?? 0;
            if (failedFrom is null || done > 0) failures = 0;
            if (failedFrom is null) done = part.Records.Count;
            if (done > 0) Advance(shard, part.Records[done - 1]);
            if (done == part.Records.Count) continue;
            IReadOnlyList<StreamRecord> rest = [.. part.Records.Skip(done)];
            if (run.Clock.GetUtcNow() - rest[0].ArrivedAt > plan.MaxAge)
            {
                Discarded.Add((shard, rest, Events.Kinesis(shard, rest)));
                Advance(shard, rest[^1]);
                continue;
            }
            if (failedFrom < 0 && rest.Count > 1)
            {
                DeepestSplit = Math.Max(DeepestSplit, part.Depth + 1);
                parts.Push(([.. rest.Skip(rest.Count / 2)], part.Depth + 1));
                rest = [.. rest.Take(rest.Count / 2)];
                parts.Push((rest, part.Depth + 1));
            }
            else parts.Push((rest, part.Depth));
            // Up to a minute, and never in step with others.
            await Task.Delay(TimeSpan.FromSeconds(Math.Min(60, 0.2 * Math.Pow(2, failures++)) * (0.5 + (random.NextDouble() / 2))), run.Clock);
        }
        Ages.Add((run.Clock.GetUtcNow(), run.Clock.GetUtcNow() - records[0].ArrivedAt));
    }

    /// <summary>The place of the record from which on they must come again; null for none, −1 when the function failed.</summary>
    private async Task<int?> DeliverAsync(string shard, IReadOnlyList<StreamRecord> records)
    {
        var payload = Events.Kinesis(shard, records);
        for (var copies = Strikes(plan.Again) ? random.Next(1, 5) : 0; copies > 0; copies--) await InvokeAsync(payload);
        var heard = InvokeAsync(payload);
        if (Strikes(plan.Twice)) await Task.WhenAll(heard, InvokeAsync(payload));
        if (await heard is not { } reply) return -1;
        var from = FailedFrom(reply, records);
        if (from is not null) Asked++;
        return from;
    }

    private async Task<ReadOnlyMemory<byte>?> InvokeAsync(string payload)
    {
        if (plan.IsDeadly(payload)) return null;
        var process = Take();
        var invocation = new FakeInvocation(run.Clock);
        invocation.At = Moment();
        var reply = await invocation.RunAsync(
            process.Function.HandleAsync, payload, string.Create(CultureInfo.InvariantCulture, $"request-{invocations++}"), run.Zombies.Add);
        if (!invocation.IsGivenUp) idle.Add(process);
        if (invocation.HasTimedOut) TimedOut++;
        return reply;

        Func<string, Task> Moment()
        {
            var stall = Strikes(plan.Zombies) ? random.Next(12) : -1;
            var moments = 0;
            return _ =>
            {
                if (moments++ == stall) return invocation.Abandon(TimeSpan.FromMilliseconds(random.Next((int)run.Plan.Linger.TotalMilliseconds)));
                if (run.Crash <= 0 || random.NextDouble() >= run.Crash) return Task.CompletedTask;
                run.Crashes++;
                return invocation.Kill();
            };
        }
    }

    /// <summary>As the platform reads a reply: no list and no reply at all are success, an identifier that is none of the batch's fails all of it.</summary>
    public static int? FailedFrom(ReadOnlyMemory<byte> reply, IReadOnlyList<StreamRecord> records)
    {
        if (reply.IsEmpty) return null;
        using var document = JsonDocument.Parse(reply);
        if (document.RootElement.ValueKind == JsonValueKind.Null || !document.RootElement.TryGetProperty("batchItemFailures", out var list) || list.ValueKind == JsonValueKind.Null) return null;
        int? lowest = null;
        foreach (var failure in list.EnumerateArray())
        {
            if (!failure.TryGetProperty("itemIdentifier", out var id) || id.GetString() is not { Length: > 0 } sequence) return 0;
            var place = records.Index().Where(x => x.Item.Sequence == sequence).Select(x => (int?)x.Index).FirstOrDefault() ?? 0;
            lowest = Math.Min(lowest ?? place, place);
        }
        return lowest;
    }

    private void Advance(string shard, StreamRecord last)
    {
        if (handled.GetValueOrDefault(shard) is { } before && SequenceOrder.Compare(before, last.Sequence) >= 0) return;
        handled[shard] = last.Sequence;
    }

    private ConsumerProcess Take()
    {
        if (idle.Count == 0 || Strikes(plan.Cold))
        {
            Processes++;
            var own = table(run);
            return new ConsumerProcess(run.NewProcess(own), own, run.Archive, run.Clock);
        }
        var taken = idle[^1];
        idle.RemoveAt(idle.Count - 1);
        return taken;
    }

    private async Task<List<string>> ReadableAsync()
    {
        var shards = await run.Stream.ListShardsAsync(default);
        return [.. shards.Where(shard => !ended.Contains(shard.Id) && shard.Parents.All(ended.Contains)).Select(shard => shard.Id)];
    }

    private bool Strikes(double share) => share > 0 && random.NextDouble() < share;
}
