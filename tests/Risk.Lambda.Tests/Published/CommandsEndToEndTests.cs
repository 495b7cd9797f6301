using System.Text;
using System.Text.Json.Nodes;
using Risk.Application.Feeds;
using Risk.Application.Stores;
using Risk.Domain.Portfolios;
using Risk.Lambda.Tests.Functions;
using Risk.Testing.Cloud;
using Xunit;

namespace Risk.Lambda.Tests.Published;

/// <summary>Commands, ticks and changes from one published function to the next, over the services' own protocols.</summary>
public sealed class CommandsEndToEndTests(Emulators emulators, PublishedBootstrap published)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Positions_that_a_command_replaced_are_what_a_read_finds()
    {
        await using var house = await OpenAsync("positions");
        await using var command = await house.StartAsync(await published.PathAsync(), "CommandApi");
        await using var read = await house.StartAsync(await published.PathAsync(), "ReadApi");
        var first = await AskAsync(command, "command-api-positions");
        Assert.Equal((200, "\"2\""), (StatusOf(first), first["headers"]!["ETag"]!.GetValue<string>()));
        Assert.Equal(412, StatusOf(await AskAsync(command, "command-api-positions-stale")));
        Assert.Equal(403, StatusOf(await AskAsync(command, "command-api-forbidden")));
        var found = await AskAsync(read, "read-api-status", x => Aim(x, "GET", "/api/v1/accounts/default/positions"));
        Assert.Equal(first["headers"]!["ETag"]!.GetValue<string>(), found["headers"]!["ETag"]!.GetValue<string>());
        Assert.Equal(["AAA 100", "BBB -40"], BodyOf(found)["positions"]!.AsArray().Select(x => $"{x!["symbol"]} {x["quantity"]}"));
        Assert.Equal(2, (await new PortfolioStore(house.Table).LoadAsync(AccountId.Default, Cancel))!.Version);
    }

    [Fact]
    public async Task Ticks_that_are_posted_twice_under_one_key_are_in_the_stream_once()
    {
        await using var house = await OpenAsync("ticks");
        await using var command = await house.StartAsync(await published.PathAsync(), "CommandApi");
        var (first, again) = (await AskAsync(command, "command-api-ticks"), await AskAsync(command, "command-api-ticks"));
        Assert.Equal(202, StatusOf(first));
        Assert.Equal(first["body"]!.GetValue<string>(), again["body"]!.GetValue<string>());
        Assert.Equal(422, StatusOf(await AskAsync(command, "command-api-ticks", x => x["body"] = ((string)x["body"]!).Replace("102.25", "102.75", StringComparison.Ordinal))));
        Assert.Equal(202, StatusOf(await AskAsync(command, "command-api-ticks-base64")));
        Assert.Equal(["AAA 7 102.25", "AAA 8 102.5"], (await LinesAsync(house)).Select(x => $"{x["symbol"]} {x["sequence"]} {x["price"]}"));
    }

    [Fact]
    public async Task A_ticket_opens_one_socket_and_a_key_lets_in_until_it_is_revoked()
    {
        await using var house = await OpenAsync("access");
        await using var command = await house.StartAsync(await published.PathAsync(), "CommandApi");
        await using var authorizer = await house.StartAsync(await published.PathAsync(), "Authorizer");
        var ticket = BodyOf(await AskAsync(command, "command-api-ws-ticket"))["ticket"]!.GetValue<string>();
        foreach (var effect in (string[])["Allow", "Deny"])
            Assert.Contains($"\"Effect\":\"{effect}\"", (await authorizer.InvokeAsync(Doors.Handshake(ticket))).Text, StringComparison.Ordinal);

        var issued = BodyOf(await AskAsync(command, "command-api-keys"));
        var question = Doors.Request(("x-api-key", issued["key"]!.GetValue<string>()));
        var let = (await authorizer.InvokeAsync(question)).Json;
        Assert.True(let.GetProperty("isAuthorized").GetBoolean());
        Assert.Equal("*:ingest", let.GetProperty("context").GetProperty("risk_scopes").GetString());
        Assert.Equal(200, StatusOf(await AskAsync(command, "command-api-keys", x => Aim(x, "DELETE", $"/api/v1/keys/{issued["key_id"]}"))));
        Assert.Equal("""{"isAuthorized":false}""", (await authorizer.InvokeAsync(question)).Text);
    }

    [Fact]
    public async Task What_the_producer_says_it_published_is_in_the_stream_numbered_without_a_gap()
    {
        await using var house = await OpenAsync("producer");
        await using var producer = await house.StartAsync(await published.PathAsync(), "Producer");
        var said = 0L;
        // It runs to the end of the minute, or until three seconds before its deadline: time enough to start, and then less.
        for (var fired = 0; fired < 2 || said == 0; fired++)
        {
            var payload = Doors.File("producer-without-input", x => x["time"] = $"2026-01-05T05:{fired:00}:00Z");
            var answer = await producer.Platform.InvokeAsync(payload, deadline: TimeProvider.System.GetUtcNow().AddSeconds(fired == 0 ? 8 : 5));
            Assert.False(answer.IsError, answer.Text);
            said += answer.Json.GetProperty("published").GetInt64();
            Assert.Equal("""{"published":0,"reason":"already_run"}""", (await producer.InvokeAsync(payload)).Text);
        }
        var ticks = await LinesAsync(house);
        Assert.Equal(said, ticks.Count);
        Assert.Equal(said, (await new ProducerCursors(house.Table).LoadAsync(HistoricalMarket.Source, Cancel))!.Position);
        foreach (var symbol in ticks.GroupBy(x => (string)x["symbol"]!))
        {
            var sequences = symbol.Select(x => (long)x["sequence"]!).Order().ToList();
            Assert.Equal(Enumerable.Range(0, sequences.Count).Select(i => sequences[0] + i), sequences);
        }
    }

    [Fact]
    public async Task What_the_tables_own_stream_brings_reaches_who_listens()
    {
        await using var house = await OpenAsync("stream", withChanges: true);
        await using var fanout = await house.StartAsync(await published.PathAsync(), "Fanout");
        var records = await house.ChangesAsync();
        Assert.NotEmpty(records);
        Assert.Empty(Events.Failures((await fanout.InvokeAsync($$"""{"Records":[{{string.Join(',', records.Select(x => x.ToJsonString()))}}]}""")).Body));
        var messages = house.TakePushed()!.Select(x => x!["message"]!).ToList();
        Assert.Equal(["snapshot", "tick", "window"], messages.Select(x => (string)x["type"]!).Order(StringComparer.Ordinal));
        Assert.Equal(102m, messages.Single(x => (string)x["type"]! == "tick")["data"]!["price"]!.GetValue<decimal>());
    }

    private async Task<EventHouse> OpenAsync(string name, bool withChanges = false) =>
        await EventHouse.OpenAsync(await emulators.AddressesAsync(), $"commands-{name}", hasTicks: withChanges, withChanges);

    private static async Task<JsonNode> AskAsync(RunningBootstrap api, string file, Action<JsonNode>? change = null) => JsonNode.Parse((await api.InvokeAsync(Doors.File(file, change))).Body)!;

    private static void Aim(JsonNode request, string method, string path)
    {
        (request["rawPath"], request["body"]) = (path, null);
        (request["requestContext"]!["http"]!["method"], request["requestContext"]!["http"]!["path"]) = (method, path);
    }

    private static int StatusOf(JsonNode answer) => (int)answer["statusCode"]!;

    private static JsonNode BodyOf(JsonNode answer) => JsonNode.Parse((string)answer["body"]!)!;

    /// <summary>All ticks of the stream.</summary>
    private static async Task<List<JsonNode>> LinesAsync(EventHouse house)
    {
        var lines = new List<JsonNode>();
        foreach (var shard in await house.Stream.ListShardsAsync(Cancel))
        {
            string? after = null;
            for (var read = await house.Stream.ReadAsync(shard.Id, after, 100, Cancel); read.Records.Count > 0; read = await house.Stream.ReadAsync(shard.Id, after, 100, Cancel))
            {
                foreach (var record in read.Records)
                    lines.AddRange(Encoding.UTF8.GetString(record.Data.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(x => JsonNode.Parse(x)!));
                after = read.Records[^1].Sequence;
            }
        }
        return lines;
    }
}
