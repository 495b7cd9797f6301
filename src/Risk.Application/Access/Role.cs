namespace Risk.Application.Access;

/// <summary>What a caller may do with an account: each of the four includes those before it. A feed only brings ticks.</summary>
public enum Role
{
    /// <summary>Brings ticks and sees nothing.</summary>
    Ingest,
    Viewer,
    Trader,
    RiskManager,
    Admin,
}

public static class Roles
{
    public static IReadOnlyList<string> Words { get; } = ["ingest", "viewer", "trader", "risk_manager", "admin"];

    /// <summary>The role's name on the wire, in keys and in tokens.</summary>
    public static string ToText(this Role role) => Words[(int)role];

    public static bool TryParse(string? text, out Role role)
    {
        for (role = Role.Ingest; role <= Role.Admin; role++)
            if (Words[(int)role] == text) return true;
        role = default;
        return false;
    }

    /// <summary>Whether who holds this role may do what needs the other.</summary>
    public static bool Covers(this Role held, Role needed) =>
        held == needed || held == Role.Admin || (held != Role.Ingest && needed != Role.Ingest && held > needed);
}
