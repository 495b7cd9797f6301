using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using Risk.Application.Ports;
using Risk.Application.Stores;
using Risk.Application.Streaming;
using Risk.Testing.Simulation;
using Xunit;
using static Risk.Application.Tests.Streaming.TestHouse;

namespace Risk.Application.Tests.Streaming;

public sealed partial class ArchiveTicksTests
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 1, 5, 23, 59, 50, TimeSpan.Zero));
    private readonly FakeItemTable table;
    private readonly FakeTickStream stream;
    private readonly FakeArchive archive = new(new Random(1));

    public ArchiveTicksTests() => (table, stream) = (new FakeItemTable(new Random(1), clock), new FakeTickStream(new Random(1), clock));

    [Fact]
    public async Task An_object_holds_the_records_of_one_hour_as_they_came()
    {
        await PublishAsync("one\n", "two");
        clock.Advance(TimeSpan.FromSeconds(20));
        await PublishAsync("three\n");
        Assert.Equal(2, await New().RunOnceAsync(all: true, Cancel));
        var names = await archive.ListAsync("", Cancel);
        Assert.Matches(NameBeforeMidnight(), names[0]);
        Assert.StartsWith("raw/dt=2026-01-06/hh=00/", names[1], StringComparison.Ordinal);
        Assert.Equal(["one\ntwo\n", "three\n"], [await TextAsync(names[0]), await TextAsync(names[1])]);
    }

    [Fact]
    public async Task Nothing_is_written_until_the_oldest_has_waited_a_minute()
    {
        var ticks = New();
        await PublishAsync("one");
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(0, await ticks.RunOnceAsync(all: false, Cancel));
        clock.Advance(ArchiveTicks.MaxAge);
        Assert.Equal(1, await ticks.RunOnceAsync(all: false, Cancel));
        Assert.Equal(0, await ticks.RunOnceAsync(all: true, Cancel));
        Assert.NotNull(ticks.ArchivedUpTo(stream.OpenShards()[0]));
    }

    [Fact]
    public async Task Enough_bytes_do_not_wait()
    {
        await PublishAsync([.. Enumerable.Repeat(new string('x', 1024 * 1024), 9)]);
        Assert.Equal(1, await New().RunOnceAsync(all: false, Cancel));
        Assert.Equal(ArchiveTicks.EnoughBytes + 8, (await TextAsync((await archive.ListAsync("", Cancel))[0])).Length);
    }

    [Fact]
    public async Task A_failing_archive_throws_and_the_same_records_come_again()
    {
        await PublishAsync("one", "two");
        archive.FailedPut = 1;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => New().RunOnceAsync(all: true, Cancel));
        archive.FailedPut = 0;
        Assert.Equal(1, await New().RunOnceAsync(all: true, Cancel));
        Assert.Equal("one\ntwo\n", await TextAsync(Assert.Single(await archive.ListAsync("", Cancel))));
    }

    [Fact]
    public async Task After_a_crash_before_the_checkpoint_the_records_are_written_again_and_none_is_missing()
    {
        await PublishAsync("one");
        table.Hook = _ => throw new SimulatedCrash();
        await Assert.ThrowsAsync<SimulatedCrash>(() => New().RunOnceAsync(all: true, Cancel));
        table.Hook = _ => Task.CompletedTask;
        await PublishAsync("two");
        Assert.Equal(1, await New().RunOnceAsync(all: true, Cancel));
        var names = await archive.ListAsync("", Cancel);
        Assert.Equal(["one\n", "one\ntwo\n"], (await Task.WhenAll(names.Select(TextAsync))).Order(StringComparer.Ordinal));
    }

    [GeneratedRegex("^raw/dt=2026-01-05/hh=23/shardId-000000000000-[0-9]{56,57}-[0-9]{56,57}\\.ndjson\\.gz$")]
    private static partial Regex NameBeforeMidnight();

    private ArchiveTicks New() => new(stream, new CheckpointStore(table, "archive"), archive, clock);

    private Task PublishAsync(params string[] records) =>
        stream.PublishAsync([.. records.Select(record => new OutgoingRecord("key", Encoding.UTF8.GetBytes(record)))], Cancel);

    private async Task<string> TextAsync(string name)
    {
        using var reader = new StreamReader(new GZipStream(new MemoryStream((await archive.GetAsync(name, Cancel))!), CompressionMode.Decompress));
        return await reader.ReadToEndAsync(Cancel);
    }
}
