using System.IO.Compression;
using System.Runtime.CompilerServices;
using Risk.Application.Feeds;
using Risk.Application.Ports;
using Risk.Application.Streaming;
using Risk.Domain.Prices;

namespace Risk.Application.Closing;

/// <summary>
/// Reads raw objects back as ticks, a few of them fetched ahead. What an object does not tell is the end of its records and the moment of
/// their arrival: a tick ahead of its time is judged by the end of the hour in which it came.
/// </summary>
internal sealed class RawTicks(IArchive archive, Universe universe)
{
    private const int FetchedAhead = 8;

    /// <summary>Unpacked. Far above what is ever put into one; stops a damaged object from filling the memory.</summary>
    private const long MaxBytes = 256L * 1024 * 1024;

    private readonly TickBuffer buffer = new();

    /// <summary>Each object in turn, its ticks valid until the next; null where it is missing or damaged.</summary>
    /// <exception cref="StoreUnavailableException">The archive is out of reach.</exception>
    public async IAsyncEnumerable<(string Name, TickBuffer? Ticks)> ReadAsync(IEnumerable<string> names, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var fetched = new Queue<(string Name, Task<byte[]?> Content)>();
        foreach (var name in names)
        {
            fetched.Enqueue((name, archive.GetAsync(name, cancellation)));
            if (fetched.Count == FetchedAhead) yield return await NextAsync(fetched);
        }
        while (fetched.Count > 0) yield return await NextAsync(fetched);
    }

    private async Task<(string Name, TickBuffer? Ticks)> NextAsync(Queue<(string Name, Task<byte[]?> Content)> fetched)
    {
        var (name, content) = fetched.Dequeue();
        buffer.Clear();
        return (name, await content is { } bytes && RawObject.ArrivedBefore(name) is { } now && TryRead(bytes, now) ? buffer : null);
    }

    private bool TryRead(byte[] compressed, EventTime now)
    {
        try
        {
            using var content = new GZipStream(new MemoryStream(compressed, writable: false), CompressionMode.Decompress);
            var lines = new LineReader(content, MaxBytes);
            var fields = new TickFields();
            while (lines.TryRead(out var whole))
            {
                var line = TickCodec.Trim(whole, out _);
                if (line.Length == 0) continue;
                var reason = TickCodec.DecodeLine(line, isUtf8: false, universe.Symbols, now, buffer.Scratch, ref fields, out var tick, out var symbol);
                if (reason == RejectionReason.None) buffer.Add(tick);
                else buffer.Reject(new TickRejection(0, line.Length, reason, symbol));
            }
            return true;
        }
        catch (Exception fault) when (fault is InvalidDataException or TickFileException)
        {
            return false;
        }
    }
}
