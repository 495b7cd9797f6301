using System.Security.Cryptography;
using Amazon.DynamoDBv2;
using Amazon.S3;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Risk.Api.Setup;
using Risk.Application.Ports;
using Risk.Application.Reporting;
using Risk.Domain.Calendars;
using Risk.Lambda.Aws;
using Risk.Lambda.Aws.Clients;
using Risk.Lambda.Runtime;

namespace Risk.Lambda.Functions;

/// <summary>The house over the services of AWS. What a function does not use is not built: it needs neither its name nor its rights.</summary>
internal static class CloudHouse
{
    /// <summary>The stores, the use cases and everything below them.</summary>
    public static IServiceCollection AddCloud(this IServiceCollection services, CloudSettings settings, LambdaRuntime runtime) => services
        .AddLogging(logging => logging.ClearProviders().AddProvider(runtime.Logs))
        .AddAws(settings, runtime)
        .AddRisk(settings.Risk, new ReportingSettings(MarketCalendar.Of(settings.Market)));

    /// <summary>The ports.</summary>
    public static IServiceCollection AddAws(this IServiceCollection services, CloudSettings settings, LambdaRuntime runtime)
    {
        var time = runtime.Time;
        return services
            .AddSingleton(settings)
            .AddSingleton(time)
            .AddSingleton(runtime.Metrics)
            .AddSingleton<IAmazonDynamoDB>(_ => AwsClients.Dynamo())
            .AddSingleton<IAmazonS3>(_ => AwsClients.S3())
            .AddSingleton<IItemTable>(made => new DynamoItemTable(made.GetRequiredService<IAmazonDynamoDB>(), settings.Table, time, Retry(time)))
            .AddSingleton<IArchive>(made => new S3Archive(made.GetRequiredService<IAmazonS3>(), settings.Bucket, Retry(time, RetryBounds.OfObjects)))
            .AddSingleton<ITickStream>(_ => new KinesisTickStream(new KinesisClient(Http(ServiceEndpoint.Of("kinesis", Environment.GetEnvironmentVariable), time)), settings.Stream, Retry(time)))
            .AddSingleton<ConnectionTable>()
            .AddSingleton<ILivePush>(made => new ConnectionPush(
                new ConnectionsClient(Http(ConnectionsAt(settings), time)), made.GetRequiredService<ConnectionTable>(), time, Retry(time, RetryBounds.OfPushes)));
    }

    private static SignedHttp Http(ServiceEndpoint endpoint, TimeProvider time) => new(endpoint, time);

    /// <summary>What clients open as wss takes posts as https.</summary>
    private static ServiceEndpoint ConnectionsAt(CloudSettings settings) =>
        ServiceEndpoint.At(settings.WebSocketUrl.StartsWith("ws", StringComparison.Ordinal) ? $"http{settings.WebSocketUrl[2..]}" : settings.WebSocketUrl, ServiceEndpoint.Of("execute-api", Environment.GetEnvironmentVariable).Region, "execute-api");

    /// <summary>Seeded by chance: many copies of a function that were turned away together must not come back in step.</summary>
    private static AwsRetry Retry(TimeProvider time, RetryBounds? bounds = null) => new(time, RandomNumberGenerator.GetInt32(int.MaxValue), bounds);
}
