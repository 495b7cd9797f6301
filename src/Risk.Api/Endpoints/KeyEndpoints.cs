using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Risk.Api.Access;
using Risk.Api.Setup;
using Risk.Api.Wire;
using Risk.Application.Access;
using Risk.Application.Stores;
using Risk.Domain.Portfolios;

namespace Risk.Api.Endpoints;

/// <summary>API keys: made, listed and revoked by an admin of every account.</summary>
internal static class KeyEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1/keys").WithTags("Access");
        group.MapGet("", List).Needs(Role.Admin).Produces<KeysAnswer>().Describe(
            "Every API key, without its secret",
            "state is active, expired or revoked; what has ended stays listed for 90 days.",
            new RouteDocs([], Examples.Keys));
        group.MapPost("", Create).Needs(Role.Admin).Accepts<KeyRequest>(RequestBody.Json).Produces<IssuedKeyAnswer>(201).Describe(
            "Make an API key",
            "key is shown in this answer and never again; only its hash is kept, so the request takes no Idempotency-Key: sent twice it makes two keys, "
            + "and the one too many can be revoked. Each scope gives one role (viewer, trader, risk_manager, admin, or ingest for feeds) on the "
            + "accounts it names; * is every account. expires_in_days is 90 where not given.",
            new RouteDocs([], Examples.IssuedKey, Examples.KeyBody), 400, 409, 413, 415);
        group.MapDelete("/{key_id}", Revoke).Needs(Role.Admin).Produces<KeyRow>().Describe(
            "Revoke an API key",
            "From this moment on: the next request with it is refused, and its WebSockets end within 15 s.",
            new RouteDocs([], Examples.RevokedKey), 404);
    }

    private static async Task<IResult> List(KeyStore keys, TimeProvider time, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var rows = (await keys.ListAsync(cancellation)).OrderBy(x => x.CreatedAt).Select(x => KeyRow.Of(x, now)).ToList();
        return TypedResults.Json(new KeysAnswer(rows, rows.Count), ApiJson.Default.KeysAnswer);
    }

    private static async Task<IResult> Create(HttpContext context, IssueKey issue, CancellationToken cancellation)
    {
        var body = await RequestBody.ReadAsync(context.Request, RequestBody.UsualLimit, cancellation, RequestBody.Json);
        if (body.Problem is { } refused) return refused;
        using var document = body.Parse(out var malformed);
        if (document is null) return malformed!;
        var faults = new List<Fault>();
        var (label, scopes, days) = Read(document.RootElement, faults);
        if (faults.Count > 0) return Problems.Invalid(faults);
        var by = CallerAccess.OfRequest(context).Caller.Name;
        if (await issue.RunAsync(label, scopes, days, by, cancellation) is not { } issued)
            return Problems.Of(409, "too-many-keys", $"There are {IssueKey.MaxKeys} keys already; those that ended leave the list after 90 days.");
        return TypedResults.Json(IssuedKeyAnswer.Of(issued), ApiJson.Default.IssuedKeyAnswer, statusCode: 201);
    }

    private static async Task<IResult> Revoke(string key_id, RevokeKey revoke, TimeProvider time, CancellationToken cancellation) =>
        await revoke.RunAsync(key_id, cancellation) is { } key
            ? TypedResults.Json(KeyRow.Of(key, time.GetUtcNow()), ApiJson.Default.KeyRow)
            : Problems.NotFound("There is no key of this id; GET /api/v1/keys lists them.");

    private static (string Label, Scopes Scopes, int Days) Read(JsonElement root, List<Fault> faults)
    {
        var reader = new BodyReader(root, "", faults, "label", "scopes", "expires_in_days");
        if (root.ValueKind != JsonValueKind.Object) return default;
        var label = reader.Text("label", IssueKey.MaxLabelLength);
        if (reader.Find("label") is null || string.IsNullOrWhiteSpace(label ?? "x")) reader.Add("label", "Say whose key it is, and what for.");
        var days = reader.Whole("expires_in_days", 1, IssueKey.MaxLifeDays) ?? IssueKey.UsualLifeDays;
        var grants = new List<Grant>();
        foreach (var (name, element) in reader.Array("scopes", Scopes.MaxGrants) ?? []) ReadScope(new BodyReader(element, $"/{name}", faults, "accounts", "role"), grants);
        if (grants.Count > Scopes.MaxGrants) reader.Add("scopes", $"At most {Scopes.MaxGrants} accounts in all.");
        return (label ?? "", new Scopes(grants), days);
    }

    private static void ReadScope(BodyReader reader, List<Grant> grants)
    {
        var word = reader.Choice("role", Roles.Words);
        if (reader.Find("role") is null) reader.Add("role", $"Expected is one of {string.Join(", ", Roles.Words)}.");
        var isRole = Roles.TryParse(word, out var role);
        foreach (var (name, element) in reader.Array("accounts", Scopes.MaxGrants) ?? [])
        {
            var text = element.ValueKind == JsonValueKind.String ? element.GetString() : null;
            if (isRole && role == Role.Ingest && text != Grant.AllAccounts) reader.Add(name, "A feed's ticks are everybody's: ingest is for every account, *.");
            else if (text == Grant.AllAccounts) grants.Add(new Grant(null, role));
            else if (AccountId.TryParse(text, out var account)) grants.Add(new Grant(account, role));
            else reader.Add(name, $"Expected is * or an account id: 1 to {AccountId.MaxLength} letters, digits and . - _");
        }
    }
}

public sealed record KeyRequest(string Label, IReadOnlyList<ScopeRow> Scopes, int? ExpiresInDays = null);

public sealed record ScopeRow(IReadOnlyList<string> Accounts, string Role)
{
    internal static IReadOnlyList<ScopeRow> Of(Scopes scopes) =>
        [.. scopes.Grants.GroupBy(x => x.Role).Select(x => new ScopeRow([.. x.Select(y => y.Account?.Text ?? Grant.AllAccounts)], x.Key.ToText()))];
}

public sealed record KeysAnswer(IReadOnlyList<KeyRow> Keys, int Count);

public sealed record KeyRow(
    string KeyId, string Label, IReadOnlyList<ScopeRow> Scopes, string State, string CreatedAt, string CreatedBy, string ExpiresAt, string? RevokedAt)
{
    internal static KeyRow Of(ApiKey x, DateTimeOffset now) => new(
        x.Id, x.Label, ScopeRow.Of(x.Scopes), x.StateAt(now),
        x.CreatedAt.ToWire(), x.CreatedBy, x.ExpiresAt.ToWire(), x.RevokedAt?.ToWire());
}

/// <param name="Key">The key itself, this once.</param>
public sealed record IssuedKeyAnswer(string Key, string KeyId, string Label, IReadOnlyList<ScopeRow> Scopes, string CreatedAt, string CreatedBy, string ExpiresAt)
{
    internal static IssuedKeyAnswer Of(IssuedKey x) => new(
        x.Text, x.Key.Id, x.Key.Label, ScopeRow.Of(x.Key.Scopes), x.Key.CreatedAt.ToWire(), x.Key.CreatedBy, x.Key.ExpiresAt.ToWire());
}
