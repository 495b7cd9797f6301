using System.Globalization;
using System.Text;
using Risk.Application.Ports;
using Risk.Lambda.Functions;
using Risk.Lambda.Tests.Functions;
using Risk.Testing.Simulation;
using Xunit;

namespace Risk.Lambda.Tests.Simulation;

/// <summary>One event with everything in it, whose process ends before and after each write in turn: row 5 of docs/FAULTS.md.</summary>
public sealed class EveryKillTests
{
    private static readonly string[] Lines =
    [
        Line("AAA", 0, 0), Line("BBB", 0, 0), Line("AAA", 6, 1), "no tick", Line("AAA", 20, 300), Line("AAA", 0, 2), Line("AAA", 6, 1), Line("AAA", 0, 301), Line("BBB", 0, 0, "late"),
    ];

    [Fact]
    public async Task Leaves_the_same_items_wherever_the_process_ends()
    {
        var (whole, moments) = await RunAsync(null);
        Assert.InRange(moments, 16, 60);
        for (var kill = 0; kill < moments; kill++)
        {
            var (items, _) = await RunAsync(kill);
            Assert.True(whole.SequenceEqual(items), $"Killed at moment {kill}:\n{string.Join('\n', whole.Except(items).Select(x => "- " + x).Concat(items.Except(whole).Select(x => "+ " + x)))}");
        }
    }

    private static async Task<(List<string> Items, int Moments)> RunAsync(int? kill)
    {
        await using var house = await FakeHouse.OpenAsync();
        house.Table.Hook = FakeInvocation.PassAsync;
        var payload = Events.Kinesis(Events.Shard, Lines.Select((line, i) => new StreamRecord(
            (1_000 + i).ToString(CultureInfo.InvariantCulture), FakeHouse.Start, Encoding.UTF8.GetBytes(line))));
        var moments = 0;
        SeededScheduler.Run(new Random(1), house.Clock, async () =>
        {
            var first = new FakeInvocation(house.Clock);
            first.At = _ => first.Moments - 1 == kill ? first.Kill() : Task.CompletedTask;
            var reply = await first.RunAsync(NewProcess(house).HandleAsync, payload, "first", _ => { });
            Assert.Equal(kill is null, reply is not null);
            moments = first.Moments;
            var second = await new FakeInvocation(house.Clock).RunAsync(NewProcess(house).HandleAsync, payload, "second", _ => { });
            Assert.Empty(Events.Failures(second!.Value));
        });
        return ([.. house.Table.Everything.Select(x => $"{x.Key} v{x.Version} {x.Guard} {Encoding.UTF8.GetString(x.Body.Span)}")], moments);
    }

    private static Consumer NewProcess(FakeHouse house) =>
        new ConsumerProcess(new IngestProcess(house.Table, FakeHouse.Settings.Lateness, house.Clock, house.Archive), house.Table, house.Archive, house.Clock).Function;

    private static string Line(string symbol, int seconds, int sequence, string source = "feed") => string.Create(
        CultureInfo.InvariantCulture, $$"""{"symbol":"{{symbol}}","time":"2026-01-05T14:59:{{30 + seconds:00}}Z","price":{{100 + sequence}},"source":"{{source}}","sequence":{{sequence}}}""");
}
