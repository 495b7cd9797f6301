using Risk.Application.Ports;

namespace Risk.Testing.Simulation;

/// <summary>
/// The table in memory, with the faults of a distant one. Everything that happens is drawn from the given generator. Between the writes of one
/// <see cref="WriteEachAsync"/> others may go first, and a hook may end the run, which leaves the earlier ones done.
/// </summary>
public sealed class FakeItemTable(Random random, TimeProvider clock, IChangeFeed? changes = null) : IItemTable
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, SortedDictionary<string, Item>> _partitions = new(KeyOrder.Instance);

    public TableFaults Faults { get; set; } = new();

    /// <summary>Awaited before and after each write, with a name such as <c>before PX#0 / AAPL</c>; may yield, or throw a <see cref="SimulatedCrash"/>.</summary>
    public Func<string, Task> Hook { get; set; } = _ => Task.CompletedTask;

    public int Reads { get; private set; }

    /// <summary>Done, also when the caller was told otherwise.</summary>
    public int Writes { get; private set; }

    /// <summary>Conditions that did not hold.</summary>
    public int Refusals { get; private set; }

    /// <summary>Faults that struck.</summary>
    public int Struck { get; private set; }

    /// <summary>Everything that is stored and not expired, in the order of the keys; no fault strikes here.</summary>
    public IReadOnlyList<Item> Everything
    {
        get
        {
            lock (_lock)
                return [.. All.Where(IsAlive)];
        }
    }

    /// <summary>Takes the items of partitions that start so out of the table, and hands them over; for runs that would fill the memory.</summary>
    public IReadOnlyList<Item> Take(string partitions)
    {
        lock (_lock)
        {
            var taken = _partitions.Where(x => x.Key.StartsWith(partitions, StringComparison.Ordinal)).ToArray();
            foreach (var (name, _) in taken) _partitions.Remove(name);
            return [.. taken.SelectMany(x => x.Value.Values)];
        }
    }

    public async Task<Item?> GetAsync(ItemKey key, CancellationToken cancellation)
    {
        await BeginReadAsync(cancellation);
        lock (_lock)
            return Standing(key);
    }

    public async Task<IReadOnlyList<Item>> GetManyAsync(IReadOnlyCollection<ItemKey> keys, CancellationToken cancellation)
    {
        await BeginReadAsync(cancellation);
        lock (_lock)
            return [.. keys.Select(Standing).OfType<Item>()];
    }

    public async Task<ItemPage> QueryAsync(ItemQuery query, CancellationToken cancellation)
    {
        ItemRules.Demand(query);
        var after = query.Cursor is { } cursor ? ItemCursor.Parse(cursor, query.OfIndex) : null;
        await BeginReadAsync(cancellation);
        lock (_lock)
        {
            var sign = query.Descending ? -1 : 1;
            var found = (query.OfIndex ? All : PartitionOf(query.Partition)).Where(item => IsAlive(item) && IsWithin(query, item)).ToList();
            found.Sort((a, b) => sign * Compare(OrderOf(a, query.OfIndex), OrderOf(b, query.OfIndex)));
            if (after is not null)
                found.RemoveAll(item => sign * Compare(OrderOf(item, query.OfIndex), after) <= 0);
            var length = Strikes(Faults.ShortPage) ? random.Next(1, query.Limit + 1) : query.Limit;
            var page = found.Take(length).ToList();
            return new ItemPage(page, page.Count < found.Count ? ItemCursor.After(page[^1], query.OfIndex) : null);
        }
    }

    public async Task<IReadOnlyList<WriteOutcome>> WriteEachAsync(IReadOnlyList<ItemWrite> writes, CancellationToken cancellation)
    {
        ItemRules.Demand(writes, atomic: false);
        cancellation.ThrowIfCancellationRequested();
        var outcomes = new WriteOutcome[writes.Count];
        for (var i = 0; i < outcomes.Length; i++)
            outcomes[i] = await WriteAsync(writes[i]);
        return outcomes;
    }

    public async Task<int?> WriteAtomicAsync(IReadOnlyList<ItemWrite> writes, CancellationToken cancellation)
    {
        ItemRules.Demand(writes, atomic: true);
        cancellation.ThrowIfCancellationRequested();
        await LatencyAsync();
        var name = string.Join(", ", writes.Select(write => write.Key));
        await Hook("before " + name);
        if (Strikes(Faults.Throttle))
            throw new StoreUnavailableException("Simulated: throttled.");
        int? refused;
        lock (_lock)
        {
            refused = Enumerable.Range(0, writes.Count).Cast<int?>().FirstOrDefault(i => !Holds(writes[i!.Value]));
            if (refused is null)
                Apply(writes);
            else
                Refusals++;
        }

        await Hook("after " + name);
        if (Strikes(Faults.LostReply))
            throw new StoreUnavailableException("Simulated: the reply was lost.");
        return refused;
    }

    private async Task<WriteOutcome> WriteAsync(ItemWrite write)
    {
        await LatencyAsync();
        await Hook($"before {write.Key}");
        if (Strikes(Faults.Throttle))
            return WriteOutcome.Unavailable;
        bool holds;
        lock (_lock)
        {
            holds = Holds(write);
            if (holds)
                Apply([write]);
            else
                Refusals++;
        }

        await Hook($"after {write.Key}");
        if (Strikes(Faults.LostReply))
            return WriteOutcome.Unavailable;
        if (!holds)
            return WriteOutcome.Refused;
        return write.Condition != WriteCondition.None && Strikes(Faults.RefusedAfterCommit) ? WriteOutcome.Refused : WriteOutcome.Written;
    }

    private void Apply(IReadOnlyList<ItemWrite> writes)
    {
        foreach (var write in writes.Where(write => !write.IsCheck))
        {
            Writes++;
            // A copy, as a store makes one: whoever changes his buffer afterwards does not change what is stored.
            if (!_partitions.TryGetValue(write.Key.Partition, out var partition))
                _partitions[write.Key.Partition] = partition = new SortedDictionary<string, Item>(KeyOrder.Instance);
            if (write.Item is { } item)
                partition[write.Key.Sort] = item with { Body = item.Body.ToArray() };
            else
                partition.Remove(write.Key.Sort);
        }

        var put = writes.Select(write => write.Item).OfType<Item>().ToList();
        if (put.Count > 0)
            changes?.Publish(put);
    }

    private bool Holds(ItemWrite write)
    {
        var standing = Standing(write.Key);
        return write.Condition.Kind switch
        {
            WriteCondition.Rule.Absent => standing is null,
            WriteCondition.Rule.VersionIs => standing?.Version == write.Condition.Version,
            WriteCondition.Rule.GuardBelow => standing is null || (standing.Guard is { } guard && string.CompareOrdinal(guard, write.Item!.Guard) < 0),
            _ => true,
        };
    }

    private Item? Standing(ItemKey key) =>
        _partitions.TryGetValue(key.Partition, out var partition) && partition.TryGetValue(key.Sort, out var item) && IsAlive(item) ? item : null;

    private IEnumerable<Item> All => _partitions.Values.SelectMany(partition => partition.Values);

    private IEnumerable<Item> PartitionOf(string name) => _partitions.TryGetValue(name, out var partition) ? partition.Values : [];

    private bool IsAlive(Item item) => item.ExpiresAt is not { } expiry || expiry > clock.GetUtcNow();

    private async Task BeginReadAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        await LatencyAsync();
        Reads++;
        if (Strikes(Faults.FailedRead))
            throw new StoreUnavailableException("Simulated: a read failed.");
    }

    private async Task LatencyAsync()
    {
        while (Strikes(Faults.Latency))
            await Task.Yield();
    }

    /// <summary>Draws only for faults that are switched on, so that switching on one leaves the others where they were.</summary>
    private bool Strikes(double share)
    {
        if (share <= 0 || random.NextDouble() >= share)
            return false;
        Struck++;
        return true;
    }

    private static bool IsWithin(ItemQuery query, Item item)
    {
        if ((query.OfIndex ? item.Index : item.Key) is not { } key || key.Partition != query.Partition)
            return false;
        return (query.From is null || KeyOrder.Instance.Compare(key.Sort, query.From) >= 0) && (query.To is null || KeyOrder.Instance.Compare(key.Sort, query.To) <= 0);
    }

    private static string[] OrderOf(Item item, bool ofIndex) => ofIndex ? [item.Index!.Value.Sort, item.Key.Partition, item.Key.Sort] : [item.Key.Sort];

    private static int Compare(string[] a, string[] b) => a.Zip(b, KeyOrder.Instance.Compare).FirstOrDefault(order => order != 0);

    /// <summary>By the bytes of UTF-8, which is not the order of UTF-16 where surrogates are.</summary>
    private sealed class KeyOrder : IComparer<string>
    {
        public static readonly KeyOrder Instance = new();

        public int Compare(string? a, string? b)
        {
            var same = a.AsSpan().CommonPrefixLength(b);
            if (same == a!.Length || same == b!.Length) return a.Length.CompareTo(b!.Length);
            var (x, y) = (a[same], b[same]);
            return char.IsSurrogate(x) != char.IsSurrogate(y) ? char.IsSurrogate(x).CompareTo(char.IsSurrogate(y)) : x.CompareTo(y);
        }
    }
}
