namespace Risk.Api.Access;

/// <summary>Who may speak to this host: by the names in the headers Host and Origin, and by what they come with.</summary>
/// <param name="LoopbackOnly">
/// True for a host bound to loopback: the header Host must name it so, or else a page of any site could reach it through a name that
/// resolves to 127.0.0.1. False where another door (a gateway) checks the name.
/// </param>
public sealed record AccessSettings(bool LoopbackOnly = true)
{
    /// <summary>
    /// Whether a caller without credentials is admin. Only ever on a host bound to loopback, where it is the default: who sits at the
    /// machine owns the data folder anyway. Credentials that do come are checked all the same.
    /// </summary>
    public bool IsOpen { get; init; } = LoopbackOnly;

    /// <summary>Whose tokens are taken; null for none.</summary>
    public JwtSettings? Jwt { get; init; }

    /// <summary>Further names in Host, without a port.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>Further origins, as a browser writes them: <c>https://desk.example.com</c>.</summary>
    public IReadOnlyList<string> AllowedOrigins { get; init; } = [];

    /// <summary>What the environment says of access, all faults together.</summary>
    public static AccessSettings Read(Func<string, string?> variable, List<string> faults, bool loopbackOnly = true) =>
        new(loopbackOnly) { Jwt = JwtSettings.Read(variable, faults) };

    /// <exception cref="InvalidOperationException">The host would give the world an admin.</exception>
    internal AccessSettings Demanded() =>
        IsOpen && !LoopbackOnly ? throw new InvalidOperationException("A host that others reach can't be open: everybody would be admin.") : this;
}
