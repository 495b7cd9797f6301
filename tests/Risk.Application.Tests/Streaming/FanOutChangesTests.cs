using System.Globalization;
using System.Text;
using Risk.Application.Ports;
using Risk.Application.Streaming;
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
        Assert.StartsWith("""{"account_id":"one","timestamp":"2026-01-05T09:01:02Z","currency":"USD","market_value":""", push.Text("snapshot"), StringComparison.Ordinal);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"\"var_95\":{snapshot.At95.Var.Value:R},"), push.Text("snapshot"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_built_when_nobody_listens()
    {
        var push = new Listener();
        await new FanOutChanges(push).RunAsync([new Item(new ItemKey("PX#0", "AAA"), "no state"u8.ToArray())], Cancel);
        Assert.Empty(push.Messages);
    }

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
