using System.Text.Json;
using Risk.Domain.Amounts;

namespace Risk.Api.Wire;

/// <summary>
/// Reads the members of one JSON object and collects every fault of it, so that a caller mends all of them at once. A method returns null
/// for a member that is missing, null or faulty.
/// </summary>
internal sealed class BodyReader
{
    private readonly JsonElement root;
    private readonly string path;
    private readonly List<Fault> faults;

    public BodyReader(JsonElement root, string path, List<Fault> faults, params ReadOnlySpan<string> known)
    {
        (this.root, this.path, this.faults) = (root, path, faults);
        if (root.ValueKind != JsonValueKind.Object)
        {
            faults.Add(new Fault(path, "Expected is an object."));
            return;
        }
        var seen = new HashSet<string>();
        foreach (var member in root.EnumerateObject())
        {
            if (!known.Contains(member.Name)) Add(member.Name, $"Unknown property. Known are {string.Join(", ", known)}.");
            else if (!seen.Add(member.Name)) Add(member.Name, "The property stands there twice.");
        }
    }

    public void Add(string name, string detail) => faults.Add(new Fault($"{path}/{Escape(name)}", detail));

    public JsonElement? Find(string name) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null ? member : null;

    public string? Text(string name, int maxLength)
    {
        if (Find(name) is not { } member) return null;
        if (member.ValueKind == JsonValueKind.String && member.GetString() is { Length: > 0 } text && text.Length <= maxLength) return text;
        Add(name, $"Expected is a text of 1 to {maxLength} characters.");
        return null;
    }

    public decimal? Number(string name, decimal min, decimal max) => Find(name) is { } member ? Number(member, name, min, max) : null;

    public int? Whole(string name, int min, int max)
    {
        if (Find(name) is not { } member) return null;
        if (member.ValueKind == JsonValueKind.Number && member.TryGetInt32(out var value) && value >= min && value <= max) return value;
        Add(name, $"Expected is a whole number from {min} to {max}.");
        return null;
    }

    public Currency? Currency(string name)
    {
        if (Find(name) is not { } member) return null;
        if (member.ValueKind == JsonValueKind.String && Domain.Amounts.Currency.TryParse(member.GetString(), out var currency)) return currency;
        Add(name, "Expected is a currency code of three letters.");
        return null;
    }

    /// <summary>One of the words; null with a fault for any other.</summary>
    public string? Choice(string name, IReadOnlyCollection<string> words)
    {
        if (Find(name) is not { } member) return null;
        if (member.ValueKind == JsonValueKind.String && words.Contains(member.GetString()!)) return member.GetString();
        Add(name, $"{Shown(member)} is not available. Available: {string.Join(", ", words)}.");
        return null;
    }

    /// <summary>The elements, each with its name for faults; null with a fault when it is missing, no array, empty or too long.</summary>
    public List<(string Name, JsonElement Element)>? Array(string name, int maxLength)
    {
        if (Find(name) is { ValueKind: JsonValueKind.Array } array && array.GetArrayLength() is var count && count > 0 && count <= maxLength)
            return [.. array.EnumerateArray().Select((element, i) => ($"{name}/{i}", element))];
        Add(name, $"Expected is an array of 1 to {maxLength} elements.");
        return null;
    }

    public decimal? Number(JsonElement element, string name, decimal min, decimal max)
    {
        if (element.ValueKind == JsonValueKind.Number && element.TryGetDecimal(out var value) && value >= min && value <= max) return value;
        Add(name, FormattableString.Invariant($"{Shown(element)} is not a number from {min} to {max}."));
        return null;
    }

    /// <summary>The members of an object of numbers between the bounds, both included; empty where it is missing or no object.</summary>
    public Dictionary<string, double> Numbers(string name, double min, double max)
    {
        var numbers = new Dictionary<string, double>();
        if (Find(name) is not { } member) return numbers;
        if (member.ValueKind != JsonValueKind.Object)
        {
            Add(name, "Expected is an object of numbers.");
            return numbers;
        }
        foreach (var entry in member.EnumerateObject())
        {
            var pointer = $"{path}/{name}/{entry.Name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
            var isNumber = entry.Value.ValueKind == JsonValueKind.Number && entry.Value.TryGetDouble(out var value) && value >= min && value <= max;
            if (!isNumber) faults.Add(new Fault(pointer, FormattableString.Invariant($"{Shown(entry.Value)} is not a number from {min} to {max}.")));
            else if (!numbers.TryAdd(entry.Name, entry.Value.GetDouble())) faults.Add(new Fault(pointer, "The property stands there twice."));
        }
        return numbers;
    }

    /// <summary>As <see cref="Numbers"/>, by what the names mean; a name that means nothing, or the same as another, is a fault.</summary>
    public Dictionary<T, double> Numbers<T>(string name, double min, double max, Func<string, T?> parse, string expected)
        where T : struct
    {
        var numbers = new Dictionary<T, double>();
        foreach (var (text, value) in Numbers(name, min, max))
        {
            var pointer = $"{path}/{name}/{text.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
            if (parse(text) is not { } key) faults.Add(new Fault(pointer, $"The name is not {expected}."));
            else if (!numbers.TryAdd(key, value)) faults.Add(new Fault(pointer, "It is named twice."));
        }
        return numbers;
    }

    /// <summary>A number above zero.</summary>
    public double? Positive(JsonElement element, string name, double max)
    {
        if (element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out var value) && value > 0 && value <= max) return value;
        Add(name, FormattableString.Invariant($"{Shown(element)} is not a positive number up to {max:0}."));
        return null;
    }

    internal static string Shown(JsonElement element)
    {
        var text = element.GetRawText();
        return text.Length <= 40 ? text : $"{text[..40]}…";
    }

    /// <summary>Names that are given as a path into an array hold their slash on purpose; a property's own is escaped.</summary>
    private string Escape(string name) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out _)
            ? name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)
            : name;
}
