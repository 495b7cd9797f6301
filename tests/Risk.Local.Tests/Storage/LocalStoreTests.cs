using Risk.Application.Ports;
using Risk.Local.Storage;
using Risk.Testing.Simulation;
using Xunit;

namespace Risk.Local.Tests.Storage;

public sealed class LocalStoreTests : IDisposable
{
    private readonly DataFolder folder = new();
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => this.folder.Dispose();

    [Fact]
    public async Task A_folder_is_made_with_all_its_parts()
    {
        await using var store = LocalStore.Open(this.folder.File("new/one"), clock);
        await store.Archive.PutAsync("a/b", new byte[] { 1 }, Cancellation);
        Assert.True(File.Exists(this.folder.File("new/one/items.db")));
        Assert.True(File.Exists(this.folder.File("new/one/log.db")));
        Assert.True(File.Exists(this.folder.File("new/one/archive/a/b")));
    }

    [Fact]
    public async Task A_folder_is_held_by_one_at_a_time()
    {
        await using (LocalStore.Open(this.folder.Path, clock))
            Assert.Contains("in use by another", Refusal(this.folder.Path), StringComparison.Ordinal);
        await using var again = LocalStore.Open(this.folder.Path, clock);
    }

    [Fact]
    public void A_file_in_the_place_of_the_folder_is_named()
    {
        File.WriteAllText(this.folder.File("file"), "x");
        Assert.Contains("can't be made", Refusal(this.folder.File("file")), StringComparison.Ordinal);
        Assert.Contains("can't be made", Refusal(this.folder.File("file/below")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_read_only_folder_is_named()
    {
        // Folders have no write bit on Windows: there is nothing to try.
        if (OperatingSystem.IsWindows()) return;
        File.SetUnixFileMode(this.folder.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        // The superuser writes everywhere but in the system's own file systems.
        var folder = Environment.IsPrivilegedProcess ? "/sys" : this.folder.Path;
        Assert.Contains("not writable", Refusal(folder), StringComparison.Ordinal);
        File.SetUnixFileMode(this.folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Theory]
    [InlineData("items.db")]
    [InlineData("log.db")]
    public async Task A_file_with_a_damaged_head_is_named_and_nothing_stays_held(string name)
    {
        await FillAsync();
        var whole = await File.ReadAllBytesAsync(this.folder.File(name), Cancellation);
        await File.WriteAllBytesAsync(this.folder.File(name), [.. new byte[100], .. whole[100..]], Cancellation);
        var refusal = Refusal(this.folder.Path);
        Assert.Contains("damaged", refusal, StringComparison.Ordinal);
        Assert.Contains(this.folder.File(name), refusal, StringComparison.Ordinal);
        await File.WriteAllBytesAsync(this.folder.File(name), whole, Cancellation);
        await using var store = LocalStore.Open(this.folder.Path, clock);
        Assert.NotNull(await store.Items.GetAsync(new ItemKey("P", "1"), Cancellation));
    }

    [Fact]
    public async Task A_page_overwritten_in_the_middle_is_named_when_it_is_read()
    {
        await FillAsync();
        var whole = await File.ReadAllBytesAsync(this.folder.Items, Cancellation);
        for (var i = 4096; i < whole.Length; i++)
            whole[i] = 0x5A;
        await File.WriteAllBytesAsync(this.folder.Items, whole, Cancellation);
        await using var store = LocalStore.Open(this.folder.Path, clock);
        var fault = await Assert.ThrowsAsync<StoreUnavailableException>(() => store.Items.GetAsync(new ItemKey("P", "1"), Cancellation));
        Assert.Contains($"{this.folder.Items} is damaged", fault.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.Items.WriteEachAsync([Put("1")], Cancellation));
    }

    [Fact]
    public async Task A_file_of_another_program_is_left_alone()
    {
        using (var file = SqliteFile.Open(this.folder.Items))
            file.Execute("CREATE TABLE theirs (x)");
        Assert.Contains("another program", Refusal(this.folder.Path), StringComparison.Ordinal);
        File.Delete(this.folder.Items);
        await FillAsync();
        using (var file = SqliteFile.Open(this.folder.Items))
            file.Execute("PRAGMA user_version=99");
        Assert.Contains("later version", Refusal(this.folder.Path), StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_disk_undoes_the_transaction_and_is_passing()
    {
        using var file = SqliteFile.Open(this.folder.Items);
        file.Execute("CREATE TABLE t (x)");
        file.Execute("PRAGMA max_page_count=5");
        var fault = Assert.Throws<SqliteFaultException>(() => file.InTransaction(() =>
        {
            file.Execute("INSERT INTO t VALUES (1)");
            file.Execute("INSERT INTO t VALUES (zeroblob(100000))");
            return 0;
        }));
        Assert.True(fault.IsPassing);
        Assert.Contains("disk is full", fault.Message, StringComparison.Ordinal);
        Assert.Equal(0, file.Number("SELECT count(*) FROM t"));
        file.Execute("PRAGMA max_page_count=1000");
        file.InTransaction(() => { file.Execute("INSERT INTO t VALUES (zeroblob(100000))"); return 0; });
        Assert.Equal(1, file.Number("SELECT count(*) FROM t"));
    }

    [Fact]
    public async Task An_unfinished_object_is_not_listed()
    {
        var archive = new FolderArchive(this.folder.File("archive"));
        await archive.PutAsync("a/whole", new byte[] { 1 }, Cancellation);
        await File.WriteAllTextAsync(this.folder.File("archive/a/torn.1.part"), "x", Cancellation);
        Assert.Equal(["a/whole"], await archive.ListAsync("", Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => archive.PutAsync("a/x.part", new byte[] { 1 }, Cancellation));
    }

    [Fact]
    public async Task An_archive_that_cannot_write_is_unavailable()
    {
        await File.WriteAllTextAsync(this.folder.File("archive"), "a file in its place", Cancellation);
        var archive = new FolderArchive(this.folder.File("archive"));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => archive.PutAsync("a/b", new byte[] { 1 }, Cancellation));
    }

    private async Task FillAsync()
    {
        await using var store = LocalStore.Open(this.folder.Path, clock);
        await store.Items.WriteEachAsync([.. Enumerable.Range(0, 200).Select(i => Put($"{i}"))], Cancellation);
        await store.Ticks.PublishAsync([new OutgoingRecord("k", new byte[50_000])], Cancellation);
    }

    private static ItemWrite Put(string sort) => ItemWrite.Put(new Item(new ItemKey("P", sort), new byte[] { (byte)'{', (byte)'}' }));

    private string Refusal(string folder) => Assert.Throws<DataFolderException>(() => { _ = LocalStore.Open(folder, clock); }).Message;
}
