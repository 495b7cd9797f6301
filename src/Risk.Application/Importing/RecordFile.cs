using System.Text.Json;

namespace Risk.Application.Importing;

/// <summary>
/// Reads records of named fields from CSV, or from JSON: an array of flat objects, or an object whose one member is that array. The first
/// character that is not white space tells them apart. Names outside the given ones are faults.
/// </summary>
internal static class RecordFile
{
    private static readonly JsonDocumentOptions JsonOptions = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    public static IReadOnlyList<FileRecord> Read(ReadOnlyMemory<byte> content, RecordShape shape, FaultList faults)
    {
        if (content.Length > ImportLimits.MaxFileBytes)
        {
            faults.Add("", $"The file has {content.Length} bytes; at most {ImportLimits.MaxFileBytes} are read.");
            return [];
        }
        if (content.Span.StartsWith("\uFEFF"u8)) content = content[3..];
        var start = content.Span.TrimStart(" \t\r\n"u8);
        var records = !start.IsEmpty && start[0] is (byte)'[' or (byte)'{' ? ReadJson(content, shape, faults) : ReadCsv(content, shape, faults);
        if (records.Count > shape.MaxRecords) faults.Add("", $"{records.Count} records; at most {shape.MaxRecords} are read.");
        return records.Count > shape.MaxRecords ? [] : records;
    }

    private static List<FileRecord> ReadCsv(ReadOnlyMemory<byte> content, RecordShape shape, FaultList faults)
    {
        using var rows = CsvRows.Open(content, faults);
        if (rows is null) return [];
        if (!rows.Read())
        {
            faults.Add("", $"The file is empty. Expected columns: {shape.Describe()}.");
            return [];
        }
        var names = rows.ReadHeader().ConvertAll(name => name.ToLowerInvariant());
        var line = rows.Line;
        for (var i = 0; i < names.Count; i++)
        {
            if (!shape.Knows(names[i])) faults.Add(line, $"Unknown column {HistoryFile.Quoted(names[i])}. Expected: {shape.Describe()}.");
            else if (names.IndexOf(names[i]) != i) faults.Add(line, $"Column '{names[i]}' stands there twice.");
        }
        var missing = shape.Required.Except(names).ToArray();
        foreach (var name in missing) faults.Add(line, $"The header has no column '{name}'. Expected: {shape.Describe()}.");
        var records = new List<FileRecord>();
        if (missing.Length > 0) return records;
        while (rows.Read())
        {
            if (!rows.Fits(names.Count)) faults.Add(rows.Line, $"{rows.Count} fields where the header has {names.Count}.");
            else records.Add(ReadRow(rows, names));
        }
        return records;
    }

    private static FileRecord ReadRow(CsvRows rows, List<string> names)
    {
        var fields = new Dictionary<string, string>(names.Count);
        for (var i = 0; i < names.Count; i++)
            if (rows[i].Length > 0) fields[names[i]] = rows[i];
        var line = rows.Line;
        return new FileRecord(fields, name => name.Length == 0 ? $"line {line}" : $"line {line}, column {name}");
    }

    private static List<FileRecord> ReadJson(ReadOnlyMemory<byte> content, RecordShape shape, FaultList faults)
    {
        var records = new List<FileRecord>();
        try
        {
            using var document = JsonDocument.Parse(content, JsonOptions);
            var root = document.RootElement;
            var prefix = "";
            if (root.ValueKind == JsonValueKind.Object)
            {
                foreach (var member in root.EnumerateObject())
                    if (member.Name != shape.Plural) faults.Add($"/{member.Name}", $"Unknown member. Expected is an array, or an object with the member '{shape.Plural}'.");
                if (!root.TryGetProperty(shape.Plural, out root)) root = default;
                prefix = $"/{shape.Plural}";
            }
            if (root.ValueKind == JsonValueKind.Array)
                foreach (var element in root.EnumerateArray()) ReadElement(element, $"{prefix}/{records.Count}", shape, records, faults);
            else
                faults.Add(prefix, $"Expected is an array of objects with {shape.Describe()}.");
        }
        catch (JsonException exception)
        {
            faults.Add("", $"Not valid JSON (line {exception.LineNumber + 1}): {exception.Message}");
        }
        return records;
    }

    private static void ReadElement(JsonElement element, string where, RecordShape shape, List<FileRecord> records, FaultList faults)
    {
        var fields = new Dictionary<string, string>();
        // Kept also when it is no object, so that the positions of the others stay right.
        records.Add(new FileRecord(fields, name => name.Length == 0 ? where : $"{where}/{name}", IsBroken: element.ValueKind != JsonValueKind.Object));
        if (element.ValueKind != JsonValueKind.Object)
        {
            faults.Add(where, "Expected is an object.");
            return;
        }
        foreach (var member in element.EnumerateObject())
        {
            if (!shape.Knows(member.Name)) faults.Add($"{where}/{member.Name}", $"Unknown member. Expected: {shape.Describe()}.");
            else if (member.Value.ValueKind == JsonValueKind.String && member.Value.GetString() is { Length: > 0 } text) fields[member.Name] = text.Trim();
            else if (member.Value.ValueKind == JsonValueKind.Number) fields[member.Name] = member.Value.GetRawText();
            else if (member.Value.ValueKind is not (JsonValueKind.Null or JsonValueKind.String)) faults.Add($"{where}/{member.Name}", "Expected is a text or a number.");
        }
    }
}

/// <summary>What the records of a file are called, and their fields.</summary>
internal sealed record RecordShape(string Plural, int MaxRecords, IReadOnlyList<string> Required, IReadOnlyList<string> Optional)
{
    public bool Knows(string name) => Required.Contains(name) || Optional.Contains(name);

    public string Describe() => $"{string.Join(", ", Required)}{string.Concat(Optional.Select(name => $", [{name}]"))}";
}

/// <param name="Fields">The fields that are not empty.</param>
/// <param name="Where">Names the place of a field for a person; of the record as a whole for an empty name.</param>
/// <param name="IsBroken">Its fault is named already and it has no fields.</param>
internal sealed record FileRecord(IReadOnlyDictionary<string, string> Fields, Func<string, string> Where, bool IsBroken = false)
{
    public string? this[string name] => Fields.GetValueOrDefault(name);
}
