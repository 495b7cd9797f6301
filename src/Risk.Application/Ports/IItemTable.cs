namespace Risk.Application.Ports;

/// <summary>
/// The one storage port: items under (partition, sort key). Reads are consistent: they see every write that was acknowledged before.
/// Expired items are never returned. Every method throws <see cref="StoreUnavailableException"/> when the store stays out of reach after
/// bounded retries, and <see cref="OperationCanceledException"/> when cancelled; nothing is swallowed.
/// </summary>
public interface IItemTable
{
    /// <summary>The item, or null.</summary>
    Task<Item?> GetAsync(ItemKey key, CancellationToken cancellation);

    /// <summary>The items that exist among the keys (any number of them, no duplicates), in no particular order.</summary>
    Task<IReadOnlyList<Item>> GetManyAsync(IReadOnlyCollection<ItemKey> keys, CancellationToken cancellation);

    /// <summary>
    /// One page of a partition or of an index partition, in ordinal order of the (index) sort key; items of equal index sort keys come in any
    /// order. The index of a distant table follows it within moments: the newest write may be missing from it.
    /// </summary>
    Task<ItemPage> QueryAsync(ItemQuery query, CancellationToken cancellation);

    /// <summary>
    /// Independent conditional writes; at most one per key. One outcome each, in order. <see cref="WriteOutcome.Unavailable"/> means that
    /// it is not known to have been written: the caller repeats it or fails.
    /// </summary>
    Task<IReadOnlyList<WriteOutcome>> WriteEachAsync(IReadOnlyList<ItemWrite> writes, CancellationToken cancellation);

    /// <summary>
    /// Up to <see cref="ItemLimits.MaxAtomicWrites"/> conditional writes, all or none, durable when the call returns.
    /// Returns the index of the first write whose condition failed, or null when all were done.
    /// </summary>
    Task<int?> WriteAtomicAsync(IReadOnlyList<ItemWrite> writes, CancellationToken cancellation);
}

/// <summary>Both parts compare ordinally, byte by byte of their UTF-8.</summary>
public readonly record struct ItemKey(string Partition, string Sort)
{
    public override string ToString() => $"{Partition} / {Sort}";
}

/// <summary>
/// A stored item. The writer chooses <paramref name="Version"/>; conditions compare it. <paramref name="Guard"/> is fixed-width text,
/// compared ordinally. <paramref name="Index"/> lists the item under a second key. <paramref name="Body"/> is a UTF-8 JSON object; it comes
/// back equal as JSON: the spelling of numbers and the order of members may differ.
/// </summary>
public sealed record Item(
    ItemKey Key,
    ReadOnlyMemory<byte> Body,
    long Version = 1,
    string? Guard = null,
    DateTimeOffset? ExpiresAt = null,
    ItemKey? Index = null);

/// <summary>What must stand under the key for a write to be done.</summary>
public readonly record struct WriteCondition
{
    public enum Rule
    {
        None,
        Absent,
        VersionIs,
        GuardBelow,
    }

    public Rule Kind { get; private init; }

    public long Version { get; private init; }

    /// <summary>No condition.</summary>
    public static WriteCondition None => default;

    /// <summary>Nothing stands there, or only an expired item.</summary>
    public static WriteCondition Absent => new() { Kind = Rule.Absent };

    /// <summary>An item stands there with exactly this version.</summary>
    public static WriteCondition VersionIs(long version) => new() { Kind = Rule.VersionIs, Version = version };

    /// <summary>Nothing stands there, or an item whose guard is ordinally less than the guard of the item being put.</summary>
    public static WriteCondition GuardBelow => new() { Kind = Rule.GuardBelow };
}

/// <summary>A conditional put, delete or (in <see cref="IItemTable.WriteAtomicAsync"/> only) check.</summary>
public sealed record ItemWrite
{
    private ItemWrite(ItemKey key, Item? item, WriteCondition condition, bool isCheck) => (Key, Item, Condition, IsCheck) = (key, item, condition, isCheck);

    public ItemKey Key { get; }

    /// <summary>What to put; null deletes, or only checks.</summary>
    public Item? Item { get; }

    public WriteCondition Condition { get; }

    public bool IsCheck { get; }

    public static ItemWrite Put(Item item, WriteCondition condition = default) => new(item.Key, item, condition, false);

    public static ItemWrite Delete(ItemKey key, WriteCondition condition = default) => new(key, null, condition, false);

    public static ItemWrite Check(ItemKey key, WriteCondition condition) => new(key, null, condition, true);
}

public enum WriteOutcome
{
    Written,

    /// <summary>The condition did not hold; nothing was changed.</summary>
    Refused,

    /// <summary>Not known to be written, after bounded retries.</summary>
    Unavailable,
}

/// <summary>
/// A range of one partition. <paramref name="From"/> and <paramref name="To"/> are inclusive bounds of the sort key, null for none.
/// With <paramref name="OfIndex"/> the partition and bounds are those of the index key. <paramref name="Cursor"/> continues a page.
/// </summary>
public sealed record ItemQuery(
    string Partition,
    string? From = null,
    string? To = null,
    bool Descending = false,
    int Limit = 1000,
    string? Cursor = null,
    bool OfIndex = false);

/// <summary>One page; <paramref name="Cursor"/> is null on the last one.</summary>
public sealed record ItemPage(IReadOnlyList<Item> Items, string? Cursor);

public static class ItemLimits
{
    public const int MaxAtomicWrites = 100;

    /// <summary>Of one item's body; DynamoDB allows 400 KB with keys and attribute names.</summary>
    public const int MaxBodyBytes = 350 * 1024;

    /// <summary>Of all bodies of one atomic write.</summary>
    public const int MaxAtomicBytes = 4 * 1024 * 1024;

    public const int MaxKeyBytes = 1024;
}

/// <summary>A dependency could not be reached within the bounded retries. The platform, or the caller, tries again later.</summary>
public sealed class StoreUnavailableException : Exception
{
    public StoreUnavailableException()
    {
    }

    public StoreUnavailableException(string message)
        : base(message)
    {
    }

    public StoreUnavailableException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
