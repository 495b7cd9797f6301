using Risk.Application.Ports;
using Risk.Application.Streaming;
using Risk.Domain.Instruments;
using Risk.Domain.Prices;

namespace Risk.Application.Tests.Feeds;

/// <summary>Keeps what was published, and can fail before or after it is taken.</summary>
internal sealed class RecordingStream : ITickStream
{
    public List<(string Key, byte[] Data)> Records { get; } = [];

    public List<int> BatchSizes { get; } = [];

    /// <summary>The number of the publication, from 1, that is taken but answered with a failure; 0 for none.</summary>
    public int LosesAnswerOf { get; set; }

    public Task PublishAsync(IReadOnlyList<OutgoingRecord> records, CancellationToken cancellation)
    {
        foreach (var record in records) Records.Add((record.PartitionKey, record.Data.ToArray()));
        BatchSizes.Add(records.Count);
        return BatchSizes.Count == LosesAnswerOf ? Task.FromException(new StoreUnavailableException("The answer was lost.")) : Task.CompletedTask;
    }

    public Task<IReadOnlyList<Shard>> ListShardsAsync(CancellationToken cancellation) => throw new NotSupportedException();

    public Task<ShardRead> ReadAsync(string shard, string? afterSequence, int maxRecords, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<ShardRead> ReadFromAsync(string shard, string sequence, int maxRecords, CancellationToken cancellation) => throw new NotSupportedException();

    /// <summary>Everything published, decoded; nothing may be rejected.</summary>
    public List<Tick> Ticks(SymbolTable symbols)
    {
        var buffer = new TickBuffer();
        foreach (var (_, data) in Records) TickCodec.Decode(data, symbols, new EventTime(long.MaxValue / 2), buffer);
        return buffer.Rejections.Length == 0 ? [.. buffer.Ticks] : throw new InvalidOperationException($"Rejected: {buffer.Rejections[0]}");
    }
}

/// <summary>A clock that stands still until somebody waits for it, and then is there at once.</summary>
internal sealed class SteppingClock(DateTimeOffset start) : TimeProvider
{
    private DateTimeOffset now = start;

    public List<TimeSpan> Waits { get; } = [];

    public override DateTimeOffset GetUtcNow() => now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => now.Ticks;

    public void Advance(TimeSpan span) => now += span;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime == Timeout.InfiniteTimeSpan) return new Fired();
        Waits.Add(dueTime);
        now += dueTime;
        ThreadPool.QueueUserWorkItem(_ => callback(state));
        return new Fired();
    }

    private sealed class Fired : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
