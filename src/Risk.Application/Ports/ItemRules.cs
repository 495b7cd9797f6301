using System.Text;

namespace Risk.Application.Ports;

/// <summary>What every adapter of <see cref="IItemTable"/> refuses as a programmer's error, so that all of them refuse the same.</summary>
public static class ItemRules
{
    /// <exception cref="ArgumentException">Two writes of one key, a part of a key empty or too long, a body that is no JSON object, a body or a batch too large, a check
    /// outside an atomic write, or a rule that does not fit its write.</exception>
    public static void Demand(IReadOnlyList<ItemWrite> writes, bool atomic)
    {
        ArgumentNullException.ThrowIfNull(writes);
        if (atomic && writes.Count > ItemLimits.MaxAtomicWrites)
            throw new ArgumentException($"{writes.Count} writes; one atomic write takes {ItemLimits.MaxAtomicWrites}.", nameof(writes));
        var seen = new HashSet<ItemKey>(writes.Count);
        long bytes = 0;
        foreach (var write in writes)
        {
            Demand(write.Key);
            if (!seen.Add(write.Key))
                throw new ArgumentException($"Two writes of {write.Key} in one call.", nameof(writes));
            Demand(write, atomic);
            bytes += write.Item?.Body.Length ?? 0;
        }

        if (atomic && bytes > ItemLimits.MaxAtomicBytes)
            throw new ArgumentException($"{bytes} bytes; one atomic write takes {ItemLimits.MaxAtomicBytes}.", nameof(writes));
    }

    /// <exception cref="ArgumentException">A part of the key is empty or too long.</exception>
    public static void Demand(ItemKey key)
    {
        if (string.IsNullOrEmpty(key.Partition) || string.IsNullOrEmpty(key.Sort))
            throw new ArgumentException($"Empty part in the key '{key}'.", nameof(key));
        if (TooLong(key.Partition) || TooLong(key.Sort))
            throw new ArgumentException($"A part of the key '{key}' is longer than {ItemLimits.MaxKeyBytes} bytes.", nameof(key));
    }

    /// <exception cref="ArgumentOutOfRangeException">The limit is not within 1 to 1000.</exception>
    public static void Demand(ItemQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentException.ThrowIfNullOrEmpty(query.Partition, nameof(query));
        if (query.Limit is < 1 or > 1000)
            throw new ArgumentOutOfRangeException(nameof(query), query.Limit, "The limit of a query lies within 1 to 1000.");
    }

    private static void Demand(ItemWrite write, bool atomic)
    {
        if (write.IsCheck && !atomic)
            throw new ArgumentException($"A check of {write.Key} outside an atomic write.", nameof(write));
        if (write.Condition.Kind == WriteCondition.Rule.GuardBelow && write.Item?.Guard is null)
            throw new ArgumentException($"{write.Key} compares guards, but puts none.", nameof(write));
        if (write.Item is not { } item)
            return;
        if (item.Body.Span is not [(byte)'{', .., (byte)'}'])
            throw new ArgumentException($"The body of {write.Key} is no JSON object.", nameof(write));
        if (item.Body.Length > ItemLimits.MaxBodyBytes)
            throw new ArgumentException($"{write.Key} has {item.Body.Length} bytes; {ItemLimits.MaxBodyBytes} are allowed.", nameof(write));
        if (item.Index is { } index)
            Demand(index);
    }

    private static bool TooLong(string text) =>
        text.Length > ItemLimits.MaxKeyBytes / 3 && Encoding.UTF8.GetByteCount(text) > ItemLimits.MaxKeyBytes;
}
