using System.Globalization;
using System.Numerics;
using System.Text;
using Risk.Application.Ports;

namespace Risk.Testing.Simulation;

/// <summary>
/// The stream in memory, sharded by the hash of the partition key, with the faults of a distant one. Everything that happens is drawn from the
/// given generator. Sequences have 56 digits and, in most runs, 57 before long.
/// </summary>
public sealed class FakeTickStream : ITickStream
{
    private const int Tries = 5;

    private readonly Lock _lock = new();
    private readonly Random _random;
    private readonly TimeProvider _clock;
    private readonly List<FakeShard> _shards = [];
    private BigInteger _next;
    private int _opened;

    public FakeTickStream(Random random, TimeProvider clock, int shards = 1)
    {
        (_random, _clock) = (random, clock);
        _next = BigInteger.Pow(10, 56) - random.Next(1, 500);
        for (var i = 0; i < shards; i++)
            Open((uint)((1L << 32) * i / shards), (uint)(((1L << 32) * (i + 1) / shards) - 1), []);
    }

    public StreamFaults Faults { get; set; } = new();

    /// <summary>Awaited <c>before publish</c> and <c>after publish</c> of each try; may yield, or throw a <see cref="SimulatedCrash"/>.</summary>
    public Func<string, Task> Hook { get; set; } = _ => Task.CompletedTask;

    /// <summary>Records written, copies included.</summary>
    public int Written { get; private set; }

    /// <summary>Faults that struck.</summary>
    public int Struck { get; private set; }

    /// <summary>Everything that was ever written and is not forgotten, shard by shard; no fault strikes here.</summary>
    public IReadOnlyList<(string Shard, StreamRecord Record)> Everything
    {
        get
        {
            lock (_lock)
                return [.. _shards.SelectMany(shard => shard.Records.Select(record => (shard.Id, record)))];
        }
    }

    public async Task PublishAsync(IReadOnlyList<OutgoingRecord> records, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var left = records;
        for (var attempt = 0; left.Count > 0; attempt++)
        {
            if (attempt == Tries)
                throw new StoreUnavailableException($"Simulated: {left.Count} records are not known to be written.");
            await LatencyAsync();
            await Hook("before publish");
            var failed = Try(left);
            await Hook("after publish");
            left = failed;
        }
    }

    public Task<IReadOnlyList<Shard>> ListShardsAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_lock)
            return Task.FromResult<IReadOnlyList<Shard>>([.. _shards.Select(shard => new Shard(shard.Id, shard.Parents))]);
    }

    public Task<ShardRead> ReadAsync(string shard, string? afterSequence, int maxRecords, CancellationToken cancellation) =>
        ReadAsync(shard, record => afterSequence is null || SequenceOrder.Compare(record.Sequence, afterSequence) > 0, maxRecords, cancellation);

    public Task<ShardRead> ReadFromAsync(string shard, string sequence, int maxRecords, CancellationToken cancellation) =>
        ReadAsync(shard, record => SequenceOrder.Compare(record.Sequence, sequence) >= 0, maxRecords, cancellation);

    private async Task<ShardRead> ReadAsync(string shard, Predicate<StreamRecord> isWanted, int maxRecords, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        await LatencyAsync();
        lock (_lock)
        {
            if (Strikes(Faults.FailedRead))
                throw new StoreUnavailableException("Simulated: a read failed.");
            var from = Find(shard);
            var first = from.Records.FindLastIndex(record => !isWanted(record)) + 1;
            var left = from.Records.Count - first;
            var count = Math.Min(maxRecords, left);
            if (count > 1 && Strikes(Faults.ShortRead))
                count = _random.Next(1, count);
            var behind = count == 0 ? TimeSpan.Zero : from.Records[^1].ArrivedAt - from.Records[first + count - 1].ArrivedAt;
            return new ShardRead(from.Records.GetRange(first, count), !from.IsOpen && count == left, behind);
        }
    }

    /// <summary>Closes the shard and opens two for its halves.</summary>
    public IReadOnlyList<string> Split(string shard)
    {
        lock (_lock)
        {
            var parent = Find(shard);
            var middle = parent.Low + ((parent.High - parent.Low) / 2);
            Close(parent);
            return [Open(parent.Low, middle, [shard]), Open(middle + 1, parent.High, [shard])];
        }
    }

    /// <summary>Closes two shards that lie side by side and opens one for both.</summary>
    public string Merge(string lower, string upper)
    {
        lock (_lock)
        {
            var (first, second) = (Find(lower), Find(upper));
            if (first.High + 1L != second.Low)
                throw new ArgumentException($"'{lower}' and '{upper}' do not lie side by side.", nameof(upper));
            Close(first);
            Close(second);
            return Open(first.Low, second.High, [lower, upper]);
        }
    }

    /// <summary>The shards that take records, in the order of their hashes: neighbours may be merged.</summary>
    public IReadOnlyList<string> OpenShards()
    {
        lock (_lock)
            return [.. _shards.Where(shard => shard.IsOpen).OrderBy(shard => shard.Low).Select(shard => shard.Id)];
    }

    /// <summary>Drops a closed shard with its records, as the end of the retention does.</summary>
    public void Forget(string shard)
    {
        lock (_lock)
            _shards.Remove(Find(shard));
    }

    /// <summary>A sequence before the given one, or null for the start: from here a consumer that lost its checkpoint reads again.</summary>
    public string? EarlierThan(string shard, string? sequence)
    {
        lock (_lock)
        {
            var earlier = Find(shard).Records.FindAll(record => sequence is not null && SequenceOrder.Compare(record.Sequence, sequence) < 0);
            var chosen = _random.Next(-1, earlier.Count);
            return chosen < 0 ? null : earlier[chosen].Sequence;
        }
    }

    /// <returns>What is to be sent again.</returns>
    private List<OutgoingRecord> Try(IReadOnlyList<OutgoingRecord> records)
    {
        lock (_lock)
        {
            if (Strikes(Faults.Outage))
                return [.. records];
            var failed = new List<OutgoingRecord>();
            foreach (var record in records)
            {
                if (Strikes(Faults.PartialFailure))
                {
                    failed.Add(record);
                    continue;
                }

                Append(record);
                if (Strikes(Faults.Duplicate))
                    Append(record);
            }

            return Strikes(Faults.LostReply) ? [.. records] : failed;
        }
    }

    private void Append(OutgoingRecord record)
    {
        var hash = HashOf(record.PartitionKey);
        var shard = _shards.Find(shard => shard.IsOpen && shard.Low <= hash && hash <= shard.High)!;
        shard.Records.Add(new StreamRecord((_next++).ToString(CultureInfo.InvariantCulture), _clock.GetUtcNow(), record.Data.ToArray()));
        Written++;
    }

    private string Open(uint low, uint high, IReadOnlyList<string> parents)
    {
        var id = "shardId-" + _opened++.ToString("000000000000", CultureInfo.InvariantCulture);
        _shards.Add(new FakeShard(id, low, high, parents));
        return id;
    }

    private static void Close(FakeShard shard) =>
        shard.IsOpen = shard.IsOpen ? false : throw new ArgumentException($"'{shard.Id}' is closed already.", nameof(shard));

    private FakeShard Find(string id) => _shards.Find(shard => shard.Id == id) ?? throw new ArgumentException($"There is no shard '{id}'.", nameof(id));

    private async Task LatencyAsync()
    {
        while (Strikes(Faults.Latency))
            await Task.Yield();
    }

    private bool Strikes(double share)
    {
        if (share <= 0 || _random.NextDouble() >= share)
            return false;
        Struck++;
        return true;
    }

    /// <summary>FNV-1a with the bits mixed once more: the shards are ranges, which need good high bits.</summary>
    private static uint HashOf(string key)
    {
        var hash = 2166136261u;
        foreach (var octet in Encoding.UTF8.GetBytes(key))
            hash = (hash ^ octet) * 16777619u;
        hash = (hash ^ (hash >> 16)) * 0x85EBCA6Bu;
        return hash ^ (hash >> 13);
    }

    private sealed class FakeShard(string id, uint low, uint high, IReadOnlyList<string> parents)
    {
        public string Id => id;

        public uint Low => low;

        public uint High => high;

        public IReadOnlyList<string> Parents => parents;

        public bool IsOpen { get; set; } = true;

        public List<StreamRecord> Records { get; } = [];
    }
}
