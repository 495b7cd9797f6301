using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Risk.Api.Access;
using Risk.Api.Setup;
using Risk.Api.Wire;
using Risk.Application.Access;
using Risk.Application.Importing;
using Risk.Application.Stores;
using Risk.Domain.Amounts;
using Risk.Domain.Instruments;
using Risk.Domain.Portfolios;

namespace Risk.Api.Endpoints;

/// <summary>What an account holds. The ETag is the version of its positions, which only ever rises.</summary>
internal static class PositionEndpoints
{
    private const decimal MaxCash = 1_000_000_000_000_000m;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1/accounts/{account_id}/positions").WithTags("Accounts");
        group.MapGet("", Get).Needs(Role.Viewer).Produces<PositionsAnswer>().Describe(
            "What an account holds",
            "The header ETag carries the version of the positions.",
            new RouteDocs(["format"], Examples.Positions, IsTable: true), 400, 404);
        group.MapPut("", Put).Needs(Role.Trader).Accepts<PositionsRequest>(RequestBody.Json, RequestBody.Csv).Produces<PositionsAnswer>().Produces<PositionsAnswer>(201).Describe(
            "Replace all that an account holds",
            "An account that does not exist is made, in US dollars and without cash unless the body says otherwise. base_currency "
            + "and cash (in base currency) stay as they are where they are not given; CSV (symbol,quantity,average_cost[,currency]) "
            + "never gives them. Short positions have negative quantities. With If-Match only the version named is replaced; with "
            + "If-None-Match: * only a new account is made.",
            new RouteDocs([], Examples.Positions, Examples.PositionsBody), 400, 412, 413, 415);
    }

    private static async Task<IResult> Get(
        string account_id, HttpContext context, PortfolioStore portfolios, InstrumentStore instruments, CancellationToken cancellation)
    {
        var query = new QueryReader(context.Request);
        if (query.Problem is { } problem) return problem;
        if (!AccountId.TryParse(account_id, out var account) || await portfolios.LoadAsync(account, cancellation) is not { } portfolio)
            return Answers.UnknownAccount(account_id);
        var known = (await instruments.LoadAllAsync(cancellation)).Instruments;
        context.Response.Headers.ETag = EntityTag(portfolio.Version);
        return Answers.Table(query, PositionsAnswer.Of(portfolio, known, []), ApiJson.Default.PositionsAnswer, TableOf);
    }

    private static async Task<IResult> Put(
        string account_id, HttpContext context, ImportPositions import, PortfolioStore portfolios, InstrumentStore instruments, CancellationToken cancellation)
    {
        var body = await RequestBody.ReadAsync(context.Request, RequestBody.UsualLimit, cancellation, RequestBody.Json, RequestBody.Csv);
        if (body.Problem is { } refused) return refused;
        var faults = new List<Fault>();
        if (!AccountId.TryParse(account_id, out var account))
            faults.Add(new Fault("account_id", $"1 to {AccountId.MaxLength} letters, digits and . - _ are expected."));
        var (terms, content, malformed) = Read(body, faults);
        if (malformed is not null) return malformed;
        if (faults.Count > 0) return Problems.Invalid([.. faults, .. await FaultsOfAsync(content, instruments, cancellation)]);
        var expected = await ExpectedAsync(context.Request, account, portfolios, cancellation);
        var done = await import.RunAsync(account, content, terms.BaseCurrency, terms.Cash, expected, cancellation);
        if (done.Faults.Any) return Problems.Invalid(done.Faults, body.IsCsv ? "" : "/positions");
        if (done.Stored is not { } stored) return Problems.Stale("This is not the version that is asked for: GET answers the present one as ETag, or that there is none.");
        var known = (await instruments.LoadAllAsync(cancellation)).Instruments;
        context.Response.Headers.ETag = EntityTag(stored.Version);
        return TypedResults.Json(PositionsAnswer.Of(stored, known, done.Warnings), ApiJson.Default.PositionsAnswer, statusCode: done.IsNew ? 201 : 200);
    }

    private static (PositionTerms Terms, ReadOnlyMemory<byte> Content, IResult? Malformed) Read(RequestBody body, List<Fault> faults)
    {
        if (body.IsCsv) return (default, body.Bytes, null);
        using var document = body.Parse(out var malformed);
        if (document is null) return (default, default, malformed);
        var root = document.RootElement;
        var reader = new BodyReader(root, "", faults, "base_currency", "cash", "positions");
        if (root.ValueKind != JsonValueKind.Object) return default;
        var terms = new PositionTerms(reader.Currency("base_currency"), reader.Number("cash", -MaxCash, MaxCash));
        var positions = reader.Find("positions");
        if (positions is not { ValueKind: JsonValueKind.Array }) reader.Add("positions", "Expected is an array of positions; it may be empty.");
        return (terms, positions is { } rows ? System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(rows).ToArray() : default, null);
    }

    /// <summary>The faults of the positions, for a body that has others already.</summary>
    private static async Task<IEnumerable<Fault>> FaultsOfAsync(ReadOnlyMemory<byte> content, InstrumentStore instruments, CancellationToken cancellation)
    {
        if (content.IsEmpty) return [];
        var known = (await instruments.LoadAllAsync(cancellation)).Instruments;
        return PositionsFile.Read(content, symbol => known.GetValueOrDefault(symbol)).Faults.Listed.Select(x => new Fault($"/positions{x.Where}", x.Detail));
    }

    /// <summary>The version that the request wants to replace: null for any, 0 for none, and one that never is for a tag that is not ours.</summary>
    private static async Task<long?> ExpectedAsync(HttpRequest request, AccountId account, PortfolioStore portfolios, CancellationToken cancellation)
    {
        const long never = -1;
        if (request.Headers.IfNoneMatch.ToString() == "*") return 0;
        var match = request.Headers.IfMatch.ToString();
        if (match.Length == 0) return null;
        if (match == "*") return (await portfolios.LoadAsync(account, cancellation))?.Version ?? never;
        var isOurs = match.StartsWith('"') && match.EndsWith('"') && long.TryParse(match.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out _);
        return isOurs && long.Parse(match.Trim('"'), CultureInfo.InvariantCulture) is > 0 and var version ? version : never;
    }

    private static string EntityTag(long version) => FormattableString.Invariant($"\"{version}\"");

    private static CsvTable TableOf(PositionsAnswer answer)
    {
        var table = new CsvTable("symbol", "quantity", "average_cost", "currency");
        foreach (var x in answer.Positions) table.Add(x.Symbol, x.Quantity, x.AverageCost, x.Currency);
        return table;
    }

    private readonly record struct PositionTerms(Currency? BaseCurrency, decimal? Cash);
}

public sealed record PositionsRequest(IReadOnlyList<PositionRow> Positions, string? BaseCurrency = null, decimal? Cash = null);

public sealed record PositionRow(string Symbol, decimal Quantity, decimal AverageCost, string? Currency = null);

public sealed record PositionsAnswer(
    string AccountId, string BaseCurrency, decimal Cash, long Version, IReadOnlyList<PositionRow> Positions, int Count, IReadOnlyList<string> Warnings)
{
    internal static PositionsAnswer Of(Portfolio x, IReadOnlyDictionary<Symbol, Instrument> known, IReadOnlyList<string> warnings) => new(
        x.Account.Text, x.BaseCurrency.Code, x.Cash, x.Version,
        [.. x.Positions.Select(p => new PositionRow(p.Symbol.Text, p.Quantity, p.AverageCost, known.GetValueOrDefault(p.Symbol)?.Currency.Code))], x.Positions.Count, warnings);
}
