using Risk.Application.Ports;
using Risk.Application.Stores;
using Risk.Domain.Amounts;
using Risk.Domain.Instruments;
using Risk.Domain.Portfolios;
using Risk.Testing.Simulation;
using Xunit;
using static Risk.Application.Tests.Streaming.TestHouse;

namespace Risk.Application.Tests.Stores;

public sealed class PortfolioStoreTests
{
    private static readonly Currency Euro = Currency.Parse("EUR");

    private readonly FakeItemTable table = new(new Random(1), new FakeTimeProvider(Start));
    private readonly PortfolioStore store;

    public PortfolioStoreTests() => store = new PortfolioStore(table);

    [Fact]
    public async Task What_is_replaced_is_read_back_and_the_old_positions_are_gone()
    {
        Assert.Null(await store.LoadAsync(Account, Cancel));
        Assert.Equal(1, await ReplaceAsync(null, (A, 1.50m), (C, -3)));
        Assert.Equal(2, await ReplaceAsync(null, (B, 7), (A, 2)));
        var portfolio = (await store.LoadAsync(Account, Cancel))!;
        Assert.Equal((2, Euro, -12.34m), (portfolio.Version, portfolio.BaseCurrency, portfolio.Cash));
        Assert.Equal([new Position(A, 2, 99.5m), new Position(B, 7, 99.5m)], portfolio.Positions);
        Assert.Equal(2, Rows("POS#"));
    }

    [Fact]
    public async Task An_expected_version_that_is_not_the_present_one_changes_nothing()
    {
        Assert.Null(await ReplaceAsync(3, (A, 1)));
        Assert.Equal(1, await ReplaceAsync(0, (A, 1)));
        Assert.Null(await ReplaceAsync(0, (B, 1)));
        Assert.Equal(2, await ReplaceAsync(1, (B, 1)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1L)]
    public async Task Of_two_that_replace_at_once_the_second_wins_or_is_told_whole_in_either_case(long? expected)
    {
        await ReplaceAsync(null, (A, 1));
        Once("before ACCT#", () => ReplaceAsync(null, (B, 1), (C, 1)));
        Assert.Equal(expected is null ? 3 : null, await ReplaceAsync(expected, (A, 5)));
        Symbol[] held = expected is null ? [A] : [B, C];
        Assert.Equal(held, (await store.LoadAsync(Account, Cancel))!.Positions.Select(x => x.Symbol));
        Assert.Equal(held.Length, Rows("POS#"));
    }

    [Fact]
    public async Task The_same_content_put_twice_at_once_stands_once()
    {
        await ReplaceAsync(null, (A, 1));
        Once("before ACCT#", () => ReplaceAsync(null, (B, 1)));
        Assert.Equal(2, await ReplaceAsync(null, (B, 1)));
        Assert.Equal([B], (await store.LoadAsync(Account, Cancel))!.Positions.Select(x => x.Symbol));
    }

    [Fact]
    public async Task What_goes_alongside_is_done_with_it_or_not_at_all()
    {
        var audit = ItemWrite.Put(new Item(new ItemKey("AUD", "1"), "{}"u8.ToArray()));
        await store.ReplaceAsync(Portfolio((A, 1)), 7, [audit], Cancel);
        Assert.Equal(0, Rows("AUD"));
        await store.ReplaceAsync(Portfolio((A, 1)), 0, [audit], Cancel);
        Assert.Equal(1, Rows("AUD"));
    }

    /// <summary>At every write of a replacement a reader sees the old or the new portfolio, whole; and after a crash there, and a repetition, the new one.</summary>
    [Fact]
    public async Task A_reader_sees_the_old_or_the_new_whole_at_every_moment()
    {
        (Symbol, decimal)[] old = [(A, 1), (B, 1)], next = [(B, 2), (C, 2)];
        for (var crash = 0; ; crash++)
        {
            var fresh = new FakeItemTable(new Random(1), new FakeTimeProvider(Start));
            var own = new PortfolioStore(fresh);
            await own.ReplaceAsync(Portfolio(old), null, [], Cancel);
            var left = crash;
            fresh.Hook = async _ =>
            {
                var seen = (await own.LoadAsync(Account, Cancel))!.Positions.Select(x => (x.Symbol, x.Quantity)).ToArray();
                Assert.True(seen.SequenceEqual(old) || seen.SequenceEqual(next));
                if (left-- == 0) throw new SimulatedCrash();
            };
            var fault = await Record.ExceptionAsync(() => own.ReplaceAsync(Portfolio(next), null, [], Cancel));
            fresh.Hook = _ => Task.CompletedTask;
            if (fault is null) break;
            Assert.IsType<SimulatedCrash>(fault);
            await own.ReplaceAsync(Portfolio(next), null, [], Cancel);
            Assert.Equal(next, (await own.LoadAsync(Account, Cancel))!.Positions.Select(x => (x.Symbol, x.Quantity)));
        }
    }

    [Fact]
    public async Task A_replacement_while_it_is_read_is_read_whole()
    {
        await ReplaceAsync(null, (A, 1), (B, 1));
        var reader = new PortfolioStore(new ChangingTable(table, () => ReplaceAsync(null, (C, 9))));
        var portfolio = (await reader.LoadAsync(Account, Cancel))!;
        Assert.Equal((2, C), (portfolio.Version, Assert.Single(portfolio.Positions).Symbol));
    }

    [Fact]
    public async Task Touching_a_symbol_raises_the_versions_of_those_who_hold_it()
    {
        var other = AccountId.Parse("two");
        await ReplaceAsync(null, (A, 1), (B, 1));
        await store.ReplaceAsync(Portfolio((C, 1)) with { Account = other }, null, [], Cancel);
        await store.TouchHoldersAsync([A, B], Cancel);
        Assert.Equal([(Account, 2), (other, 1)], (await store.LoadBookAsync(Cancel)).OrderBy(x => x.Account).Select(x => (x.Account, x.PositionsVersion)));
        Assert.Equal(2, (await store.LoadAsync(Account, Cancel))!.Positions.Count);
    }

    private static Portfolio Portfolio(params (Symbol Symbol, decimal Quantity)[] held) =>
        new(Account, Euro, -12.34m, [.. held.Select(x => new Position(x.Symbol, x.Quantity, 99.5m))], 0);

    private Task<long?> ReplaceAsync(long? expected, params (Symbol Symbol, decimal Quantity)[] held) => store.ReplaceAsync(Portfolio(held), expected, [], Cancel);

    private int Rows(string prefix) => table.Everything.Count(x => x.Key.Partition.StartsWith(prefix, StringComparison.Ordinal));

    private void Once(string hook, Func<Task> what) => table.Hook = name =>
    {
        if (!name.StartsWith(hook, StringComparison.Ordinal)) return Task.CompletedTask;
        table.Hook = _ => Task.CompletedTask;
        return what();
    };

    /// <summary>Something changes between the first look at the account and the reading of its positions.</summary>
    private sealed class ChangingTable(IItemTable inner, Func<Task> change) : IItemTable
    {
        private bool changed;

        public Task<Item?> GetAsync(ItemKey key, CancellationToken cancellation) => inner.GetAsync(key, cancellation);

        public Task<IReadOnlyList<Item>> GetManyAsync(IReadOnlyCollection<ItemKey> keys, CancellationToken cancellation) => inner.GetManyAsync(keys, cancellation);

        public async Task<ItemPage> QueryAsync(ItemQuery query, CancellationToken cancellation)
        {
            if (!changed) await change();
            changed = true;
            return await inner.QueryAsync(query, cancellation);
        }

        public Task<IReadOnlyList<WriteOutcome>> WriteEachAsync(IReadOnlyList<ItemWrite> writes, CancellationToken cancellation) => inner.WriteEachAsync(writes, cancellation);

        public Task<int?> WriteAtomicAsync(IReadOnlyList<ItemWrite> writes, CancellationToken cancellation) => inner.WriteAtomicAsync(writes, cancellation);
    }
}
