using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;
using Risk.Application.Ports;

namespace Risk.Lambda.Aws;

/// <summary>Tells a fault that may be gone at the next try from one that will not.</summary>
internal static class AwsFaults
{
    private static readonly HashSet<string> Transient =
    [
        // Too much at once.
        "ProvisionedThroughputExceededException", "ThrottlingException", "Throttling", "ThrottledException", "RequestLimitExceeded", "LimitExceededException",
        "TooManyRequestsException", "RequestThrottled", "RequestThrottledException", "KMSThrottlingException", "KmsThrottling", "SlowDown", "BandwidthLimitExceeded",
        // Another call is in the way, or this one's own earlier try.
        "TransactionConflictException", "TransactionInProgressException", "PriorRequestNotComplete", "ReplicatedWriteConflictException", "OperationAborted",
        // Slow, or broken at their side.
        "RequestTimeout", "RequestTimeoutException", "InternalServerError", "InternalFailure", "InternalError", "ServiceUnavailable",
    ];

    public static bool IsTransient(Exception fault) => fault switch
    {
        StoreUnavailableException or HttpRequestException or IOException or SocketException or TimeoutException or OperationCanceledException => true,
        AmazonServiceException service when service.StatusCode >= HttpStatusCode.InternalServerError || service.StatusCode == HttpStatusCode.TooManyRequests => true,
        AmazonServiceException service when service.ErrorCode is { } code && Transient.Contains(code) => true,
        // The SDK wraps what happened on the way; an answer of the service has its own code.
        AmazonServiceException { InnerException: { } inner } service => service.StatusCode == 0 && IsTransient(inner),
        AmazonClientException { InnerException: { } inner } => IsTransient(inner),
        _ => false,
    };
}
