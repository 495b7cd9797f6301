using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Risk.Domain.Portfolios;
using Spectre.Console;

namespace Risk.Local.Commands;

/// <summary>How verbs talk: tables for people, JSON for programs, and the options that say which.</summary>
internal static class Terminal
{
    /// <summary>Tables keep their shape in a pipe or a file, which have no width of their own.</summary>
    private const int WidthOfPipe = 160;

    private static readonly JsonWriterOptions Indented = new() { Indented = true };

    public static Option<bool> JsonOption() => new("--json") { Description = "Answer in JSON, for programs." };

    public static Option<AccountId> AccountOption() => new("--account")
    {
        Description = "The account that is meant.",
        DefaultValueFactory = _ => AccountId.Default,
        CustomParser = result =>
        {
            if (AccountId.TryParse(result.Tokens[0].Value, out var account)) return account;
            result.AddError($"--account is '{result.Tokens[0].Value}'; it must be 1 to {AccountId.MaxLength} letters, digits and . - _");
            return default;
        },
    };

    public static bool IsInteractive => !Console.IsOutputRedirected;

    public static void WriteJson(Action<Utf8JsonWriter> members)
    {
        using var output = Console.OpenStandardOutput();
        using (var json = new Utf8JsonWriter(output, Indented))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }
        output.WriteByte((byte)'\n');
    }

    public static void WriteTable(Table table)
    {
        if (Console.IsOutputRedirected) AnsiConsole.Profile.Width = WidthOfPipe;
        AnsiConsole.Write(table);
    }

    /// <param name="columns">A name that begins with <c>&gt;</c> is aligned to the right.</param>
    public static Table NewTable(params string[] columns)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var name in columns)
        {
            var column = new TableColumn(new Text(name.TrimStart('>'))) { NoWrap = true };
            if (name.StartsWith('>')) column.Alignment = Justify.Right;
            table.AddColumn(column);
        }
        return table;
    }

    /// <summary>Cells are plain text, whatever stands in them.</summary>
    public static void AddRow(this Table table, params string[] cells) => table.AddRow(cells.Select(cell => new Text(cell)));

    public static string Money(double? amount) => amount is { } value ? value.ToString("N2", CultureInfo.InvariantCulture) : "–";

    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    public static string Percent(double? ratio) => ratio is { } value ? value.ToString("P2", CultureInfo.InvariantCulture) : "–";
}
