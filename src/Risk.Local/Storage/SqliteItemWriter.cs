using Risk.Application.Ports;

namespace Risk.Local.Storage;

/// <summary>The statements that write items, prepared once, on the one connection that writes. Not for concurrent use.</summary>
internal sealed class SqliteItemWriter(SqliteFile file)
{
    /// <summary>?9 is the rule: None always writes, Absent over an expired item only, GuardBelow also over a lower guard.</summary>
    private readonly SqliteStatement put = file.Prepare("""
        INSERT INTO items (pk, sk, version, guard, expires, ipk, isk, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        ON CONFLICT (pk, sk) DO UPDATE SET
            version = excluded.version, guard = excluded.guard, expires = excluded.expires, ipk = excluded.ipk, isk = excluded.isk, body = excluded.body
        WHERE ?9 = 0 OR items.expires <= ?10 OR (?9 = 3 AND items.guard < excluded.guard)
        """);

    private readonly SqliteStatement replace = file.Prepare("""
        UPDATE items SET version = ?3, guard = ?4, expires = ?5, ipk = ?6, isk = ?7, body = ?8
        WHERE pk = ?1 AND sk = ?2 AND version = ?9 AND (expires IS NULL OR expires > ?10)
        """);

    private readonly SqliteStatement version = file.Prepare("SELECT version FROM items WHERE pk = ?1 AND sk = ?2 AND (expires IS NULL OR expires > ?3)");

    private readonly SqliteStatement delete = file.Prepare("DELETE FROM items WHERE pk = ?1 AND sk = ?2");

    private readonly SqliteStatement deleteExpired = file.Prepare("""
        DELETE FROM items WHERE (pk, sk) IN (SELECT pk, sk FROM items WHERE expires <= ?1 ORDER BY expires LIMIT ?2)
        """);

    /// <summary>Inside a transaction of the caller.</summary>
    public WriteOutcome[] WriteEach(IReadOnlyList<ItemWrite> writes, long now)
    {
        var outcomes = new WriteOutcome[writes.Count];
        for (var i = 0; i < outcomes.Length; i++)
            outcomes[i] = Write(writes[i], now) ? WriteOutcome.Written : WriteOutcome.Refused;
        return outcomes;
    }

    /// <summary>Its own transaction, on the disk when it returns; the index of the first refused write undoes all.</summary>
    public int? WriteAtomic(IReadOnlyList<ItemWrite> writes, long now)
    {
        file.Execute("PRAGMA synchronous=FULL");
        try
        {
            return file.InTransaction<int?>(() =>
            {
                for (var i = 0; i < writes.Count; i++)
                {
                    if (!Write(writes[i], now))
                        throw new RefusedException(i);
                }

                return null;
            });
        }
        catch (RefusedException refused)
        {
            return refused.Index;
        }
        finally
        {
            file.Execute("PRAGMA synchronous=NORMAL");
        }
    }

    /// <returns>How many were deleted; fewer than the limit when no more are there.</returns>
    public int DeleteExpired(long now, int limit) => deleteExpired.Bind(1, now).Bind(2, limit).Run();

    private bool Write(ItemWrite write, long now)
    {
        if (write.Item is { } item)
            return Put(item, write.Condition, now);
        if (!Holds(write.Key, write.Condition, now))
            return false;
        if (!write.IsCheck)
            delete.Bind(1, write.Key.Partition).Bind(2, write.Key.Sort).Run();
        return true;
    }

    private bool Put(Item item, WriteCondition condition, long now)
    {
        var replaces = condition.Kind == WriteCondition.Rule.VersionIs;
        return (replaces ? replace : put)
            .Bind(1, item.Key.Partition).Bind(2, item.Key.Sort)
            .Bind(3, item.Version).Bind(4, item.Guard).Bind(5, item.ExpiresAt?.ToUnixTimeMilliseconds())
            .Bind(6, item.Index?.Partition).Bind(7, item.Index?.Sort)
            .BindText(8, item.Body.Span)
            .Bind(9, replaces ? condition.Version : (long)condition.Kind).Bind(10, now)
            .Run() > 0;
    }

    private bool Holds(ItemKey key, WriteCondition condition, long now)
    {
        if (condition.Kind == WriteCondition.Rule.None)
            return true;
        long? standing = this.version.Bind(1, key.Partition).Bind(2, key.Sort).Bind(3, now).Step() ? this.version.Number(0) : null;
        this.version.Reset();
        return condition.Kind == WriteCondition.Rule.Absent ? standing is null : standing == condition.Version;
    }

    /// <summary>Takes the transaction back; never leaves this class.</summary>
    private sealed class RefusedException(int index) : Exception
    {
        public int Index => index;
    }
}
