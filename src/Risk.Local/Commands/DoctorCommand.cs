using System.CommandLine;
using System.Text.Json;

namespace Risk.Local.Commands;

/// <summary>Looks whether the program can run here, and says what to do where it can't.</summary>
internal static class DoctorCommand
{
    public static Command Of(LocalOptions options)
    {
        var command = new Command("doctor", $"Check versions, settings, data folder, port and disk; each is ok, a warning, or failed with what to do; exits with 1 when one failed.");
        var json = Terminal.JsonOption();
        foreach (var option in new Option[] { options.Data, options.Port, json }) command.Options.Add(option);
        command.SetAction((parsed, _) => Failures.ShowAsync(async () =>
        {
            var checks = await Checkup.RunAsync(parsed.GetValue(options.Data)!, parsed.GetValue(options.Port), Environment.GetEnvironmentVariable);
            if (parsed.GetValue(json)) Terminal.WriteJson(writer => Write(writer, checks));
            else Show(checks);
            return checks.Any(check => check.State == CheckState.Failed) ? Failures.Failed : Failures.Done;
        }));
        return command;
    }

    private static void Show(IReadOnlyList<Check> checks)
    {
        var width = checks.Max(check => check.Name.Length);
        foreach (var check in checks)
        {
            Console.WriteLine($"{WordOf(check.State),-8} {check.Name.PadRight(width)}  {check.Found}");
            if (check.Remedy is not null) Console.WriteLine($"{new string(' ', width + 11)}{check.Remedy}");
        }
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyList<Check> checks)
    {
        json.WriteString("status", WordOf(checks.Max(check => check.State)));
        json.WriteStartArray("checks");
        foreach (var check in checks)
        {
            json.WriteStartObject();
            json.WriteString("name", check.Name);
            json.WriteString("status", WordOf(check.State));
            json.WriteString("found", check.Found);
            json.WriteString("remedy", check.Remedy);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static string WordOf(CheckState state) => state switch
    {
        CheckState.Ok => "ok",
        CheckState.Warning => "warning",
        _ => "failed",
    };
}
