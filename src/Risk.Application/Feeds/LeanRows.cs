using Risk.Application.Streaming;
using Risk.Domain.Calendars;
using Risk.Domain.Prices;

namespace Risk.Application.Feeds;

/// <summary>
/// The rows of a LEAN tick file, told apart by their number of columns:
/// trade of an equity (6): ms, price × 10⁴, size, exchange, condition, suspicious;
/// quote of an equity (8): ms, bid × 10⁴, bid size, ask × 10⁴, ask size, exchange, condition, suspicious, often one side a row, the other 0;
/// quote of a currency pair or CFD (3): ms, bid, ask.
/// Milliseconds count from midnight: of New York for equities, UTC for the others (LEAN's data time zone of OANDA and Interactive Brokers).
/// A quoted side stands until it is quoted again; a quote's price is the middle of both sides, its volume 0. Where the sides are crossed
/// (bid above ask, as recorded feeds often have it for a moment) the middle is kept and the sides are not.
/// </summary>
internal sealed class LeanRows(DateOnly day, bool isQuote, int columns)
{
    private const int SuspiciousColumnOfTrade = 5;
    private const int SuspiciousColumnOfQuote = 7;
    private const long DayMicroseconds = 86_400_000_000;

    private readonly long utcMidnight = EventTime.From(new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero)).Microseconds;
    private Price bid;
    private Price ask;

    /// <summary>Or of CFDs, which look the same.</summary>
    public bool IsOfCurrencies => columns == 3;

    public static bool IsKnown(bool isQuote, int columns) => isQuote ? columns is 3 or 8 : columns == 6;

    public RejectionReason Read(ReadOnlySpan<byte> line, int symbol, out Tick tick, out bool isSuspicious, out bool isCrossed)
    {
        tick = default;
        isSuspicious = isCrossed = false;
        Span<Range> cells = stackalloc Range[9];
        if (TickCsvRows.Split(line, cells) != columns || !TryMark(line, cells, out isSuspicious)) return RejectionReason.Malformed;
        if (!TryNumber(line[cells[0]], out var ms)) return RejectionReason.Malformed;
        if (ms.IsNegative || !ms.TryScale(3, DayMicroseconds - 1, out var sinceMidnight)) return RejectionReason.TimeInvalid;
        var reason = isQuote ? ReadQuote(line, cells, out var price) : ReadTrade(line, cells, out price, out tick);
        if (reason != RejectionReason.None) return reason;
        var time = columns == 3
            ? new EventTime(utcMidnight + sinceMidnight)
            : ExchangeTime.FromNewYork(day, TimeSpan.FromMicroseconds(sinceMidnight));
        isCrossed = isQuote && bid.E8 > ask.E8;
        tick = tick with { Symbol = symbol, Time = time, Price = price };
        if (isQuote && !isCrossed) tick = tick with { Bid = bid, Ask = ask };
        return RejectionReason.None;
    }

    private static RejectionReason ReadTrade(ReadOnlySpan<byte> line, Span<Range> cells, out Price price, out Tick tick)
    {
        (price, tick) = (default, default);
        if (!TryNumber(line[cells[1]], out var scaled) || !TryNumber(line[cells[2]], out var size)) return RejectionReason.Malformed;
        if (scaled.IsNotFinite) return RejectionReason.PriceNotFinite;
        if (scaled.IsNegative) return RejectionReason.PriceNotPositive;
        if (!scaled.TryScale(Price.Decimals - 4, Price.Max.E8, out var e8)) return RejectionReason.PriceTooLarge;
        if (e8 == 0) return RejectionReason.PriceNotPositive;
        price = new Price(e8);
        if (size.IsNegative || !size.TryScale(Volume.Decimals, Volume.Max.E6, out var volume) || !TickFields.IsTurnoverBelieved(e8, volume)) return RejectionReason.VolumeInvalid;
        tick = new Tick { Volume = new Volume(volume) };
        return RejectionReason.None;
    }

    private RejectionReason ReadQuote(ReadOnlySpan<byte> line, Span<Range> cells, out Price middle)
    {
        middle = default;
        var (bidCell, askCell, decimals) = columns == 3 ? (1, 2, Price.Decimals) : (1, 3, Price.Decimals - 4);
        if (!TryNumber(line[cells[bidCell]], out var newBid) || !TryNumber(line[cells[askCell]], out var newAsk)) return RejectionReason.Malformed;
        if (newBid.IsNegative || newAsk.IsNegative
            || !newBid.TryScale(decimals, Price.Max.E8, out var bidE8) || !newAsk.TryScale(decimals, Price.Max.E8, out var askE8)
            || (bidE8 | askE8) == 0) return RejectionReason.BidAskInvalid;
        if (bidE8 != 0) bid = new Price(bidE8);
        if (askE8 != 0) ask = new Price(askE8);
        if (!bid.IsGiven || !ask.IsGiven) return RejectionReason.OneSided;
        var sum = bid.E8 + ask.E8;
        middle = new Price(sum / 2 + ((sum & 3) == 3 ? 1 : 0));
        return middle.IsGiven ? RejectionReason.None : RejectionReason.PriceNotPositive;
    }

    private bool TryMark(ReadOnlySpan<byte> line, Span<Range> cells, out bool isSuspicious)
    {
        isSuspicious = false;
        if (columns == 3) return true;
        var cell = line[cells[isQuote ? SuspiciousColumnOfQuote : SuspiciousColumnOfTrade]];
        isSuspicious = cell.SequenceEqual("1"u8);
        return isSuspicious || cell.SequenceEqual("0"u8);
    }

    private static bool TryNumber(ReadOnlySpan<byte> cell, out ExactNumber number)
    {
        var at = 0;
        return ExactNumber.TryRead(cell, ref at, out number) && at == cell.Length;
    }
}
