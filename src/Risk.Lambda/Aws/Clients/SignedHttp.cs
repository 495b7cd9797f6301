using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using Amazon.Runtime.Internal.Auth;

namespace Risk.Lambda.Aws.Clients;

/// <summary>
/// Sends one signed request and reads its answer: all that the thin clients need. Credentials and the signature (version 4) are the SDK's;
/// each call is one try.
/// </summary>
/// <param name="credentials">Null for the SDK's chain.</param>
/// <param name="connections">Those of other clients, to share; null for its own.</param>
public sealed class SignedHttp(ServiceEndpoint endpoint, TimeProvider clock, AWSCredentials? credentials = null, RenewableHttp? connections = null) : IDisposable
{
    private readonly RenewableHttp http = connections ?? new RenewableHttp();

    /// <param name="path">What follows the endpoint's own path, escaped once; empty or beginning with a slash.</param>
    /// <param name="target">The operation, for services that take it as a header.</param>
    /// <exception cref="AmazonServiceException">The service refused; with its code and status.</exception>
    public Task<byte[]> PostAsync(string path, string contentType, string? target, ReadOnlyMemory<byte> body, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Post, path, contentType, target, body, cancellation);

    /// <param name="path">As of a POST.</param>
    /// <exception cref="AmazonServiceException">The service refused; with its code and status.</exception>
    public Task DeleteAsync(string path, CancellationToken cancellation) => SendAsync(HttpMethod.Delete, path, null, null, default, cancellation);

    public void Dispose() => http.Dispose();

    private async Task<byte[]> SendAsync(HttpMethod method, string path, string? contentType, string? target, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        using var request = await SignAsync(method, path, contentType, target, body);
        using var answer = await http.Client.SendAsync(request, cancellation);
        var content = await answer.Content.ReadAsByteArrayAsync(cancellation);
        return answer.IsSuccessStatusCode ? content : throw ServiceFault.Read(answer, content);
    }

    private async Task<HttpRequestMessage> SignAsync(HttpMethod method, string path, string? contentType, string? target, ReadOnlyMemory<byte> body)
    {
        // Asked each time: the chain holds them and fetches new ones before they expire.
        var keys = await (credentials ?? DefaultAWSCredentialsIdentityResolver.GetCredentials(null)).GetCredentialsAsync();
        var url = new Uri(endpoint.Url.AbsoluteUri.TrimEnd('/') + (path.Length == 0 ? "/" : path));
        var now = clock.GetUtcNow().UtcDateTime;
        var headers = new List<(string Name, string Value)>
        {
            ("host", url.Authority),
            ("x-amz-date", now.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)),
        };
        if (contentType is not null)
            headers.Insert(0, ("content-type", contentType));
        if (keys.UseToken)
            headers.Add(("x-amz-security-token", keys.Token));
        if (target is not null)
            headers.Add(("x-amz-target", target));
        var names = string.Join(';', headers.Select(header => header.Name));
        var signature = AWS4Signer.ComputeSignature(keys, endpoint.Region, now, endpoint.Service, names, Canonical(method, url, headers, names, body.Span));
        var request = new HttpRequestMessage(method, url) { Content = contentType is null ? null : new ReadOnlyMemoryContent(body) };
        foreach (var (name, value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
                request.Content?.Headers.TryAddWithoutValidation(name, value);
        }

        request.Headers.TryAddWithoutValidation("authorization", signature.ForAuthorizationHeader);
        return request;
    }

    /// <summary>The headers are given in the order of their names. The path, escaped as it is sent, is escaped once more.</summary>
    private static string Canonical(HttpMethod method, Uri url, List<(string Name, string Value)> headers, string names, ReadOnlySpan<byte> body)
    {
        var text = new StringBuilder($"{method}\n");
        text.AppendJoin('/', url.AbsolutePath.Split('/').Select(Uri.EscapeDataString)).Append("\n\n");
        foreach (var (name, value) in headers)
            text.Append(name).Append(':').Append(value.Trim()).Append('\n');
        return text.Append('\n').Append(names).Append('\n').Append(Convert.ToHexStringLower(SHA256.HashData(body))).ToString();
    }
}
