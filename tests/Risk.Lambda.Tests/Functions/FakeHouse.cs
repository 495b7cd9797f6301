using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Risk.Api.Setup;
using Risk.Application.Ports;
using Risk.Application.Settings;
using Risk.Application.Stores;
using Risk.Domain.Amounts;
using Risk.Domain.Instruments;
using Risk.Domain.Portfolios;
using Risk.Domain.Scenarios;
using Risk.Lambda.Runtime;
using Risk.Testing.Simulation;
using Xunit;

namespace Risk.Lambda.Tests.Functions;

/// <summary>The stores and use cases over ports in memory, on a clock that stands still, with a small market in them.</summary>
internal sealed class FakeHouse : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 1, 5, 15, 0, 20, TimeSpan.Zero);
    public static readonly Symbol[] Symbols = [Symbol.Parse("AAA"), Symbol.Parse("BBB"), Symbol.Parse("CCC")];
    public static readonly RiskSettings Settings = RiskSettings.Default with { HistoryDays = 60 };

    private readonly MemoryStream output = new();
    private readonly ServiceProvider services;

    public FakeHouse()
        : this(new FakeTimeProvider(Start))
    {
    }

    private FakeHouse(FakeTimeProvider clock, FakeHouse? before = null)
    {
        (Clock, Table, Archive) = (clock, before?.Table ?? new FakeItemTable(new Random(1), clock), before?.Archive ?? new FakeArchive(new Random(1)));
        Stream = before?.Stream ?? new FakeTickStream(new Random(1), clock);
        Runtime = new LambdaRuntime("127.0.0.1:9", "risk-test", output, Clock);
        services = new ServiceCollection()
            .AddLogging(logging => logging.ClearProviders().AddProvider(Runtime.Logs))
            .AddSingleton<TimeProvider>(Clock).AddSingleton(Runtime.Metrics)
            .AddSingleton<IItemTable>(Table).AddSingleton<IArchive>(Archive).AddSingleton<ITickStream>(Stream).AddSingleton<ILivePush>(Push)
            .AddRisk(Settings)
            .BuildServiceProvider();
    }

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public FakeTimeProvider Clock { get; }

    public FakeItemTable Table { get; }

    public FakeArchive Archive { get; }

    public FakeTickStream Stream { get; }

    public HeldPush Push { get; } = new();

    public LambdaRuntime Runtime { get; }

    /// <summary>What was logged, metrics among it.</summary>
    public List<JsonElement> Lines
    {
        get
        {
            Runtime.Metrics.Flush();
            return [.. Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(x => JsonDocument.Parse(x).RootElement)];
        }
    }

    public static async Task<FakeHouse> OpenAsync()
    {
        var house = new FakeHouse();
        await FurnishAsync(house.Table, house.Archive, house.Clock);
        return house;
    }

    /// <summary>The same stores, and a process that remembers nothing.</summary>
    public FakeHouse Restarted() => new(Clock, this);

    /// <summary>Three instruments with sixty days of history, and an account that holds them.</summary>
    public static async Task FurnishAsync(IItemTable table, IArchive archive, TimeProvider clock)
    {
        var random = new Random(5);
        var dates = Enumerable.Range(0, 61).Select(i => new DateOnly(2025, 10, 1).AddDays(i)).ToArray();
        await new InstrumentStore(table).PutAsync([.. Symbols.Select(x => new Instrument(x, x.Text, AssetClass.Equity, Currency.Usd))], Cancel);
        var closes = Symbols.Select(_ => dates.Select(_ => Math.Round(90 + (20 * random.NextDouble()), 2)).ToArray()).ToArray();
        await new HistoryStore(table, archive, clock).ReviseAsync(_ => new PriceHistory(dates, Symbols, closes), Cancel);
        Position[] positions = [new(Symbols[0], 10, 100), new(Symbols[1], -20, 100), new(Symbols[2], 33, 100)];
        await new PortfolioStore(table).ReplaceAsync(new Portfolio(AccountId.Default, Currency.Usd, 1_000, positions, 0), null, [], Cancel);
    }

    public T Get<T>()
        where T : notnull => ActivatorUtilities.GetServiceOrCreateInstance<T>(services);

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        Runtime.Dispose();
        await output.DisposeAsync();
    }

    /// <summary>Keeps what was pushed, or fails.</summary>
    public sealed class HeldPush : ILivePush
    {
        public List<LiveMessage> Messages { get; } = [];

        public bool Fails { get; set; }

        public bool HasListeners => true;

        public Task PushAsync(IReadOnlyList<LiveMessage> messages, CancellationToken cancellation)
        {
            if (Fails) return Task.FromException(new StoreUnavailableException("Simulated: nobody can be reached."));
            Messages.AddRange(messages);
            return Task.CompletedTask;
        }
    }
}
