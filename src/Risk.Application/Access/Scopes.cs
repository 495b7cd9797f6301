using System.Diagnostics.CodeAnalysis;
using Risk.Domain.Portfolios;

namespace Risk.Application.Access;

/// <summary>The roles that a caller holds, each on one account or on all. Written <c>*:viewer desk-1:trader</c>.</summary>
public sealed class Scopes
{
    /// <summary>More than anybody needs, and little enough for a token or a row.</summary>
    public const int MaxGrants = 200;

    private readonly Grant[] grants;

    public Scopes(IEnumerable<Grant> grants) => this.grants = [.. grants.Distinct().Take(MaxGrants)];

    public static Scopes None { get; } = new([]);

    public static Scopes Everything { get; } = new([new Grant(null, Role.Admin)]);

    public IReadOnlyList<Grant> Grants => grants;

    /// <summary>Reads words that are no grants as nothing: what can't be understood gives no right. At most <see cref="MaxGrants"/>.</summary>
    public static Scopes Read(IEnumerable<string> words)
    {
        var read = new List<Grant>();
        foreach (var word in words)
            if (Grant.TryParse(word, out var grant)) read.Add(grant);
        return new Scopes(read);
    }

    public static Scopes Read(string text) => Read(text.Split([' ', ',']));

    /// <summary>Whether the account is any of the caller's business; else it does not exist for them.</summary>
    public bool Know(AccountId account) => Array.Exists(grants, x => x.IsOn(account));

    public bool Allow(Role needed, AccountId account) => Array.Exists(grants, x => x.IsOn(account) && x.Role.Covers(needed));

    /// <summary>On every account: for what belongs to the whole house.</summary>
    public bool AllowEverywhere(Role needed) => Array.Exists(grants, x => x.Account is null && x.Role.Covers(needed));

    /// <summary>On some account: for what belongs to none and changes nothing.</summary>
    public bool AllowSomewhere(Role needed) => Array.Exists(grants, x => x.Role.Covers(needed));

    public override string ToString() => string.Join(' ', grants);
}

/// <param name="Account">Null for every account, those to come included.</param>
public readonly record struct Grant(AccountId? Account, Role Role)
{
    public const string AllAccounts = "*";

    public static bool TryParse([NotNullWhen(true)] string? text, out Grant grant)
    {
        grant = default;
        var colon = text?.LastIndexOf(':') ?? -1;
        if (colon < 0 || !Roles.TryParse(text![(colon + 1)..], out var role)) return false;
        var name = text[..colon];
        if (name != AllAccounts && !AccountId.TryParse(name, out _)) return false;
        grant = new Grant(name == AllAccounts ? null : AccountId.Parse(name), role);
        return true;
    }

    public bool IsOn(AccountId account) => Account is null || Account == account;

    public override string ToString() => $"{Account?.Text ?? AllAccounts}:{Role.ToText()}";
}
