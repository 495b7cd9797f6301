using Amazon.DynamoDBv2;
using Amazon.S3;
using Risk.Application.Ports;
using Risk.Lambda.Aws;
using Risk.Lambda.Aws.Clients;
using Risk.Testing.Cloud;
using Risk.Testing.Contracts;
using Xunit;

[assembly: AssemblyFixture(typeof(Emulators))]

namespace Risk.Lambda.Tests.Aws;

public sealed class DynamoItemTableContractTests(Emulators emulators) : ItemQueryContract, IDisposable
{
    private AmazonDynamoDBClient? client;

    public void Dispose() => client?.Dispose();

    protected override async ValueTask<IItemTable> OpenAsync()
    {
        client = Emulators.Dynamo((await emulators.AddressesAsync()).Dynamo);
        return new DynamoItemTable(client, Emulators.Table, Clock, new AwsRetry(TimeProvider.System, seed: 1));
    }
}

public sealed class KinesisTickStreamContractTests(Emulators emulators) : TickStreamContract, IDisposable
{
    private SignedHttp? http;

    public void Dispose() => http?.Dispose();

    protected override async ValueTask<ITickStream> OpenAsync()
    {
        http = Emulators.Http((await emulators.AddressesAsync()).Kinesis, "kinesis");
        return new KinesisTickStream(new KinesisClient(http), Emulators.ContractStream, new AwsRetry(TimeProvider.System, seed: 1));
    }
}

public sealed class S3ArchiveContractTests(Emulators emulators) : ArchiveContract, IDisposable
{
    private AmazonS3Client? client;

    public void Dispose() => client?.Dispose();

    protected override async ValueTask<IArchive> OpenAsync()
    {
        client = Emulators.S3((await emulators.AddressesAsync()).Fauxqs);
        return new S3Archive(client, Emulators.Bucket, new AwsRetry(TimeProvider.System, seed: 1, RetryBounds.OfObjects));
    }
}

public sealed class SnsNotifierContractTests(Emulators emulators) : NotifierContract, IDisposable
{
    private SignedHttp? http;
    private SubscribedQueue? queue;

    public void Dispose()
    {
        queue?.Dispose();
        http?.Dispose();
    }

    protected override async ValueTask<INotifier> OpenAsync()
    {
        var url = (await emulators.AddressesAsync()).Fauxqs;
        queue = await SubscribedQueue.OpenAsync(url, $"contract-{TestContext.Current.Test!.UniqueID}");
        http = Emulators.Http(url, "sns");
        return new SnsNotifier(new SnsClient(http), queue.Topic, new AwsRetry(TimeProvider.System, seed: 1));
    }

    protected override async ValueTask<IReadOnlyList<Notification>> TakeAsync(int count) =>
        [.. from envelope in await queue!.ReceiveAsync(count)
            select new Notification(
                envelope.GetProperty("Subject").GetString()!,
                envelope.GetProperty("Message").GetString()!,
                Enum.Parse<NotificationSeverity>(envelope.GetProperty("MessageAttributes").GetProperty("severity").GetProperty("Value").GetString()!, ignoreCase: true))];
}
