using System.Text;
using System.Text.Json.Nodes;
using Risk.Lambda.Tests.Aws;
using Risk.Lambda.Tests.Functions;
using Risk.Testing.Cloud;
using Xunit;

namespace Risk.Lambda.Tests.Published;

/// <summary>The published program and its platform: what goes wrong, what is large, what takes long, and what goes on for long.</summary>
public sealed class PublishedBootstrapTests(Emulators emulators, PublishedBootstrap published)
{
    private static readonly Addresses Nowhere = new("http://127.0.0.1:9", "http://127.0.0.1:9", "http://127.0.0.1:9");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Authorizer", "RISK_TABLE")]
    [InlineData("CloseDay", "RISK_TABLE RISK_STREAM RISK_RAW_BUCKET")]
    [InlineData("CommandApi", "RISK_TABLE RISK_STREAM RISK_RAW_BUCKET")]
    [InlineData("Consumer", "RISK_TABLE RISK_RAW_BUCKET")]
    [InlineData("Fanout", "RISK_TABLE RISK_WEBSOCKET_URL")]
    [InlineData("LiveConnections", "RISK_TABLE RISK_WEBSOCKET_URL")]
    [InlineData("Producer", "RISK_TABLE RISK_STREAM RISK_RAW_BUCKET")]
    [InlineData("ReadApi", "RISK_TABLE RISK_STREAM RISK_RAW_BUCKET")]
    public async Task What_is_missing_or_wrong_in_its_settings_is_one_init_error_that_names_each(string function, string needed)
    {
        await using var bootstrap = await RunningBootstrap.StartAsync(
            await published.PathAsync(), function, Nowhere, ("RISK_MARKET", "MOON"), ("RISK_RATE", "fast"), ("RISK_HISTORY_DAYS", "0"));
        var error = (await bootstrap.Platform.Ended.WaitAsync(TimeSpan.FromSeconds(60), Cancel)).MustBeError("SettingsException");
        var message = error.Json.GetProperty("errorMessage").GetString()!;
        foreach (var name in needed.Split(' ')) Assert.Contains($"{name} is not set.", message, StringComparison.Ordinal);
        foreach (var fault in (string[])["RISK_MARKET is 'MOON'", "RISK_RATE is 'fast'", "RISK_HISTORY_DAYS"]) Assert.Contains(fault, message, StringComparison.Ordinal);
        Assert.Equal(1, await bootstrap.ExitAsync());
        Assert.Equal(["POST init/error"], bootstrap.Platform.Calls);
    }

    [Fact]
    public async Task An_event_that_fails_is_reported_with_its_type_and_the_next_one_is_answered()
    {
        await using var authorizer = await RunningBootstrap.StartAsync(
            await published.PathAsync(), "Authorizer", await emulators.AddressesAsync(), ("RISK_TABLE", "no-such-table"));
        (await authorizer.Platform.InvokeAsync("""{"Records":[]}""")).MustBeError("MalformedEventException");
        (await authorizer.Platform.InvokeAsync("{")).MustBeError("MalformedEventException");
        (await authorizer.Platform.InvokeAsync(Doors.File("authorizer-api-key"))).MustBeError("ResourceNotFoundException");
        Assert.Equal("""{"isAuthorized":false}""", (await authorizer.InvokeAsync(Doors.Request())).Text);
        Assert.DoesNotContain("notARealSecret", await authorizer.StopAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_takes_longer_than_its_deadline_is_cancelled_and_the_next_one_is_answered()
    {
        var (isHeld, held) = (false, 0);
        await using var table = await FaultProxy.StartAsync((await emulators.AddressesAsync()).Dynamo, call =>
        {
            if (!isHeld) return call.PassOnAsync();
            Interlocked.Increment(ref held);
            return call.HoldAsync();
        });
        await using var authorizer = await RunningBootstrap.StartAsync(await published.PathAsync(), "Authorizer", Nowhere with { Dynamo = table.Url }, ("RISK_TABLE", Emulators.Table));
        var question = Doors.File("authorizer-api-key");
        const string Denied = """{"isAuthorized":false}""";
        Assert.Equal(Denied, (await authorizer.InvokeAsync(question)).Text);
        isHeld = true;
        (await authorizer.Platform.InvokeAsync(question, deadline: TimeProvider.System.GetUtcNow().AddSeconds(3))).MustBeError("DeadlineExceeded");
        isHeld = false;
        Assert.Equal(Denied, (await authorizer.InvokeAsync(question)).Text);
        Assert.Equal(1, held);
    }

    [Fact]
    public async Task Log_lines_bear_the_request_id_and_the_trace_id_of_their_event_alone()
    {
        await using var authorizer = await RunningBootstrap.StartAsync(await published.PathAsync(), "Authorizer", Nowhere, ("RISK_TABLE", "none"));
        foreach (var trace in (string?[])["Root=1-first;Sampled=1", null, "Root=1-third"]) Assert.False((await authorizer.Platform.InvokeAsync(Doors.File("authorizer-unsigned-token"), trace)).IsError);
        var lines = (await authorizer.StopAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(x => JsonNode.Parse(x)!).Where(x => (string?)x["level"] == "WARN");
        Assert.Equal(["request-1 Root=1-first;Sampled=1", "request-2 ", "request-3 Root=1-third"], lines.Select(x => $"{x["requestId"]} {x["traceId"]}"));
    }

    [Fact]
    public async Task An_event_of_six_megabytes_is_answered_and_an_answer_of_more_is_refused_beforehand()
    {
        await using var api = await StartApiAsync(Nowhere, "none");
        var small = Doors.File("command-api-calculate");
        var large = new byte[RuntimeApiServer.MaxReplyBytes];
        Array.Fill(large, (byte)' ');
        Encoding.UTF8.GetBytes(small).CopyTo(large, 0);
        var answer = await api.Platform.InvokeAsync(large);
        Assert.Equal(200, answer.Json.GetProperty("statusCode").GetInt32());
        Assert.Contains("var_95", answer.Text, StringComparison.Ordinal);

        // Names that are written as escapes in the answer, and their escapes again in the reply: the answer would be of ten megabytes.
        var tick = $$"""{"symbol":"{{new string('é', 64)}}","price":1,"time":""";
        var windows = Doors.File("command-api-calculate", x =>
        {
            (x["rawPath"], x["requestContext"]!["http"]!["path"]) = ("/api/v1/calculate/windows", "/api/v1/calculate/windows");
            x["body"] = $$"""{"window_ms":1,"ticks":[{{string.Join(',', Enumerable.Range(0, 15_000).Select(i => $"{tick}{i}}}"))}}]}""";
        });
        var refused = await api.InvokeAsync(windows);
        Assert.False(refused.IsTooLarge);
        Assert.Equal(400, refused.Json.GetProperty("statusCode").GetInt32());
        Assert.Contains("the limit is 600000", refused.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(api.Platform.Calls, x => x.EndsWith("error", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_thousand_events_in_a_row_are_answered_and_the_process_does_not_grow()
    {
        await using var house = await EventHouse.OpenAsync(await emulators.AddressesAsync(), "thousand");
        await using var api = await house.StartAsync(await published.PathAsync(), "ReadApi");
        var (health, risk) = (Doors.File("read-api-health"), Doors.File("read-api-portfolio-var"));
        async Task InvokeAsync(int times)
        {
            for (var i = 0; i < times; i++)
                Assert.Equal(200, (await api.InvokeAsync(i % 10 == 0 ? risk : health)).Json.GetProperty("statusCode").GetInt32());
        }

        await InvokeAsync(500);
        var before = api.WorkingSetBytes;
        await InvokeAsync(1_000);
        var after = api.WorkingSetBytes;
        Assert.True(after - before < 24 * 1024 * 1024, $"from {before:N0} to {after:N0} bytes");
        Assert.DoesNotContain("\"level\":\"ERROR\"", await api.StopAsync(), StringComparison.Ordinal);
    }

    private async Task<RunningBootstrap> StartApiAsync(Addresses services, string name) => await RunningBootstrap.StartAsync(
        await published.PathAsync(), "CommandApi", services, ("RISK_TABLE", name), ("RISK_STREAM", name), ("RISK_RAW_BUCKET", name));
}
