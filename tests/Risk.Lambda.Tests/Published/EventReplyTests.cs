using System.Text.Json.Nodes;
using Risk.Lambda.Tests.Functions;
using Risk.Testing.Cloud;
using Xunit;

namespace Risk.Lambda.Tests.Published;

/// <summary>
/// Every file of <c>events/</c> through the published program as its function, over the emulators: what comes of it is what stands in
/// <c>events/expected/</c> under the same name. With <c>REWRITE_EXPECTED=1</c> the files are written anew.
/// </summary>
public sealed class EventReplyTests(Emulators emulators, PublishedBootstrap published)
{
    private static readonly string[] Functions = ["Authorizer", "CloseDay", "CommandApi", "Fanout", "LiveConnections", "Producer", "ReadApi"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string> FunctionsOfOneHouse => [.. Functions];

    [Theory]
    [MemberData(nameof(FunctionsOfOneHouse))]
    public async Task The_function_answers_its_events_as_expected(string function)
    {
        await using var house = await EventHouse.OpenAsync(await emulators.AddressesAsync(), $"events-{Kebab(function)}");
        await RunAsync(house, function, Files(function));
    }

    /// <summary>Each in a house of its own: the files speak of the same ticks.</summary>
    [Fact]
    public async Task The_consumer_answers_its_events_as_expected()
    {
        foreach (var file in Files("Consumer"))
        {
            await using var house = await EventHouse.OpenAsync(await emulators.AddressesAsync(), $"events-{file}", hasTicks: false);
            await RunAsync(house, "Consumer", [file]);
        }
    }

    private async Task RunAsync(EventHouse house, string function, IEnumerable<string> files)
    {
        (string, string)[] settings = function == "CloseDay" ? [("RISK_MARKET", "NSE")] : [];
        await using var running = await house.StartAsync(await published.PathAsync(), function, settings);
        var answers = new List<(string File, JsonNode Shown)>();
        foreach (var file in files)
        {
            if (function == "LiveConnections") await house.ConnectAsync();
            // A producer that is not told otherwise goes on until shortly before the deadline.
            var deadline = function == "Producer" ? TimeProvider.System.GetUtcNow().AddSeconds(4) : RuntimeApiServer.Far;
            var answer = await running.Platform.InvokeAsync(await File.ReadAllBytesAsync(EventFileTests.PathOf($"{file}.json"), Cancel), deadline: deadline);
            var shown = ExpectedReply.Show(answer);
            if (house.TakePushed() is { } pushed) shown["pushed"] = pushed;
            answers.Add((file, shown));
        }
        var counts = CountsOf(await running.StopAsync());
        Assert.True(house.Denied.Count == 0, $"Its role in template.yaml does not allow {string.Join(", ", house.Denied)}.");
        for (var i = 0; i < answers.Count; i++)
        {
            if (counts.TryGetValue($"request-{i + 1}", out var counted)) answers[i].Shown["counted"] = counted;
            await CompareAsync(answers[i].File, answers[i].Shown);
        }
    }

    private static async Task CompareAsync(string file, JsonNode shown)
    {
        var path = EventFileTests.PathOf(Path.Combine("expected", $"{file}.json"));
        var expected = File.Exists(path) ? JsonNode.Parse(await File.ReadAllTextAsync(path, Cancel)) : null;
        if (ExpectedReply.IsRewriting())
        {
            await File.WriteAllTextAsync(path, ExpectedReply.TextOfFile(ExpectedReply.Rewrite(expected, shown)!), Cancel);
            return;
        }
        Assert.True(expected is not null, $"{path} is missing; {ExpectedReply.RewriteVariable}=1 writes it.");
        var differences = ExpectedReply.Differences(expected, shown).ToList();
        Assert.True(differences.Count == 0, $"{file}: {string.Join("; ", differences)}");
    }

    /// <summary>What the function counted at each event, by request.</summary>
    private static Dictionary<string, JsonNode> CountsOf(string log)
    {
        var counts = new Dictionary<string, JsonNode>();
        foreach (var line in log.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(x => JsonNode.Parse(x)!))
        {
            if (line["_aws"] is not { } metrics) continue;
            var names = from metric in metrics["CloudWatchMetrics"]![0]!["Metrics"]!.AsArray() where (string?)metric!["Unit"] == "Count" select (string)metric["Name"]!;
            counts[(string)line["requestId"]!] = new JsonObject(names.Select(name => KeyValuePair.Create(name, (JsonNode?)line[name]!.DeepClone())));
        }
        return counts;
    }

    private static List<string> Files(string function) =>
        [.. Directory.GetFiles(EventFileTests.PathOf(""), $"{Kebab(function)}-*.json").Select(x => Path.GetFileNameWithoutExtension(x)).Order(StringComparer.Ordinal)];

    private static string Kebab(string function) => string.Concat(function.Select((c, i) => char.IsUpper(c) && i > 0 ? $"-{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));
}
