using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Risk.Api.Access;
using Risk.Api.Setup;
using Risk.Api.Wire;
using Risk.Application.Access;
using Risk.Application.Importing;
using Risk.Application.Streaming;

namespace Risk.Api.Endpoints;

/// <summary>Files that say what there is: daily closes and instruments. A file with any fault changes nothing.</summary>
internal static class ImportEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1/market").WithTags("Market");
        group.MapPut("/history", PutHistory).Needs(Role.Admin).Accepts<string>(RequestBody.Csv).Produces<HistoryImportAnswer>().Describe(
            "Import daily closes",
            "Wide (date,AAPL,MSFT,…) or long (date,symbol,close[,volume]), rows in any order, an empty cell for a missing close. "
            + "Symbols that are no instruments yet become shares in USD. New symbols are added; of known symbols the closes in the file replace those there were. The same content again makes "
            + "no new version. At most 4 MB.",
            new RouteDocs([], Examples.HistoryImport, Examples.HistoryBody), 400, 413, 415);
        group.MapPut("/instruments", PutInstruments).Needs(Role.Admin).Accepts<InstrumentsRequest>(RequestBody.Json, RequestBody.Csv).Produces<InstrumentImportAnswer>().Describe(
            "Add or change instruments",
            "As JSON or as CSV with the same names. Required are symbol, asset_class (equity, etf, fund, future, option, fx, cash) "
            + "and currency; of options also underlying, strike, expiry and right. Instruments that are not named stay. What holds a "
            + "changed one is measured anew. At most 4 MB.",
            new RouteDocs([], Examples.InstrumentImport, Examples.InstrumentsBody), 400, 413, 415);
    }

    private static async Task<IResult> PutHistory(HttpRequest request, ImportHistory import, CancellationToken cancellation)
    {
        var body = await RequestBody.ReadAsync(request, RequestBody.ImportLimit, cancellation, RequestBody.Csv);
        if (body.Problem is { } refused) return refused;
        var done = await import.RunAsync(body.Bytes, cancellation);
        if (done.Faults.Any) return Problems.Invalid(done.Faults);
        var answer = new HistoryImportAnswer(
            done.History.Version, done.History.Symbols.Count, done.History.Dates.Count, done.From, done.To, done.Warnings);
        return TypedResults.Json(answer, ApiJson.Default.HistoryImportAnswer);
    }

    private static async Task<IResult> PutInstruments(HttpRequest request, ImportInstruments import, Universe universe, CancellationToken cancellation)
    {
        var body = await RequestBody.ReadAsync(request, RequestBody.ImportLimit, cancellation, RequestBody.Json, RequestBody.Csv);
        if (body.Problem is { } refused) return refused;
        if (!body.IsCsv)
        {
            using var document = body.Parse(out var malformed);
            if (document is null) return malformed!;
        }
        var done = await import.RunAsync(body.Bytes, cancellation);
        if (done.Faults.Any) return Problems.Invalid(done.Faults);
        await universe.RefreshAsync(cancellation);
        var answer = new InstrumentImportAnswer(done.Instruments, [.. done.Changed.Select(x => x.Text)], done.Warnings);
        return TypedResults.Json(answer, ApiJson.Default.InstrumentImportAnswer);
    }
}

public sealed record HistoryImportAnswer(long HistoryVersion, int Symbols, int Days, DateOnly? From, DateOnly? To, IReadOnlyList<string> Warnings);

public sealed record InstrumentsRequest(IReadOnlyList<InstrumentRequest> Instruments);

public sealed record InstrumentRequest(
    string Symbol, string AssetClass, string Currency, string? Name = null, string? Isin = null, string? Sector = null, decimal? Multiplier = null,
    string? Exchange = null, string? Proxy = null, string? Underlying = null, decimal? Strike = null, DateOnly? Expiry = null, string? Right = null);

public sealed record InstrumentImportAnswer(int Instruments, IReadOnlyList<string> Changed, IReadOnlyList<string> Warnings);
