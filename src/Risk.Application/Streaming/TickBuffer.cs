using Risk.Domain.Prices;

namespace Risk.Application.Streaming;

/// <summary>
/// Collects decoded ticks and rejected lines. It grows and never shrinks, so that decoding into a warm buffer allocates nothing.
/// Not for use by two threads at once.
/// </summary>
public sealed class TickBuffer
{
    private Tick[] ticks = new Tick[256];
    private TickRejection[] rejections = new TickRejection[16];
    private int tickCount;
    private int rejectionCount;

    /// <summary>Valid until the next change of the buffer.</summary>
    public ReadOnlySpan<Tick> Ticks => ticks.AsSpan(0, tickCount);

    /// <summary>Valid until the next change of the buffer.</summary>
    public ReadOnlySpan<TickRejection> Rejections => rejections.AsSpan(0, rejectionCount);

    /// <summary>Where strings with escapes are put while their line is read.</summary>
    internal byte[] Scratch { get; } = new byte[TickCodec.MaxLineBytes];

    public void Add(in Tick tick)
    {
        if (tickCount == ticks.Length) Array.Resize(ref ticks, 2 * tickCount);
        ticks[tickCount++] = tick;
    }

    public void Reject(in TickRejection rejection)
    {
        if (rejectionCount == rejections.Length) Array.Resize(ref rejections, 2 * rejectionCount);
        rejections[rejectionCount++] = rejection;
    }

    public void Clear() => (tickCount, rejectionCount) = (0, 0);
}

/// <summary>A line that became no tick.</summary>
/// <param name="Offset">Of the line's first byte within its record.</param>
/// <param name="Length">In bytes, without the white space around the line.</param>
/// <param name="Symbol">The symbol's index if the line named a known one, else −1.</param>
public readonly record struct TickRejection(int Offset, int Length, RejectionReason Reason, int Symbol);

/// <summary>Why a line became no tick. Of several faults the first in this order counts.</summary>
public enum RejectionReason
{
    /// <summary>Not rejected.</summary>
    None,

    /// <summary>A line above 4 KB, a record above 1 MiB as a whole, or all that follows the first 1,000 lines of a record.</summary>
    Oversized,
    NotUtf8,

    /// <summary>Values nested more than 16 deep.</summary>
    TooDeep,

    /// <summary>Not a JSON object; a known property twice, of the wrong type, or (symbol, time, price) missing or null.</summary>
    Malformed,
    UnknownSymbol,

    /// <summary>NaN, an infinity or 10³⁰⁹ and above, with any sign, also as text.</summary>
    PriceNotFinite,

    /// <summary>Zero, negative, or nothing once rounded to 10⁻⁸.</summary>
    PriceNotPositive,

    /// <summary>Above 10⁹.</summary>
    PriceTooLarge,

    /// <summary>Negative, above 10¹², not finite, or price × volume above 10¹⁵.</summary>
    VolumeInvalid,

    /// <summary>Negative, above 10⁹, not finite, or the bid above the ask.</summary>
    BidAskInvalid,

    /// <summary>Neither an RFC 3339 time nor whole milliseconds since 1970, or outside the years 1990 to 9999.</summary>
    TimeInvalid,

    /// <summary>More than five seconds ahead of the clock.</summary>
    TimeInFuture,

    /// <summary>Empty, too long, or of other characters than a source name has.</summary>
    SourceInvalid,

    /// <summary>Sequence or epoch negative, no whole number or beyond 64 bits; sequence without source, source without sequence, epoch without both.</summary>
    SequenceInvalid,

    /// <summary>Of tick files only: a one-sided quote before the other side was ever quoted.</summary>
    OneSided,
}

public static class RejectionReasonText
{
    /// <summary>The reason as it stands in quarantine and in reports.</summary>
    public static string ToText(this RejectionReason reason) => reason switch
    {
        RejectionReason.None => "none",
        RejectionReason.Oversized => "oversized",
        RejectionReason.NotUtf8 => "not_utf8",
        RejectionReason.TooDeep => "too_deep",
        RejectionReason.Malformed => "malformed",
        RejectionReason.UnknownSymbol => "unknown_symbol",
        RejectionReason.PriceNotFinite => "price_not_finite",
        RejectionReason.PriceNotPositive => "price_not_positive",
        RejectionReason.PriceTooLarge => "price_too_large",
        RejectionReason.VolumeInvalid => "volume_invalid",
        RejectionReason.BidAskInvalid => "bid_ask_invalid",
        RejectionReason.TimeInvalid => "time_invalid",
        RejectionReason.TimeInFuture => "time_in_future",
        RejectionReason.SourceInvalid => "source_invalid",
        RejectionReason.SequenceInvalid => "sequence_invalid",
        RejectionReason.OneSided => "one_sided",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "Unknown reason."),
    };
}
