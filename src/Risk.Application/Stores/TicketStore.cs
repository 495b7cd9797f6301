using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Risk.Application.Access;
using Risk.Application.Ports;

namespace Risk.Application.Stores;

/// <summary>
/// Tickets: each lets its caller open one WebSocket, soon. A browser can't send headers with a handshake, and an address ends up in logs;
/// so what stands in the address is worth nothing afterwards. Only its hash is stored.
/// </summary>
public sealed class TicketStore(IItemTable table, TimeProvider time)
{
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(60);

    private const int Length = 40;
    private const string Letters = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    /// <summary>A ticket with the rights of the caller, good until then.</summary>
    public async Task<(string Ticket, DateTimeOffset ExpiresAt)> IssueAsync(Caller caller, CancellationToken cancellation)
    {
        var ticket = RandomNumberGenerator.GetString(Letters, Length);
        var expiry = time.GetUtcNow() + Life;
        var body = new TicketBody(caller.Name, caller.Scopes.ToString(), expiry, caller.ValidUntil, caller.KeyId);
        var item = new Item(KeyOf(ticket), JsonSerializer.SerializeToUtf8Bytes(body, TicketJson.Default.TicketBody), ExpiresAt: expiry);
        if (await table.WriteAtomicAsync([ItemWrite.Put(item, WriteCondition.Absent)], cancellation) is not null)
            throw new InvalidOperationException("Two tickets are the same: the random generator is broken.");
        return (ticket, expiry);
    }

    /// <summary>Uses the ticket up. Null for what is no ticket, and for one that is unknown, expired or used already.</summary>
    public async Task<Caller?> RedeemAsync(string ticket, CancellationToken cancellation)
    {
        if (ticket.Length != Length || !ticket.All(char.IsAsciiLetterOrDigit)) return null;
        var key = KeyOf(ticket);
        if (await table.GetAsync(key, cancellation) is not { } item) return null;
        // Of two who come at once, the table lets one delete it.
        if (await table.WriteAtomicAsync([ItemWrite.Delete(key, WriteCondition.VersionIs(item.Version))], cancellation) is not null) return null;
        var x = JsonSerializer.Deserialize(item.Body.Span, TicketJson.Default.TicketBody)!;
        return time.GetUtcNow() < x.ExpiresAt ? new Caller(x.Name, Scopes.Read(x.Scopes), x.ValidUntil, x.KeyId) : null;
    }

    private static ItemKey KeyOf(string ticket) => Keys.Ticket(ApiKeyText.HashOf(ticket));
}

internal sealed record TicketBody(string Name, string Scopes, DateTimeOffset ExpiresAt, DateTimeOffset? ValidUntil = null, string? KeyId = null);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TicketBody))]
internal sealed partial class TicketJson : JsonSerializerContext;
