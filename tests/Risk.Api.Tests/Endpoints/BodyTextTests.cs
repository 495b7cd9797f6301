using System.Net.Http.Headers;
using System.Text;
using Risk.Api.Tests.Setup;
using Xunit;

namespace Risk.Api.Tests.Endpoints;

public sealed class BodyTextTests
{
    private const string Half = """{"symbol":"\ud800"}""";

    [Theory]
    [InlineData("POST /var/calculate", """{"prices":[1,2],"symbol":"\ud800"}""", @"the escape \ud800 at byte 27 ")]
    [InlineData("POST /api/v1/calculate/windows", """{"ticks":[{"symbol":"a\\\uDC00","time":1,"price":1}]}""", @"the escape \uDC00 at byte 25 ")]
    [InlineData("POST /api/v1/calculate/var", """{"\ud83d\u0041":1}""", @"the escape \ud83d at byte 3 ")]
    [InlineData("POST /api/v1/calculate/fx", """{"\ud83d""", @"the escape \ud83d at byte 3 ")]
    [InlineData("POST /api/v1/risk/default/optimise", """{"objective":"\udfff"}""", @"the escape \udfff at byte 15 ")]
    [InlineData("POST /api/v1/risk/default/scenarios/run", """{"\uDBFF":1}""", @"the escape \uDBFF at byte 3 ")]
    [InlineData("POST /api/v1/market/ticks", Half, @"the escape \ud800 ")]
    [InlineData("POST /api/v1/keys", Half, @"the escape \ud800 ")]
    [InlineData("PUT /api/v1/market/instruments", Half, @"the escape \ud800 ")]
    [InlineData("PUT /api/v1/accounts/default/positions", Half, @"the escape \ud800 ")]
    [InlineData("POST /var/calculate", "{\"~\":1}", "byte 3 is not UTF-8")]
    [InlineData("POST /api/v1/calculate/look-through", "{\"\u00e9~\u00e9\":1}", "byte 5 is not UTF-8")]
    public async Task A_body_with_what_is_no_text_is_refused(string route, string body, string named)
    {
        await using var host = await ApiHost.StartAsync();
        // A tilde stands for a byte that UTF-8 never has.
        byte[] bytes = [.. Encoding.UTF8.GetBytes(body).Select(x => x == (byte)'~' ? (byte)0xff : x)];
        var (method, path) = (route.Split(' ')[0], route.Split(' ')[1]);
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = new ByteArrayContent(bytes) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/json");
        using var reply = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await reply.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True((int)reply.StatusCode == 400, text);
        Assert.Contains(named, text.Replace(@"\\", @"\", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Escapes_that_are_text_are_read()
    {
        await using var host = await ApiHost.StartAsync();
        var reply = await host.PostAsync("/api/v1/calculate/windows", """{"ticks":[{"symbol":"\ud83d\ude00\\ud800\u00e9","time":1,"price":1}]}""");
        Assert.Equal("\U0001F600\\ud800\u00e9", reply.Json.GetProperty("windows")[0].GetProperty("symbol").GetString());
    }
}
