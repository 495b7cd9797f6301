using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Risk.Lambda.Tests.Runtime;

[Collection("one loop at a time, for the trace id is the process's")]
public sealed class GatewayReplyTests
{
    private static readonly byte[] NoText = [0x89, 0x50, 0xff, 0x00];

    [Fact]
    public async Task A_reply_to_an_HTTP_API_joins_values_and_parts_cookies()
    {
        await using var function = await GatewayFunction.StartAsync(Answer);
        var reply = await ReplyAsync(function, "http-api");
        Assert.Equal(201, reply.GetProperty("statusCode").GetInt32());
        Assert.Equal("A, B", reply.GetProperty("headers").GetProperty("Vary").GetString());
        Assert.Equal("text/plain; charset=utf-8", reply.GetProperty("headers").GetProperty("Content-Type").GetString());
        Assert.False(reply.GetProperty("headers").TryGetProperty("Set-Cookie", out _));
        Assert.Equal(["a=1; expires=Mon, 05 Jan 2026 15:00:00 GMT; path=/", "b=2; path=/"], reply.GetProperty("cookies").EnumerateArray().Select(x => x.GetString()));
        Assert.Equal("\"₹\" <b>\n", reply.GetProperty("body").GetString());
        Assert.False(reply.GetProperty("isBase64Encoded").GetBoolean());
    }

    [Fact]
    public async Task A_reply_to_a_REST_API_lists_all_values()
    {
        await using var function = await GatewayFunction.StartAsync(Answer);
        var reply = await ReplyAsync(function, "rest-api");
        var headers = reply.GetProperty("multiValueHeaders");
        Assert.Equal(["A", "B"], headers.GetProperty("Vary").EnumerateArray().Select(x => x.GetString()));
        Assert.Equal(2, headers.GetProperty("Set-Cookie").GetArrayLength());
        Assert.False(reply.TryGetProperty("headers", out _));
        Assert.False(reply.TryGetProperty("cookies", out _));
    }

    [Theory]
    [InlineData("application/json", null, false)]
    [InlineData("application/problem+json", null, false)]
    [InlineData("text/csv; charset=utf-8", null, false)]
    [InlineData("image/svg+xml", null, false)]
    [InlineData("application/x-ndjson", null, false)]
    [InlineData("application/json", "br", true)]
    [InlineData("text/plain; charset=iso-8859-1", null, true)]
    [InlineData("image/png", null, true)]
    [InlineData("application/octet-stream", null, true)]
    [InlineData(null, null, true)]
    public async Task Text_goes_as_it_is_and_anything_else_as_base64(string? type, string? encoding, bool isBase64)
    {
        await using var function = await GatewayFunction.StartAsync(async context =>
        {
            context.Response.ContentType = type;
            context.Response.Headers.ContentEncoding = encoding;
            await context.Response.BodyWriter.WriteAsync("{\"a\":1}"u8.ToArray());
        });
        var reply = await ReplyAsync(function, "http-api");
        Assert.Equal(isBase64, reply.GetProperty("isBase64Encoded").GetBoolean());
        var body = reply.GetProperty("body").GetString()!;
        Assert.Equal("{\"a\":1}", isBase64 ? Encoding.UTF8.GetString(Convert.FromBase64String(body)) : body);
    }

    [Fact]
    public async Task What_claims_to_be_text_but_is_none_keeps_its_bytes()
    {
        await using var function = await GatewayFunction.StartAsync(async context =>
        {
            context.Response.ContentType = "text/plain";
            await context.Response.Body.WriteAsync(NoText);
        });
        Assert.Equal(NoText, Convert.FromBase64String((await ReplyAsync(function, "http-api")).GetProperty("body").GetString()!));
    }

    [Fact]
    public async Task An_answer_without_a_body_has_none_and_neither_has_one_to_HEAD()
    {
        await using var function = await GatewayFunction.StartAsync(async context =>
        {
            if (context.Request.Method == "HEAD") await context.Response.WriteAsync("seen by nobody");
            else context.Response.StatusCode = 204;
        });
        Assert.Equal("""{"statusCode":204,"headers":{}}""", (await function.Platform.InvokeAsync(GatewayFunction.Event("http-api"))).Text);
        var reply = await ReplyAsync(function, "http-api", x => x["requestContext"]!["http"]!["method"] = "HEAD");
        Assert.False(reply.TryGetProperty("body", out _));
    }

    [Theory]
    [InlineData("text/plain", 6_291_556, false)]
    [InlineData("text/plain", 6_200_000, true)]
    [InlineData("image/png", 4_700_000, true)]
    [InlineData("image/png", 4_720_000, false)]
    [InlineData("text/plain", 20_000_000, false)]
    public async Task An_answer_over_six_megabytes_is_a_problem(string type, int length, bool fits)
    {
        await using var function = await GatewayFunction.StartAsync(async context =>
        {
            context.Response.ContentType = type;
            context.Response.Headers.ETag = "\"7\"";
            var bytes = new byte[length];
            bytes.AsSpan().Fill((byte)'x');
            await context.Response.Body.WriteAsync(bytes);
        });
        foreach (var name in (string[])["http-api", "rest-api"])
        {
            var reply = await ReplyAsync(function, name);
            Assert.Equal(fits ? 200 : 413, reply.GetProperty("statusCode").GetInt32());
            if (fits) continue;
            var problem = JsonDocument.Parse(reply.GetProperty("body").GetString()!).RootElement;
            Assert.Equal("urn:risk:problem:too-large", problem.GetProperty("type").GetString());
            Assert.Contains("application/problem+json", reply.GetRawText(), StringComparison.Ordinal);
            Assert.DoesNotContain("ETag", reply.GetRawText(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_half_written_answer_gives_way_to_a_whole_one()
    {
        await using var function = await GatewayFunction.StartAsync(async context =>
        {
            context.Response.OnStarting(() =>
            {
                context.Response.Headers["X-Last"] = $"{context.Response.StatusCode}";
                return Task.CompletedTask;
            });
            await context.Response.WriteAsync("half");
            Assert.False(context.Response.HasStarted);
            context.Response.Clear();
            context.Response.StatusCode = 500;
            await context.Response.WriteAsync("whole");
        });
        var reply = await ReplyAsync(function, "http-api");
        Assert.Equal("whole", Encoding.UTF8.GetString(Convert.FromBase64String(reply.GetProperty("body").GetString()!)));
        Assert.Equal("500", reply.GetProperty("headers").GetProperty("X-Last").GetString());
    }

    [Fact]
    public async Task What_comes_after_the_answer_is_done_before_the_process_is_frozen()
    {
        var done = false;
        await using var function = await GatewayFunction.StartAsync(context =>
        {
            context.Response.OnCompleted(async () =>
            {
                await Task.Yield();
                done = true;
            });
            return Task.CompletedTask;
        });
        await ReplyAsync(function, "http-api");
        Assert.True(done);
    }

    [Fact]
    public async Task What_the_application_throws_is_the_functions_error()
    {
        await using var function = await GatewayFunction.StartAsync(_ => throw new FormatException("of no use"));
        (await function.Platform.InvokeAsync(GatewayFunction.Event("http-api"))).MustBeError("FormatException");
    }

    [Fact]
    public async Task An_application_that_gives_up_at_the_deadline_is_unavailable()
    {
        await using var function = await GatewayFunction.StartAsync(context =>
        {
            Assert.True(context.RequestAborted.IsCancellationRequested);
            return Task.CompletedTask;
        });
        var reply = (await function.Platform.InvokeAsync(GatewayFunction.Event("http-api"), deadline: DateTimeOffset.UnixEpoch)).Json;
        Assert.Equal(503, reply.GetProperty("statusCode").GetInt32());
        Assert.Contains("urn:risk:problem:deadline", reply.GetProperty("body").GetString(), StringComparison.Ordinal);
    }

    private static async Task Answer(HttpContext context)
    {
        context.Response.StatusCode = 201;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.Vary = new[] { "A", "B" };
        context.Response.Cookies.Append("a", "1", new CookieOptions { Expires = new DateTimeOffset(2026, 1, 5, 15, 0, 0, TimeSpan.Zero) });
        context.Response.Cookies.Append("b", "2");
        await context.Response.WriteAsync("\"₹\" <b>\n");
    }

    private static async Task<JsonElement> ReplyAsync(RunningFunction function, string name, Action<JsonNode>? change = null)
    {
        var answer = await function.Platform.InvokeAsync(GatewayFunction.Event(name, change));
        Assert.False(answer.IsError || answer.IsTooLarge, answer.IsError ? answer.Text : "too large");
        return answer.Json;
    }
}
