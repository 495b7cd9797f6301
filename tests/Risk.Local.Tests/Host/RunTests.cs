using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Risk.Local.Tests.Storage;
using Xunit;

namespace Risk.Local.Tests.Host;

/// <summary>The running program: what it shows at once, how it stops, how it goes on, and what it refuses.</summary>
public sealed class RunTests : IDisposable
{
    private readonly DataFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_fresh_start_shows_a_risk_within_ten_seconds()
    {
        await using var program = await LocalProgram.StartAsync(folder.File("data"), []);
        var answer = await program.UntilAsync(
            "/portfolio/var",
            x => x.GetProperty("portfolio").GetProperty("var_95").ValueKind == JsonValueKind.Number && x.GetProperty("portfolio").GetProperty("flags").GetRawText() == "[]",
            TimeSpan.FromSeconds(10));
        Assert.Equal(14, answer.GetProperty("count").GetInt32());
        Assert.Contains("invented a market of 20 symbols", program.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopped_and_started_again_it_goes_on_without_gap_or_repetition()
    {
        var produced = 0L;
        for (var run = 0; run < 2; run++)
        {
            await using var program = await LocalProgram.StartAsync(folder.File("data"), ["--rate", "2000"]);
            var status = await program.UntilAsync("/status", x => Of(x, "ticks_counted") > produced + 500);
            produced = Of(status, "ticks_produced");
            Assert.Equal(0, await program.InterruptAsync());
        }
        await using var last = await LocalProgram.StartAsync(folder.File("data"), ["--ticks", "none"]);
        var end = await last.UntilAsync("/status", x => Of(x, "ticks_counted") + Of(x, "ticks_late") >= Of(x, "ticks_produced"));
        Assert.InRange(Of(end, "ticks_produced"), produced, long.MaxValue);
        Assert.Equal(
            (Of(end, "ticks_produced"), 0, 0, 0),
            (Of(end, "ticks_counted"), Of(end, "ticks_duplicate"), Of(end, "ticks_late"), Of(end, "ticks_quarantined")));
    }

    [Fact]
    public async Task Variables_mean_the_same_as_options_and_it_stops_by_itself()
    {
        var data = folder.File("by-variable");
        var ended = await LocalProgram.RunAsync([], ("RISK_PORT", "0"), ("RISK_DATA", data), ("RISK_TICKS", "none"), ("RISK_FOR", "0.2"), ("RISK_MARKET", "us"));
        Assert.Equal((0, ""), (ended.ExitCode, ended.Errors));
        Assert.Contains($"Data      {data}", ended.Output, StringComparison.Ordinal);
        Assert.Contains("only those posted", ended.Output, StringComparison.Ordinal);
        var option = await LocalProgram.RunAsync(["--data", folder.File("by-option"), "--for", "0.2"], ("RISK_PORT", "0"), ("RISK_DATA", data), ("RISK_RATE", "7"));
        Assert.Contains(folder.File("by-option"), option.Output, StringComparison.Ordinal);
        Assert.Contains("7 simulated ticks a second", option.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_wrong_option_is_named()
    {
        var ended = await LocalProgram.RunAsync(
            ["--port", "99999", "--rate", "0", "--speed", "fast", "--market", "MARS", "--prices", "/no/such.csv", "--ticks", "/no/ticks.csv", "--for", "0", "--seed", "x"],
            ("RISK_POSITIONS", "/no/positions.csv"));
        Assert.Equal(1, ended.ExitCode);
        foreach (var said in new[] { "--port is '99999'", "--rate is '0'", "--speed is 'fast'", "--market is 'MARS'", "--prices is '/no/such.csv'", "--ticks is '/no/ticks.csv'", "--for is '0'", "--seed is 'x'", "RISK_POSITIONS is '/no/positions.csv'" })
            Assert.Contains(said, ended.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(" at ", ended.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_wrong_variable_is_named()
    {
        var ended = await LocalProgram.RunAsync(["--port", "0", "--data", folder.File("data")], ("RISK_HISTORY_DAYS", "5"), ("RISK_LATENESS_MS", "soon"));
        Assert.Equal(1, ended.ExitCode);
        Assert.Equal(
            ["RISK_HISTORY_DAYS is '5'; it must be a whole number from 30 to 2500.", "RISK_LATENESS_MS is 'soon'; it must be a whole number from 0 to 30000."],
            ended.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }

    [Fact]
    public async Task Faults_in_a_file_are_listed_with_their_lines_and_nothing_starts()
    {
        var path = folder.File("closes.csv");
        await File.WriteAllTextAsync(path, "date,A,B\n2026-01-05,1,x\n2026-13-06,-1,2\n", TestContext.Current.CancellationToken);
        var ended = await LocalProgram.RunAsync(["--port", "0", "--data", folder.File("data"), "--prices", path]);
        Assert.Equal(1, ended.ExitCode);
        Assert.Contains($"{path} has 3 faults:", ended.Errors, StringComparison.Ordinal);
        foreach (var said in new[] { "line 2, column B: 'x' is not a number.", "line 3, column date:", "line 3, column A: '-1' is not positive." })
            Assert.Contains(said, ended.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_busy_port_is_named_with_a_way_out()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        var ended = await LocalProgram.RunAsync(["--data", folder.File("data"), "--port", port]);
        Assert.Equal(1, ended.ExitCode);
        Assert.Contains($"127.0.0.1:{port}", ended.Errors, StringComparison.Ordinal);
        Assert.Contains("choose another port with --port", ended.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ended.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_folder_is_refused_and_a_read_only_one()
    {
        var data = folder.File("data");
        Assert.Equal(0, (await LocalProgram.RunAsync(["--port", "0", "--data", data, "--for", "0.1"])).ExitCode);
        await using (var file = File.OpenWrite(Path.Combine(data, "items.db"))) file.Write(new byte[100]);
        var damaged = await LocalProgram.RunAsync(["--port", "0", "--data", data]);
        Assert.Equal(1, damaged.ExitCode);
        Assert.Contains($"{Path.Combine(data, "items.db")} is damaged", damaged.Errors, StringComparison.Ordinal);
        Assert.Equal(1, (await LocalProgram.RunAsync(["doctor", "--data", data, "--port", "0"])).ExitCode);

        if (OperatingSystem.IsWindows()) return;
        var closed = Directory.CreateDirectory(folder.File("closed"));
        closed.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserExecute;
        // The superuser writes everywhere but in the system's own file systems.
        var refused = await LocalProgram.RunAsync(["--port", "0", "--data", Environment.IsPrivilegedProcess ? "/sys" : closed.FullName]);
        closed.UnixFileMode |= UnixFileMode.UserWrite;
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("not writable", refused.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_in_use_is_refused_and_the_verbs_name_the_request_that_does_the_same()
    {
        var data = folder.File("data");
        await using var program = await LocalProgram.StartAsync(data, ["--ticks", "none"]);
        var second = await LocalProgram.RunAsync(["--port", "0", "--data", data]);
        Assert.Equal(1, second.ExitCode);
        Assert.Contains("in use by another RiskLambdas process", second.Errors, StringComparison.Ordinal);
        var asked = await LocalProgram.RunAsync(["var", "--data", data]);
        Assert.Equal(1, asked.ExitCode);
        Assert.Contains("GET /portfolio/var?account_id=default", asked.Errors, StringComparison.Ordinal);
        var doctor = await LocalProgram.RunAsync(["doctor", "--data", data, "--port", "0"]);
        Assert.Equal(0, doctor.ExitCode);
        Assert.Contains("in use by a running RiskLambdas process", doctor.Output, StringComparison.Ordinal);
    }

    private static long Of(JsonElement status, string name) => status.GetProperty("stream").GetProperty(name).GetInt64();
}
