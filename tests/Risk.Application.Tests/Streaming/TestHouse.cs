using System.Globalization;
using System.Text;
using Risk.Application.Ports;
using Risk.Application.Stores;
using Risk.Domain.Amounts;
using Risk.Domain.Instruments;
using Risk.Domain.Portfolios;
using Risk.Domain.Prices;
using Risk.Domain.Scenarios;
using Risk.Domain.Snapshots;
using Risk.Testing.Simulation;
using Xunit;

namespace Risk.Application.Tests.Streaming;

/// <summary>A table with three symbols, sixty days of history and an account that holds two of them; no fault strikes unless a test says so.</summary>
internal sealed class TestHouse
{
    public const string OnlyShard = "shard-1";

    public static readonly DateTimeOffset Start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);
    public static readonly Symbol A = Symbol.Parse("AAA"), B = Symbol.Parse("BBB"), C = Symbol.Parse("CCC");
    public static readonly AccountId Account = AccountId.Parse("one");

    private TestHouse()
    {
        Table = new FakeItemTable(new Random(1), Clock);
        Process = NewProcess();
    }

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public FakeTimeProvider Clock { get; } = new(Start);

    public FakeItemTable Table { get; }

    public FakeArchive Archive { get; } = new(new Random(1));

    public IngestProcess Process { get; set; }

    public PriceStore Prices => new(Table);

    public static async Task<TestHouse> OpenAsync()
    {
        var house = new TestHouse();
        var random = new Random(5);
        var dates = Enumerable.Range(0, 61).Select(i => new DateOnly(2025, 1, 1).AddDays(i)).ToArray();
        Symbol[] all = [A, B, C];
        await house.Process.Instruments.PutAsync([.. all.Select(x => new Instrument(x, x.Text, AssetClass.Equity, Currency.Usd))], Cancel);
        await house.Process.History.ReviseAsync(_ => new PriceHistory(dates, all, [.. all.Select(_ => dates.Select(_ => 90 + 20 * random.NextDouble()).ToArray())]), Cancel);
        await house.HoldAsync(Account, (A, 10), (B, 20));
        return house;
    }

    public IngestProcess NewProcess() => new(Table, TimeSpan.FromSeconds(2), Clock, Archive);

    public async Task HoldAsync(AccountId account, params (Symbol Symbol, decimal Quantity)[] held)
    {
        var positions = held.Select(x => new Position(x.Symbol, x.Quantity, 100)).ToArray();
        await new PortfolioStore(Table).ReplaceAsync(new Portfolio(account, Currency.Usd, 1_000, positions, 0), null, [], Cancel);
    }

    /// <summary>A line of the codec; times are seconds after <see cref="Start"/>.</summary>
    public static string Line(Symbol symbol, double seconds, decimal price, long sequence, string source = "feed", long epoch = 0, decimal volume = 1)
    {
        var time = Start.AddSeconds(seconds).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
        return string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"symbol":"{{symbol}}","time":"{{time}}","price":{{price}},"volume":{{volume}},"source":"{{source}}","epoch":{{epoch}},"sequence":{{sequence}}}""");
    }

    /// <summary>Arrives a day after <see cref="Start"/>, so that no tick of a test is ahead of its time.</summary>
    public static StreamRecord Arrival(long sequence, params string[] lines) =>
        new(sequence.ToString(CultureInfo.InvariantCulture), Start.AddDays(1), Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"));

    public async Task<SymbolState> StateAsync(Symbol symbol) => (await Prices.FindAsync(symbol, Cancel))!;

    public async Task<RiskSnapshot> SnapshotAsync(AccountId? account = null) => (await new SnapshotStore(Table).FindLatestAsync(account ?? Account, Cancel))!.Value;

    public List<Item> Rows(string prefix) => [.. Table.Everything.Where(item => item.Key.Partition.StartsWith(prefix, StringComparison.Ordinal))];

    /// <summary>Runs once, when the hook is called with a name that starts so.</summary>
    public void Once(string hook, Func<Task> what)
    {
        var done = false;
        Table.Hook = name =>
        {
            if (done || !name.StartsWith(hook, StringComparison.Ordinal)) return Task.CompletedTask;
            done = true;
            return what();
        };
    }

    /// <summary>Every write whose name starts so is turned away from now on.</summary>
    public static Func<string, Task> Failing(string hook) => name =>
        name.StartsWith(hook, StringComparison.Ordinal) ? throw new StoreUnavailableException("Simulated: out of reach.") : Task.CompletedTask;
}
