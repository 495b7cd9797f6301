using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;
using Risk.Domain.Instruments;
using Risk.Domain.Prices;

namespace Risk.Application.Streaming;

/// <summary>The properties of one line as they were found, whatever the format of the line, and the rules that make a tick of them.</summary>
internal struct TickFields
{
    private FieldArray fields;

    /// <summary>A property was given twice.</summary>
    public bool HasDuplicate { get; private set; }

    public void Clear() => this = default;

    /// <summary>A slot to fill; the property counts as duplicate if the slot is taken.</summary>
    [UnscopedRef]
    public ref Field Claim(TickField name)
    {
        ref var field = ref fields[(int)name];
        if (field.Kind != FieldKind.Absent) HasDuplicate = true;
        return ref field;
    }

    /// <summary>The tick, or why there is none. The symbol's index is told in either case, −1 if there is no known one.</summary>
    public readonly RejectionReason Check(ReadOnlySpan<byte> line, ReadOnlySpan<byte> scratch, SymbolTable symbols, EventTime now, out Tick tick, out int symbol)
    {
        tick = default;
        symbol = -1;
        if (this[TickField.Symbol].Kind == FieldKind.Text && !TryFindSymbol(this[TickField.Symbol].TextIn(line, scratch), symbols, out symbol)) symbol = -1;
        if (HasDuplicate || !HasRightTypes(line, scratch)) return RejectionReason.Malformed;
        if (symbol < 0) return RejectionReason.UnknownSymbol;

        var reason = CheckPrice(this[TickField.Price], out var price);
        if (reason != RejectionReason.None) return reason;
        if (!TryVolume(this[TickField.Volume], price, out var volume)) return RejectionReason.VolumeInvalid;
        if (!TrySide(this[TickField.Bid], out var bid) || !TrySide(this[TickField.Ask], out var ask)) return RejectionReason.BidAskInvalid;
        if (bid != 0 && ask != 0 && bid > ask) return RejectionReason.BidAskInvalid;
        reason = CheckTime(this[TickField.Time], line, scratch, now, out var time);
        if (reason != RejectionReason.None) return reason;
        reason = CheckIdentity(line, scratch, out var source, out var epoch, out var sequence);
        if (reason != RejectionReason.None) return reason;
        tick = new Tick(symbol, new EventTime(time), new Price(price), new Price(bid), new Price(ask), new Volume(volume), source, epoch, sequence);
        return RejectionReason.None;
    }

    /// <summary>Price × volume is believed up to 10¹⁵.</summary>
    public static bool IsTurnoverBelieved(long priceE8, long volumeE6)
    {
        var high = Math.BigMul((ulong)priceE8, (ulong)volumeE6, out var low);
        return new UInt128(high, low) <= MaxTurnover;
    }

    private static readonly UInt128 MaxTurnover = UInt128.Parse("100000000000000000000000000000");

    private readonly Field this[TickField name] => fields[(int)name];

    private static bool TryFindSymbol(ReadOnlySpan<byte> text, SymbolTable symbols, out int symbol)
    {
        if (symbols.TryFind(text, out symbol)) return true;
        if (text.Length > Symbol.MaxLength) return false;
        Span<byte> upper = stackalloc byte[Symbol.MaxLength];
        for (var i = 0; i < text.Length; i++) upper[i] = text[i] is >= (byte)'a' and <= (byte)'z' ? (byte)(text[i] - 32) : text[i];
        return symbols.TryFind(upper[..text.Length], out symbol);
    }

    private readonly bool HasRightTypes(ReadOnlySpan<byte> line, ReadOnlySpan<byte> scratch) =>
        this[TickField.Symbol].Kind == FieldKind.Text
        && this[TickField.Time].Kind is FieldKind.Text or FieldKind.Number
        && this[TickField.Price].IsGiven && this[TickField.Price].IsNumberOrNotFinite(line, scratch)
        && this[TickField.Bid].IsNumberOrNotFinite(line, scratch)
        && this[TickField.Ask].IsNumberOrNotFinite(line, scratch)
        && this[TickField.Volume].IsNumberOrNotFinite(line, scratch)
        && this[TickField.Source].Kind is FieldKind.Absent or FieldKind.Null or FieldKind.Text
        && this[TickField.Epoch].Kind is FieldKind.Absent or FieldKind.Null or FieldKind.Number
        && this[TickField.Sequence].Kind is FieldKind.Absent or FieldKind.Null or FieldKind.Number;

    private static RejectionReason CheckPrice(in Field field, out long price)
    {
        price = 0;
        if (field.Kind != FieldKind.Number || field.Number.IsNotFinite) return RejectionReason.PriceNotFinite;
        if (field.Number.IsNegative) return RejectionReason.PriceNotPositive;
        if (!field.Number.TryScale(Price.Decimals, Price.Max.E8, out price)) return RejectionReason.PriceTooLarge;
        return price == 0 ? RejectionReason.PriceNotPositive : RejectionReason.None;
    }

    private static bool TryVolume(in Field field, long price, out long volume)
    {
        volume = 0;
        if (!field.IsGiven) return true;
        return field.Kind == FieldKind.Number && !field.Number.IsNegative
            && field.Number.TryScale(Volume.Decimals, Volume.Max.E6, out volume) && IsTurnoverBelieved(price, volume);
    }

    private static bool TrySide(in Field field, out long price)
    {
        price = 0;
        return !field.IsGiven || (field.Kind == FieldKind.Number && !field.Number.IsNegative && field.Number.TryScale(Price.Decimals, Price.Max.E8, out price));
    }

    private static RejectionReason CheckTime(in Field field, ReadOnlySpan<byte> line, ReadOnlySpan<byte> scratch, EventTime now, out long time)
    {
        if (field.Kind == FieldKind.Text)
        {
            if (!TickTime.TryParse(field.TextIn(line, scratch), out time)) return RejectionReason.TimeInvalid;
        }
        else
        {
            if (!field.Number.TryWhole(out time) || time > TickTime.MaxMicroseconds / EventTime.PerMillisecond) return RejectionReason.TimeInvalid;
            time *= EventTime.PerMillisecond;
        }
        if (time is < TickTime.MinMicroseconds or > TickTime.MaxMicroseconds) return RejectionReason.TimeInvalid;
        return time > now.Microseconds + TickCodec.MaxAheadMicroseconds ? RejectionReason.TimeInFuture : RejectionReason.None;
    }

    private readonly RejectionReason CheckIdentity(ReadOnlySpan<byte> line, ReadOnlySpan<byte> scratch, out SourceName source, out long epoch, out long sequence)
    {
        (source, epoch, sequence) = (default, 0, 0);
        Field name = this[TickField.Source], number = this[TickField.Sequence], era = this[TickField.Epoch];
        if (name.IsGiven && (!SourceName.TryParse(name.TextIn(line, scratch), out source) || source.IsEmpty)) return RejectionReason.SourceInvalid;
        if (name.IsGiven != number.IsGiven || (era.IsGiven && !name.IsGiven)) return RejectionReason.SequenceInvalid;
        if (number.IsGiven && !number.Number.TryWhole(out sequence)) return RejectionReason.SequenceInvalid;
        return era.IsGiven && !era.Number.TryWhole(out epoch) ? RejectionReason.SequenceInvalid : RejectionReason.None;
    }

    [InlineArray(9)]
    private struct FieldArray
    {
        private Field first;
    }
}

internal enum TickField
{
    Unknown = -1,
    Symbol,
    Time,
    Price,
    Bid,
    Ask,
    Volume,
    Source,
    Epoch,
    Sequence,
}

internal enum FieldKind : byte
{
    Absent,
    Null,
    Text,
    Number,

    /// <summary>NaN, Infinity or −Infinity, written bare.</summary>
    NotFinite,

    /// <summary>true, false, an object or an array.</summary>
    Other,
}

/// <summary>One value: for text where it stands, in the line or (unescaped) in the scratch bytes; for a number what it is.</summary>
internal struct Field
{
    public FieldKind Kind;
    public bool IsInScratch;
    public int Start;
    public int Length;
    public ExactNumber Number;

    public readonly bool IsGiven => Kind is not (FieldKind.Absent or FieldKind.Null);

    public readonly ReadOnlySpan<byte> TextIn(ReadOnlySpan<byte> line, ReadOnlySpan<byte> scratch) => (IsInScratch ? scratch : line).Slice(Start, Length);

    /// <summary>True for what is not given, too.</summary>
    public readonly bool IsNumberOrNotFinite(ReadOnlySpan<byte> line, ReadOnlySpan<byte> scratch) =>
        Kind is FieldKind.Number or FieldKind.NotFinite or FieldKind.Absent or FieldKind.Null
        || (Kind == FieldKind.Text && NamesNoFiniteNumber(TextIn(line, scratch)));

    /// <summary>Feeds that cannot write NaN in JSON write it as text.</summary>
    private static bool NamesNoFiniteNumber(ReadOnlySpan<byte> text)
    {
        var unsigned = text.Length > 0 && text[0] is (byte)'-' or (byte)'+' ? text[1..] : text;
        if (Ascii.EqualsIgnoreCase(unsigned, "nan"u8) || Ascii.EqualsIgnoreCase(unsigned, "infinity"u8) || Ascii.EqualsIgnoreCase(unsigned, "inf"u8)) return true;
        var at = 0;
        return ExactNumber.TryRead(unsigned, ref at, out var number) && at == unsigned.Length && number.IsNotFinite;
    }
}
