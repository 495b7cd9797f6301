using CsvHelper;

namespace Risk.Application.Importing;

/// <summary>The rows of a CSV in UTF-8, with or without a byte order mark, blank lines left out. Fields are trimmed.</summary>
internal sealed class CsvRows : IDisposable
{
    private readonly CsvReader reader;

    private CsvRows(CsvReader reader) => this.reader = reader;

    /// <summary>The line of the row, counted from 1.</summary>
    public int Line => (int)reader.LineNumber;

    public int Count => reader.FieldCount;

    public string this[int column] => reader.GetString(column);

    /// <summary>The field as UTF-8, valid until the next row is read.</summary>
    public ReadOnlySpan<byte> Utf8(int column) => reader.GetSpan(column);

    /// <summary>Null, with a fault, for what can't be text rows at all.</summary>
    public static CsvRows? Open(ReadOnlyMemory<byte> content, FaultList faults)
    {
        if (content.Length > ImportLimits.MaxFileBytes)
        {
            faults.Add("", $"The file has {content.Length} bytes; at most {ImportLimits.MaxFileBytes} are read.");
            return null;
        }
        if (!System.Text.Unicode.Utf8.IsValid(content.Span))
        {
            faults.Add("", "The file is not UTF-8 text. Save it as \"CSV UTF-8\".");
            return null;
        }
        return new CsvRows(CsvReader.Create(content, new CsvReaderOptions
        {
            Separator = ',',
            HasHeader = false,
            TrimWhitespace = true,
            TrimInsideQuotes = true,
            TrackLineNumbers = true,
            // One quote that is never closed must not swallow the rest of the file.
            AllowLineBreaksInQuotes = false,
            OnMalformedRecord = record => AddMalformed(record, faults),
        }));
    }

    public bool Read() => reader.Read();

    /// <summary>The row's fields without the empty ones at its end, which a trailing comma makes.</summary>
    public List<string> ReadHeader()
    {
        var names = Enumerable.Range(0, Count).Select(i => this[i]).ToList();
        while (names.Count > 0 && names[^1].Length == 0) names.RemoveAt(names.Count - 1);
        return names;
    }

    /// <summary>Whether the row fits a header of that width: no field less, and only empty fields more.</summary>
    public bool Fits(int width)
    {
        if (Count < width) return false;
        for (var i = width; i < Count; i++)
            if (Utf8(i).Length > 0) return false;
        return true;
    }

    private static void AddMalformed(CsvMalformedRecord record, FaultList faults)
    {
        if (record.Reason is CsvMalformedReason.LineBreakInQuotes or CsvMalformedReason.UnterminatedQuote)
            faults.Add((int)record.LineNumber, "A quote is opened and not closed on the line.");
    }

    public void Dispose() => reader.Dispose();
}
