namespace Risk.Api.Access;

/// <summary>Which tokens are taken.</summary>
/// <param name="Issuer">The claim <c>iss</c>, to the letter; its keys are found by its <c>/.well-known/openid-configuration</c>. https, or loopback.</param>
/// <param name="Audience">What the claim <c>aud</c> must name.</param>
/// <param name="ScopesClaim">The claim with the caller's scopes: <c>*:viewer desk-1:trader</c>, or an array of such words. Other words give no right.</param>
public sealed record JwtSettings(Uri Issuer, string Audience, string ScopesClaim = JwtSettings.UsualScopesClaim)
{
    public const string UsualScopesClaim = "risk_scopes";

    /// <summary>The issuer as its tokens write it.</summary>
    public string IssuerText => Issuer.OriginalString;

    /// <summary>Null where no issuer is named.</summary>
    public static JwtSettings? Read(Func<string, string?> variable, List<string> faults)
    {
        var (issuer, audience, claim) = (variable("RISK_JWT_ISSUER"), variable("RISK_JWT_AUDIENCE"), variable("RISK_JWT_SCOPES_CLAIM"));
        if (string.IsNullOrWhiteSpace(issuer) && string.IsNullOrWhiteSpace(audience)) return null;
        if (!Uri.TryCreate(issuer, UriKind.Absolute, out var uri) || !IsSafe(uri) || uri.Query.Length + uri.Fragment.Length + uri.UserInfo.Length > 0)
            faults.Add($"RISK_JWT_ISSUER is '{issuer}'; it must be an https address without query.");
        if (string.IsNullOrWhiteSpace(audience)) faults.Add("RISK_JWT_AUDIENCE is missing; without it tokens made for other programs would be taken.");
        return uri is null || audience is null ? null : new JwtSettings(uri, audience, string.IsNullOrWhiteSpace(claim) ? UsualScopesClaim : claim);
    }

    /// <summary>Keys that come over an open network could be anybody's.</summary>
    internal static bool IsSafe(Uri uri) => uri.Scheme == "https" || (uri.Scheme == "http" && uri.IsLoopback);
}
