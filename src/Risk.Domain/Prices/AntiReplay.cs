namespace Risk.Domain.Prices;

/// <summary>
/// Remembers which sequence numbers of one source have been seen: the last <see cref="SequenceMemory.Width"/> of its newest epoch, and those of the
/// epoch before, so that what was still under way when the source started counting anew is known when it arrives. Older is beyond memory.
/// </summary>
public sealed class AntiReplay(SourceName source, SequenceMemory current, SequenceMemory? previous = null)
{
    public SourceName Source { get; } = source;

    public SequenceMemory Current { get; private set; } = current;

    public SequenceMemory? Previous { get; private set; } = previous;

    /// <summary>Marks the sequence as seen and tells what it was.</summary>
    public Sighting See(long epoch, long sequence)
    {
        if (epoch > Current.Epoch) (Previous, Current) = (Current, new SequenceMemory(epoch));
        if (epoch == Current.Epoch) return Current.See(sequence);
        return epoch == Previous?.Epoch ? Previous.See(sequence) : Sighting.BeyondMemory;
    }
}

/// <summary>
/// Which of the last <see cref="Width"/> sequence numbers of one epoch have been seen, as IPsec remembers packets (RFC 4303, section 3.4.3).
/// </summary>
public sealed class SequenceMemory(long epoch)
{
    public const int Width = 256;
    private const int Words = Width / 64;

    // Bit i (of word i / 64) stands for sequence Top - i.
    private readonly ulong[] seen = new ulong[Words];

    public long Epoch { get; } = epoch;

    /// <summary>The highest sequence seen; −1 before the first.</summary>
    public long Top { get; private set; } = -1;

    /// <summary>The bitmap, lowest word first: bit i stands for the sequence <see cref="Top"/> − i.</summary>
    public ReadOnlySpan<ulong> Seen => seen;

    public Sighting See(long sequence)
    {
        if (sequence > Top)
        {
            Shift(Top < 0 ? Width : sequence - Top);
            Top = sequence;
            seen[0] |= 1;
            return Sighting.New;
        }
        var age = Top - sequence;
        if (age >= Width) return Sighting.BeyondMemory;
        var (word, bit) = ((int)age / 64, 1UL << (int)(age % 64));
        if ((seen[word] & bit) != 0) return Sighting.Repeated;
        seen[word] |= bit;
        return Sighting.New;
    }

    /// <summary>Restores what was stored.</summary>
    public static SequenceMemory Restore(long epoch, long top, ReadOnlySpan<ulong> seen)
    {
        var restored = new SequenceMemory(epoch) { Top = top };
        seen.CopyTo(restored.seen);
        return restored;
    }

    private void Shift(long by)
    {
        if (by >= Width)
        {
            Array.Clear(seen);
            return;
        }
        var (words, bits) = ((int)by / 64, (int)by % 64);
        for (var i = Words - 1; i >= 0; i--)
        {
            var high = i - words >= 0 ? seen[i - words] << bits : 0;
            var low = bits > 0 && i - words - 1 >= 0 ? seen[i - words - 1] >> (64 - bits) : 0;
            seen[i] = high | low;
        }
    }
}

public enum Sighting
{
    New,
    Repeated,

    /// <summary>Too old to tell: older than the two newest epochs, or <see cref="SequenceMemory.Width"/> or more behind the top of its own.</summary>
    BeyondMemory,
}
