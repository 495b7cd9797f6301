using Risk.Application.Ports;
using Risk.Application.Stores;
using Risk.Domain.Amounts;
using Risk.Domain.Instruments;
using Risk.Domain.Portfolios;
using Risk.Domain.Prices;
using Risk.Domain.Scenarios;
using Risk.Testing.Simulation;
using Xunit;
using static Risk.Application.Tests.Streaming.TestHouse;

namespace Risk.Application.Tests.Streaming;

public sealed class RecomputeRiskTests
{
    private static readonly Dictionary<Symbol, SymbolState> Nothing = [];
    private static readonly AccountId Other = AccountId.Parse("two");

    /// <summary>The reads of a measurement fail in turn, the first, the second, and so on.</summary>
    [Fact]
    public async Task What_a_failure_left_unmeasured_is_measured_at_the_next_call()
    {
        for (var failing = 1; failing <= 12; failing++)
        {
            var (house, table) = await HookedAsync();
            await house.HoldAsync(Other, (B, 1));
            await house.Process.Risk.RunAsync(Nothing, Cancel);
            await house.HoldAsync(Account, (A, 1));
            await house.HoldAsync(Other, (C, 1));
            var left = failing;
            table.BeforeRead = _ => --left == 0 ? throw new StoreUnavailableException("Simulated: a read failed.") : Task.CompletedTask;
            await Xunit.Record.ExceptionAsync(() => house.Process.Risk.RunAsync(Nothing, Cancel));
            table.BeforeRead = _ => Task.CompletedTask;
            await house.Process.Risk.RunAsync(Nothing, Cancel);
            foreach (var account in new[] { Account, Other })
                Assert.Equal((await house.Process.Portfolios.LoadAsync(account, Cancel))!.Version, (await house.SnapshotAsync(account)).Version.Positions);
        }
    }

    [Fact]
    public async Task An_account_that_cannot_be_measured_is_reported_and_stops_no_other()
    {
        var house = await TestHouse.OpenAsync();
        var pair = Symbol.Parse("EURUSD");
        var euro = Currency.Parse("EUR");
        await house.Process.Instruments.PutAsync([new Instrument(A, "A", AssetClass.Equity, euro), new Instrument(pair, "EURUSD", AssetClass.Fx, Currency.Usd)], Cancel);
        await house.Process.History.ReviseAsync(old => Absurd(old, pair), Cancel);
        await house.HoldAsync(Other, (B, 1));
        Assert.Equal(1, await house.Process.Risk.RunAsync(Nothing, Cancel));
        Assert.Equal(1, (await house.SnapshotAsync(Other)).Version.Positions);
        Assert.Contains("account one could not be measured", house.Process.Figures.LastFault);
    }

    [Fact]
    public async Task A_snapshot_of_the_newest_positions_never_rests_on_older_instruments()
    {
        var (house, table) = await HookedAsync();
        var edited = false;
        table.BeforeRead = async partition =>
        {
            if (edited || !partition.StartsWith("ACCT#", StringComparison.Ordinal)) return;
            edited = true;
            await house.NewProcess().Instruments.PutAsync([new Instrument(A, "A", AssetClass.Equity, Currency.Usd, Multiplier: 100)], Cancel);
            await new PortfolioStore(house.Table).TouchHoldersAsync([A], Cancel);
        };
        await house.Process.Risk.RunAsync(Nothing, Cancel);
        var snapshot = await house.SnapshotAsync();
        Assert.Equal(2, snapshot.Version.Positions);
        await house.HoldAsync(Account, (A, 10), (B, 20));
        await house.NewProcess().Risk.RunAsync(Nothing, Cancel);
        Assert.Equal((await house.SnapshotAsync()).Nav, snapshot.Nav);
    }

    /// <summary>Adds, changes and removes what is held while it is measured: the snapshot carries the newest positions one call later.</summary>
    [Fact]
    public async Task Positions_edited_while_they_are_measured_are_measured_at_the_next_call()
    {
        (Symbol, decimal)[][] edits = [[(A, 10), (B, 20), (C, 1)], [(A, 5)], [], [(C, 3)]];
        for (var read = 1; read <= 12; read++)
        {
            var (house, table) = await HookedAsync();
            await house.Process.Ingest.RunAsync(OnlyShard, [Arrival(1, Line(A, 1, 100, 0), Line(B, 1, 50, 0), Line(C, 1, 7, 0))], Cancel);
            await house.HoldAsync(Account, (A, 11), (B, 21));
            var left = read;
            table.BeforeRead = _ => --left == 0 ? house.HoldAsync(Account, edits[read % edits.Length]) : Task.CompletedTask;
            await house.Process.Risk.RunAsync(Nothing, Cancel);
            await house.Process.Risk.RunAsync(Nothing, Cancel);
            var portfolio = (await house.Process.Portfolios.LoadAsync(Account, Cancel))!;
            var snapshot = await house.SnapshotAsync();
            Assert.Equal(portfolio.Version, snapshot.Version.Positions);
            Assert.Equal(1_000 + portfolio.Positions.Sum(x => (double)x.Quantity * (x.Symbol == A ? 100 : x.Symbol == B ? 50 : 7)), snapshot.Nav, 1e-6);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_history_that_cannot_be_read_leaves_the_last_risk_and_is_reported(bool isRestarted)
    {
        var house = await TestHouse.OpenAsync();
        await house.Process.Risk.RunAsync(Nothing, Cancel);
        var before = await house.SnapshotAsync();
        await house.NewProcess().History.ReviseAsync(old => old with { Closes = [.. old.Closes.Select(x => x.Reverse().ToArray())] }, Cancel);
        foreach (var name in await house.Archive.ListAsync("history/", Cancel)) await house.Archive.PutAsync(name, "damaged"u8.ToArray(), Cancel);
        if (isRestarted) house.Process = house.NewProcess();
        await house.Process.Ingest.RunAsync(OnlyShard, [Arrival(1, Line(A, 1, 100, 0))], Cancel);
        var after = await house.SnapshotAsync();
        Assert.Equal(before.Observations, after.Observations);
        Assert.Contains("can't be read", house.Process.Figures.LastFault);
    }

    /// <summary>Returns that are finite each, but not one upon the other.</summary>
    private static PriceHistory Absurd(PriceHistory old, Symbol pair)
    {
        double[] wild = [.. old.Dates.Select((_, i) => i % 2 == 0 ? 1 : 1e200)];
        return new PriceHistory(old.Dates, [A, B, C, pair], [wild, .. old.Closes.Skip(1), wild]);
    }

    private static async Task<(TestHouse, HookedReads)> HookedAsync()
    {
        var house = await TestHouse.OpenAsync();
        var table = new HookedReads(house.Table);
        house.Process = new IngestProcess(table, TimeSpan.FromSeconds(2), house.Clock, house.Archive);
        return (house, table);
    }

    /// <summary>Something happens before each read.</summary>
    private sealed class HookedReads(IItemTable table) : IItemTable
    {
        public Func<string, Task> BeforeRead { get; set; } = _ => Task.CompletedTask;

        public async Task<Item?> GetAsync(ItemKey key, CancellationToken cancellation)
        {
            await BeforeRead(key.Partition);
            return await table.GetAsync(key, cancellation);
        }

        public async Task<IReadOnlyList<Item>> GetManyAsync(IReadOnlyCollection<ItemKey> keys, CancellationToken cancellation)
        {
            await BeforeRead("");
            return await table.GetManyAsync(keys, cancellation);
        }

        public async Task<ItemPage> QueryAsync(ItemQuery query, CancellationToken cancellation)
        {
            await BeforeRead(query.Partition);
            return await table.QueryAsync(query, cancellation);
        }

        public Task<IReadOnlyList<WriteOutcome>> WriteEachAsync(IReadOnlyList<ItemWrite> writes, CancellationToken cancellation) => table.WriteEachAsync(writes, cancellation);

        public Task<int?> WriteAtomicAsync(IReadOnlyList<ItemWrite> writes, CancellationToken cancellation) => table.WriteAtomicAsync(writes, cancellation);
    }
}
