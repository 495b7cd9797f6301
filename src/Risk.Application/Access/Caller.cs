namespace Risk.Application.Access;

/// <summary>Who asks, and what they may do.</summary>
/// <param name="Name">As it stands in the audit: <c>key:ID</c>, <c>jwt:SUBJECT</c>, <c>local</c>.</param>
/// <param name="ValidUntil">When the credentials end; null when they do not.</param>
/// <param name="KeyId">Of whom came with an API key, which may be revoked meanwhile.</param>
public sealed record Caller(string Name, Scopes Scopes, DateTimeOffset? ValidUntil = null, string? KeyId = null)
{
    /// <summary>Whoever sits at the machine of a host that listens there only.</summary>
    public static Caller Local { get; } = new("local", Scopes.Everything);
}
