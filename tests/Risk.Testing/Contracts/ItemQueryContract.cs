using Risk.Application.Ports;
using Xunit;

namespace Risk.Testing.Contracts;

/// <summary>The second half of <see cref="ItemTableContract"/>: ranges, orders, pages and the index.</summary>
public abstract class ItemQueryContract : ItemTableContract
{
    [Theory]
    [InlineData(false, 1)]
    [InlineData(false, 7)]
    [InlineData(false, 1000)]
    [InlineData(true, 1)]
    [InlineData(true, 7)]
    public async Task Pages_make_up_the_partition_in_order(bool descending, int limit)
    {
        var table = await OpenAsync();
        var expected = await FillAsync(table, 21);
        if (descending)
            expected.Reverse();
        var items = await AllAsync(table, new ItemQuery(Partition(), Descending: descending, Limit: limit));
        Assert.Equal(expected, items.Select(item => item.Key.Sort));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Bounds_are_inclusive(bool descending)
    {
        var table = await OpenAsync();
        await FillAsync(table, 10);
        async Task<string[]> Range(string? from, string? to) =>
            [.. (await AllAsync(table, new ItemQuery(Partition(), from, to, descending, Limit: 2))).Select(item => item.Key.Sort).Order(StringComparer.Ordinal)];
        Assert.Equal(["0003", "0004", "0005"], await Range("0003", "0005"));
        Assert.Equal(["0003", "0004", "0005"], await Range("00025", "00055"));
        Assert.Equal(["0008", "0009"], await Range("0008", null));
        Assert.Equal(["0000", "0001"], await Range(null, "0001"));
        Assert.Empty(await Range("0005", "0003"));
    }

    [Fact]
    public async Task Order_is_that_of_the_bytes_of_UTF8()
    {
        var table = await OpenAsync();
        // In UTF-16 the surrogates of the last would come before U+FFFD.
        string[] sorted = ["!", "A", "AB", "B", "a", "é", "\uFFFD", "𝄞"];
        foreach (var sort in sorted.Reverse())
            await PutAsync(table, Numbered(0) with { Key = Key(sort) });
        Assert.Equal(sorted, (await AllAsync(table, new ItemQuery(Partition(), Limit: 3))).Select(item => item.Key.Sort));
    }

    [Fact]
    public async Task Partitions_do_not_mix()
    {
        var table = await OpenAsync();
        await PutAsync(table, Numbered(1));
        await PutAsync(table, Numbered(2) with { Key = new ItemKey(Partition() + "#", "0002") });
        Assert.Equal("0001", Assert.Single(await AllAsync(table, new ItemQuery(Partition()))).Key.Sort);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_index_lists_equal_sort_keys_once_each(bool descending)
    {
        var table = await OpenAsync();
        var index = Named("INDEX");
        for (var i = 0; i < 30; i++)
            await PutAsync(table, Numbered(i) with { Index = new ItemKey(index, $"s{i % 3}") });
        var items = await AllAsync(table, new ItemQuery(index, Descending: descending, Limit: 4, OfIndex: true));
        var sorts = items.Select(item => item.Index!.Value.Sort).ToArray();
        Assert.Equal(descending ? sorts.OrderDescending(StringComparer.Ordinal) : sorts.Order(StringComparer.Ordinal), sorts);
        Assert.Equal(30, items.Select(item => item.Key).Distinct().Count());
        Assert.Equal(30, items.Count);
        var bounded = await AllAsync(table, new ItemQuery(index, "s1", "s1", descending, Limit: 4, OfIndex: true));
        Assert.All(bounded, item => Assert.Equal("s1", item.Index!.Value.Sort));
        Assert.Equal(10, bounded.Count);
    }

    [Fact]
    public async Task The_index_follows_the_item()
    {
        var table = await OpenAsync();
        var (first, second) = (Named("FIRST"), Named("SECOND"));
        async Task<int> Listed(string index) => (await AllAsync(table, new ItemQuery(index, OfIndex: true))).Count;
        await PutAsync(table, Numbered(1) with { Index = new ItemKey(first, "x") });
        Assert.Equal((1, 0), (await Listed(first), await Listed(second)));
        await PutAsync(table, Numbered(1) with { Index = new ItemKey(second, "x") });
        Assert.Equal((0, 1), (await Listed(first), await Listed(second)));
        await PutAsync(table, Numbered(1));
        Assert.Equal((0, 0), (await Listed(first), await Listed(second)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Paging_under_inserts_and_deletes_neither_skips_nor_repeats_what_stays(bool ofIndex)
    {
        var table = await OpenAsync();
        var index = Named("INDEX");
        Item Made(int number) => Numbered(number) with { Index = new ItemKey(index, $"{number / 4:0000}") };
        for (var i = 0; i < 100; i += 2)
            await PutAsync(table, Made(i));
        var query = new ItemQuery(ofIndex ? index : Partition(), Limit: 5, OfIndex: ofIndex);
        var seen = new List<int>();
        var random = new Random(1);
        do
        {
            var page = await table.QueryAsync(query, Cancellation);
            seen.AddRange(page.Items.Select(item => int.Parse(item.Key.Sort, System.Globalization.CultureInfo.InvariantCulture)));
            query = query with { Cursor = page.Cursor };
            await PutAsync(table, Made((2 * random.Next(50)) + 1));
            if (page.Items.Count > 0)
                await table.WriteEachAsync([ItemWrite.Delete(page.Items[^1].Key)], Cancellation);
        }
        while (query.Cursor is not null);
        // Of the index, four share a sort key: these come in any order among themselves.
        var sorts = seen.Select(number => ofIndex ? number / 4 : number).ToArray();
        Assert.Equal(sorts.Order(), sorts);
        Assert.Equal(seen.Distinct().Count(), seen.Count);
        Assert.Equal(Enumerable.Range(0, 50).Select(i => 2 * i), seen.Where(number => number % 2 == 0).Order());
    }

    [Fact]
    public async Task A_cursor_of_no_query_is_refused()
    {
        var table = await OpenAsync();
        await Assert.ThrowsAsync<ArgumentException>(() => table.QueryAsync(new ItemQuery(Partition(), Cursor: "%%%"), Cancellation));
    }

    private async Task<List<string>> FillAsync(IItemTable table, int count)
    {
        await table.WriteEachAsync([.. Enumerable.Range(0, count).Select(i => ItemWrite.Put(Numbered(i)))], Cancellation);
        return [.. Enumerable.Range(0, count).Select(i => Numbered(i).Key.Sort)];
    }
}
