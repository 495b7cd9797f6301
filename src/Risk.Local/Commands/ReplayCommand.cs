using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using Risk.Domain.Calendars;
using Risk.Local.Host;
using Spectre.Console;

namespace Risk.Local.Commands;

/// <summary>Replays a file of ticks into the data folder and consumes it to its end.</summary>
internal static class ReplayCommand
{
    public static Command Of(LocalOptions options)
    {
        var command = new Command(
            "replay",
            "Replay a file of ticks (NDJSON, CSV or a LEAN archive) into the data folder, as fast as possible unless --speed says otherwise: publish, ingest, "
            + $"measure, archive. A replay that was cut off goes on where it was; a whole one is not repeated without --again.");
        var file = new Argument<string>("FILE") { Description = "The file to replay." };
        file.Validators.Add(RefuseMissing);
        var again = new Option<bool>("--again") { Description = "Publish the file once more from its beginning, even if it was replayed before." };
        var json = Terminal.JsonOption();
        command.Arguments.Add(file);
        foreach (var option in new Option[] { options.Speed, again, options.Data, json }) command.Options.Add(option);
        command.SetAction((parsed, cancellation) => Failures.ShowAsync(async () =>
        {
            await using var desk = Desk.Open(
                parsed.GetValue(options.Data)!, LocalOptions.ReadCommon(), MarketCalendar.Sim,
                "POST /api/v1/market/ticks, or start it with --ticks FILE.");
            var speed = parsed.GetResult(options.Speed) is { Implicit: true } && Environment.GetEnvironmentVariable("RISK_SPEED") is null or "" ? 0 : parsed.GetValue(options.Speed);
            var (path, replay, asJson) = (parsed.GetValue(file)!, desk.Get<ReplayFile>(), parsed.GetValue(json));
            var done = await WatchAsync(!asJson && Terminal.IsInteractive, told => replay.RunAsync(path, speed, parsed.GetValue(again), told, cancellation));
            if (asJson) Terminal.WriteJson(writer => Write(writer, path, done));
            else Show(path, done);
            return Failures.Done;
        }));
        return command;
    }

    private static void RefuseMissing(ArgumentResult result)
    {
        var path = result.Tokens[0].Value;
        if (!File.Exists(path)) result.AddError($"FILE is '{path}'; it must be the path of a file that exists.");
    }

    private static async Task<ReplayOutcome> WatchAsync(bool isWatched, Func<Action<double, long>?, Task<ReplayOutcome>> replay)
    {
        if (!isWatched) return await replay(null);
        return await AnsiConsole.Progress().AutoClear(true).StartAsync(progress =>
        {
            var bar = progress.AddTask("Replaying", maxValue: 1);
            return replay((share, published) => (bar.Value, bar.Description) = (Math.Min(share, 0.999), $"{Terminal.Count(published)} ticks"));
        });
    }

    private static double RateOf(ReplayOutcome done) => done.Elapsed > TimeSpan.Zero ? done.File.Published / done.Elapsed.TotalSeconds : 0;

    private static void Show(string path, ReplayOutcome done)
    {
        var table = Terminal.NewTable(path, ">");
        void Row(string name, long count) => table.AddRow(name, Terminal.Count(count));
        Row("lines", done.File.Lines);
        Row("published", done.File.Published);
        Row("published by an earlier run", done.File.PublishedEarlier);
        foreach (var (reason, count) in done.File.Skipped) Row($"skipped: {reason}", count);
        Row("marked suspicious, kept", done.File.Suspicious);
        Row("crossed quotes, middle kept", done.File.Crossed);
        Row("counted", done.Counted);
        Row("duplicates", done.Duplicates);
        Row("late", done.Late);
        Row("quarantined", done.Quarantined);
        Row("windows closed", done.ClosedWindows);
        Row("windows open", done.OpenWindows);
        table.AddRow("seconds", done.Elapsed.TotalSeconds.ToString("N2", CultureInfo.InvariantCulture));
        Row("ticks per second", (long)RateOf(done));
        Terminal.WriteTable(table);
        foreach (var (line, reason) in done.File.Faults.Take(5)) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  line {line}: {reason}"));
        if (done.File is { Published: 0, PublishedEarlier: > 0 }) Console.WriteLine("The file was replayed before. Replay it once more with --again.");
    }

    private static void Write(Utf8JsonWriter json, string path, ReplayOutcome done)
    {
        json.WriteString("file", path);
        json.WriteNumber("lines", done.File.Lines);
        json.WriteNumber("published", done.File.Published);
        json.WriteNumber("published_earlier", done.File.PublishedEarlier);
        json.WriteStartObject("skipped");
        foreach (var (reason, count) in done.File.Skipped) json.WriteNumber(reason, count);
        json.WriteEndObject();
        json.WriteNumber("suspicious", done.File.Suspicious);
        json.WriteNumber("crossed", done.File.Crossed);
        json.WriteNumber("counted", done.Counted);
        json.WriteNumber("duplicates", done.Duplicates);
        json.WriteNumber("late", done.Late);
        json.WriteNumber("quarantined", done.Quarantined);
        json.WriteNumber("windows_closed", done.ClosedWindows);
        json.WriteNumber("windows_open", done.OpenWindows);
        json.WriteNumber("seconds", done.Elapsed.TotalSeconds);
        json.WriteNumber("ticks_per_second", RateOf(done));
        json.WriteNumber("epoch", done.File.Epoch);
    }
}
