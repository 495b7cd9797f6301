using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Risk.Api.Access;
using Risk.Domain.Portfolios;

namespace Risk.Api.Wire;

/// <summary>Reads the query of a request and collects every fault of it. A parameter that is not given, or empty, takes its default.</summary>
internal sealed class QueryReader
{
    private static readonly string[] TimeFormats = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd"];

    private readonly HttpRequest request;
    private readonly List<Fault> faults = [];

    public QueryReader(HttpRequest request)
    {
        this.request = request;
        WantsCsv = Find("format") switch
        {
            null => PrefersCsv(request),
            "csv" => true,
            "json" => false,
            _ => Fail<bool>("format", "Available are json and csv."),
        };
    }

    /// <summary>By <c>format=csv</c>, or else by the header Accept.</summary>
    public bool WantsCsv { get; }

    /// <summary>Those of a body join here, so that a caller hears of all at once.</summary>
    public List<Fault> Faults => faults;

    public IResult? Problem => faults.Count == 0 ? null : Problems.Invalid(faults);

    public AccountId Account()
    {
        var text = Find("account_id");
        if (text is null) return CallerAccess.DemandChecked(request.HttpContext, AccountId.Default);
        return AccountId.TryParse(text, out var account) ? CallerAccess.DemandChecked(request.HttpContext, account) : Fail<AccountId>("account_id", $"1 to {AccountId.MaxLength} letters, digits and . - _ are expected.");
    }

    public int Whole(string name, int min, int max, int otherwise)
    {
        if (Find(name) is not { } text) return otherwise;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max
            ? value
            : Fail<int>(name, $"Expected is a whole number from {min} to {max}.");
    }

    /// <summary>Between the bounds, both excluded.</summary>
    public decimal Ratio(string name, decimal above, decimal below, decimal otherwise)
    {
        if (Find(name) is not { } text) return otherwise;
        return decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value > above && value < below
            ? value
            : Fail<decimal>(name, FormattableString.Invariant($"Expected is a number above {above} and below {below}."));
    }

    /// <summary>RFC 3339 with an offset, or a date (the start of that UTC day).</summary>
    public DateTimeOffset? Time(string name)
    {
        // In a query a plus sign that was not escaped arrives as a blank.
        if (Find(name)?.Replace(' ', '+') is not { } text) return null;
        if (DateTimeOffset.TryParseExact(text, TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            && time >= DateTimeOffset.UnixEpoch && time.Year < 9999)
            return time;
        return Fail<DateTimeOffset?>(name, "Expected is a time as 2026-01-31T15:30:00Z or a date as 2026-01-31, from 1970 on.");
    }

    public string Choice(string name, string otherwise, params ReadOnlySpan<string> words)
    {
        if (Find(name) is not { } text) return otherwise;
        return words.Contains(text) ? text : Fail<string>(name, $"Available are {string.Join(", ", words)}.")!;
    }

    public void Add(string name, string detail) => faults.Add(new Fault($"?{name}", detail));

    public string? Find(string name)
    {
        var values = request.Query[name];
        if (values.Count > 1) Add(name, "The parameter stands there more than once.");
        return values.Count == 0 || string.IsNullOrWhiteSpace(values[0]) ? null : values[0]!.Trim();
    }

    private T? Fail<T>(string name, string detail)
    {
        Add(name, detail);
        return default;
    }

    private static bool PrefersCsv(HttpRequest request)
    {
        var (csv, json) = (0.0, 0.0);
        if (!MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var types)) return false;
        foreach (var type in types)
        {
            var quality = type.Quality ?? 1;
            if (type.MediaType.Equals(RequestBody.Csv, StringComparison.OrdinalIgnoreCase)) csv = Math.Max(csv, quality);
            else if (type.MediaType.Equals(RequestBody.Json, StringComparison.OrdinalIgnoreCase)) json = Math.Max(json, quality);
        }
        return csv > json;
    }
}
