using System.Text;
using Microsoft.Extensions.Logging;
using Risk.Lambda.Runtime;
using Xunit;

namespace Risk.Lambda.Tests.Runtime;

public sealed class SecretsTests
{
    private const string Key = "rk_abcdefghijkl_0123456789abcdefghijABCDEFGHIJ0123456789";
    private const string Token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.c2lnbmF0dXJl";
    private const string Ticket = "exampleTicketExampleTicketExampleTicketX";

    [Theory]
    [InlineData($"GET https://api.example.com/ws?ticket={Ticket}&x=1 failed", "GET https://api.example.com/ws?ticket=***&x=1 failed")]
    [InlineData($"path=/ws%3Fticket%3D{Ticket}", "path=/ws%3Fticket%3D***")]
    [InlineData($"header '{Key}' is wrong", "header 'rk_abcdefghijkl_***' is wrong")]
    [InlineData($"Authorization: Bearer {Token}, retried", "Authorization: Bearer ***, retried")]
    [InlineData($"the token {Token}", "the token ***")]
    [InlineData("Reading KEY#abcdefghijkl / META: 503", "Reading KEY#abcdefghijkl / META: 503")]
    public void Secrets_are_masked_in_messages_and_exceptions(string message, string shown)
    {
        using var output = new MemoryStream();
        using var lines = new LogLines(output);
        using var logs = new JsonLogs(lines, TimeProvider.System);
        var log = logs.CreateLogger("test");
        log.LogWarning(new FormatException("outer", new FormatException(message)), "{Message}", message);
        var line = System.Text.Json.JsonDocument.Parse(output.ToArray()).RootElement;
        Assert.Equal(shown, line.GetProperty("message").GetString());
        Assert.Contains($"caused by FormatException: {shown}", line.GetProperty("stackTrace").EnumerateArray().Select(x => x.GetString()));
        Assert.Equal(shown, FunctionError.Of(new FormatException(message)).Message);
        foreach (var secret in (string[])[Key, Token, Ticket]) Assert.DoesNotContain(secret, Encoding.UTF8.GetString(output.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_are_not_logged_with_their_address()
    {
        await using var function = await GatewayFunction.StartEchoAsync();
        await function.Platform.InvokeAsync(GatewayFunction.Event("http-api", x => x["rawQueryString"] = $"ticket={Ticket}&q=nothing-of-this"));
        Assert.DoesNotContain(function.Lines, x => x.GetProperty("message").GetString()!.Contains("nothing-of-this", StringComparison.Ordinal));
    }
}
