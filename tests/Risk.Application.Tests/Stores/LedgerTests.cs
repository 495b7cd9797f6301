using System.Text;
using Risk.Application.Ports;
using Risk.Application.Stores;
using Risk.Testing.Simulation;
using Xunit;
using static Risk.Application.Tests.Streaming.TestHouse;

namespace Risk.Application.Tests.Stores;

public sealed class LedgerTests
{
    private readonly FakeItemTable table = new(new Random(1), new FakeTimeProvider(Start));

    [Fact]
    public async Task The_first_delivery_is_first_however_often_it_comes_and_any_other_is_not()
    {
        var ledger = new ClaimLedger(table);
        Assert.Equal((IEnumerable<bool>)[true, true], await ledger.ClaimAsync([Claim("x", "d1"), Claim("y", "d1")], Start, Cancel));
        Assert.Equal((IEnumerable<bool>)[true, false, true], await ledger.ClaimAsync([Claim("y", "d1"), Claim("x", "d2"), Claim("z", "d2")], Start, Cancel));
        Assert.Equal((IEnumerable<bool>)[true, false], await ledger.ClaimAsync([Claim("w", "d3"), Claim("w", "d4")], Start, Cancel));
    }

    [Fact]
    public async Task The_owner_is_first_also_behind_another_claim_to_the_same()
    {
        var ledger = new ClaimLedger(table);
        await ledger.ClaimAsync([Claim("x", "d4")], Start, Cancel);
        Assert.Equal((IEnumerable<bool>)[false, true, true], await ledger.ClaimAsync([Claim("x", "d0"), Claim("y", "d4"), Claim("x", "d4")], Start, Cancel));
    }

    [Fact]
    public async Task A_claim_is_taken_back_only_by_its_owner()
    {
        var ledger = new ClaimLedger(table);
        await ledger.ClaimAsync([Claim("x", "d1")], Start, Cancel);
        await ledger.WithdrawAsync(Claim("x", "d2"), Cancel);
        Assert.Single(table.Everything);
        await ledger.WithdrawAsync(Claim("x", "d1"), Cancel);
        await ledger.WithdrawAsync(Claim("x", "d1"), Cancel);
        Assert.Empty(table.Everything);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public async Task A_claim_that_is_not_known_to_be_decided_throws_and_its_repetition_is_first(double lost, double throttled)
    {
        var ledger = new ClaimLedger(table);
        table.Faults = new TableFaults(LostReply: lost, Throttle: throttled);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => ledger.ClaimAsync([Claim("x", "d1")], Start, Cancel));
        table.Faults = new TableFaults();
        Assert.Equal((IEnumerable<bool>)[true], await ledger.ClaimAsync([Claim("x", "d1")], Start, Cancel));
    }

    [Fact]
    public async Task The_same_body_under_a_key_meets_its_identity_and_then_its_answer()
    {
        var requests = new IdempotencyStore(table);
        var first = await requests.ReserveAsync("me", "key", "body"u8.ToArray(), "identity 1", Start, Cancel);
        var again = await requests.ReserveAsync("me", "key", "body"u8.ToArray(), "identity 2", Start, Cancel);
        Assert.Equal(("identity 1", (string?)null, false), (again.Identity, again.Answer, again.IsForeign));
        await requests.AnswerAsync("me", "key", first, "42", Start, Cancel);
        Assert.Equal("42", (await requests.ReserveAsync("me", "key", "body"u8.ToArray(), "identity 3", Start, Cancel)).Answer);
        Assert.True((await requests.ReserveAsync("me", "key", "other"u8.ToArray(), "identity 4", Start, Cancel)).IsForeign);
        Assert.Equal("identity 5", (await requests.ReserveAsync("you", "key", "other"u8.ToArray(), "identity 5", Start, Cancel)).Identity);
    }

    [Fact]
    public async Task A_reservation_whose_reply_was_lost_stands()
    {
        var requests = new IdempotencyStore(table);
        table.Faults = new TableFaults(LostReply: 1);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => requests.ReserveAsync("me", "key", default, "identity 1", Start, Cancel));
        table.Faults = new TableFaults();
        Assert.Equal("identity 1", (await requests.ReserveAsync("me", "key", default, "identity 2", Start, Cancel)).Identity);
    }

    [Fact]
    public async Task A_checkpoint_is_each_consumers_own()
    {
        var (mine, theirs) = (new CheckpointStore(table, "mine"), new CheckpointStore(table, "theirs"));
        Assert.Equal(new Checkpoint(null, false), await mine.LoadAsync("s", Cancel));
        await mine.SaveAsync("s", new Checkpoint("17", true), Cancel);
        Assert.Equal(new Checkpoint("17", true), await mine.LoadAsync("s", Cancel));
        await mine.SaveAsync("s", new Checkpoint(null, true), Cancel);
        Assert.Equal(new Checkpoint(null, true), await mine.LoadAsync("s", Cancel));
        Assert.Equal(new Checkpoint(null, false), await theirs.LoadAsync("s", Cancel));
    }

    private static Claim Claim(string key, string delivery) => new(new ItemKey("LATE#X", key), delivery, "late", null, Encoding.UTF8.GetBytes("line"));
}
