using System.Globalization;
using Risk.Domain.Amounts;
using Risk.Domain.Instruments;

namespace Risk.Application.Importing;

/// <summary>Reads the fields of one record; what does not fit becomes a fault at its place.</summary>
internal readonly struct FieldReader(FileRecord record, FaultList faults)
{
    public bool Has(string name) => record[name] is not null;

    public void Add(string name, string detail) => faults.Add(record.Where(name), detail);

    public string? Text(string name, int maxLength)
    {
        var text = record[name];
        if (text is null || (text.Length <= maxLength && !text.Any(char.IsControl))) return text;
        Add(name, $"At most {maxLength} characters, no control characters.");
        return null;
    }

    public string? Required(string name)
    {
        if (record[name] is { } text) return text;
        Add(name, $"'{name}' is missing.");
        return null;
    }

    public Symbol? Symbol(string name)
    {
        if (record[name] is not { } text) return null;
        if (Domain.Instruments.Symbol.TryParse(text, out var symbol)) return symbol;
        Add(name, $"{HistoryFile.Quoted(text)} is not a symbol.");
        return null;
    }

    public Currency? Currency(string name)
    {
        if (record[name] is not { } text) return null;
        if (Domain.Amounts.Currency.TryParse(text, out var currency)) return currency;
        Add(name, $"{HistoryFile.Quoted(text)} is not a currency code: three letters are expected.");
        return null;
    }

    /// <summary>A number between the bounds, both included.</summary>
    public decimal? Number(string name, decimal min, decimal max)
    {
        if (record[name] is not { } text) return null;
        if (!decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)) Add(name, $"{HistoryFile.Quoted(text)} is not a number.");
        else if (number < min || number > max) Add(name, string.Create(CultureInfo.InvariantCulture, $"{HistoryFile.Quoted(text)} does not lie between {min} and {max}."));
        else return number;
        return null;
    }

    public DateOnly? Date(string name)
    {
        if (record[name] is not { } text) return null;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)) return date;
        Add(name, $"{HistoryFile.Quoted(text)} is not a date: 2020-12-31 is expected.");
        return null;
    }

    /// <summary>A member of the enumeration by name, in any case; numbers are not names.</summary>
    public T? Choice<T>(string name)
        where T : struct, Enum
    {
        if (record[name] is not { } text) return null;
        if (char.IsAsciiLetter(text[0]) && Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value)) return value;
        Add(name, $"{HistoryFile.Quoted(text)} is none of {string.Join(", ", Enum.GetNames<T>()).ToLowerInvariant()}.");
        return null;
    }
}
