using System.Diagnostics;
using Risk.Testing.Cloud;
using Xunit;

namespace Risk.Lambda.Tests.Runtime;

/// <summary>The program itself, as a process of its own.</summary>
public sealed class BootstrapTests
{
    [Theory]
    [InlineData("Nobody", "RISK_FUNCTION is 'Nobody'")]
    [InlineData(null, "RISK_FUNCTION is not set")]
    public async Task An_unknown_function_is_an_init_error_and_an_exit_code(string? name, string message)
    {
        await using var platform = await RuntimeApiServer.StartAsync();
        var (code, output, _) = await RunAsync(("AWS_LAMBDA_RUNTIME_API", platform.Address), ("RISK_FUNCTION", name));
        Assert.Equal(1, code);
        var answer = (await platform.Ended).MustBeError("UnknownFunctionException");
        Assert.StartsWith(message, answer.Json.GetProperty("errorMessage").GetString()!, StringComparison.Ordinal);
        Assert.Equal(["POST init/error"], platform.Calls);
        Assert.Contains("\"level\":\"FATAL\"", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_platform_it_says_what_it_is()
    {
        var (code, _, error) = await RunAsync(("AWS_LAMBDA_RUNTIME_API", null));
        Assert.Equal(1, code);
        Assert.Contains("started by AWS Lambda", error, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params (string Name, string? Value)[] variables)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "bootstrap.dll")]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in variables) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }
}
