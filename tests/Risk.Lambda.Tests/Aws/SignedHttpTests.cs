using System.Security.Cryptography;
using System.Text;
using Amazon.Runtime;
using Risk.Lambda.Aws.Clients;
using Risk.Testing.Cloud;
using Xunit;

namespace Risk.Lambda.Tests.Aws;

/// <summary>The signature is recomputed here from what arrived, by the letter of the specification.</summary>
public sealed class SignedHttpTests
{
    [Theory]
    [InlineData("", null, null, "/")]
    [InlineData("", "Kinesis_20131202.PutRecords", "a-session-token", "/")]
    [InlineData("/@connections/L0SM9cOFvHcCIhw%3D", null, "a-session-token", "/%40connections/L0SM9cOFvHcCIhw%253D")]
    public async Task What_arrives_bears_the_signature_of_what_arrives(string path, string? target, string? token, string canonicalPath)
    {
        var problems = new List<string>();
        await using var server = await FaultProxy.StartAsync("", call =>
        {
            var headers = call.Context.Request.Headers;
            var authorization = headers.Authorization.ToString();
            var names = authorization.Split("SignedHeaders=")[1].Split(',')[0];
            var date = headers["x-amz-date"].ToString();
            var scope = $"{date[..8]}/eu-west-1/kinesis/aws4_request";
            var canonical = $"POST\n{canonicalPath}\n\n{string.Concat(names.Split(';').Select(name => $"{name}:{headers[name]}\n"))}\n{names}\n{Hex(SHA256.HashData(call.Body))}";
            var signed = $"AWS4-HMAC-SHA256\n{date}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
            var key = Encoding.UTF8.GetBytes("AWS4secret");
            foreach (var part in scope.Split('/'))
                key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
            var expected = $"AWS4-HMAC-SHA256 Credential=id/{scope}, SignedHeaders={names}, Signature={Hex(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(signed)))}";
            if (authorization != expected)
                problems.Add($"{authorization} is not {expected}");
            if (headers["x-amz-security-token"].ToString() != (token ?? "") || headers["x-amz-target"].ToString() != (target ?? ""))
                problems.Add("The token or the target did not arrive.");
            if (date != "20260105T090000Z" || !names.Contains("host", StringComparison.Ordinal) || names.Contains("token", StringComparison.Ordinal) != (token is not null))
                problems.Add($"{date}, {names}");
            return ProxyReply.Json("{}");
        });
        AWSCredentials credentials = token is null ? new BasicAWSCredentials("id", "secret") : new SessionAWSCredentials("id", "secret", token);
        using var http = new SignedHttp(ServiceEndpoint.At(server.Url, "eu-west-1", "kinesis"), new RetryClock(), credentials);
        Assert.Equal("{}"u8.ToArray(), await http.PostAsync(path, "application/json", target, "{\"a\":1}"u8.ToArray(), TestContext.Current.CancellationToken));
        Assert.Empty(problems);
    }

    [Theory]
    [InlineData("""{"__type":"com.amazonaws.kinesis#ThrottlingException","message":"slow down"}""", "ThrottlingException")]
    [InlineData("""{"__type":"ResourceNotFoundException","Message":"none"}""", "ResourceNotFoundException")]
    [InlineData("<ErrorResponse><Error><Type>Sender</Type><Code>NotFound</Code><Message>none</Message></Error></ErrorResponse>", "NotFound")]
    [InlineData("<html>no XML", "BadRequest")]
    [InlineData("{ no JSON", "BadRequest")]
    [InlineData("", "BadRequest")]
    public async Task A_refusal_has_its_code(string body, string code)
    {
        await using var server = await FaultProxy.StartAsync("", _ => Task.FromResult<ProxyReply?>(new ProxyReply(400, Encoding.UTF8.GetBytes(body))));
        using var http = Emulators.Http(server.Url, "sns");
        var fault = await Assert.ThrowsAsync<AmazonServiceException>(() => http.PostAsync("", "text/plain", null, default, TestContext.Current.CancellationToken));
        Assert.Equal(code, fault.ErrorCode);
    }

    [Fact]
    public void Endpoints_may_be_configured()
    {
        string? Read(string service, params (string Name, string Value)[] set) =>
            ServiceEndpoint.Of(service, name => name == "AWS_REGION" ? "ap-south-1" : set.FirstOrDefault(pair => pair.Name == name).Value).Url.AbsoluteUri;

        Assert.Equal("https://kinesis.ap-south-1.amazonaws.com/", Read("kinesis"));
        Assert.Equal("http://127.0.0.1:1/", Read("kinesis", ("AWS_ENDPOINT_URL", "http://127.0.0.1:1")));
        Assert.Equal("http://127.0.0.1:2/", Read("sns", ("AWS_ENDPOINT_URL", "http://127.0.0.1:1"), ("AWS_ENDPOINT_URL_SNS", "http://127.0.0.1:2/")));
        Assert.Equal("https://sns.ap-south-1.amazonaws.com/", Read("sns", ("AWS_ENDPOINT_URL", "http://127.0.0.1:1"), ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")));
        Assert.Throws<InvalidOperationException>(() => Read("sns", ("AWS_ENDPOINT_URL", "nowhere")));
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
