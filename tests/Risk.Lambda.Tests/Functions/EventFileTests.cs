using System.Runtime.CompilerServices;
using System.Text;
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

    private static string[] Files(string pattern, [CallerFilePath] string here = "") =>
        Directory.GetFiles(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "events"), pattern);
}
