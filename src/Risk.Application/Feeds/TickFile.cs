using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using Risk.Application.Streaming;
using Risk.Domain.Amounts;
using Risk.Domain.Instruments;
using Risk.Domain.Prices;

namespace Risk.Application.Feeds;

/// <summary>
/// A file of recorded ticks, read row by row: NDJSON as <see cref="TickCodec"/> has it (<c>.ndjson</c>, <c>.jsonl</c>, <c>.json</c>), CSV with
/// a header (<c>.csv</c>), or a LEAN tick archive (<c>symbol_yyyymmdd_trade.zip</c>, <c>symbol_yyyymmdd_quote.zip</c>). Each row is a tick
/// or has a reason why not. Ticks get the source of all replays and a sequence that counts per symbol; the epoch, which tells files apart, is the replay's to give.
/// </summary>
public sealed class TickFile : IDisposable
{
    /// <summary>Of a file once unpacked.</summary>
    public const long DefaultMaxBytes = 8L * 1024 * 1024 * 1024;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    private readonly SymbolTable symbols;
    private readonly ZipArchive? archive;
    private readonly LineReader lines;
    private readonly TickCsvRows? csv;
    private readonly LeanRows? lean;
    private readonly int leanSymbol = -1;
    private readonly byte[] scratch = new byte[TickCodec.MaxLineBytes];
    private readonly List<long> sequences = [];
    private TickFields fields;
    private byte[]? firstRow;

    private TickFile(string name, Stream content, SymbolTable symbols, long maxBytes)
    {
        this.symbols = symbols;
        content.Position = 0;
        ContentHash = Convert.ToHexStringLower(SHA256.HashData(content));
        CursorName = SourceName.Parse("replay:" + ContentHash[..16]);
        content.Position = 0;
        switch (Path.GetExtension(name).ToUpperInvariant())
        {
            case ".ZIP":
                if (!TryParseLeanName(name, out var symbol, out var day, out var isQuote))
                    throw new TickFileException("The name must tell symbol, day and kind: rename it to something like ibm_20131008_trade.zip or eurusd_20140508_quote.zip.");
                if (!symbols.TryFind(symbol, out leanSymbol)) throw new TickFileException($"{symbol} is no known instrument. Import it first.");
                archive = new ZipArchive(content, ZipArchiveMode.Read, leaveOpen: true);
                lines = new LineReader(OnlyCsvOf(archive).Open(), maxBytes);
                var first = ReadFirst();
                var columns = first.Count((byte)',') + 1;
                if (!LeanRows.IsKnown(isQuote, columns)) throw new TickFileException($"Rows of {columns} columns are not known. Tick files have 6 (trades), 8 (quotes) or 3 (quotes of currencies and CFDs).");
                lean = new LeanRows(day, isQuote, columns);
                firstRow = first;
                break;
            case ".CSV":
                lines = new LineReader(content, maxBytes);
                csv = new TickCsvRows(ReadFirst());
                break;
            case ".NDJSON" or ".JSONL" or ".JSON":
                lines = new LineReader(content, maxBytes);
                firstRow = ReadFirst();
                break;
            default:
                throw new TickFileException("Its kind is not known. Name it .ndjson, .csv, or (LEAN) symbol_yyyymmdd_trade.zip or …_quote.zip.");
        }
    }

    /// <summary>SHA-256 of the whole file, in lower-case hex.</summary>
    public string ContentHash { get; }

    /// <summary><c>replay:</c> and the first 16 digits of the hash.</summary>
    public SourceName CursorName { get; }

    /// <param name="name">With or without folders; the file's name decides how it is read.</param>
    /// <param name="content">Seekable; read from its beginning, left open.</param>
    /// <exception cref="TickFileException">It is no such file; the message says what to do.</exception>
    public static TickFile Open(string name, Stream content, SymbolTable symbols, long maxBytes = DefaultMaxBytes)
    {
        try
        {
            return new TickFile(Path.GetFileName(name), content, symbols, maxBytes);
        }
        catch (InvalidDataException e)
        {
            throw new TickFileException($"{name}: the archive is damaged or no archive at all. Fetch it again.", e);
        }
        catch (TickFileException e)
        {
            throw new TickFileException($"{name}: {e.Message}", e);
        }
    }

    /// <summary>
    /// What a LEAN archive holds ticks of, as its name and rows tell: a currency pair, else a share in US dollars. Null for any other file.
    /// </summary>
    /// <exception cref="TickFileException">It is an archive that can't be read.</exception>
    public static Instrument? InstrumentOf(string name, Stream content)
    {
        if (!Path.GetExtension(name).Equals(".zip", StringComparison.OrdinalIgnoreCase) || !TryParseLeanName(Path.GetFileName(name), out var symbol, out _, out _)) return null;
        var symbols = new SymbolTable();
        symbols.Add(symbol);
        using var file = Open(name, content, symbols);
        return file.lean!.IsOfCurrencies && symbol.Text.Length == 6 && Currency.TryParse(symbol.Text[..3], out _) && Currency.TryParse(symbol.Text[3..], out var quoted)
            ? new Instrument(symbol, symbol.Text, AssetClass.Fx, quoted)
            : new Instrument(symbol, symbol.Text, AssetClass.Equity, Currency.Usd);
    }

    /// <summary>The next row that is not empty.</summary>
    /// <exception cref="TickFileException">The archive is damaged further on, or larger than allowed.</exception>
    public bool TryRead(EventTime now, out TickRow row)
    {
        row = default;
        try
        {
            while (true)
            {
                ReadOnlySpan<byte> line = firstRow;
                if (firstRow is not null) firstRow = null;
                else if (!lines.TryRead(out line)) return false;
                if (line.Length <= TickCodec.MaxLineBytes) line = TickCodec.Trim(line, out _);
                if (line.Length == 0) continue;
                row = Read(line, now);
                return true;
            }
        }
        catch (InvalidDataException e)
        {
            throw new TickFileException($"The archive is damaged after line {lines.Line}. Fetch it again.", e);
        }
    }

    public void Dispose() => archive?.Dispose();

    private TickRow Read(ReadOnlySpan<byte> line, EventTime now)
    {
        if (line.Length > TickCodec.MaxLineBytes) return new TickRow(lines.Line, RejectionReason.Oversized, default, false, false);
        var (isSuspicious, isCrossed) = (false, false);
        var symbol = leanSymbol;
        Tick tick;
        RejectionReason reason;
        if (lean is not null) reason = lean.Read(line, symbol, out tick, out isSuspicious, out isCrossed);
        else if (csv is not null) reason = csv.Read(line, symbols, now, ref fields, out tick, out symbol);
        else reason = TickCodec.DecodeLine(line, isUtf8: false, symbols, now, scratch, ref fields, out tick, out symbol);

        if (lean is not null && reason == RejectionReason.None) reason = CheckTime(tick.Time, now);
        // What is in the future now is not later on: it keeps its number, so that those behind it keep theirs.
        if (reason is RejectionReason.None or RejectionReason.TimeInFuture) tick = tick with { Source = ReplayTicks.Source, Epoch = 0, Sequence = Count(symbol) };
        return new TickRow(lines.Line, reason, reason == RejectionReason.None ? tick : default, isSuspicious, isCrossed);
    }

    private static RejectionReason CheckTime(EventTime time, EventTime now)
    {
        if (time.Microseconds < TickTime.MinMicroseconds) return RejectionReason.TimeInvalid;
        return time.Microseconds > now.Microseconds + TickCodec.MaxAheadMicroseconds ? RejectionReason.TimeInFuture : RejectionReason.None;
    }

    private long Count(int symbol)
    {
        while (sequences.Count <= symbol) sequences.Add(0);
        return sequences[symbol]++;
    }

    private byte[] ReadFirst()
    {
        while (lines.TryRead(out var line))
        {
            if (lines.Line == 1 && line.StartsWith(ByteOrderMark)) line = line[ByteOrderMark.Length..];
            line = TickCodec.Trim(line, out _);
            if (line.Length > 0) return line.ToArray();
        }
        throw new TickFileException("It is empty.");
    }

    private static ZipArchiveEntry OnlyCsvOf(ZipArchive archive)
    {
        var files = archive.Entries.Where(x => x.Name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase)).Take(2).ToList();
        return files.Count == 1 ? files[0] : throw new TickFileException("The archive must hold exactly one .csv file.");
    }

    private static bool TryParseLeanName(string name, out Symbol symbol, out DateOnly day, out bool isQuote)
    {
        (symbol, day, isQuote) = (default, default, false);
        var parts = Path.GetFileNameWithoutExtension(name).Split('_');
        if (parts.Length != 3) return false;
        isQuote = parts[2].Equals("quote", StringComparison.OrdinalIgnoreCase);
        return Symbol.TryParse(parts[0], out symbol)
            && DateOnly.TryParseExact(parts[1], "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day)
            && (isQuote || parts[2].Equals("trade", StringComparison.OrdinalIgnoreCase));
    }
}

/// <param name="Line">The line's number within the file, from 1.</param>
/// <param name="Tick">With the source of replays, its sequence in the file, and epoch 0; of no meaning when rejected.</param>
/// <param name="IsSuspicious">Marked so by whoever recorded it; the tick is kept.</param>
/// <param name="IsCrossed">The bid stood above the ask: the price is the middle, and the tick has no sides.</param>
public readonly record struct TickRow(long Line, RejectionReason Reason, Tick Tick, bool IsSuspicious, bool IsCrossed);

/// <summary>The file as a whole cannot be read. The message tells what to do.</summary>
public sealed class TickFileException : Exception
{
    public TickFileException()
    {
    }

    public TickFileException(string message)
        : base(message)
    {
    }

    public TickFileException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
