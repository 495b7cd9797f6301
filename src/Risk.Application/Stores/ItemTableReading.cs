using System.Runtime.CompilerServices;
using Risk.Application.Ports;

namespace Risk.Application.Stores;

internal static class ItemTableReading
{
    /// <summary>Every item of the query, page after page; the query's limit is the size of a page.</summary>
    public static async IAsyncEnumerable<Item> QueryAllAsync(
        this IItemTable table, ItemQuery query, [EnumeratorCancellation] CancellationToken cancellation)
    {
        for (ItemQuery? next = query; next is not null;)
        {
            var page = await table.QueryAsync(next, cancellation);
            foreach (var item in page.Items) yield return item;
            next = page.Cursor is null ? null : next with { Cursor = page.Cursor };
        }
    }
}
