using Amazon.S3;
using Risk.Application.Ports;
using Risk.Lambda.Aws;
using Risk.Testing.Cloud;
using Xunit;

namespace Risk.Lambda.Tests.Aws;

public sealed class S3ArchiveFaultTests(Emulators emulators)
{
    private readonly RetryClock clock = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_busy_or_broken_bucket_is_asked_again()
    {
        await using var proxy = await FaultProxy.StartAsync((await emulators.AddressesAsync()).Fauxqs, call => (call.Number % 4) switch
        {
            0 => call.PassOnAsync(),
            1 => Xml(503, "SlowDown"),
            2 => Xml(500, "InternalError"),
            _ => Task.FromResult<ProxyReply?>(null),
        });
        using var client = Emulators.S3(proxy.Url);
        var archive = Open(client);
        await archive.PutAsync("faults/x", new byte[] { 1, 2, 3 }, Cancellation);
        Assert.Equal([1, 2, 3], await archive.GetAsync("faults/x", Cancellation));
        Assert.Equal(["faults/x"], await archive.ListAsync("faults/", Cancellation));
        Assert.Null(await archive.GetAsync("faults/y", Cancellation));
    }

    [Fact]
    public async Task A_bucket_that_stays_down_is_said_to_be_so()
    {
        await using var proxy = await FaultProxy.StartAsync("", _ => Xml(503, "SlowDown"));
        using var client = Emulators.S3(proxy.Url);
        var archive = Open(client);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => archive.PutAsync("x", new byte[] { 1 }, Cancellation));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => archive.GetAsync("x", Cancellation));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => archive.ListAsync("", Cancellation));
    }

    [Fact]
    public async Task A_bucket_that_is_not_there_is_no_empty_one()
    {
        using var client = Emulators.S3((await emulators.AddressesAsync()).Fauxqs);
        await Assert.ThrowsAnyAsync<AmazonS3Exception>(() => new S3Archive(client, "nowhere", new AwsRetry(clock, seed: 1)).GetAsync("x", Cancellation));
    }

    [Fact]
    public async Task More_names_than_a_page_holds_are_listed()
    {
        using var client = Emulators.S3((await emulators.AddressesAsync()).Fauxqs);
        var archive = Open(client);
        var names = Enumerable.Range(0, 1100).Select(i => $"many/{i:0000}").ToArray();
        await Parallel.ForEachAsync(names, Cancellation, async (name, running) => await archive.PutAsync(name, new byte[] { 1 }, running));
        Assert.Equal(names, await archive.ListAsync("many/", Cancellation));
    }

    private S3Archive Open(AmazonS3Client client) => new(client, Emulators.Bucket, new AwsRetry(clock, seed: 1, RetryBounds.OfObjects));

    private static Task<ProxyReply?> Xml(int status, string code) => Task.FromResult<ProxyReply?>(
        new ProxyReply(status, System.Text.Encoding.UTF8.GetBytes($"<Error><Code>{code}</Code><Message>by the proxy</Message></Error>"), "application/xml"));
}
