using System.Text;
using Risk.Application.Ports;

namespace Risk.Local.Storage;

/// <summary>One connection that reads items, its statements prepared once. Not for concurrent use.</summary>
public sealed class SqliteItemReader : IDisposable
{
    private const string Columns = "pk, sk, version, guard, expires, ipk, isk, body";
    private const string Alive = "(expires IS NULL OR expires > ?2)";

    private readonly SqliteFile file;
    private readonly SqliteStatement get;
    private readonly Dictionary<(bool OfIndex, bool Descending, bool Continues), SqliteStatement> queries = [];

    public SqliteItemReader(string path)
    {
        file = SqliteFile.Open(path);
        get = file.Prepare($"SELECT {Columns} FROM items WHERE pk = ?1 AND sk = ?3 AND {Alive}");
    }

    public Item? Get(ItemKey key, long now)
    {
        var item = get.Bind(1, key.Partition).Bind(2, now).Bind(3, key.Sort).Step() ? ItemOf(get) : null;
        get.Reset();
        return item;
    }

    /// <summary>All from the same state.</summary>
    public IReadOnlyList<Item> GetMany(IReadOnlyCollection<ItemKey> keys, long now) => file.InSnapshot(() =>
    {
        var items = new List<Item>(keys.Count);
        foreach (var key in keys)
        {
            if (Get(key, now) is { } item)
                items.Add(item);
        }

        return items;
    });

    /// <param name="after">The parts of the cursor, or null.</param>
    public ItemPage Query(ItemQuery query, string[]? after, long now)
    {
        var statement = StatementOf(query, after is not null);
        statement.Bind(1, query.Partition).Bind(2, now).Bind(3, query.Limit + 1L);
        BindBounds(statement, query, after);
        var items = new List<Item>(Math.Min(query.Limit, 64));
        var more = false;
        while (!more && statement.Step())
        {
            more = items.Count == query.Limit;
            if (!more)
                items.Add(ItemOf(statement));
        }

        statement.Reset();
        return new ItemPage(items, more ? ItemCursor.After(items[^1], query.OfIndex) : null);
    }

    public void Dispose() => file.Dispose();

    /// <summary>A cursor takes the place of the bound on its side. No bound is '' below and an empty blob, which sorts after every text, above.</summary>
    private static void BindBounds(SqliteStatement statement, ItemQuery query, string[]? after)
    {
        if (after is null || query.Descending)
            statement.Bind(4, query.From ?? "");
        if (after is null || !query.Descending)
            _ = query.To is null ? statement.BindBytes(5, []) : statement.Bind(5, query.To);
        for (var i = 0; after is not null && i < after.Length; i++)
            statement.Bind(6 + i, after[i]);
    }

    private SqliteStatement StatementOf(ItemQuery query, bool continues)
    {
        var form = (query.OfIndex, query.Descending, continues);
        if (!queries.TryGetValue(form, out var statement))
            queries[form] = statement = file.Prepare(Sql(query.OfIndex, query.Descending, continues));
        return statement;
    }

    public static string Sql(bool ofIndex, bool descending, bool continues)
    {
        var (partition, sort, order) = ofIndex ? ("ipk", "isk", new[] { "isk", "pk", "sk" }) : ("pk", "sk", ["sk"]);
        var sql = new StringBuilder($"SELECT {Columns} FROM items WHERE {partition} = ?1 AND {Alive}");
        if (!continues || descending)
            sql.Append($" AND {sort} >= ?4");
        if (!continues || !descending)
            sql.Append($" AND {sort} <= ?5");
        if (continues)
            sql.Append($" AND ({string.Join(", ", order)}) {(descending ? '<' : '>')} ({(ofIndex ? "?6, ?7, ?8" : "?6")})");
        sql.Append($" ORDER BY {string.Join(", ", order.Select(column => descending ? column + " DESC" : column))} LIMIT ?3");
        return sql.ToString();
    }

    private static Item ItemOf(SqliteStatement row) => new(
        new ItemKey(row.Text(0), row.Text(1)),
        row.Bytes(7),
        row.Number(2),
        row.TextOrNull(3),
        row.NumberOrNull(4) is { } expires ? DateTimeOffset.FromUnixTimeMilliseconds(expires) : null,
        row.TextOrNull(5) is { } partition ? new ItemKey(partition, row.Text(6)) : null);
}
