using System.Text;
using Risk.Application.Ports;
using Risk.Application.Stores;
using Risk.Application.Streaming;
using Risk.Testing.Simulation;
using Xunit;
using static Risk.Application.Tests.Streaming.TestHouse;

namespace Risk.Application.Tests.Streaming;

public sealed class ConsumeStreamTests
{
    [Fact]
    public async Task Parents_are_read_to_their_end_before_their_children_and_ended_shards_no_more()
    {
        var (house, stream, consume) = await OpenAsync();
        await PublishAsync(stream, [.. Enumerable.Range(0, 10).Select(i => Line(A, 1, 100, i))]);
        var parent = stream.OpenShards()[0];
        var children = stream.Split(parent);
        await PublishAsync(stream, [.. Enumerable.Range(10, 10).Select(i => Line(A, 1, 100, i))]);
        Assert.Equal(4, await consume.RunOnceAsync(4, Cancel));
        Assert.All(children, child => Assert.Null(consume.ReadUpTo(child)));
        while (await consume.RunOnceAsync(4, Cancel) > 0)
        {
        }
        await consume.RunOnceAsync(4, Cancel);
        await consume.RunOnceAsync(4, Cancel);
        Assert.Equal(20, (await house.StateAsync(A)).Counted);
        Assert.True((await new CheckpointStore(house.Table, "ticks").LoadAsync(parent, Cancel)).Ended);
        var reads = house.Table.Reads;
        stream.Forget(parent);
        Assert.Equal(0, await consume.RunOnceAsync(4, Cancel));
        Assert.Equal(reads, house.Table.Reads);
    }

    [Fact]
    public async Task A_record_that_is_not_known_to_be_saved_holds_the_checkpoint_before_it()
    {
        var (house, stream, consume) = await OpenAsync();
        await PublishAsync(stream, Line(B, 1, 50, 0), Line(A, 1, 100, 0), Line(B, 1, 50, 1));
        house.Table.Hook = name =>
        {
            house.Table.Faults = new TableFaults(Throttle: name.StartsWith("before PX#", StringComparison.Ordinal) && name.EndsWith("AAA", StringComparison.Ordinal) ? 1 : 0);
            return Task.CompletedTask;
        };
        Assert.Equal(1, await consume.RunOnceAsync(10, Cancel));
        Assert.Contains("could not be saved", house.Process.Figures.LastFault);
        // With nothing saved there is no progress to report: whoever drives it must wait before it tries again.
        await Assert.ThrowsAsync<StoreUnavailableException>(() => consume.RunOnceAsync(10, Cancel));
        house.Table.Hook = _ => Task.CompletedTask;
        house.Table.Faults = new TableFaults();
        Assert.Equal(2, await consume.RunOnceAsync(10, Cancel));
        Assert.Equal((1, 2, 0), ((await house.StateAsync(A)).Counted, (await house.StateAsync(B)).Counted, (await house.StateAsync(B)).Duplicates));
    }

    [Fact]
    public async Task A_new_process_goes_on_behind_the_checkpoint()
    {
        var (house, stream, consume) = await OpenAsync();
        await PublishAsync(stream, Line(A, 1, 100, 0));
        await consume.RunOnceAsync(10, Cancel);
        await PublishAsync(stream, Line(A, 1, 100, 1));
        var next = new ConsumeStream(stream, new CheckpointStore(house.Table, "ticks"), house.NewProcess().Ingest, house.Process.Figures);
        Assert.Equal(1, await next.RunOnceAsync(10, Cancel));
        Assert.Equal(2, (await house.StateAsync(A)).Counted);
    }

    private static async Task<(TestHouse, FakeTickStream, ConsumeStream)> OpenAsync()
    {
        var house = await TestHouse.OpenAsync();
        var stream = new FakeTickStream(new Random(1), house.Clock);
        house.Clock.Advance(TimeSpan.FromMinutes(1));
        return (house, stream, new ConsumeStream(stream, new CheckpointStore(house.Table, "ticks"), house.Process.Ingest, house.Process.Figures));
    }

    /// <summary>One record a line, all of one partition key.</summary>
    private static Task PublishAsync(FakeTickStream stream, params string[] lines) =>
        stream.PublishAsync([.. lines.Select(line => new OutgoingRecord("key", Encoding.UTF8.GetBytes(line + "\n")))], Cancel);
}
