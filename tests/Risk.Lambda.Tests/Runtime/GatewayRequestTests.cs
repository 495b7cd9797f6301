using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace Risk.Lambda.Tests.Runtime;

[Collection("one loop at a time, for the trace id is the process's")]
public sealed class GatewayRequestTests
{
    [Fact]
    public async Task An_event_of_an_HTTP_API_is_a_request()
    {
        await using var function = await GatewayFunction.StartEchoAsync();
        var seen = await function.SeenAsync(GatewayFunction.Event("http-api"));
        Assert.Equal(["POST", "https", "HTTP/1.1", "", "/portfolio/var"], Texts(seen, "method", "scheme", "protocol", "path_base", "path"));
        Assert.Equal(["blue"], List(seen, "query", "account_id"));
        Assert.Equal(["a", "b&c"], List(seen, "query", "tag"));
        Assert.Equal([""], List(seen, "query", "empty"));
        Assert.Equal(["application/json,text/csv"], List(seen, "headers", "accept"));
        Assert.Equal(["theme=dark; seen=1"], List(seen, "headers", "cookie"));
        Assert.Equal("1", seen.GetProperty("cookies").GetProperty("seen").GetString());
        Assert.Equal("{\"note\":\"café \\\"✓\\\"\\n\"}", BodyOf(seen));
        Assert.Equal(Encoding.UTF8.GetByteCount(BodyOf(seen)), seen.GetProperty("content_length").GetInt32());
        Assert.Equal(["203.0.113.24", "Zk3dXmplIAMEJhw="], Texts(seen, "client", "id"));
        Assert.False(seen.GetProperty("is_authenticated").GetBoolean());
    }

    [Fact]
    public async Task An_event_of_a_REST_API_is_a_request()
    {
        await using var function = await GatewayFunction.StartEchoAsync();
        var seen = await function.SeenAsync(GatewayFunction.Event("rest-api"));
        Assert.Equal(["GET", "https", "/staging", "/symbols"], Texts(seen, "method", "scheme", "path_base", "path"));
        Assert.Equal(["2026-01-05T14:30:00+01:00"], List(seen, "query", "from"));
        Assert.Equal(["a", "b&c"], List(seen, "query", "tag"));
        Assert.Equal(["application/json", "text/csv"], List(seen, "headers", "accept"));
        Assert.Equal("dark", seen.GetProperty("cookies").GetProperty("theme").GetString());
        Assert.Equal(["203.0.113.77", "lambda", "key-7"], Texts(seen, "client", "authentication", "name"));
        Assert.Equal(["principalId=key-7", "account=blue", "level=3", "trusted=true"], List(seen, "claims"));
        Assert.False(seen.GetProperty("can_have_body").GetBoolean());
        Assert.StartsWith("https://a9s8d7f6g5.execute-api.eu-north-1.amazonaws.com/staging/symbols?", seen.GetProperty("url").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_REST_API_that_sends_single_values_only_is_understood()
    {
        await using var function = await GatewayFunction.StartEchoAsync();
        var seen = await function.SeenAsync(GatewayFunction.Event("rest-api", x =>
        {
            x["multiValueHeaders"] = null;
            x.AsObject().Remove("multiValueQueryStringParameters");
            x["requestContext"]!.AsObject().Remove("authorizer");
        }));
        Assert.Equal(["text/csv"], List(seen, "headers", "accept"));
        Assert.Equal(["b&c"], List(seen, "query", "tag"));
        Assert.False(seen.GetProperty("is_authenticated").GetBoolean());
    }

    [Fact]
    public async Task An_event_of_a_function_URL_is_a_request_whose_bytes_are_the_callers()
    {
        await using var function = await GatewayFunction.StartEchoAsync();
        var seen = await function.SeenAsync(GatewayFunction.Event("function-url"));
        Assert.Equal(["PUT", "/upload", "2001:db8::17", "iam", "arn:aws:iam::111122223333:user/feed"], Texts(seen, "method", "path", "client", "authentication", "name"));
        Assert.Equal([0, 0xff, 0x80, 0x80, 0x0d], Convert.FromBase64String(seen.GetProperty("body").GetString()!));
        Assert.Equal(["accountId=111122223333", "userArn=arn:aws:iam::111122223333:user/feed", "userId=AIDAXMPL"], List(seen, "claims"));
    }

    [Theory]
    [InlineData("$default", "/a%2Fb", "", "/a%2Fb")]
    [InlineData("$default", "/a/file name.csv", "", "/a/file name.csv")]
    [InlineData("$default", "/a/file%20name.csv", "", "/a/file name.csv")]
    [InlineData("$default", "/BRK+B", "", "/BRK+B")]
    [InlineData("$default", "/caf%C3%A9/100%", "", "/café/100%")]
    [InlineData("$default", "/café", "", "/café")]
    [InlineData("$default", "/symbols/", "", "/symbols/")]
    [InlineData("$default", "/", "", "/")]
    [InlineData("dev", "/dev/symbols", "/dev", "/symbols")]
    [InlineData("dev", "/dev/symbols/", "/dev", "/symbols/")]
    [InlineData("dev", "/dev/a%2Fb", "/dev", "/a%2Fb")]
    [InlineData("dev", "/dev", "/dev", "/")]
    [InlineData("dev", "/dev/", "/dev", "/")]
    [InlineData("dev", "/developers", "", "/developers")]
    [InlineData("dev", "/symbols", "", "/symbols")]
    public async Task A_path_is_decoded_but_for_its_slashes_and_parted_from_the_stage(string stage, string rawPath, string pathBase, string path)
    {
        await using var function = await GatewayFunction.StartEchoAsync();
        var seen = await function.SeenAsync(GatewayFunction.Event("http-api", x => (x["rawPath"], x["requestContext"]!["stage"]) = (rawPath, stage)));
        Assert.Equal([pathBase, path], Texts(seen, "path_base", "path"));
        Assert.StartsWith(rawPath, seen.GetProperty("raw_target").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("at=2026-01-05T14%3A30%3A00%2B01%3A00", "2026-01-05T14:30:00+01:00")]
    [InlineData("at=http://x/?y", "http://x/?y")]
    [InlineData("at=b%40r", "b@r")]
    [InlineData("at=a+b", "a b")]
    public async Task A_query_is_taken_as_the_caller_wrote_it(string query, string value)
    {
        await using var function = await GatewayFunction.StartEchoAsync();
        var seen = await function.SeenAsync(GatewayFunction.Event("http-api", x => x["rawQueryString"] = query));
        Assert.Equal([value], List(seen, "query", "at"));
        Assert.EndsWith($"?{query}", seen.GetProperty("raw_target").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"jwt":{"claims":{"sub":"u-1","role":"trader"},"scopes":["read","write"]}}""", "jwt", "u-1", "sub=u-1|role=trader|scope=read|scope=write")]
    [InlineData("""{"jwt":{"claims":{"sub":"u-1"},"scopes":null}}""", "jwt", "u-1", "sub=u-1")]
    [InlineData("""{"lambda":{"principalId":"k","n":1.5,"ok":false,"roles":["a","b"],"gone":null}}""", "lambda", "k", """principalId=k|n=1.5|ok=false|roles=["a","b"]""")]
    [InlineData("""{"iam":{}}""", null, null, "")]
    [InlineData("""{}""", null, null, "")]
    [InlineData("""null""", null, null, "")]
    public async Task What_an_authorizer_says_are_claims(string authorizer, string? type, string? name, string claims)
    {
        await using var function = await GatewayFunction.StartEchoAsync();
        var seen = await function.SeenAsync(GatewayFunction.Event("http-api", x => x["requestContext"]!["authorizer"] = JsonNode.Parse(authorizer)));
        Assert.Equal([type, name], Texts(seen, "authentication", "name"));
        Assert.Equal(type is not null, seen.GetProperty("is_authenticated").GetBoolean());
        Assert.Equal(claims, string.Join('|', List(seen, "claims")));
    }

    [Fact]
    public async Task A_token_and_a_signature_are_known_by_a_REST_API_too()
    {
        await using var function = await GatewayFunction.StartEchoAsync();
        var seen = await function.SeenAsync(GatewayFunction.Event("rest-api", x => x["requestContext"]!["authorizer"] = JsonNode.Parse("""{"claims":{"sub":"u-1"},"scopes":["read"]}""")));
        Assert.Equal(["jwt", "u-1"], Texts(seen, "authentication", "name"));
        Assert.Equal(["sub=u-1", "scope=read"], List(seen, "claims"));
        seen = await function.SeenAsync(GatewayFunction.Event("rest-api", x =>
        {
            x["requestContext"]!.AsObject().Remove("authorizer");
            (x["requestContext"]!["identity"]!["userArn"], x["requestContext"]!["identity"]!["apiKey"]) = ("arn:aws:iam::111122223333:user/feed", "secret");
        }));
        Assert.Equal(["userArn=arn:aws:iam::111122223333:user/feed"], List(seen, "claims"));
        Assert.Equal(["iam", "arn:aws:iam::111122223333:user/feed"], Texts(seen, "authentication", "name"));
        seen = await function.SeenAsync(GatewayFunction.Event("rest-api", x => x["requestContext"]!["authorizer"] = JsonNode.Parse("""{"claims":null,"scopes":null}""")));
        Assert.False(seen.GetProperty("is_authenticated").GetBoolean());
    }

    [Theory]
    [InlineData("IP")]
    [InlineData("192.0.2.1/32")]
    [InlineData(null)]
    public async Task A_client_without_an_address_is_nobody(string? address)
    {
        await using var function = await GatewayFunction.StartEchoAsync();
        var seen = await function.SeenAsync(GatewayFunction.Event("http-api", x => x["requestContext"]!["http"]!["sourceIp"] = address));
        Assert.Equal(JsonValueKind.Null, seen.GetProperty("client").ValueKind);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"Records":[{"eventSource":"aws:sqs"}]}""")]
    [InlineData("""{"requestContext":7}""")]
    [InlineData("""{"requestContext":{"http":{}},"rawPath":"/"}""")]
    [InlineData("""{"requestContext":{"http":{"method":"GET"}},"rawPath":7}""")]
    [InlineData("""{"requestContext":{"http":{"method":"GET"}},"rawPath":"/","headers":{"a":7}}""")]
    [InlineData("""{"requestContext":{"http":{"method":"GET"}},"rawPath":"/","headers":[]}""")]
    [InlineData("""{"requestContext":{"http":{"method":"GET"}},"rawPath":"/\ud800"}""")]
    [InlineData("""{"requestContext":{"http":{"method":"POST"}},"rawPath":"/","body":"plain, not so","isBase64Encoded":true}""")]
    [InlineData("""{"requestContext":{"http":{"method":"POST"}},"rawPath":"/","body":{"a":1}}""")]
    public async Task What_is_no_request_of_the_gateway_is_a_typed_error(string payload)
    {
        await using var function = await GatewayFunction.StartEchoAsync();
        (await function.Platform.InvokeAsync(payload)).MustBeError("MalformedEventException");
        Assert.Equal("/portfolio/var", (await function.SeenAsync(GatewayFunction.Event("http-api"))).GetProperty("path").GetString());
    }

    [Theory]
    [InlineData("websocket", "WebSocket")]
    [InlineData("authorizer", "authorizer")]
    public async Task Events_of_the_gateway_for_other_functions_are_refused_by_name(string name, string word)
    {
        await using var function = await GatewayFunction.StartEchoAsync();
        var answer = (await function.Platform.InvokeAsync(GatewayFunction.Event(name))).MustBeError("MalformedEventException");
        Assert.Contains(word, answer.Json.GetProperty("errorMessage").GetString(), StringComparison.Ordinal);
    }

    private static string BodyOf(JsonElement seen) => Encoding.UTF8.GetString(Convert.FromBase64String(seen.GetProperty("body").GetString()!));

    private static IEnumerable<string?> Texts(JsonElement seen, params string[] names) => names.Select(x => seen.GetProperty(x).GetString());

    private static IEnumerable<string?> List(JsonElement seen, params string[] path) => path.Aggregate(seen, (x, name) => x.GetProperty(name)).EnumerateArray().Select(x => x.GetString());
}
