using System.Diagnostics;
using System.Globalization;
using System.Text;
using Risk.Application.Ports;
using Risk.Local.Storage;
using Xunit;

namespace Risk.Local.Tests.Storage;

/// <summary>A second process of this test assembly works on a folder and is killed with SIGKILL in the middle of it.</summary>
public sealed class CrashTests : IDisposable
{
    private const string FolderVariable = "RISK_TEST_CRASH_FOLDER";

    private readonly DataFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => this.folder.Dispose();

    [Fact]
    public async Task What_was_acknowledged_before_a_kill_is_there_afterwards()
    {
        using var child = StartChild();
        var acknowledged = new List<string>();
        string? heldRefusal = null;
        while (await child.StandardOutput.ReadLineAsync(Cancellation) is { } line)
        {
            if (line.StartsWith("ack ", StringComparison.Ordinal))
                acknowledged.Add(line[4..]);
            if (acknowledged.Count == 200 && heldRefusal is null)
            {
                heldRefusal = Assert.Throws<DataFolderException>(() => { _ = LocalStore.Open(this.folder.Path, TimeProvider.System); }).Message;
                child.Kill();
            }
        }

        await child.WaitForExitAsync(Cancellation);
        Assert.True(acknowledged.Count >= 200, $"The child ended after {acknowledged.Count} acknowledgements.");
        Assert.Contains("in use by another", heldRefusal, StringComparison.Ordinal);
        await AssertThereAsync(acknowledged);
    }

    /// <summary>The body of the child; runs only when asked for by name and never ends by itself.</summary>
    [Fact(Explicit = true)]
    public async Task Child_that_writes_until_it_is_killed()
    {
        var folder = Environment.GetEnvironmentVariable(FolderVariable);
        Assert.NotNull(folder);
        var store = LocalStore.Open(folder, TimeProvider.System);
        var output = Console.OpenStandardOutput();
        void Acknowledge(string what)
        {
            lock (output)
                output.Write(Encoding.ASCII.GetBytes($"ack {what}\n"));
        }

        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(() => WorkAsync(store, worker, Acknowledge))));
    }

    private static async Task WorkAsync(LocalStore store, int worker, Action<string> acknowledge)
    {
        for (var i = 0; ; i++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{worker}-{i}");
            await store.Ticks.PublishAsync([new OutgoingRecord(name, Encoding.ASCII.GetBytes(name)), new OutgoingRecord(name, new byte[3000])], default);
            acknowledge("tick " + name);
            await store.Items.WriteEachAsync([Put("EACH", name), Put("LAST", $"{worker}", i)], default);
            acknowledge("each " + name);
            await store.Items.WriteAtomicAsync([Put("BOTH-A", name), Put("BOTH-B", name)], default);
            acknowledge("both " + name);
            if (i % 20 == worker)
                await store.Items.MaintainAsync(default);
        }
    }

    private async Task AssertThereAsync(List<string> acknowledged)
    {
        await using var store = LocalStore.Open(this.folder.Path, TimeProvider.System);
        var ticks = new HashSet<string>();
        for (string? after = null; ;)
        {
            var read = await store.Ticks.ReadAsync("local-0", after, 1000, Cancellation);
            if (read.Records.Count == 0)
                break;
            ticks.UnionWith(read.Records.Where(record => record.Data.Length < 3000).Select(record => Encoding.ASCII.GetString(record.Data.Span)));
            after = read.Records[^1].Sequence;
        }

        foreach (var words in acknowledged.Select(line => line.Split(' ')))
        {
            if (words[0] == "tick")
                Assert.Contains(words[1], ticks);
            else if (words[0] == "each")
                Assert.NotNull(await store.Items.GetAsync(new ItemKey("EACH", words[1]), Cancellation));
            else
                Assert.NotNull(await store.Items.GetAsync(new ItemKey("BOTH-A", words[1]), Cancellation));
        }

        var firsts = (await store.Items.QueryAsync(new ItemQuery("BOTH-A"), Cancellation)).Items.Select(item => item.Key.Sort);
        var seconds = (await store.Items.QueryAsync(new ItemQuery("BOTH-B"), Cancellation)).Items.Select(item => item.Key.Sort);
        Assert.Equal(firsts, seconds);
    }

    private static ItemWrite Put(string partition, string sort, long version = 1) =>
        ItemWrite.Put(new Item(new ItemKey(partition, sort), "{}"u8.ToArray(), version));

    private Process StartChild()
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        var method = $"{typeof(CrashTests).FullName}.{nameof(Child_that_writes_until_it_is_killed)}";
        foreach (var argument in new[] { "exec", typeof(CrashTests).Assembly.Location, "-explicit", "only", "-method", method })
            start.ArgumentList.Add(argument);
        start.Environment[FolderVariable] = this.folder.Path;
        return Process.Start(start)!;
    }
}
