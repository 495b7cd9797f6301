using System.Globalization;
using System.Text;
using Risk.Application.Ports;
using Risk.Testing.Simulation;
using Xunit;
using static Risk.Application.Tests.Streaming.TestHouse;

namespace Risk.Application.Tests.Streaming;

/// <summary>One delivery with everything in it, interrupted before and after each of its writes in turn, and given again to a new process.</summary>
public sealed class EveryCrashTests
{
    private static readonly StreamRecord[] Before =
    [
        Arrival(1, Line(A, 0, 100, 1_000), Line(B, 0, 50, 0), Line(A, 8, 101, 1_001)),
        Arrival(2, [.. new[] { "b", "c", "d" }.Select(source => Line(A, 9, 101, 0, source))]),
    ];

    /// <summary>Closes windows, ends a minute and a day, and brings a late tick, one too old to tell, a repetition, a source too many and lines that are no ticks.</summary>
    private static readonly StreamRecord[] Delivery =
    [
        Arrival(3, Line(A, 12, 102, 1_002), Line(A, 1, 99, 999), "no tick"),
        Arrival(4, Line(A, 12, 98, 700), Line(A, 12, 102, 1_002), Line(A, 12, 97, 0, "e"), Line(B, 70, 51, 1)),
        Arrival(5, Line(A, 12, 98, 700), "no tick", "no tick either", Line(B, 0.5, 52, 2), Line(A, 86_400 - 32_000 + 600, 103, 1_003)),
    ];

    private static readonly StreamRecord[] After = [Arrival(6, Line(A, 60_000, 104, 1_004), Line(B, 60_000, 53, 3), Line(A, 2, 98, 701))];

    [Fact]
    public async Task Leaves_the_same_items_wherever_the_crash_comes()
    {
        var moments = 0;
        var (whole, afterwards) = await RunAsync(_ => moments++);
        Assert.InRange(moments, 30, 80);
        for (var crash = 0; crash < moments; crash++)
        {
            var (at, name) = (0, "");
            var (items, later) = await RunAsync(moment =>
            {
                if (at++ != crash) return;
                name = moment;
                throw new SimulatedCrash();
            });
            Assert.True(whole.SequenceEqual(items), $"A crash {name} leaves:\n{Difference(whole, items)}");
            Assert.True(afterwards.SequenceEqual(later), $"A crash {name} leaves, one delivery later:\n{Difference(afterwards, later)}");
        }
    }

    /// <summary>The writes come back as not known to be done, one after the other: done in truth, or not.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Leaves_the_same_items_whichever_reply_is_lost(bool isDone)
    {
        var moments = 0;
        var (whole, _) = await RunAsync(_ => moments++);
        for (var lost = 0; lost < moments / 2; lost++)
        {
            var house = await PrepareAsync();
            var at = 0;
            var fault = isDone ? new TableFaults(LostReply: 1) : new TableFaults(Throttle: 1);
            house.Table.Hook = moment =>
            {
                // Drawn between the hooks: before a write for the throttle, after it for the reply.
                if (moment.StartsWith("before", StringComparison.Ordinal)) house.Table.Faults = at++ == lost ? fault : new TableFaults();
                return Task.CompletedTask;
            };
            await DeliverAsync(house, Delivery);
            // What was saved at first was measured, too, and was the latest of its minute.
            var items = Items(house).Where(IsNotOfASeries).ToList();
            Assert.True(whole.Where(IsNotOfASeries).SequenceEqual(items), $"Write {lost} leaves:\n{Difference(whole, items)}");
        }
    }

    private static async Task<(List<string> Items, List<string> Later)> RunAsync(Action<string> atEachMoment)
    {
        var house = await PrepareAsync();
        house.Table.Hook = moment =>
        {
            atEachMoment(moment);
            return Task.CompletedTask;
        };
        await DeliverAsync(house, Delivery);
        house.Table.Hook = _ => Task.CompletedTask;
        var items = Items(house);
        await DeliverAsync(house, After);
        return (items, Items(house));
    }

    private static async Task<TestHouse> PrepareAsync()
    {
        var house = await TestHouse.OpenAsync();
        house.Clock.Advance(TimeSpan.FromDays(1));
        await DeliverAsync(house, Before);
        return house;
    }

    /// <summary>As the platform does: from the first record that is not known to be saved, by a new process after a crash.</summary>
    private static async Task DeliverAsync(TestHouse house, StreamRecord[] records)
    {
        // Without memories: a warm state no longer holds the windows that were stored, a cold one still does.
        house.Process = house.NewProcess();
        for (var rest = records; rest.Length > 0;)
        {
            try
            {
                var result = await house.Process.Ingest.RunAsync(OnlyShard, rest, Cancel);
                rest = [.. rest.SkipWhile(record => record.Sequence != result.FailedFrom)];
            }
            catch (SimulatedCrash)
            {
                house.Process = house.NewProcess();
            }
            catch (StoreUnavailableException)
            {
                // Given again as it is.
            }
        }
    }

    private static List<string> Items(TestHouse house) =>
    [
        .. house.Table.Everything.Select(x => string.Create(
            CultureInfo.InvariantCulture, $"{x.Key} v{x.Version} {x.Guard} until {x.ExpiresAt:u} {Encoding.UTF8.GetString(x.Body.Span)}")),
    ];

    private static bool IsNotOfASeries(string item) => !item.StartsWith("RISK#one#", StringComparison.Ordinal);

    private static string Difference(List<string> expected, List<string> actual) =>
        string.Join('\n', expected.Except(actual).Select(x => "- " + x).Concat(actual.Except(expected).Select(x => "+ " + x)));
}
