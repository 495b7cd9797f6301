using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Risk.Application.Ports;
using Risk.Lambda.Aws;
using Risk.Lambda.Functions;
using Risk.Lambda.Tests.Aws;
using Risk.Lambda.Tests.Runtime;
using Risk.Testing.Cloud;
using Xunit;

namespace Risk.Lambda.Tests.Functions;

[Collection("one loop at a time, for the trace id is the process's")]
public sealed class SnapStartTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Connections_and_credentials_of_before_the_snapshot_are_not_used_after_it()
    {
        var (issued, connections, signers) = (0, new ConcurrentQueue<string>(), new ConcurrentQueue<string>());
        await using var services = await FaultProxy.StartAsync("", call =>
        {
            if (call.RawPath == "/credentials")
                return ProxyReply.Json($$"""{"AccessKeyId":"KEY{{++issued}}","SecretAccessKey":"s","Token":"t","Expiration":"2099-01-01T00:00:00Z"}""");
            connections.Enqueue(call.Context.Connection.Id);
            signers.Enqueue(call.Context.Request.Headers.Authorization.ToString().Split("Credential=")[1].Split('/')[0]);
            return ProxyReply.Json("{}");
        });
        using var environment = new Variables(("AWS_CONTAINER_CREDENTIALS_FULL_URI", $"{services.Url}/credentials"), ("AWS_ENDPOINT_URL_DYNAMODB", services.Url), ("AWS_REGION", Emulators.Region));
        var settings = CloudSettings.Read(name => name == "RISK_TABLE" ? "risk" : null);
        await using var function = await RunningFunction.StartAsync(
            async runtime =>
            {
                await using var house = new ServiceCollection().AddAws(settings, runtime).BuildServiceProvider();
                var table = house.GetRequiredService<IItemTable>();
                for (var i = 0; i < 2; i++) await table.GetAsync(new ItemKey("a", "b"), Cancel);
                await runtime.ServeAsync(async (invocation, cancellation) =>
                {
                    await table.GetAsync(new ItemKey("a", "b"), cancellation);
                    return invocation.Event;
                });
            },
            isSnapStart: true);
        function.Platform.Restored.SetResult();
        for (var i = 0; i < 2; i++) Assert.False((await function.Platform.InvokeAsync("{}")).IsError);
        Assert.Equal(["KEY1", "KEY1", "KEY2", "KEY2"], signers);
        var used = connections.ToArray();
        Assert.Equal((used[0], used[2]), (used[1], used[3]));
        Assert.NotEqual(used[1], used[2]);
    }

    [Fact]
    public async Task Copies_of_a_snapshot_do_not_wait_in_step()
    {
        var (one, other) = (new RetryClock(), new RetryClock());
        var (first, copy) = (new AwsRetry(one, seed: 1), new AwsRetry(other, seed: 1));
        await FailAsync(first);
        await FailAsync(copy);
        Assert.Equal(one.Waits, other.Waits);
        copy.Reseed(2);
        await FailAsync(first);
        await FailAsync(copy);
        Assert.NotEqual(one.Waits[^1], other.Waits[^1]);
    }

    [Fact]
    public async Task The_program_waits_for_its_restore_and_serves_after_it()
    {
        var nowhere = new Addresses("http://127.0.0.1:9", "http://127.0.0.1:9", "http://127.0.0.1:9");
        await using var authorizer = await RunningBootstrap.StartAsync("Authorizer", nowhere, ("RISK_TABLE", "risk"), ("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start"));
        authorizer.Platform.Restored.SetResult();
        Assert.Equal("""{"isAuthorized":false}""", (await authorizer.InvokeAsync(Doors.Request())).Text);
        Assert.Equal(["GET restore/next", "GET invocation/next"], authorizer.Platform.Calls.Take(2));
    }

    private static Task FailAsync(AwsRetry retry) =>
        Assert.ThrowsAsync<StoreUnavailableException>(() => retry.RunAsync<bool>("Trying", _ => throw new TimeoutException(), Cancel));

    /// <summary>The SDK reads them from the process.</summary>
    private sealed class Variables : IDisposable
    {
        private readonly List<(string Name, string? Before)> before = [];

        public Variables(params (string Name, string Value)[] values)
        {
            foreach (var (name, value) in values)
            {
                before.Add((name, Environment.GetEnvironmentVariable(name)));
                Environment.SetEnvironmentVariable(name, value);
            }
        }

        public void Dispose() => before.ForEach(x => Environment.SetEnvironmentVariable(x.Name, x.Before));
    }
}
