using Amazon.DynamoDBv2;
using Amazon.Runtime;
using Amazon.S3;

namespace Risk.Lambda.Aws;

/// <summary>
/// The SDK's clients as the adapters want them: region, credentials and endpoints (<c>AWS_ENDPOINT_URL…</c>) from the SDK's own chains, no
/// repetitions of their own (<see cref="AwsRetry"/> does that, by the clock it is given).
/// </summary>
public static class AwsClients
{
    public static AmazonDynamoDBClient Dynamo(AWSCredentials? credentials = null, string? url = null, HttpClientFactory? connections = null)
    {
        var config = new AmazonDynamoDBConfig { MaxErrorRetry = 0, HttpClientFactory = connections };
        if (url is not null)
            config.ServiceURL = url;
        return credentials is null ? new AmazonDynamoDBClient(config) : new AmazonDynamoDBClient(credentials, config);
    }

    public static AmazonS3Client S3(AWSCredentials? credentials = null, string? url = null, HttpClientFactory? connections = null)
    {
        var config = new AmazonS3Config { MaxErrorRetry = 0, RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED, HttpClientFactory = connections };
        if ((url ?? config.ServiceURL) is { } own)
        {
            // What the variables name is taken only if it is set; and setting it makes the client forget the region.
            config.ServiceURL = own;
            config.AuthenticationRegion = Environment.GetEnvironmentVariable("AWS_REGION");
            // An endpoint of one's own is rarely reachable under one name for each bucket.
            config.ForcePathStyle = true;
        }

        return credentials is null ? new AmazonS3Client(config) : new AmazonS3Client(credentials, config);
    }
}
