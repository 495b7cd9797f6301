using Risk.Application.Streaming;
namespace Risk.Application.Feeds;

/// <summary>Reads a stream line by line in bounded memory, and refuses to read more than a bound, so that a small archive cannot unfold without end.</summary>
internal sealed class LineReader(Stream content, long maxBytes)
{
    private readonly byte[] buffer = new byte[128 * 1024];
    private int start;
    private int end;
    private long total;
    private bool isEnded;
    private bool isSkipping;

    /// <summary>The number of the line that was read last; the first is 1.</summary>
    public long Line { get; private set; }

    /// <summary>The next line without its line end, valid until the next call; of a line beyond <see cref="TickCodec.MaxLineBytes"/> only a part that is still too long.</summary>
    /// <exception cref="TickFileException">The content is larger than allowed.</exception>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        while (true)
        {
            var length = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            if (length >= 0 || (isEnded && start < end))
            {
                if (length < 0) length = end - start;
                line = buffer.AsSpan(start, length);
                start = Math.Min(end, start + length + 1);
                if (TakeSkipping()) continue;
                Line++;
                return true;
            }
            if (isEnded)
            {
                line = default;
                return false;
            }
            if (end - start > TickCodec.MaxLineBytes && !isSkipping)
            {
                line = buffer.AsSpan(start, end - start);
                (start, isSkipping) = (end, true);
                Line++;
                return true;
            }
            Fill();
        }
    }

    /// <summary>True for the rest of a line that was already handed out as too long.</summary>
    private bool TakeSkipping()
    {
        var was = isSkipping;
        isSkipping = false;
        return was;
    }

    private void Fill()
    {
        if (isSkipping) start = end;
        buffer.AsSpan(start, end - start).CopyTo(buffer);
        (start, end) = (0, end - start);
        var read = content.Read(buffer, end, buffer.Length - end);
        isEnded = read == 0;
        end += read;
        total += read;
        if (total > maxBytes) throw new TickFileException($"It holds more than {maxBytes:N0} bytes once unpacked. Split it into smaller files.");
    }
}
