using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Risk.Local.Host;
using Xunit;

namespace Risk.Local.Tests.Host;

/// <summary>The real program in a process of its own, on a free port, with no <c>RISK_…</c> variables but those given.</summary>
internal sealed partial class LocalProgram : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process process;
    private readonly Task<string> errors;
    private readonly StringBuilder output = new();

    private LocalProgram(Process process) => (this.process, errors) = (process, process.StandardError.ReadToEndAsync(Cancellation));

    public HttpClient Client { get; private set; } = new();

    public string Output => output.ToString();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Returns once it serves.</summary>
    public static async Task<LocalProgram> StartAsync(string folder, string[] arguments, params (string Name, string Value)[] variables)
    {
        var program = new LocalProgram(Launch(["--port", "0", "--data", folder, .. arguments], variables));
        using var deadline = Deadline();
        while (await program.process.StandardOutput.ReadLineAsync(deadline.Token) is { } line)
        {
            program.output.AppendLine(line);
            if (Address().Match(line) is { Success: true } found) program.Client = new HttpClient { BaseAddress = new Uri(found.Value), Timeout = Patience };
            if (!line.StartsWith("Ctrl-C", StringComparison.Ordinal)) continue;
            _ = program.process.StandardOutput.ReadToEndAsync(CancellationToken.None);
            return program;
        }
        throw new InvalidOperationException($"It ended: {program.output}{await program.errors}");
    }

    /// <summary>Runs it to its end.</summary>
    public static async Task<Ended> RunAsync(string[] arguments, params (string Name, string Value)[] variables)
    {
        using var process = Launch(arguments, variables);
        using var deadline = Deadline();
        try
        {
            var errors = process.StandardError.ReadToEndAsync(deadline.Token);
            var output = await process.StandardOutput.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            return new Ended(process.ExitCode, output, await errors);
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }

    public async Task<JsonElement> GetAsync(string path)
    {
        using var document = JsonDocument.Parse(await Client.GetStringAsync(path, Cancellation));
        return document.RootElement.Clone();
    }

    /// <summary>Asks again until the answer is as expected, at most for the patience of a test.</summary>
    public async Task<JsonElement> UntilAsync(string path, Func<JsonElement, bool> isExpected, TimeSpan? patience = null)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var answer = await GetAsync(path);
            if (isExpected(answer)) return answer;
            if (watch.Elapsed > (patience ?? Patience)) throw new TimeoutException($"{path} still answers {answer}");
            await Task.Delay(20, Cancellation);
        }
    }

    /// <summary>What Ctrl-C does. Returns the exit code.</summary>
    public async Task<int> InterruptAsync()
    {
        // Whoever started the tests in the background may have told all children to ignore the interrupt.
        var isIgnored = await IgnoresInterruptAsync();
        using var sender = Process.Start("sh", ["-c", string.Create(CultureInfo.InvariantCulture, $"kill -{(isIgnored ? "TERM" : "INT")} {process.Id}")]);
        using var deadline = Deadline();
        await process.WaitForExitAsync(deadline.Token);
        return process.ExitCode;
    }

    /// <summary>SIGKILL: nothing is said, nothing is flushed.</summary>
    public async Task KillAsync()
    {
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Client.Dispose();
        process.Dispose();
    }

    private static Process Launch(string[] arguments, (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.ArgumentList.Add(typeof(LocalHost).Assembly.Location);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("RISK_", StringComparison.Ordinal)).ToArray()) start.Environment.Remove(name);
        foreach (var (name, value) in variables) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private async Task<bool> IgnoresInterruptAsync()
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"/proc/{process.Id}/status");
        if (!File.Exists(path)) return false;
        var line = (await File.ReadAllLinesAsync(path, Cancellation)).First(line => line.StartsWith("SigIgn:", StringComparison.Ordinal));
        return (ulong.Parse(line[7..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & 0b10) != 0;
    }

    private static CancellationTokenSource Deadline()
    {
        var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        deadline.CancelAfter(Patience);
        return deadline;
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Address();
}

internal sealed record Ended(int ExitCode, string Output, string Errors)
{
    public JsonElement Json()
    {
        using var document = JsonDocument.Parse(Output);
        return document.RootElement.Clone();
    }
}
