using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Risk.House.Tests.Reading;
using Xunit;

namespace Risk.House.Tests.Rules;

/// <summary>What is deployed agrees with the program: functions, events, environment; and each function can be watched and fail safely.</summary>
public sealed partial class TemplateTests
{
    private const string File = "template.yaml";

    private static readonly Template Deployed = new(Repository.Read(File));

    [Fact]
    public void The_template_deploys_the_functions_that_the_program_has()
    {
        Assert.Equal(FunctionTable.Names.Order(), Deployed.Functions.Keys.Order());
        Assert.Equal(FunctionTable.Names.Order(), FunctionTable.OfProgram().Order());
    }

    [Fact]
    public void Every_function_is_complete() =>
        Findings.MustBeNone(
            Deployed.Functions.SelectMany(x => Faults(Deployed, x.Key)),
            "A function says how it is chosen, under which role, with how much memory and time, where it logs, who hears of its failure, and that sam build leaves the package alone.");

    [Fact]
    public void Log_groups_forget() =>
        Findings.MustBeNone(
            Deployed.OfType("AWS::Logs::LogGroup").Where(x => Template.Text(x.Value, "Properties", "RetentionInDays") != "LogRetentionDays").Select(x => $"{File}: {x.Key} keeps its lines for ever"),
            "RetentionInDays: !Ref LogRetentionDays");

    [Fact]
    public void Schedules_say_whose_time_and_market_they_mean_and_where_failures_go() =>
        Findings.MustBeNone(
            from schedule in Deployed.OfType("AWS::Scheduler::Schedule")
            let input = JsonDocument.Parse(Template.Text(schedule.Value, "Properties", "Target", "Input")!).RootElement
            let zone = Template.Text(schedule.Value, "Properties", "ScheduleExpressionTimezone")
            where (input.GetProperty("detail").GetProperty("market").GetString(), zone) is not (("NSE", "Asia/Kolkata") or ("US", "America/New_York"))
                || input.GetProperty("time").GetString() != "<aws.scheduler.scheduled-time>"
                || Template.Node(schedule.Value, "Properties", "Target", "DeadLetterConfig") == null
            select $"{File}: {schedule.Key}",
            "Each schedule names its market and the scheduled time in its input, fires in that market's time zone, and leaves what fails in a queue.");

    [Fact]
    public void Every_function_has_events_and_every_event_a_function()
    {
        var events = EventFiles();
        Findings.MustBeNone(
            events.Where(x => FunctionOf(x) == null).Select(x => $"{x}: begins with the name of no function")
                .Concat(FunctionTable.Names.Where(x => !events.Any(y => FunctionOf(y) == x)).Select(x => $"events/{FunctionTable.Kebab(x)}-….json: {x} has no event")),
            "Event files are called after their function and the case: consumer-poison.json.");
    }

    [Fact]
    public void Every_event_has_its_expected_reply_and_no_reply_is_left_over()
    {
        var expected = ExpectedFiles().Select(Path.GetFileName).ToHashSet();
        var events = EventFiles().Select(Path.GetFileName).ToHashSet();
        Findings.MustBeNone(
            events.Except(expected).Select(x => $"events/expected/{x} is missing").Concat(expected.Except(events).Select(x => $"events/expected/{x} belongs to no event")),
            "REWRITE_EXPECTED=1 dotnet test tests/Risk.Lambda.Tests --filter Published writes what is missing; read it before you take it in.");
    }

    [Fact]
    public void Events_are_valid_json_of_invented_accounts() =>
        Findings.MustBeNone(
            from path in EventFiles().Concat(ExpectedFiles())
            let text = Repository.Read(path)
            where JsonDocument.Parse(text).RootElement.ValueKind != JsonValueKind.Object || AccountNumber().Matches(text).Any(x => x.Groups[1].Value is not ("123456789012" or "000000000000"))
            select path,
            "An event is a JSON object; the account in its ARNs is 123456789012.");

    [Fact]
    public void Variables_of_the_template_are_declared_settings() =>
        Findings.MustBeNone(
            Variables(Deployed).Except(SettingsTests.DeclaredNames()).Select(x => $"{File}: {x} has no row in docs/SETTINGS.md"),
            "Declare it, or take it out of the template.");

    [Fact]
    public void Settings_of_the_cloud_are_in_the_template() =>
        Findings.MustBeNone(
            SettingsTests.DeclaredNames("Risk.Lambda", "Risk.Api", "Risk.Application").Except(Variables(Deployed)).Select(x => $"{File}: {x} is read in the cloud and not set"),
            "Set it among the variables of Globals or of the function.");

    [Theory]
    [InlineData("env/local.json")]
    [InlineData("env/dev.json")]
    public void Environment_files_set_what_the_template_declares_and_nothing_else(string path)
    {
        var set = JsonDocument.Parse(Repository.Read(path)).RootElement.GetProperty("Parameters").EnumerateObject().Select(x => x.Name);
        Assert.Equal(Variables(Deployed).Where(x => x != "RISK_FUNCTION").Order(), set.Order());
    }

    [Fact]
    public void Names_in_the_table_of_the_program_are_read() =>
        Assert.Equal(["Producer", "ReadApi"], FunctionTable.OfProgram("return Run(new FunctionTable { [\"Producer\"] = Start, /* [\"No\"] = */ [\"ReadApi\"] = x => Api(x) });"));

    [Fact]
    public void A_function_that_lacks_something_is_named()
    {
        var bare = new Template("""
            Globals: {Function: {Runtime: dotnet10}}
            Resources:
              LonelyFunction:
                Type: AWS::Serverless::Function
                Properties: {Timeout: 5000, Environment: {Variables: {RISK_FUNCTION: Other}}}
            """);
        Assert.Equal(8, Faults(bare, "Lonely").Count());
    }

    private static IEnumerable<string> Faults(Template template, string name)
    {
        var function = template.Functions[name];
        if (Template.Text(function, "Environment", "Variables", "RISK_FUNCTION") != name) yield return $"{File}: {name} is not chosen by its own name";
        if (Template.Text(function, "Role") != $"{name}Role.Arn" || !template.Resources.ContainsKey($"{name}Role")) yield return $"{File}: {name} has no role of its own";
        if (!IsBetween(Template.Text(function, "MemorySize"), 128, 10_240)) yield return $"{File}: {name} says nothing of memory";
        if (!IsBetween(Template.Text(function, "Timeout"), 1, 900)) yield return $"{File}: {name} has no timeout";
        if (Template.Text(function, "LoggingConfig", "LogGroup") != $"{name}Log" || !template.Resources.ContainsKey($"{name}Log")) yield return $"{File}: {name} has no log group of its own";
        if (!HasFailurePath(template, name)) yield return $"{File}: nobody hears when {name} fails for good";
        if (!HasAlarm(template, name)) yield return $"{File}: {name} has no alarm on its errors";
        if (Template.Text(template.Resources[$"{name}Function"], "Metadata", "SkipBuild") != "true") yield return $"{File}: {name} would be built by sam build";
    }

    private static bool IsBetween(string? text, int low, int high) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n >= low && n <= high;

    /// <summary>Its own destination, that of its mapping, or a caller that is told: API Gateway.</summary>
    private static bool HasFailurePath(Template template, string name) =>
        Template.Node(template.Functions[name], "EventInvokeConfig", "DestinationConfig", "OnFailure") != null
        || template.OfType("AWS::Lambda::EventSourceMapping").Any(x => Template.Text(x.Value, "Properties", "FunctionName") == $"{name}Function"
            && Template.Node(x.Value, "Properties", "DestinationConfig", "OnFailure") != null && Template.Texts(Template.Node(x.Value, "Properties", "FunctionResponseTypes")).Contains("ReportBatchItemFailures"))
        || template.OfType("AWS::Lambda::Permission").Any(x => Template.Text(x.Value, "Properties", "FunctionName") == $"{name}Function" && Template.Text(x.Value, "Properties", "Principal") == "apigateway.amazonaws.com");

    private static bool HasAlarm(Template template, string name) =>
        template.OfType("AWS::CloudWatch::Alarm").Any(x => Template.Text(x.Value, "Properties", "MetricName") == "Errors"
            && Template.Texts(Template.Node(x.Value, "Properties", "Dimensions")).Contains($"{name}Function") && Template.Node(x.Value, "Properties", "AlarmActions") != null);

    private static IReadOnlyList<string> Variables(Template template) =>
        [.. template.Functions.Values.Append(template.Globals).SelectMany(x => Template.Names(Template.Node(x, "Environment", "Variables"))).Distinct()];

    private static List<string> EventFiles() => [.. Repository.Files.Where(x => x.StartsWith("events/", StringComparison.Ordinal) && x.Count(c => c == '/') == 1)];

    private static List<string> ExpectedFiles() => [.. Repository.Files.Where(x => x.StartsWith("events/expected/", StringComparison.Ordinal))];

    private static string? FunctionOf(string path) => FunctionTable.Names.FirstOrDefault(x => path.StartsWith($"events/{FunctionTable.Kebab(x)}-", StringComparison.Ordinal));

    [GeneratedRegex(@"arn:aws:[a-z0-9-]+:[a-z0-9-]*:(\d+):")]
    private static partial Regex AccountNumber();
}
