using System.Text.Json;
using System.Text.Json.Serialization;
using Risk.Application.Ports;
using Risk.Domain.Scenarios;

namespace Risk.Application.Stores;

/// <summary>
/// The history of daily closes in use: an immutable object <c>history/{hash}.bin.gz</c> in the archive and one pointer item that names it
/// and counts its versions up. The object is written first, then the pointer is flipped on its version. The last history read is kept
/// and trusted only while the pointer says the same.
/// </summary>
public sealed class HistoryStore(IItemTable table, IArchive archive, TimeProvider time)
{
    /// <summary>How long an object that could not be read is not tried again.</summary>
    public static readonly TimeSpan RetryUnreadableAfter = TimeSpan.FromSeconds(10);

    private const int MaxAttempts = 20;

    private static readonly ItemKey PointerKey = new("HIST#CURRENT", "default");

    private volatile PriceHistory warm = PriceHistory.Empty;
    private volatile Unreadable? unreadable;

    /// <summary>
    /// The history in use; empty when none was ever imported. If its object is missing or damaged, the last one that could be read, with
    /// the fault named: never an empty history without a word.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The table or the archive is out of reach.</exception>
    public async Task<CurrentHistory> LoadCurrentAsync(CancellationToken cancellation)
    {
        var item = await table.GetAsync(PointerKey, cancellation);
        if (item is null) return new CurrentHistory(PriceHistory.Empty, null);
        if (unreadable is { } known && known.Version == item.Version && time.GetUtcNow() - known.At < RetryUnreadableAfter) return new CurrentHistory(warm, known.Fault);
        return await LoadAsync(item, cancellation);
    }

    /// <summary>
    /// Replaces the history in use by what <paramref name="revise"/> makes of it, and returns the one then in use. The same content makes
    /// no new version; null leaves what is in use as it is. When another writer was faster the change is made again on top of his, so <paramref name="revise"/> must have no
    /// effects. If the object in use can't be read, the change starts from an empty history and the result names the fault.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The table or the archive is out of reach, or other writers were faster every time.</exception>
    public async Task<CurrentHistory> ReviseAsync(Func<PriceHistory, PriceHistory?> revise, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var item = await table.GetAsync(PointerKey, cancellation);
            var current = item is null ? new CurrentHistory(PriceHistory.Empty, null) : await LoadAsync(item, cancellation);
            if (revise(current.Fault is null ? current.History : PriceHistory.Empty) is not { } revised) return current;
            var bytes = HistoryCodec.Encode(revised);
            var hash = HistoryCodec.Hash(bytes);
            if (current.Fault is null && hash == current.History.ContentHash) return current;
            if (item is null && revised.Symbols.Count == 0) return current;

            var version = (item?.Version ?? 0) + 1;
            await archive.PutAsync(ObjectName(hash), HistoryCodec.Compress(bytes), cancellation);
            var pointer = new HistoryPointer(hash, ObjectName(hash), revised.Symbols.Count, revised.Dates.Count);
            var put = new Item(PointerKey, JsonSerializer.SerializeToUtf8Bytes(pointer, HistoryPointerJson.Default.HistoryPointer), version);
            var condition = item is null ? WriteCondition.Absent : WriteCondition.VersionIs(item.Version);
            if (await table.WriteAtomicAsync([ItemWrite.Put(put, condition)], cancellation) is not null) continue;

            warm = HistoryCodec.Decode(bytes, version, hash);
            return new CurrentHistory(warm, current.Fault);
        }
        throw new StoreUnavailableException($"The history pointer was changed by others {MaxAttempts} times in a row.");
    }

    private async Task<CurrentHistory> LoadAsync(Item item, CancellationToken cancellation)
    {
        HistoryPointer? pointer = null;
        try
        {
            pointer = JsonSerializer.Deserialize(item.Body.Span, HistoryPointerJson.Default.HistoryPointer);
            if (pointer is null) throw new InvalidDataException("its pointer is empty");
            if (warm.Version == item.Version && warm.ContentHash == pointer.Hash) return new CurrentHistory(warm, null);
            var stored = await archive.GetAsync(pointer.Object, cancellation) ?? throw new InvalidDataException("it is missing");
            var bytes = HistoryCodec.Decompress(stored);
            if (HistoryCodec.Hash(bytes) != pointer.Hash) throw new InvalidDataException("its content does not match its hash");
            warm = HistoryCodec.Decode(bytes, item.Version, pointer.Hash);
            unreadable = null;
            return new CurrentHistory(warm, null);
        }
        catch (Exception exception) when (exception is InvalidDataException or JsonException)
        {
            var fault = $"The history of version {item.Version} ({pointer?.Object ?? "no object"}) can't be read: {exception.Message}.";
            unreadable = new Unreadable(item.Version, time.GetUtcNow(), fault);
            return new CurrentHistory(warm, fault);
        }
    }

    private static string ObjectName(string hash) => $"history/{hash}.bin.gz";

    private sealed record Unreadable(long Version, DateTimeOffset At, string Fault);
}

/// <param name="History">To be measured with.</param>
/// <param name="Fault">Null when it is the one in use; otherwise why that could not be read, and <paramref name="History"/> is an older one, or empty.</param>
public sealed record CurrentHistory(PriceHistory History, string? Fault);

internal sealed record HistoryPointer(string Hash, string Object, int Symbols, int Days);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(HistoryPointer))]
internal sealed partial class HistoryPointerJson : JsonSerializerContext;
