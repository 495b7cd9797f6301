using System.Security.Cryptography;
using Amazon.DynamoDBv2;
using Amazon.Runtime;
using Amazon.Runtime.Credentials;
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
public static class CloudHouse
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
            .AddSingleton(_ => Connections(runtime))
            .AddSingleton(_ => Credentials(runtime))
            .AddSingleton<IAmazonDynamoDB>(made => AwsClients.Dynamo(made.GetRequiredService<AWSCredentials>(), connections: made.GetRequiredService<RenewableHttp>()))
            .AddSingleton<IAmazonS3>(made => AwsClients.S3(made.GetRequiredService<AWSCredentials>(), connections: made.GetRequiredService<RenewableHttp>()))
            .AddSingleton(made => new DynamoItemTable(made.GetRequiredService<IAmazonDynamoDB>(), settings.Table, time, Retry(runtime)))
            .AddSingleton<IItemTable>(made => made.GetRequiredService<DynamoItemTable>())
            .AddSingleton<IArchive>(made => new S3Archive(made.GetRequiredService<IAmazonS3>(), settings.Bucket, Retry(runtime, RetryBounds.OfObjects)))
            .AddSingleton<ITickStream>(made => new KinesisTickStream(
                new KinesisClient(Http(made, ServiceEndpoint.Of("kinesis", Environment.GetEnvironmentVariable))), settings.Stream, Retry(runtime)))
            .AddSingleton<ConnectionTable>().AddSingleton<KeyWatch>()
            .AddSingleton(made => new ConnectionPush(
                new ConnectionsClient(Http(made, ConnectionsAt(settings))), made.GetRequiredService<ConnectionTable>(), made.GetRequiredService<KeyWatch>(), runtime.Metrics, time, Retry(runtime, RetryBounds.OfPushes)))
            .AddSingleton<ILivePush>(made => made.GetRequiredService<ConnectionPush>());
    }

    private static SignedHttp Http(IServiceProvider made, ServiceEndpoint endpoint) =>
        new(endpoint, made.GetRequiredService<TimeProvider>(), made.GetRequiredService<AWSCredentials>(), made.GetRequiredService<RenewableHttp>());

    /// <summary>What clients open as wss takes posts as https.</summary>
    private static ServiceEndpoint ConnectionsAt(CloudSettings settings) =>
        ServiceEndpoint.At(settings.WebSocketUrl.StartsWith("ws", StringComparison.Ordinal) ? $"http{settings.WebSocketUrl[2..]}" : settings.WebSocketUrl, ServiceEndpoint.Of("execute-api", Environment.GetEnvironmentVariable).Region, "execute-api");

    private static RenewableHttp Connections(LambdaRuntime runtime)
    {
        var connections = new RenewableHttp();
        OnRestore(runtime, connections.Renew);
        return connections;
    }

    /// <summary>One object for all clients, so that there is one to clear. What was fetched before a snapshot is out of date after it.</summary>
    private static AWSCredentials Credentials(LambdaRuntime runtime)
    {
        // The chain begins with these variables, too; but on its way to them it prepares for profiles in files, which a function has none of.
        AWSCredentials credentials = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("AWS_ACCESS_KEY_ID"))
            ? DefaultAWSCredentialsIdentityResolver.GetCredentials(null)
            : new EnvironmentVariablesAWSCredentials();
        if (credentials is RefreshingAWSCredentials refreshing) OnRestore(runtime, refreshing.ClearCredentials);
        return credentials;
    }

    /// <summary>Seeded by chance: many copies of a function that were turned away together must not come back in step.</summary>
    private static AwsRetry Retry(LambdaRuntime runtime, RetryBounds? bounds = null)
    {
        var retry = new AwsRetry(runtime.Time, Seed(), bounds);
        OnRestore(runtime, () => retry.Reseed(Seed()));
        return retry;
    }

    private static int Seed() => RandomNumberGenerator.GetInt32(int.MaxValue);

    private static void OnRestore(LambdaRuntime runtime, Action hook) => runtime.OnRestore(_ =>
    {
        hook();
        return Task.CompletedTask;
    });
}
