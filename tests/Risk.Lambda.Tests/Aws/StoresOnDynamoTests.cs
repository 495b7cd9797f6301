using System.Text;
using Amazon.DynamoDBv2;
using Risk.Application.Ports;
using Risk.Application.Stores;
using Risk.Domain.Amounts;
using Risk.Domain.Instruments;
using Risk.Domain.Portfolios;
using Risk.Domain.Prices;
using Risk.Domain.Snapshots;
using Risk.Lambda.Aws;
using Risk.Testing.Cloud;
using Risk.Testing.Simulation;
using Xunit;

namespace Risk.Lambda.Tests.Aws;

/// <summary>What the stores write is read from the table as it was: written again, it gives the same bytes.</summary>
public sealed class StoresOnDynamoTests(Emulators emulators) : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider clock = new(Now);
    private AmazonDynamoDBClient? client;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => client?.Dispose();

    [Fact]
    public async Task The_state_of_a_symbol_survives_to_the_last_bit()
    {
        var table = await OpenAsync();
        var random = new Random(5);
        foreach (var name in new[] { "STATEA", "STATEB", "STATEC" })
        {
            var symbol = Symbol.Parse(name);
            var state = new SymbolState();
            for (var i = 0; i < 300; i++)
            {
                state.Apply(TickOf(random, i), TimeSpan.FromSeconds(30));
                state.MarkApplied($"shardId-{i % 3:000000000000}", new string('4', 56) + i.ToString("000", System.Globalization.CultureInfo.InvariantCulture));
            }

            Assert.Equal([WriteOutcome.Written], await new PriceStore(table).SaveAsync([(symbol, state)], Cancellation));
            var back = await new PriceStore(table).FindAsync(symbol, Cancellation);
            // Zero: to the empty tables both are new.
            state.Version = back!.Version = 0;
            var expected = await BytesOfAsync(fake => new PriceStore(fake).SaveAsync([(symbol, state)], Cancellation));
            state.Version = back.Version = 0;
            Assert.Equal(expected, await BytesOfAsync(fake => new PriceStore(fake).SaveAsync([(symbol, back)], Cancellation)));
        }
    }

    [Fact]
    public async Task Closed_windows_survive_to_the_last_bit()
    {
        var table = await OpenAsync();
        var random = new Random(6);
        var symbol = Symbol.Parse("WINDOWS");
        var state = new SymbolState();
        for (var i = 0; i < 200; i++)
            state.Apply(TickOf(random, i), TimeSpan.FromSeconds(30));
        var windows = state.Windows.Select(window => (symbol, window)).ToArray();
        Assert.NotEmpty(windows);
        await new WindowStore(table).SaveAsync(windows, Now, Cancellation);
        var back = await new WindowStore(table).LoadAsync(symbol, windows[0].window.Start, windows[^1].window.Start, 1000, Cancellation);
        Assert.Equal(
            await BytesOfAsync(fake => new WindowStore(fake).SaveAsync(windows, Now, Cancellation)),
            await BytesOfAsync(fake => new WindowStore(fake).SaveAsync([.. back.Select(window => (symbol, window))], Now, Cancellation)));
    }

    [Fact]
    public async Task A_snapshot_survives_to_the_last_bit()
    {
        var table = await OpenAsync();
        var account = AccountId.Parse("desk-7");
        var snapshot = new RiskSnapshot
        {
            Account = account,
            AsOf = EventTime.From(Now),
            Version = new SnapshotVersion(3, 17, 9_007_199_254_740_993),
            BaseCurrency = Currency.Parse("INR"),
            Conventions = RiskConventions.Default,
            MarketValue = 123_456_789.123_456_79,
            Nav = 1e21 / 3,
            GrossExposure = 1e-7,
            At95 = new LossFigures(Figure.Of(0.1 + 0.2), Figure.Of(Math.PI * 1e9), new LossInterval(1d / 3, null), Figure.Of(1d / 11), false),
            At99 = new LossFigures(Figure.Missing(FigureReason.ShortHistory), Figure.Of(-1d / 7), null, Figure.Missing(FigureReason.NotApplicable), true),
            Observations = 500,
            CoverageRatio = Figure.Of(2d / 3),
            Flags = default,
            LeftOut = [],
        };
        await new SnapshotStore(table).SaveAsync([snapshot], Now, Cancellation);
        var back = await new SnapshotStore(table).FindLatestAsync(account, Cancellation);
        Assert.Equal(
            await BytesOfAsync(fake => new SnapshotStore(fake).SaveAsync([snapshot], Now, Cancellation)),
            await BytesOfAsync(fake => new SnapshotStore(fake).SaveAsync([back!.Value], Now, Cancellation)));
    }

    private async Task<DynamoItemTable> OpenAsync()
    {
        client = Emulators.Dynamo((await emulators.AddressesAsync()).Dynamo);
        return new DynamoItemTable(client, Emulators.Table, clock, new AwsRetry(TimeProvider.System, seed: 1));
    }

    private async Task<string[]> BytesOfAsync<T>(Func<IItemTable, Task<T>> write)
    {
        var fake = new FakeItemTable(new Random(1), clock);
        await write(fake);
        Assert.NotEmpty(fake.Everything);
        return [.. fake.Everything.Select(item => $"{item.Key}: {Encoding.UTF8.GetString(item.Body.Span)}")];
    }

    private static Tick TickOf(Random random, int i) => new(
        0,
        new EventTime(1_767_603_600_000_000 + (i * 100_003L)),
        new Price(random.NextInt64(1, 1_000_000_000_000_000_000)),
        default,
        default,
        new Volume(random.NextInt64(1, 1_000_000_000_000_000_000)),
        SourceName.Parse($"feed{i % 4}"),
        0,
        i / 4);
}
