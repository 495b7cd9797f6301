using System.Text.Json.Nodes;
using Risk.Lambda.Functions;
using Risk.Lambda.Tests.Functions;
using Xunit;

namespace Risk.Lambda.Tests.Published;

/// <summary>The changes in <c>fanout-changes.json</c> are those that the ticks of <c>consumer-good.json</c> make, as the table writes them.</summary>
public sealed class FanoutFileTests
{
    private const string Name = "fanout-changes.json";

    [Fact]
    public async Task The_images_of_the_file_are_as_the_table_writes_them()
    {
        await using var house = await FakeHouse.OpenAsync();
        var ticks = await File.ReadAllTextAsync(EventFileTests.PathOf("consumer-good.json"), FakeHouse.Cancel);
        Assert.Empty(Events.Failures(await house.Get<Consumer>().HandleAsync(Events.Of(ticks), FakeHouse.Cancel)));
        var changes = JsonNode.Parse(await File.ReadAllTextAsync(EventFileTests.PathOf(Name), FakeHouse.Cancel))!;
        foreach (var change in changes["Records"]!.AsArray().Select(x => x!["dynamodb"]!))
        {
            var (partition, sort) = ((string)change["Keys"]!["PK"]!["S"]!, (string)change["Keys"]!["SK"]!["S"]!);
            var item = house.Table.Everything.SingleOrDefault(x => x.Key.Partition == partition && x.Key.Sort == sort);
            Assert.True(item is not null, $"{partition} / {sort} is none of {string.Join(", ", house.Table.Everything.Select(x => x.Key))}");
            var image = JsonNode.Parse(TableRecord.Of(item, "1"))!["dynamodb"]!["NewImage"];
            if (ExpectedReply.IsRewriting()) change["NewImage"] = image!.DeepClone();
            else Assert.Empty(ExpectedReply.Differences(change["NewImage"], image, $"{partition}/{sort}"));
        }
        if (ExpectedReply.IsRewriting()) await File.WriteAllTextAsync(EventFileTests.PathOf(Name), ExpectedReply.TextOfFile(changes), FakeHouse.Cancel);
    }
}
