using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Risk.Local.Tests.Host;
using Risk.Local.Tests.Storage;
using Xunit;

namespace Risk.Local.Tests.Commands;

/// <summary>The verbs, each by the real program on a folder of its own.</summary>
public sealed class VerbTests : IDisposable
{
    private readonly DataFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Data => folder.File("data");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Import_takes_all_files_or_none()
    {
        var prices = await WriteAsync("closes.csv", PostedTicks.Closes());
        var wrong = await WriteAsync("wrong.csv", "symbol,quantity,average_cost\nALFA,x,1\nNOPE,1,1\n");
        var refused = await ImportAsync("--prices", prices, "--positions", wrong);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("line 2, column quantity", refused.Errors, StringComparison.Ordinal);
        Assert.Contains("'NOPE' is not a known instrument", refused.Errors, StringComparison.Ordinal);
        var right = await WriteAsync("right.csv", PostedTicks.Positions());
        Assert.Contains("'ALFA' is not a known instrument", (await ImportAsync("--positions", right)).Errors, StringComparison.Ordinal);

        var terms = await WriteAsync("instruments.csv", "symbol,asset_class,currency,sector\nALFA,etf,USD,Funds\n");
        var done = await ImportAsync("--positions", right, "--prices", prices, "--instruments", terms, "--account", "desk-1", "--json");
        Assert.Equal(0, done.ExitCode);
        var files = done.Json().GetProperty("files");
        Assert.Equal([terms, prices, right], files.EnumerateArray().Select(file => file.GetProperty("path").GetString()));
        Assert.StartsWith("4 symbols were no instruments", files[1].GetProperty("warnings")[0].GetString(), StringComparison.Ordinal);
        Assert.Contains("5 positions of account desk-1, version 1", files[2].GetProperty("summary").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_tells_faults_to_programs_too()
    {
        var wrong = await WriteAsync("wrong.csv", "date,A\n2026-01-05,x\n");
        var refused = await ImportAsync("--prices", wrong, "--json");
        Assert.Equal(1, refused.ExitCode);
        Assert.False(refused.Json().GetProperty("imported").GetBoolean());
        Assert.Equal("line 2, column A", refused.Json().GetProperty("files")[0].GetProperty("faults")[0].GetProperty("where").GetString());
        var nothing = await ImportAsync();
        Assert.Equal(1, nothing.ExitCode);
        Assert.Contains("Nothing to import", nothing.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Var_gives_the_figures_of_the_route()
    {
        var (prices, held) = (await WriteAsync("closes.csv", PostedTicks.Closes()), await WriteAsync("positions.csv", PostedTicks.Positions()));
        string served, symbol;
        await using (var program = await LocalProgram.StartAsync(Data, ["--prices", prices, "--positions", held, "--ticks", "none"]))
        {
            Assert.True(await PostedTicks.PostAsync(program.Client, 0, 0, Cancellation));
            await program.UntilAsync("/status", x => x.GetProperty("stream").GetProperty("ticks_counted").GetInt64() == 50);
            (served, symbol) = (Timeless(await program.GetAsync("/portfolio/var")), Timeless(await program.GetAsync("/var/ALFA")));
            Assert.Equal(0, await program.InterruptAsync());
        }
        Assert.Equal(served, Timeless((await LocalProgram.RunAsync(["var", "--data", Data, "--json"])).Json()));
        Assert.Equal(symbol, Timeless((await LocalProgram.RunAsync(["--data", Data, "var", "--symbol", "alfa", "--json"])).Json()));
        var table = (await LocalProgram.RunAsync(["var", "--data", Data])).Output;
        foreach (var said in new[] { "Account default", "95 %", "99 %", "NAV", "component 95", "EPSI" }) Assert.Contains(said, table, StringComparison.Ordinal);

        foreach (var (arguments, said) in new (string[], string)[]
        {
            (["--data", Data, "--account", "nobody"], "There is no account 'nobody'"),
            (["--data", Data, "--symbol", "NOPE"], "'NOPE' is not a known symbol"),
            (["--account", "a b"], "--account is 'a b'"),
            (["--data", folder.File("empty")], "There is no data in"),
        })
        {
            var refused = await LocalProgram.RunAsync(["var", .. arguments]);
            Assert.Equal(1, refused.ExitCode);
            Assert.Contains(said, refused.Errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Replay_accounts_for_every_line_once()
    {
        var path = folder.File("acme_20250106_trade.zip");
        await using (var zip = await ZipFile.OpenAsync(path, ZipArchiveMode.Create, Cancellation))
        {
            await using var entry = await zip.CreateEntry("ticks.csv").OpenAsync(Cancellation);
            await entry.WriteAsync("36000000,1000000,100,P,0,0\n36001000,1010000,50,P,0,1\nx\n36006000,1020000,10,P,0,0\n36020000,1030000,10,P,0,0\n36001500,1,1,P,0,0\n"u8.ToArray(), Cancellation);
        }
        var first = (await ReplayAsync(path)).Json();
        Assert.Equal(
            (6, 5, 1, 1, 4, 1, 2, 1, 0),
            (Of(first, "lines"), Of(first, "published"), first.GetProperty("skipped").GetProperty("malformed").GetInt32(), Of(first, "suspicious"), Of(first, "counted"),
                Of(first, "late"), Of(first, "windows_closed"), Of(first, "windows_open"), Of(first, "duplicates")));
        Assert.NotEmpty(Directory.EnumerateFiles(Path.Combine(Data, "archive", "raw"), "*.ndjson.gz", SearchOption.AllDirectories));
        var second = (await ReplayAsync(path)).Json();
        Assert.Equal((6, 0, 5, 0), (Of(second, "lines"), Of(second, "published"), Of(second, "published_earlier"), Of(second, "counted")));
        Assert.Equal((5, 1), (Of((await ReplayAsync(path, "--again")).Json(), "published"), Of((await ReplayAsync(path)).Json(), "epoch")));
        var table = await LocalProgram.RunAsync(["replay", path, "--data", Data]);
        Assert.Contains("Replay it once more with --again", table.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_refuses_what_it_cannot_read()
    {
        var (text, archive) = (await WriteAsync("ticks.txt", "x"), await WriteAsync("acme_20250106_trade.zip", "no archive"));
        foreach (var (path, said) in new[] { ("/no/file.csv", "FILE is '/no/file.csv'"), (text, "Its kind is not known"), (archive, "damaged") })
        {
            var refused = await ReplayAsync(path);
            Assert.Equal(1, refused.ExitCode);
            Assert.Contains(said, refused.Errors, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", refused.Errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Doctor_says_what_is_well_and_what_is_not()
    {
        var well = await LocalProgram.RunAsync(["doctor", "--data", Data, "--port", "0", "--json"]);
        Assert.Equal(0, well.ExitCode);
        Assert.Equal([".NET", "settings", "data folder", "free disk", "port", "Node.js", "Java"], well.Json().GetProperty("checks").EnumerateArray().Select(x => x.GetProperty("name").GetString()));
        Assert.False(Directory.Exists(Data));
        var ill = await LocalProgram.RunAsync(["doctor", "--data", await WriteAsync("file", "in the way"), "--port", "0"], ("RISK_HISTORY_DAYS", "1"));
        Assert.Equal(1, ill.ExitCode);
        Assert.Equal(2, ill.Output.Split('\n').Count(line => line.StartsWith("failed", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Bench_counts_all_it_produced()
    {
        var done = (await LocalProgram.RunAsync(["bench", "--json"])).Json();
        Assert.Equal(200_000, Of(done, "counted"));
        Assert.True(done.GetProperty("ticks_per_second").GetDouble() > 0);
    }

    private Task<Ended> ImportAsync(params string[] arguments) => LocalProgram.RunAsync(["import", "--data", Data, .. arguments]);

    private Task<Ended> ReplayAsync(string path, params string[] arguments) => LocalProgram.RunAsync(["replay", path, "--data", Data, "--json", .. arguments]);

    private async Task<string> WriteAsync(string name, string content)
    {
        await File.WriteAllTextAsync(folder.File(name), content, Encoding.UTF8, Cancellation);
        return folder.File(name);
    }

    private static int Of(JsonElement answer, string name) => answer.GetProperty(name).GetInt32();

    private static string Timeless(JsonElement answer)
    {
        var body = JsonNode.Parse(answer.GetRawText())!.AsObject();
        body.Remove("timestamp");
        foreach (var row in body["results"]?.AsArray() ?? []) row!.AsObject().Remove("timestamp");
        return body.ToJsonString();
    }
}
