using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Risk.Api.Access;
using Risk.Api.Setup;
using Risk.Application.Access;
using Risk.Application.Importing;
using Risk.Application.Reporting;
using Risk.Domain.Snapshots;

namespace Risk.Api.Wire;

/// <summary>What every calculator does: a body in, all its faults or the answer out. Nothing is kept.</summary>
internal static class Calculation
{
    public static RouteHandlerBuilder AsCalculator<TRequest, TAnswer>(this RouteHandlerBuilder route, string summary, string description, string example, string body)
        where TRequest : notnull =>
        route.Needs(Role.Trader).WithTags("Calculators").Accepts<TRequest>(RequestBody.Json).Produces<TAnswer>().Describe(
            summary, $"{description} Gaps in a series are refused, never filled. coverage is the share of what was given that the figures contain; what is null has its reason, by its path, in the reasons beside or above it. Nothing is kept. At most 4 MB.", new RouteDocs([], example, body), 400, 413, 415);

    /// <param name="read">Puts every fault of the body into the list; what it returns beside faults is not looked at.</param>
    public static Task<IResult> AnswerAsync<TInput, TAnswer>(
        HttpRequest request, Func<JsonElement, List<Fault>, TInput> read, Func<TInput, TAnswer> compute, JsonTypeInfo<TAnswer> type, CancellationToken cancellation) =>
        AnswerAsync(request, read, input => TypedResults.Json(compute(input), type), cancellation);

    /// <param name="answer">For what may be a problem in spite of a good body.</param>
    /// <inheritdoc cref="AnswerAsync{TInput, TAnswer}"/>
    public static async Task<IResult> AnswerAsync<TInput>(
        HttpRequest request, Func<JsonElement, List<Fault>, TInput> read, Func<TInput, IResult> answer, CancellationToken cancellation)
    {
        var body = await RequestBody.ReadAsync(request, RequestBody.ImportLimit, cancellation, RequestBody.Json);
        if (body.Problem is { } refused) return refused;
        using var document = body.Parse(out var malformed);
        if (document is null) return malformed!;
        var faults = new List<Fault>();
        if (document.RootElement.ValueKind != JsonValueKind.Object) return Problems.Invalid([new Fault("", "Expected is an object.")]);
        var input = read(document.RootElement, faults);
        if (faults.Count > 0) return Problems.Invalid([.. faults.Take(ImportLimits.MaxListedFaults)], faults.Count);
        return answer(input);
    }
}

/// <summary>The figures of one answer as they become known: those that are not have their reason in <see cref="Reasons"/>.</summary>
/// <param name="missing">Why none of them can be computed; null where they can.</param>
/// <param name="block">The member that the figures stand in, with the / behind it; empty where they stand beside their reasons.</param>
internal sealed class FigureSheet(FigureReason? missing = null, string block = "")
{
    public Dictionary<string, string> Reasons { get; } = [];

    public bool IsOpen => missing is null;

    public FigureReason? Missing => missing;

    /// <summary>A sheet for figures of so many observations: fewer than 30 report nothing.</summary>
    public static FigureSheet For(int observations, string block = "") => new(observations < RiskConventions.MinObservations ? FigureReason.ShortHistory : null, block);

    /// <summary>The value if it is finite; a negative zero is a zero.</summary>
    public double? Of(string name, double? value, FigureReason otherwise = FigureReason.NotApplicable)
    {
        if (missing is null && value is { } known && double.IsFinite(known)) return known + 0.0;
        Miss(name, otherwise);
        return null;
    }

    /// <summary>All of the values, or none.</summary>
    public double[]? Of(string name, IEnumerable<double>? values, FigureReason otherwise = FigureReason.NotApplicable)
    {
        if (missing is null && values?.Select(x => x + 0.0).ToArray() is { } known && Array.TrueForAll(known, double.IsFinite)) return known;
        Miss(name, otherwise);
        return null;
    }

    public double[][]? Of(string name, double[][]? rows, FigureReason otherwise = FigureReason.NotApplicable)
    {
        if (missing is null && rows is not null && rows.All(row => Array.TrueForAll(row, double.IsFinite))) return rows;
        Miss(name, otherwise);
        return null;
    }

    /// <summary>The standard error of the figure of that name: it stands under the same name in standard_errors.</summary>
    public double? ErrorOf(string name, double? value, FigureReason otherwise = FigureReason.NotApplicable) => Of($"standard_errors/{name}", value, otherwise);

    /// <inheritdoc cref="ErrorOf(string, double?, FigureReason)"/>
    public double[]? ErrorOf(string name, IEnumerable<double>? values) => Of($"standard_errors/{name}", values);

    /// <inheritdoc cref="ErrorOf(string, double?, FigureReason)"/>
    public double[][]? ErrorOf(string name, double[][]? rows) => Of($"standard_errors/{name}", rows);

    public void Miss(string name, FigureReason reason) => Reasons[block + name] = FigureWords.Of(missing ?? reason);
}
