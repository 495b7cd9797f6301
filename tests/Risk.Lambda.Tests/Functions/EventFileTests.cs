using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using Risk.Api.Access;
using Risk.Lambda.Functions;
using Xunit;

namespace Risk.Lambda.Tests.Functions;

/// <summary>The events for <c>sam local invoke</c> are events that the functions take.</summary>
public sealed class EventFileTests
{
    [Fact]
    public async Task Every_event_of_the_consumer_is_taken_whole()
    {
        var files = Files("consumer-*.json");
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            await using var house = await FakeHouse.OpenAsync();
            Assert.Empty(Events.Failures(await house.Get<Consumer>().HandleAsync(Events.Of(await File.ReadAllTextAsync(file, FakeHouse.Cancel)), FakeHouse.Cancel)));
            var isKept = house.Table.Everything.Any(item => item.Key.Partition.StartsWith("PX#", StringComparison.Ordinal) || item.Key.Partition.StartsWith("QUAR", StringComparison.Ordinal));
            Assert.True(isKept != file.EndsWith("consumer-empty.json", StringComparison.Ordinal), file);
        }
    }

    [Fact]
    public void Every_event_of_a_schedule_names_its_time_and_schedule()
    {
        var files = Files("producer-*.json").Concat(Files("close-day-*.json")).ToArray();
        Assert.True(files.Length > 4);
        foreach (var file in files)
        {
            var fired = ScheduleEvent.Parse(Encoding.UTF8.GetBytes(File.ReadAllText(file)));
            Assert.True(fired is { Time: not null, Schedule.Length: > 0 }, file);
        }
    }

    [Fact]
    public void Every_event_of_the_connections_and_of_the_authorizer_is_read()
    {
        foreach (var file in Files("live-connections-*.json"))
        {
            var socket = SocketEvent.Parse(File.ReadAllBytes(file));
            Assert.True(socket.Caller is { KeyId: not null, Scopes.Grants.Count: 1 } || socket.Kind == SocketEventKind.Disconnect, file);
        }
        var asked = Files("authorizer-*.json").Select(file => AuthorizerEvent.Parse(File.ReadAllBytes(file))).ToList();
        Assert.Equal((1, 1, 3), (asked.Sum(x => x.Keys.Count), asked.Sum(x => x.Authorizations.Count), asked.Sum(x => x.Tickets.Count)));
    }

    /// <summary>Whom the gateway vouches for is written as our authorizer does it.</summary>
    [Fact]
    public void Every_event_of_the_api_names_its_caller_in_the_words_of_the_authorizer()
    {
        foreach (var file in Files("*-api-*.json"))
        {
            var text = File.ReadAllText(file);
            var context = JsonNode.Parse(text)!["requestContext"]!["authorizer"]?["lambda"]?.AsObject();
            if (context is null) continue;
            var caller = HostCaller.OfContext(name => (string?)context[name]);
            Assert.True(caller is not null && HostCaller.ToContext(caller).Count == context.Count, file);
        }
    }

    public static string PathOf(string name, [CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "events", name);

    private static string[] Files(string pattern) => Directory.GetFiles(PathOf(""), pattern);
}
