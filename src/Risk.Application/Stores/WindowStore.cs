using System.Buffers;
using System.Text.Json;
using Risk.Application.Ports;
using Risk.Domain.Instruments;
using Risk.Domain.Prices;

namespace Risk.Application.Stores;

/// <summary>The closed 5-second windows. What is closed never changes, so that writing one twice is harmless.</summary>
public sealed class WindowStore(IItemTable table)
{
    /// <summary>How long closed windows are kept.</summary>
    public static readonly TimeSpan Retention = TimeSpan.FromDays(30);

    /// <summary>One outcome for each window, in order.</summary>
    public async Task<IReadOnlyList<WriteOutcome>> SaveAsync(
        IReadOnlyList<(Symbol Symbol, PriceWindow Window)> closed, DateTimeOffset now, CancellationToken cancellation)
    {
        var writes = new ItemWrite[closed.Count];
        var expiry = now + Retention;
        for (var i = 0; i < writes.Length; i++)
        {
            var (symbol, window) = closed[i];
            writes[i] = ItemWrite.Put(new Item(Keys.Window(symbol, window.Start), Write(symbol, window), ExpiresAt: expiry));
        }
        return await table.WriteEachAsync(writes, cancellation);
    }

    /// <summary>The closed windows that start in [from, to], the newest <paramref name="limit"/> of them, in ascending order.</summary>
    public async Task<List<PriceWindow>> LoadAsync(Symbol symbol, EventTime from, EventTime to, int limit, CancellationToken cancellation)
    {
        var windows = new List<PriceWindow>();
        for (var day = Keys.Day(to); day >= Keys.Day(from) && windows.Count < limit; day = day.AddDays(-1))
        {
            var query = new ItemQuery(
                Keys.WindowPartition(symbol, day), Keys.WindowSort(from), Keys.WindowSort(to), Descending: true, Limit: Math.Min(limit - windows.Count, 1000));
            await foreach (var item in table.QueryAllAsync(query, cancellation))
            {
                windows.Add(Read(item));
                if (windows.Count == limit) break;
            }
        }
        windows.Reverse();
        return windows;
    }

    public static PriceWindow Read(Item item)
    {
        using var document = JsonDocument.Parse(item.Body);
        return SymbolStateJson.ReadWindow(document.RootElement.GetProperty("window"u8));
    }

    private static byte[] Write(Symbol symbol, PriceWindow window)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("symbol"u8, symbol.Text);
        json.WritePropertyName("window"u8);
        SymbolStateJson.WriteWindow(json, window);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
