using System.Globalization;
using System.Text.Json;

namespace Risk.Api.Wire;

/// <summary>What bodies of calculators hold beyond single members: series, matrices and maps. A fault of a number names its place.</summary>
internal static class SeriesReader
{
    public static void Missing(this BodyReader reader, string name) => reader.Add(name, "Is missing.");

    public static double? Real(this BodyReader reader, string name, double min, double max) =>
        reader.Find(name) is { } member ? reader.Real(member, name, min, max) : null;

    public static double? Real(this BodyReader reader, JsonElement element, string name, double min, double max)
    {
        if (element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out var value) && value >= min && value <= max) return value;
        reader.Add(name, FormattableString.Invariant($"{BodyReader.Shown(element)} is not a number from {min} to {max}."));
        return null;
    }

    public static int? Whole(this BodyReader reader, JsonElement element, string name, int min, int max)
    {
        if (element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var value) && value >= min && value <= max) return value;
        reader.Add(name, $"{BodyReader.Shown(element)} is not a whole number from {min} to {max}.");
        return null;
    }

    /// <summary>False where the member is missing.</summary>
    public static bool Truth(this BodyReader reader, string name)
    {
        if (reader.Find(name) is not { } member) return false;
        if (member.ValueKind is not (JsonValueKind.True or JsonValueKind.False)) reader.Add(name, "Expected is true or false.");
        return member.ValueKind == JsonValueKind.True;
    }

    /// <summary>Adds a fault that names the limit where it is exceeded.</summary>
    public static bool IsWithin(this BodyReader reader, string name, long count, long limit, string what)
    {
        if (count <= limit) return true;
        reader.Add(name, $"{count} {what} are given; the limit is {limit}.");
        return false;
    }

    /// <summary>The elements of an array that is not empty and not above the limit; none with a fault for anything else.</summary>
    public static JsonElement[] Elements(this BodyReader reader, JsonElement? array, string name, int limit, string what)
    {
        if (array is not { ValueKind: JsonValueKind.Array } elements || elements.GetArrayLength() == 0) reader.Add(name, $"Expected is an array of {what}.");
        else if (reader.IsWithin(name, elements.GetArrayLength(), limit, what)) return [.. elements.EnumerateArray()];
        return [];
    }

    /// <summary>Numbers in a range; where one is faulty a zero stands in its place, beside the fault.</summary>
    public static double[] Numbers(this BodyReader reader, JsonElement? array, string name, int limit, double min, double max)
    {
        var elements = reader.Elements(array, name, limit, "numbers");
        var numbers = new double[elements.Length];
        for (var i = 0; i < numbers.Length; i++)
        {
            if (elements[i].ValueKind == JsonValueKind.Number && elements[i].TryGetDouble(out var value) && value >= min && value <= max) numbers[i] = value;
            else reader.Real(elements[i], $"{name}/{i}", min, max);
        }
        return numbers;
    }

    public static double[] Numbers(this BodyReader reader, string name, int limit, double min, double max) =>
        reader.Numbers(reader.Find(name), name, limit, min, max);

    /// <summary>As many numbers as said; null where the member is missing.</summary>
    public static double[]? NumbersOf(this BodyReader reader, string name, int count, double min, double max)
    {
        if (reader.Find(name) is not { } member) return null;
        var numbers = reader.Numbers(member, name, Math.Max(count, CalculatorLimits.MaxObservations), min, max);
        if (numbers.Length > 0 && numbers.Length != count) reader.Add(name, $"Expected are {count} numbers, {numbers.Length} are given.");
        return numbers;
    }

    /// <summary>Rows of a matrix, each of <paramref name="columns"/> numbers (of as many as there are rows where not given); null where the member is missing.</summary>
    public static double[][]? Matrix(this BodyReader reader, string name, int limit, double size, int? columns = null)
    {
        if (reader.Find(name) is not { } member) return null;
        var elements = reader.Elements(member, name, limit, "rows");
        var width = columns ?? elements.Length;
        var rows = new double[elements.Length][];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = reader.Numbers(elements[i], $"{name}/{i}", Math.Max(width, limit), -size, size);
            if (rows[i].Length > 0 && rows[i].Length != width) reader.Add($"{name}/{i}", $"Expected are {width} numbers, {rows[i].Length} are given.");
        }
        return rows;
    }

    /// <summary>A matrix that equals its mirror image to nine digits of what its diagonal makes of the entry; then it does to the last bit.</summary>
    public static double[][]? Symmetric(this BodyReader reader, string name, int limit, double size)
    {
        var rows = reader.Matrix(name, limit, size);
        if (rows is not { Length: > 0 } || rows.Any(row => row.Length != rows.Length)) return rows;
        for (var i = 0; i < rows.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var scale = Math.Max(Math.Sqrt(Math.Abs(rows[i][i] * rows[j][j])), Math.Max(Math.Abs(rows[i][j]), Math.Abs(rows[j][i])));
                if (Math.Abs(rows[i][j] - rows[j][i]) > 1e-9 * scale) reader.Add($"{name}/{i}/{j}", $"Differs from {name}/{j}/{i}: the matrix must be symmetric.");
                rows[j][i] = rows[i][j];
            }
        }
        return rows;
    }

    /// <summary>The members of an object whose keys are free, each with its place for faults; none with a fault for anything else.</summary>
    public static List<(string Key, string Name, JsonElement Element)> Members(this BodyReader reader, string name, int limit, string what)
    {
        var members = new List<(string, string, JsonElement)>();
        if (reader.Find(name) is not { ValueKind: JsonValueKind.Object } map || !map.EnumerateObject().Any())
        {
            reader.Add(name, $"Expected is an object of {what} by name.");
            return members;
        }
        if (!reader.IsWithin(name, map.EnumerateObject().Count(), limit, what)) return members;
        var seen = new HashSet<string>();
        foreach (var member in map.EnumerateObject())
        {
            var place = $"{name}/{member.Name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
            if (member.Name.Length is 0 or > CalculatorLimits.MaxNameLength) reader.Add(place, $"A name has 1 to {CalculatorLimits.MaxNameLength} characters.");
            else if (seen.Add(member.Name)) members.Add((member.Name, place, member.Value));
            else reader.Add(place, "The name stands there twice.");
        }
        return members;
    }

    /// <summary>Confidences, or 95, 97.5 and 99 %.</summary>
    public static IReadOnlyList<decimal> Confidences(this BodyReader reader)
    {
        const decimal least = 0.500001m, most = 0.999999m;
        if (reader.Find("confidence") is not { } given) return [0.95m, 0.975m, 0.99m];
        if (given.ValueKind == JsonValueKind.Number) return [reader.Number(given, "confidence", least, most) ?? least];
        return [.. reader.Elements(given, "confidence", CalculatorLimits.MaxConfidences, "confidences").Select((x, i) => reader.Number(x, $"confidence/{i}", least, most) ?? least)];
    }

    /// <summary>Days as yyyy-MM-dd, ascending, one for each of <paramref name="count"/>; null where the member is missing.</summary>
    public static string[]? Dates(this BodyReader reader, int count)
    {
        if (reader.Find("dates") is not { } member) return null;
        var elements = reader.Elements(member, "dates", CalculatorLimits.MaxObservations, "dates");
        if (elements.Length > 0 && elements.Length != count) reader.Add("dates", $"Expected are {count} dates, {elements.Length} are given.");
        var (dates, last) = (new string[elements.Length], DateOnly.MinValue);
        for (var i = 0; i < dates.Length; i++)
        {
            dates[i] = elements[i].ValueKind == JsonValueKind.String ? elements[i].GetString()! : "";
            if (!DateOnly.TryParseExact(dates[i], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)) reader.Add($"dates/{i}", "Expected is a date as 2026-01-31.");
            else if (date <= last) reader.Add($"dates/{i}", "Dates ascend, and none stands there twice.");
            else last = date;
        }
        return dates;
    }

    /// <summary>
    /// Returns by name, from <c>returns</c> or <c>prices</c>: an object of series as long as each other, or a single series. Null with a
    /// fault where there are none.
    /// </summary>
    public static ReturnTable? Returns(this BodyReader reader, int maxAssets)
    {
        var name = reader.Find("prices") is not null ? "prices" : "returns";
        if (reader.Find(name) is not { } given)
        {
            reader.Add(name, "Is missing: give prices or returns.");
            return null;
        }
        if (name == "prices" && reader.Find("returns") is not null) reader.Add("returns", "Give prices or returns, not both.");
        var (min, max) = name == "prices" ? (CalculatorLimits.MinPrice, CalculatorLimits.MaxPrice) : (-CalculatorLimits.MaxReturn, CalculatorLimits.MaxReturn);
        var limit = CalculatorLimits.MaxObservations + (name == "prices" ? 1 : 0);
        if (given.ValueKind == JsonValueKind.Array) return ReturnTable.Of(name, ["CUSTOM"], [reader.Numbers(given, name, limit, min, max)]);
        var members = reader.Members(name, maxAssets, "series");
        var series = members.ConvertAll(x => reader.Numbers(x.Element, x.Name, limit, min, max));
        for (var i = 1; i < series.Count; i++)
            if (series[i].Length != series[0].Length && series[i].Length > 0) reader.Add(members[i].Name, $"Has {series[i].Length} numbers, the first series {series[0].Length}.");
        return series.Count == 0 ? null : ReturnTable.Of(name, [.. members.Select(x => x.Key)], [.. series]);
    }
}

/// <summary>Simple returns as <c>[asset][day]</c>, and the prices they are from where those were given.</summary>
internal sealed record ReturnTable(string[] Names, double[][] Returns, double[][]? Prices)
{
    public int Observations => Returns[0].Length;

    /// <summary>Where a series has faults its values mean nothing, but nothing throws.</summary>
    public static ReturnTable Of(string kind, string[] names, double[][] series) => kind == "returns"
        ? new ReturnTable(names, series, null)
        : new ReturnTable(names, [.. series.Select(prices => prices.All(x => x > 0) ? Domain.Measures.Returns.Simple(prices) : [])], series);
}
