using Risk.Domain.Prices;
using Xunit;

namespace Risk.Domain.Tests.Prices;

public sealed class AntiReplayTests
{
    private static readonly SourceName Feed = SourceName.Parse("feed");

    [Fact]
    public void Sees_each_sequence_once()
    {
        var memory = MemoryAt(0);
        Assert.Equal(Sighting.New, memory.See(0, 7));
        Assert.Equal(Sighting.Repeated, memory.See(0, 7));
    }

    [Theory]
    [InlineData(255, Sighting.New)]
    [InlineData(256, Sighting.BeyondMemory)]
    [InlineData(10_000, Sighting.BeyondMemory)]
    public void Remembers_256_sequences_back_from_the_top(long behind, Sighting expected)
    {
        var memory = MemoryAt(0);
        memory.See(0, 20_000);
        Assert.Equal(expected, memory.See(0, 20_000 - behind));
    }

    [Fact]
    public void Starts_anew_with_a_newer_epoch_and_still_knows_the_one_before()
    {
        var memory = MemoryAt(3);
        memory.See(3, 100);
        Assert.Equal(Sighting.New, memory.See(4, 100));
        Assert.Equal(Sighting.Repeated, memory.See(4, 100));
        Assert.Equal(Sighting.Repeated, memory.See(3, 100));
        Assert.Equal(Sighting.New, memory.See(3, 101));
    }

    [Fact]
    public void Knows_nothing_of_epochs_older_than_the_two_newest()
    {
        var memory = MemoryAt(3);
        memory.See(4, 0);
        memory.See(6, 0);
        Assert.Equal(Sighting.BeyondMemory, memory.See(3, 0));
        Assert.Equal(Sighting.BeyondMemory, memory.See(5, 0));
    }

    [Fact]
    public void Is_the_same_after_being_stored()
    {
        var memory = new SequenceMemory(1);
        foreach (var sequence in new long[] { 0, 1, 5, 64, 65, 200 }) memory.See(sequence);
        var restored = SequenceMemory.Restore(memory.Epoch, memory.Top, memory.Seen);
        Assert.Equal(Sighting.Repeated, restored.See(64));
        Assert.Equal(Sighting.New, restored.See(66));
    }

    /// <summary>Against a plain set of everything ever seen, over random walks that jump forwards and back.</summary>
    [Fact]
    public void Agrees_with_a_set_of_all_that_was_seen()
    {
        var random = new Random(20_260_101);
        for (var run = 0; run < 200; run++)
        {
            var memory = MemoryAt(0);
            var seen = new HashSet<long>();
            var top = -1L;
            for (var i = 0; i < 500; i++)
            {
                var sequence = Math.Max(0, top + random.Next(10) switch { 0 => random.Next(400), 1 => -random.Next(400), _ => random.Next(-8, 9) });
                var expected = top >= 0 && top - sequence >= SequenceMemory.Width ? Sighting.BeyondMemory
                    : seen.Contains(sequence) ? Sighting.Repeated : Sighting.New;
                Assert.Equal(expected, memory.See(0, sequence));
                if (expected == Sighting.New) seen.Add(sequence);
                top = Math.Max(top, sequence);
            }
        }
    }

    private static AntiReplay MemoryAt(long epoch) => new(Feed, new SequenceMemory(epoch));
}
