using System.Net;
using Amazon.Runtime;

namespace Risk.Lambda.Aws.Clients;

/// <summary>Posting to the connections of a WebSocket API, and ending them. Each call is one try.</summary>
/// <param name="http">Its endpoint is the API's stage: <c>https://{api}.execute-api.{region}.amazonaws.com/{stage}</c>.</param>
public sealed class ConnectionsClient(SignedHttp http)
{
    /// <returns>False when the connection is gone.</returns>
    public Task<bool> PostAsync(string connection, ReadOnlyMemory<byte> message, CancellationToken cancellation) =>
        IsThereAsync(() => http.PostAsync(PathOf(connection), "application/json", null, message, cancellation));

    /// <returns>False when it was gone before.</returns>
    public Task<bool> EndAsync(string connection, CancellationToken cancellation) => IsThereAsync(() => http.DeleteAsync(PathOf(connection), cancellation));

    private static string PathOf(string connection) => $"/@connections/{Uri.EscapeDataString(connection)}";

    private static async Task<bool> IsThereAsync(Func<Task> call)
    {
        try
        {
            await call();
            return true;
        }
        catch (AmazonServiceException fault) when (fault.StatusCode == HttpStatusCode.Gone)
        {
            return false;
        }
    }
}
