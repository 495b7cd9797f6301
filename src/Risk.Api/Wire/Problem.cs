using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Risk.Application.Importing;

namespace Risk.Api.Wire;

/// <summary>An RFC 9457 problem. <paramref name="Errors"/> lists every fault of bad input; other problems have none.</summary>
public sealed record Problem(
    string Type,
    string Title,
    int Status,
    string Detail,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<Fault>? Errors = null);

/// <param name="Where">
/// A JSON pointer into the body; <c>?name</c> for a query parameter, <c>line 12, column AAPL</c> in a CSV, the name of a header; empty for
/// the whole.
/// </param>
public sealed record Fault([property: JsonPropertyName("pointer")] string Where, string Detail);

/// <summary>The problems that this API answers, each in one place.</summary>
internal static class Problems
{
    public const string ContentType = "application/problem+json";

    public static IResult Invalid(IReadOnlyList<Fault> faults, int? total = null) =>
        Of(400, "invalid-input", Count(faults.Count, total ?? faults.Count), faults);

    public static IResult Invalid(ImportFaults faults, string prefix = "") =>
        Invalid([.. faults.Listed.Select(x => new Fault(x.Where.StartsWith('/') ? prefix + x.Where : x.Where, x.Detail))], faults.Total);

    public static IResult NotFound(string detail) => Of(404, "not-found", detail);

    public static IResult Stale(string detail) => Of(412, "stale", detail);

    public static IResult TooLarge(int limit) =>
        Of(413, "too-large", $"The body may have {limit / 1024} KB at most. Send less at once; large files are imported on the command line.");

    public static IResult Unsupported(params string[] accepted) =>
        Of(415, "unsupported-content-type", $"Send {string.Join(" or ", accepted)}, and say so in the header Content-Type.");

    public static IResult Of(int status, string type, string detail, IReadOnlyList<Fault>? errors = null) =>
        TypedResults.Json(Make(status, type, detail, errors), ApiJson.Default.Problem, ContentType, status);

    /// <summary>For what the framework refuses by itself: no such route, no such method.</summary>
    public static Problem OfStatus(int status)
    {
        var (type, detail) = status switch
        {
            404 => ("not-found", "There is no such route; /openapi/v1.json lists all of them."),
            405 => ("method-not-allowed", "The route does not know this method; the header Allow names those it knows."),
            415 => ("unsupported-content-type", "The route does not read this content type; /openapi/v1.json names those it reads."),
            _ => ("refused", "The request was refused."),
        };
        return Make(status, type, detail);
    }

    public static Problem MakeInvalid(IReadOnlyList<Fault> faults, int total) => Make(400, "invalid-input", Count(faults.Count, total), faults);

    public static Problem Make(int status, string type, string detail, IReadOnlyList<Fault>? errors = null) =>
        new($"urn:risk:problem:{type}", ReasonPhrases.GetReasonPhrase(status), status, detail, errors);

    private static string Count(int listed, int total) =>
        total > listed ? $"The input has {total} faults, of which the first {listed} are listed." : total == 1 ? "The input has a fault." : $"The input has {total} faults.";
}
