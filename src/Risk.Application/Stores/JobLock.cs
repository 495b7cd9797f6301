using System.Text;
using System.Text.Json;
using Risk.Application.Ports;

namespace Risk.Application.Stores;

/// <summary>A schedule fires at least once: whoever takes the scheduled time first does the job, and nobody else.</summary>
public sealed class JobLock(IItemTable table, TimeProvider time)
{
    /// <summary>Longer than any scheduler repeats itself.</summary>
    public static readonly TimeSpan Retention = TimeSpan.FromDays(2);

    /// <summary>True for the first owner, as often as it asks: an owner that failed may try again.</summary>
    /// <param name="owner">The same for every attempt at one event.</param>
    /// <exception cref="StoreUnavailableException">Not known to be taken.</exception>
    public async Task<bool> TryTakeAsync(string job, DateTimeOffset scheduled, string owner, CancellationToken cancellation)
    {
        var key = Keys.Job(job, scheduled);
        var item = new Item(key, Encoding.UTF8.GetBytes($$"""{"owner":"{{JsonEncodedText.Encode(owner)}}"}"""), ExpiresAt: time.GetUtcNow() + Retention);
        var outcome = (await table.WriteEachAsync([ItemWrite.Put(item, WriteCondition.Absent)], cancellation))[0];
        if (outcome == WriteOutcome.Written) return true;
        // Refused may also be the effect of a first try whose reply was lost.
        if (await table.GetAsync(key, cancellation) is not { } standing) throw new StoreUnavailableException($"The lock of {job} could not be taken.");
        using var document = JsonDocument.Parse(standing.Body);
        return document.RootElement.GetProperty("owner"u8).GetString() == owner;
    }
}
