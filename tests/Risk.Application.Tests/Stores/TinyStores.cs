using Risk.Application.Ports;

namespace Risk.Application.Tests.Stores;

/// <summary>Just enough of a table for these tests: conditions by version and pages of two.</summary>
internal sealed class TinyTable : IItemTable
{
    private readonly SortedDictionary<(string, string), Item> items = new(Comparer<(string, string)>.Create((a, b) =>
        a.Item1 == b.Item1 ? string.CompareOrdinal(a.Item2, b.Item2) : string.CompareOrdinal(a.Item1, b.Item1)));

    /// <summary>Runs once, before the next write: another writer who was faster.</summary>
    public Func<Task>? BeforeNextWrite { get; set; }

    /// <summary>How many writes of the next <see cref="WriteEachAsync"/> come back as not known to be written.</summary>
    public int UnavailableWrites { get; set; }

    public int Queries { get; private set; }

    public Task<Item?> GetAsync(ItemKey key, CancellationToken cancellation) => Task.FromResult(items.GetValueOrDefault((key.Partition, key.Sort)));

    public Task<IReadOnlyList<Item>> GetManyAsync(IReadOnlyCollection<ItemKey> keys, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<Item>>([.. keys.Select(key => items.GetValueOrDefault((key.Partition, key.Sort))).OfType<Item>()]);

    public Task<ItemPage> QueryAsync(ItemQuery query, CancellationToken cancellation)
    {
        Queries++;
        var rest = items.Values.Where(item => item.Key.Partition == query.Partition && string.CompareOrdinal(item.Key.Sort, query.Cursor ?? "") > 0).ToArray();
        return Task.FromResult(new ItemPage([.. rest.Take(2)], rest.Length > 2 ? rest[1].Key.Sort : null));
    }

    public async Task<IReadOnlyList<WriteOutcome>> WriteEachAsync(IReadOnlyList<ItemWrite> writes, CancellationToken cancellation)
    {
        await OthersFirst();
        return [.. writes.Select(Write)];
    }

    public async Task<int?> WriteAtomicAsync(IReadOnlyList<ItemWrite> writes, CancellationToken cancellation)
    {
        await OthersFirst();
        for (var i = 0; i < writes.Count; i++)
            if (!Holds(writes[i])) return i;
        foreach (var write in writes) Put(write);
        return null;
    }

    private async Task OthersFirst()
    {
        var others = BeforeNextWrite;
        BeforeNextWrite = null;
        if (others is not null) await others();
    }

    private WriteOutcome Write(ItemWrite write)
    {
        if (UnavailableWrites > 0)
        {
            UnavailableWrites--;
            return WriteOutcome.Unavailable;
        }
        if (!Holds(write)) return WriteOutcome.Refused;
        Put(write);
        return WriteOutcome.Written;
    }

    private bool Holds(ItemWrite write)
    {
        var stored = items.GetValueOrDefault((write.Key.Partition, write.Key.Sort));
        return write.Condition.Kind switch
        {
            WriteCondition.Rule.None => true,
            WriteCondition.Rule.Absent => stored is null,
            WriteCondition.Rule.VersionIs => stored?.Version == write.Condition.Version,
            _ => throw new NotSupportedException(),
        };
    }

    private void Put(ItemWrite write) => items[(write.Key.Partition, write.Key.Sort)] = write.Item ?? throw new NotSupportedException();
}

internal sealed class TinyArchive : IArchive
{
    public Dictionary<string, byte[]> Objects { get; } = [];

    public int Reads { get; private set; }

    public Task PutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        Objects[name] = content.ToArray();
        return Task.CompletedTask;
    }

    public Task<byte[]?> GetAsync(string name, CancellationToken cancellation)
    {
        Reads++;
        return Task.FromResult(Objects.GetValueOrDefault(name));
    }

    public Task<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<string>>([.. Objects.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)]);
}

internal sealed class HandTime : TimeProvider
{
    public DateTimeOffset Now { get; set; } = new(2026, 11, 20, 10, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;
}
