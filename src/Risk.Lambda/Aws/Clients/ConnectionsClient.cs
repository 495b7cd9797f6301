using System.Net;
using Amazon.Runtime;

namespace Risk.Lambda.Aws.Clients;

/// <summary>Posting to the connections of a WebSocket API. Each call is one try.</summary>
/// <param name="http">Its endpoint is the API's stage: <c>https://{api}.execute-api.{region}.amazonaws.com/{stage}</c>.</param>
public sealed class ConnectionsClient(SignedHttp http)
{
    /// <returns>False when the connection is gone.</returns>
    public async Task<bool> PostAsync(string connection, ReadOnlyMemory<byte> message, CancellationToken cancellation)
    {
        try
        {
            await http.PostAsync($"/@connections/{Uri.EscapeDataString(connection)}", "application/json", null, message, cancellation);
            return true;
        }
        catch (AmazonServiceException fault) when (fault.StatusCode == HttpStatusCode.Gone)
        {
            return false;
        }
    }
}
