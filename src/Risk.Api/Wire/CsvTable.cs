using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Risk.Domain.Prices;

namespace Risk.Api.Wire;

/// <summary>
/// A table as RFC 4180. Text that a spreadsheet would take for a formula (it begins with <c>= + - @</c>, a tab or a line break) is given an
/// apostrophe in front; numbers never are. A missing value is an empty cell.
/// </summary>
internal sealed class CsvTable(params string[] columns)
{
    private readonly StringBuilder text = new StringBuilder().AppendJoin(',', columns).Append("\r\n");

    public CsvTable Add(params ReadOnlySpan<object?> cells)
    {
        if (cells.Length != columns.Length) throw new ArgumentException($"{cells.Length} cells for {columns.Length} columns.", nameof(cells));
        for (var i = 0; i < cells.Length; i++)
        {
            if (i > 0) text.Append(',');
            Append(cells[i]);
        }
        text.Append("\r\n");
        return this;
    }

    public IResult ToResult() => TypedResults.Text(text.ToString(), "text/csv", Encoding.UTF8);

    private void Append(object? cell)
    {
        switch (cell)
        {
            case null: break;
            case string word: AppendText(word); break;
            case bool flag: text.Append(flag ? "true" : "false"); break;
            case DateOnly date: text.Append(date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)); break;
            case EventTime time: text.Append(time.ToString()); break;
            case IFormattable number: text.Append(number.ToString(null, CultureInfo.InvariantCulture)); break;
            default: AppendText(cell.ToString() ?? ""); break;
        }
    }

    private void AppendText(string word)
    {
        if (word.Length > 0 && word[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '\n') word = $"'{word}";
        if (word.AsSpan().IndexOfAny(",\"\r\n") >= 0) text.Append('"').Append(word.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
        else text.Append(word);
    }
}
