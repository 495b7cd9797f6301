using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Risk.Domain.Instruments;

namespace Risk.Api.Wire;

/// <summary>What handlers share: the two forms of a table, and names in a route.</summary>
internal static class Answers
{
    public static IResult Table<T>(QueryReader query, T value, JsonTypeInfo<T> type, Func<T, CsvTable> table) =>
        query.WantsCsv ? table(value).ToResult() : TypedResults.Json(value, type);

    /// <summary>A symbol may hold a slash, which stays escaped in a path.</summary>
    public static bool TrySymbol(string text, out Symbol symbol) => Symbol.TryParse(text.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase), out symbol);

    public static IResult UnknownSymbol(string text) => Problems.NotFound($"'{Short(text)}' is not a known symbol; /symbols lists them.");

    public static IResult UnknownAccount(string text) =>
        Problems.NotFound($"There is no account '{Short(text)}'; PUT /api/v1/accounts/{{account_id}}/positions makes one.");

    private static string Short(string text) => text.Length <= 40 ? text : $"{text[..40]}…";
}
