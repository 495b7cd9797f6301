using System.Text;
using Risk.Application.Streaming;
using Risk.Domain.Instruments;
using Risk.Domain.Prices;

namespace Risk.Application.Feeds;

/// <summary>
/// Ticks as CSV under a header that names the columns in any order: time, symbol and price, optionally volume, bid and ask; others are
/// ignored. The cells follow the rules of <see cref="TickCodec"/>; an empty cell is not given. Quotes around a cell are dropped, commas
/// within one are not supported: no value of a tick has one.
/// </summary>
internal sealed class TickCsvRows
{
    private const int MaxColumns = 64;
    private readonly TickField[] columns;

    /// <exception cref="TickFileException">The header lacks a column, or names one twice.</exception>
    public TickCsvRows(ReadOnlySpan<byte> header)
    {
        Span<Range> cells = stackalloc Range[MaxColumns];
        var count = Split(header, cells);
        if (count > MaxColumns) throw new TickFileException($"The header has more than {MaxColumns} columns. Keep time, symbol, price, volume, bid and ask.");
        columns = new TickField[count];
        for (var i = 0; i < count; i++) columns[i] = FieldOf(Encoding.UTF8.GetString(Unquote(header, cells[i], out _)));
        foreach (var (name, field) in new[] { ("time", TickField.Time), ("symbol", TickField.Symbol), ("price", TickField.Price) })
            if (!columns.Contains(field)) throw new TickFileException($"The first line names no column '{name}'. It must be a header such as: time,symbol,price,volume,bid,ask");
        if (columns.Where(x => x != TickField.Unknown).GroupBy(x => x).Any(x => x.Count() > 1)) throw new TickFileException("The header names a column twice.");
    }

    public RejectionReason Read(ReadOnlySpan<byte> line, SymbolTable symbols, EventTime now, ref TickFields fields, out Tick tick, out int symbol)
    {
        (tick, symbol) = (default, -1);
        Span<Range> cells = stackalloc Range[MaxColumns];
        if (Split(line, cells) != columns.Length) return RejectionReason.Malformed;
        fields.Clear();
        for (var i = 0; i < columns.Length; i++)
        {
            if (columns[i] == TickField.Unknown) continue;
            var text = Unquote(line, cells[i], out var start);
            if (text.Length == 0) continue;
            ref var field = ref fields.Claim(columns[i]);
            var at = 0;
            var isNumber = columns[i] != TickField.Symbol && ExactNumber.TryRead(text, ref at, out field.Number) && at == text.Length;
            (field.Kind, field.Start, field.Length) = (isNumber ? FieldKind.Number : FieldKind.Text, start, text.Length);
        }
        return fields.Check(line, default, symbols, now, out tick, out symbol);
    }

    /// <summary>The cells between commas; returns how many there are, at most one more than fit.</summary>
    public static int Split(ReadOnlySpan<byte> line, Span<Range> cells)
    {
        var start = 0;
        for (var count = 0; count < cells.Length; count++)
        {
            var length = line[start..].IndexOf((byte)',');
            cells[count] = length < 0 ? start..line.Length : start..(start + length);
            if (length < 0) return count + 1;
            start += length + 1;
        }
        return cells.Length + 1;
    }

    private static ReadOnlySpan<byte> Unquote(ReadOnlySpan<byte> line, Range cell, out int start)
    {
        var text = TickCodec.Trim(line[cell], out var leading);
        start = cell.Start.Value + leading;
        if (text.Length < 2 || text[0] != '"' || text[^1] != '"') return text;
        start++;
        return text[1..^1];
    }

    private static TickField FieldOf(string name) => name.ToUpperInvariant() switch
    {
        "TIME" => TickField.Time,
        "SYMBOL" => TickField.Symbol,
        "PRICE" => TickField.Price,
        "VOLUME" => TickField.Volume,
        "BID" => TickField.Bid,
        "ASK" => TickField.Ask,
        _ => TickField.Unknown,
    };
}
