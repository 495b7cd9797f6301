using System.Text.Json;
using Microsoft.Extensions.Logging;
using Risk.Application.Ports;

namespace Risk.Api.Access;

/// <summary>
/// The issuer's keys, fetched when the first token comes, kept for <see cref="Freshness"/>, and fetched again for a <c>kid</c> that is not
/// among them, at most once in <see cref="RetryAfter"/>: invented kids cost the issuer nothing. While the issuer is out of reach its last
/// keys stay good for <see cref="Staleness"/>; without any, every token is denied.
/// </summary>
public sealed class SigningKeys : IDisposable
{
    public static readonly TimeSpan Freshness = TimeSpan.FromHours(1);
    public static readonly TimeSpan Staleness = TimeSpan.FromHours(24);
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(30);

    private const int MaxBytes = 256 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly JwtSettings settings;
    private readonly HttpClient http;
    private readonly TimeProvider time;
    private readonly ILogger<SigningKeys> log;
    private readonly SemaphoreSlim oneFetch = new(1, 1);
    private volatile Fetched? latest;
    private DateTimeOffset? triedAt;

    /// <param name="handler">How the issuer is reached. It must not follow redirects: they lead to where nobody configured.</param>
    public SigningKeys(JwtSettings settings, HttpMessageHandler handler, TimeProvider time, ILogger<SigningKeys> log)
    {
        (this.settings, this.time, this.log) = (settings, time, log);
        http = new HttpClient(handler) { MaxResponseContentBufferSize = MaxBytes, Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Null when the issuer has no such key.</summary>
    /// <exception cref="StoreUnavailableException">No keys are at hand and the issuer can't be asked.</exception>
    internal async Task<SigningKey?> FindAsync(string kid, CancellationToken cancellation)
    {
        var known = latest;
        var isUsable = known is not null && Age(known) <= Staleness && known.Keys.Find(kid) is not null;
        if (!isUsable || Age(known!) > Freshness) known = await RefreshAsync(known, isUsable, cancellation);
        return known is not null && Age(known) <= Staleness
            ? known.Keys.Find(kid)
            : throw new StoreUnavailableException("The issuer of tokens is out of reach.");
    }

    public void Dispose()
    {
        http.Dispose();
        oneFetch.Dispose();
    }

    /// <summary>What is known afterwards: newer keys, or the same where it was asked a moment ago or does not answer.</summary>
    private async Task<Fetched?> RefreshAsync(Fetched? seen, bool isUsable, CancellationToken cancellation)
    {
        // While one asks, those whose key is at hand go on with it.
        if (!await oneFetch.WaitAsync(isUsable ? 0 : Timeout.Infinite, cancellation)) return seen;
        try
        {
            var now = time.GetUtcNow();
            if (latest != seen || now - triedAt < RetryAfter) return latest;
            triedAt = now;
            using var patience = new CancellationTokenSource(Patience, time);
            // Not the caller's token: one who hangs up must not leave the others without keys.
            latest = new Fetched(await FetchAsync(patience.Token), now);
        }
        catch (Exception fault) when (fault is HttpRequestException or JsonException or OperationCanceledException or InvalidDataException)
        {
            log.LogWarning("The keys of the issuer could not be fetched: {Reason}", fault.Message);
        }
        finally
        {
            oneFetch.Release();
        }
        return latest;
    }

    private async Task<JwkSet> FetchAsync(CancellationToken cancellation)
    {
        var discovery = await GetAsync(new Uri($"{settings.IssuerText.TrimEnd('/')}/.well-known/openid-configuration"), cancellation);
        using var document = JsonDocument.Parse(discovery);
        if (TextOf(document.RootElement, "issuer") != settings.IssuerText) throw new InvalidDataException("its document names another issuer.");
        if (!Uri.TryCreate(TextOf(document.RootElement, "jwks_uri"), UriKind.Absolute, out var address) || !JwtSettings.IsSafe(address) || (address.IsLoopback && !settings.Issuer.IsLoopback))
            throw new InvalidDataException("its document names no safe address of keys.");
        return JwkSet.Read(await GetAsync(address, cancellation));
    }

    private async Task<byte[]> GetAsync(Uri address, CancellationToken cancellation)
    {
        using var response = await http.GetAsync(address, HttpCompletionOption.ResponseContentRead, cancellation);
        if (response.StatusCode != System.Net.HttpStatusCode.OK) throw new InvalidDataException($"it answered {(int)response.StatusCode}.");
        return await response.Content.ReadAsByteArrayAsync(cancellation);
    }

    private TimeSpan Age(Fetched fetched) => time.GetUtcNow() - fetched.At;

    private static string? TextOf(JsonElement root, string name) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;

    private sealed record Fetched(JwkSet Keys, DateTimeOffset At);
}
