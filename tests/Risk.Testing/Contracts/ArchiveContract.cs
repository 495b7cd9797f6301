using Risk.Application.Ports;
using Xunit;

namespace Risk.Testing.Contracts;

/// <summary>What every <see cref="IArchive"/> promises. Each test stays under a prefix of its own.</summary>
public abstract class ArchiveContract
{
    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected abstract ValueTask<IArchive> OpenAsync();

    [Fact]
    public async Task An_object_comes_back_as_it_was_put()
    {
        var archive = await OpenAsync();
        byte[] content = [0, 1, 255, .. new byte[100_000]];
        await archive.PutAsync(Named("raw/dt=2026-01-05/hh=09/a-1-2.ndjson.gz"), content, Cancellation);
        Assert.Equal(content, await archive.GetAsync(Named("raw/dt=2026-01-05/hh=09/a-1-2.ndjson.gz"), Cancellation));
    }

    [Fact]
    public async Task A_name_without_an_object_gives_null()
    {
        var archive = await OpenAsync();
        Assert.Null(await archive.GetAsync(Named("missing"), Cancellation));
    }

    [Fact]
    public async Task An_empty_object_is_an_object()
    {
        var archive = await OpenAsync();
        await archive.PutAsync(Named("empty"), ReadOnlyMemory<byte>.Empty, Cancellation);
        Assert.Equal(Array.Empty<byte>(), await archive.GetAsync(Named("empty"), Cancellation));
    }

    [Fact]
    public async Task Putting_again_replaces()
    {
        var archive = await OpenAsync();
        await archive.PutAsync(Named("x"), new byte[] { 1, 2, 3 }, Cancellation);
        await archive.PutAsync(Named("x"), new byte[] { 4 }, Cancellation);
        Assert.Equal(new byte[] { 4 }, await archive.GetAsync(Named("x"), Cancellation));
    }

    [Fact]
    public async Task A_list_is_ordinal_and_of_the_prefix_as_text()
    {
        var archive = await OpenAsync();
        string[] names = ["a/B", "a/a-1", "a/a/1", "a/b", "ab", "b"];
        foreach (var name in names.Reverse())
            await archive.PutAsync(Named(name), new byte[] { 1 }, Cancellation);
        async Task<IEnumerable<string>> List(string prefix) => (await archive.ListAsync(Named(prefix), Cancellation)).Select(name => name[Named("").Length..]);
        Assert.Equal(names, await List(""));
        Assert.Equal(["a/B", "a/a-1", "a/a/1", "a/b"], await List("a/"));
        Assert.Equal(["a/a-1", "a/a/1"], await List("a/a"));
        Assert.Equal(["a/B", "a/a-1", "a/a/1", "a/b", "ab"], await List("a"));
        Assert.Empty(await List("c"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/etc/passwd")]
    [InlineData("../up")]
    [InlineData("a/../../up")]
    [InlineData("a/./b")]
    [InlineData("a//b")]
    [InlineData("a\\b")]
    [InlineData("a\0b")]
    public async Task A_name_that_leads_elsewhere_is_refused(string name)
    {
        var archive = await OpenAsync();
        await Assert.ThrowsAsync<ArgumentException>(() => archive.PutAsync(name, new byte[] { 1 }, Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => archive.GetAsync(name, Cancellation));
    }

    [Fact]
    public async Task Concurrent_puts_of_one_name_leave_one_of_them_whole()
    {
        var archive = await OpenAsync();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
            Task.Run(() => archive.PutAsync(Named("x"), Enumerable.Repeat((byte)i, 50_000).ToArray(), Cancellation), Cancellation)));
        var content = await archive.GetAsync(Named("x"), Cancellation);
        Assert.Equal(50_000, content!.Length);
        Assert.Single(content.Distinct());
    }

    protected string Named(string name) => $"{GetType().Name}/{TestContext.Current.TestMethod!.MethodName}/{name}";
}
