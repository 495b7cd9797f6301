using System.CommandLine;
using System.Text.Json;
using Risk.Domain.Calendars;
using Risk.Local.Host;

namespace Risk.Local.Commands;

/// <summary>Imports files into the data folder, all or none.</summary>
internal static class ImportCommand
{
    public static Command Of(LocalOptions options)
    {
        var command = new Command(
            "import",
            $"Import instruments, daily closes and positions, in this order. With a fault in one of the files nothing is imported and every fault is listed.");
        var (account, json) = (Terminal.AccountOption(), Terminal.JsonOption());
        foreach (var option in options.ForImport) command.Options.Add(option);
        command.Options.Add(options.Data);
        command.Options.Add(account);
        command.Options.Add(json);
        command.SetAction((parsed, cancellation) => Failures.ShowAsync(async () =>
        {
            var files = options.ReadFiles(parsed, parsed.GetValue(account));
            if (files is { Instruments: null, Prices: null, Positions: null })
                throw new SettingsException("Nothing to import: name at least one of --instruments FILE, --prices FILE, --positions FILE.");
            await using var desk = Desk.Open(
                parsed.GetValue(options.Data)!, LocalOptions.ReadCommon(), MarketCalendar.Sim,
                $"PUT /api/v1/market/instruments, /api/v1/market/history and /api/v1/accounts/{files.Account}/positions.");
            return Show(await desk.Get<FileImports>().RunAsync(files, cancellation), parsed.GetValue(json));
        }));
        return command;
    }

    private static int Show(IReadOnlyList<ImportedFile> files, bool asJson)
    {
        var isImported = !files.Any(file => file.Faults.Any);
        if (asJson) Terminal.WriteJson(json => Write(json, files, isImported));
        else if (!isImported) Console.Error.WriteLine(ImportWords.OfFaults(files));
        else foreach (var line in ImportWords.OfFiles(files)) Console.WriteLine(line);
        return isImported ? Failures.Done : Failures.Failed;
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyList<ImportedFile> files, bool isImported)
    {
        json.WriteBoolean("imported", isImported);
        json.WriteStartArray("files");
        foreach (var file in files)
        {
            json.WriteStartObject();
            json.WriteString("path", file.Path);
            json.WriteString("summary", file.Summary);
            json.WriteStartArray("warnings");
            foreach (var warning in file.Warnings) json.WriteStringValue(warning);
            json.WriteEndArray();
            json.WriteNumber("fault_count", file.Faults.Total);
            json.WriteStartArray("faults");
            foreach (var fault in file.Faults.Listed)
            {
                json.WriteStartObject();
                json.WriteString("where", fault.Where);
                json.WriteString("detail", fault.Detail);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
