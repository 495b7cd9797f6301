using Risk.Application.Stores;

namespace Risk.Application.Access;

/// <summary>Makes an API key. Its text is in the answer and nowhere else: who loses it makes a new one.</summary>
public sealed class IssueKey(KeyStore keys, TimeProvider time)
{
    public const int MaxKeys = 1_000;
    public const int MaxLabelLength = 100;
    public const int UsualLifeDays = 90;
    public const int MaxLifeDays = 3_650;

    /// <summary>Null when there are <see cref="MaxKeys"/> already.</summary>
    /// <param name="label">For people: whose key, what for. 1 to <see cref="MaxLabelLength"/> characters.</param>
    /// <param name="by">The name of the caller who makes it.</param>
    /// <exception cref="ArgumentException">The label or the life is out of range, or there are no scopes.</exception>
    public async Task<IssuedKey?> RunAsync(string label, Scopes scopes, int lifeDays, string by, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(label);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(label.Length, MaxLabelLength, nameof(label));
        ArgumentOutOfRangeException.ThrowIfZero(scopes.Grants.Count, nameof(scopes));
        ArgumentOutOfRangeException.ThrowIfLessThan(lifeDays, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lifeDays, MaxLifeDays);
        if ((await keys.ListAsync(cancellation)).Count >= MaxKeys) return null;
        var now = time.GetUtcNow();
        var id = ApiKeyText.NewId();
        var text = ApiKeyText.Of(id, ApiKeyText.NewSecret());
        var key = new ApiKey(id, label, scopes, ApiKeyText.HashOf(text), now, by, now.AddDays(lifeDays), null);
        await keys.AddAsync(key, cancellation);
        return new IssuedKey(key, text);
    }
}

/// <param name="Text">The key itself; not to be stored, logged or shown again.</param>
public sealed record IssuedKey(ApiKey Key, string Text)
{
    /// <summary>Without the text, wherever a log or a message may take it.</summary>
    public override string ToString() => $"key {Key.Id}";
}
