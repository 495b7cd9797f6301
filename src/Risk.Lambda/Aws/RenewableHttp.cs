using Amazon.Runtime;

namespace Risk.Lambda.Aws;

/// <summary>
/// The connections to the services, of the SDK's clients and of our own. <see cref="Renew"/> drops them all: in a process that was restored
/// from a snapshot they lead nowhere.
/// </summary>
public sealed class RenewableHttp : HttpClientFactory, IDisposable
{
    private HttpClient client = Connect();

    public HttpClient Client => client;

    public void Renew()
    {
        client.Dispose();
        client = Connect();
    }

    public void Dispose() => client.Dispose();

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => client;

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

    /// <summary>The time of a try is <see cref="AwsRetry"/>'s to bound.</summary>
    private static HttpClient Connect() =>
        new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5), AllowAutoRedirect = false, UseCookies = false }) { Timeout = Timeout.InfiniteTimeSpan };
}
