using System.Text;
using System.Text.Json;
using Risk.Lambda.Aws.Clients;

namespace Risk.Testing.Cloud;

/// <summary>What the tests do to a stream and the product never does.</summary>
public static class KinesisAdmin
{
    public static Task<JsonDocument> CreateAsync(SignedHttp http, string stream, int shards) =>
        CallAsync(http, "CreateStream", $$"""{"StreamName":"{{stream}}","ShardCount":{{shards}}}""");

    public static Task<JsonDocument> MergeAsync(SignedHttp http, string stream, string shard, string adjacent) =>
        CallAsync(http, "MergeShards", $$"""{"StreamName":"{{stream}}","ShardToMerge":"{{shard}}","AdjacentShardToMerge":"{{adjacent}}"}""");

    public static async Task WaitUntilActiveAsync(SignedHttp http, string stream)
    {
        for (var asked = 0; asked < 1000; asked++)
        {
            using var answer = await CallAsync(http, "DescribeStream", $$"""{"StreamName":"{{stream}}"}""");
            if (answer.RootElement.GetProperty("StreamDescription").GetProperty("StreamStatus").GetString() == "ACTIVE")
                return;
            await Task.Delay(10);
        }

        throw new TimeoutException($"The stream {stream} did not become active.");
    }

    private static async Task<JsonDocument> CallAsync(SignedHttp http, string operation, string body)
    {
        var answer = await http.PostAsync("", "application/x-amz-json-1.1", "Kinesis_20131202." + operation, Encoding.UTF8.GetBytes(body), default);
        return JsonDocument.Parse(answer.Length == 0 ? "{}"u8.ToArray() : answer);
    }
}
