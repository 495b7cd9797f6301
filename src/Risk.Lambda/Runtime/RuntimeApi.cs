using System.Globalization;
using System.Net;

namespace Risk.Lambda.Runtime;

/// <summary>The Lambda Runtime API, version 2018-06-01, as a function calls it: one call at a time.</summary>
public sealed class RuntimeApi : IDisposable
{
    private readonly Uri root;
    private HttpClient http = Connect();
    private byte[] events = new byte[64 * 1024];

    /// <param name="address">Host and port, the value of <c>AWS_LAMBDA_RUNTIME_API</c>.</param>
    public RuntimeApi(string address) => root = new Uri($"http://{address}/2018-06-01/runtime/");

    /// <summary>True from the first <see cref="NextAsync"/> on: an init error can't be reported any more.</summary>
    public bool HasAskedForWork { get; private set; }

    /// <summary>True from <see cref="AwaitRestoreAsync"/> on: what fails from here to the first event is an error of the restore.</summary>
    public bool IsRestoring { get; private set; }

    /// <summary>Waits for the next event, however long: the platform freezes the process meanwhile.</summary>
    /// <exception cref="RuntimeApiException">The platform refuses; nothing but to exit is left.</exception>
    public async Task<Invocation> NextAsync(CancellationToken stop)
    {
        (HasAskedForWork, IsRestoring) = (true, false);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(root, "invocation/next"));
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
        if (response.StatusCode != HttpStatusCode.OK) throw new RuntimeApiException("invocation/next", response.StatusCode);
        return new Invocation(
            Header(response, "Lambda-Runtime-Aws-Request-Id") ?? throw new RuntimeApiException("invocation/next came without a request id."),
            Header(response, "Lambda-Runtime-Invoked-Function-Arn") ?? "",
            DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(Header(response, "Lambda-Runtime-Deadline-Ms") ?? "0", CultureInfo.InvariantCulture)),
            Header(response, "Lambda-Runtime-Trace-Id"),
            Header(response, "Lambda-Runtime-Client-Context"),
            await ReadAsync(response.Content, stop));
    }

    /// <exception cref="RuntimeApiException">As of <see cref="NextAsync"/>.</exception>
    public Task<PostOutcome> ReplyAsync(string requestId, ReadOnlyMemory<byte> reply) => PostAsync($"invocation/{requestId}/response", reply, null);

    /// <exception cref="RuntimeApiException">As of <see cref="NextAsync"/>.</exception>
    public Task<PostOutcome> FailAsync(string requestId, FunctionError error) => PostAsync($"invocation/{requestId}/error", error.ToJson(), error.Type);

    /// <summary>Reports that the function can't start. Only before the first event; exit with a code other than 0 after it.</summary>
    public Task<PostOutcome> FailInitAsync(FunctionError error) => PostAsync("init/error", error.ToJson(), error.Type);

    /// <summary>Ends the initialisation under SnapStart; returns in a copy of the process, perhaps days later. Its connections are new.</summary>
    public async Task AwaitRestoreAsync(CancellationToken stop)
    {
        IsRestoring = true;
        using (var request = new HttpRequestMessage(HttpMethod.Get, new Uri(root, "restore/next")))
        using (var response = await http.SendAsync(request, stop))
        {
            if (response.StatusCode != HttpStatusCode.OK) throw new RuntimeApiException("restore/next", response.StatusCode);
        }
        http.Dispose();
        http = Connect();
    }

    /// <summary>Reports that the function can't go on after a restore; exit with a code other than 0 after it.</summary>
    public Task<PostOutcome> FailRestoreAsync(FunctionError error) => PostAsync("restore/error", error.ToJson(), error.Type);

    public void Dispose() => http.Dispose();

    private async Task<PostOutcome> PostAsync(string path, ReadOnlyMemory<byte> body, string? errorType)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(root, path)) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        if (errorType is not null) request.Headers.TryAddWithoutValidation("Lambda-Runtime-Function-Error-Type", errorType);
        using var response = await http.SendAsync(request, CancellationToken.None);
        return response.StatusCode switch
        {
            HttpStatusCode.Accepted => PostOutcome.Accepted,
            HttpStatusCode.RequestEntityTooLarge => PostOutcome.TooLarge,
            HttpStatusCode.BadRequest or HttpStatusCode.Forbidden => PostOutcome.Refused,
            var other => throw new RuntimeApiException(path, other),
        };
    }

    /// <summary>Into a buffer that is kept: an event costs one copy, from the socket.</summary>
    private async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContent content, CancellationToken stop)
    {
        var length = 0;
        using var body = await content.ReadAsStreamAsync(stop);
        if (content.Headers.ContentLength >= events.Length) events = new byte[(int)content.Headers.ContentLength + 1];
        while (true)
        {
            var read = await body.ReadAsync(events.AsMemory(length), stop);
            if (read == 0) return events.AsMemory(0, length);
            length += read;
            if (length == events.Length) Array.Resize(ref events, length * 2);
        }
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values) && values.ToString() is { Length: > 0 } value ? value : null;

    /// <summary>No time-out, for an event may take hours to come; no proxy and no tracing headers, for this is the loopback address.</summary>
    private static HttpClient Connect() => new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ActivityHeadersPropagator = null,
        PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };
}

/// <summary>What became of a reply or an error that was posted.</summary>
public enum PostOutcome
{
    Accepted,

    /// <summary>Over 6 MB: the invocation has failed, and no error of it is taken any more.</summary>
    TooLarge,

    /// <summary>The id is unknown, or was answered before, or it is too late.</summary>
    Refused,
}

/// <summary>The platform answers as it should not; the process must exit.</summary>
public sealed class RuntimeApiException(string message) : Exception(message)
{
    public RuntimeApiException(string call, HttpStatusCode status)
        : this($"{call} was answered by {(int)status}.")
    {
    }
}
