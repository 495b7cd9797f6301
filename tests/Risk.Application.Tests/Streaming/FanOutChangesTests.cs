using System.Text;
using System.Text.Json;
using Risk.Application.Ports;
using Risk.Application.Stores;
using Risk.Application.Streaming;
using Risk.Application.Tests.Stores;
using Risk.Domain.Prices;
using Risk.Domain.Snapshots;
using Xunit;
using static Risk.Application.Tests.Streaming.TestHouse;

namespace Risk.Application.Tests.Streaming;

public sealed class FanOutChangesTests
{
    [Fact]
    public async Task Prices_windows_and_the_latest_risk_become_messages_and_nothing_else_does()
    {
        var house = await TestHouse.OpenAsync();
        await house.Process.Ingest.RunAsync(OnlyShard, [Arrival(1, Line(A, 0, 100.5m, 0), Line(A, 1, 101, 1, volume: 3), Line(A, 61, 102, 2))], Cancel);
        await house.Process.Ingest.RunAsync(OnlyShard, [Arrival(2, Line(A, 62, 104, 3))], Cancel);
        var push = new Listener { HasListeners = true };
        await new FanOutChanges(push).RunAsync(house.Table.Everything, Cancel);
        Assert.Equal(
            [("AAA", "tick"), ("AAA", "window"), ("account:one", "snapshot")],
            push.Messages.Select(x => (x.Topic, x.Type)).Order());
        Assert.Equal("""{"symbol":"AAA","price":104,"bid":null,"ask":null,"time":"2026-01-05T09:01:02Z","ticks":4}""", push.Text("tick"));
        Assert.Equal(
            """{"symbol":"AAA","window_start":"2026-01-05T09:00:00Z","open":100.5,"high":101,"low":100.5,"close":101,"avg":100.75,"vwap":100.875,"volume":4,"count":2,"closed":true}""",
            push.Text("window"));
        var snapshot = await house.SnapshotAsync();
        Assert.StartsWith("""{"account_id":"one","as_of":"2026-01-05T09:01:02Z","currency":"USD","market_value":""", push.Text("snapshot"), StringComparison.Ordinal);
        var x = JsonDocument.Parse(push.Text("snapshot")).RootElement;
        Assert.Equal(
            (snapshot.At95.Var.Value, snapshot.At95.Es.Value, snapshot.At99.EsStandardError.Value, snapshot.At95.Interval!.Value.Low),
            (Number(x, "var_95"), Number(x, "es_95"), Number(x, "es_99_standard_error"), Number(x.GetProperty("interval_95"), "low")));
        Assert.Equal(
            ("historical", "type7", "acerbi_tasche", snapshot.Observations, 1.0),
            (x.GetProperty("method").GetString(), x.GetProperty("quantile").GetString(), x.GetProperty("es_convention").GetString(), x.GetProperty("num_observations").GetInt32(), Number(x, "coverage")));
    }

    [Fact]
    public async Task A_snapshot_without_figures_says_why()
    {
        var (house, push) = (await TestHouse.OpenAsync(), new Listener { HasListeners = true });
        var missing = SnapshotStoreTests.Snapshot(new SnapshotVersion(9, 9, 9), EventTime.From(Start)) with
        {
            At95 = LossFigures.Zero with { Interval = new LossInterval(0, null) },
            At99 = LossFigures.Missing(FigureReason.MissingFx),
            LeftOut = [new LeftOutPosition(B, FigureReason.MissingFx)],
            Flags = RiskFlags.PartialCoverage,
        };
        await new SnapshotStore(house.Table).SaveAsync([missing], Start, Cancel);
        await new FanOutChanges(push).RunAsync([.. house.Table.Everything.Where(x => x.Key.Sort == "LATEST")], Cancel);
        Assert.EndsWith(
            """
            "left_out":[{"symbol":"BBB","reason":"missing_fx"}],"flags":["partial_coverage"],"reasons":{"interval_95/high":"short_history","var_99":"missing_fx","interval_99":"missing_fx","es_99":"missing_fx","es_99_standard_error":"missing_fx"}}
            """,
            push.Text("snapshot"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_built_when_nobody_listens()
    {
        var push = new Listener();
        await new FanOutChanges(push).RunAsync([new Item(new ItemKey("PX#0", "AAA"), "no state"u8.ToArray())], Cancel);
        Assert.Empty(push.Messages);
    }

    private static double? Number(JsonElement x, string name) => x.GetProperty(name).GetDouble();

    private sealed class Listener : ILivePush
    {
        public bool HasListeners { get; init; }

        public List<LiveMessage> Messages { get; } = [];

        public Task PushAsync(IReadOnlyList<LiveMessage> messages, CancellationToken cancellation)
        {
            Messages.AddRange(messages);
            return Task.CompletedTask;
        }

        public string Text(string type) => Encoding.UTF8.GetString(Assert.Single(Messages, x => x.Type == type).Data.Span);
    }
}
