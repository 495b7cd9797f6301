using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using Risk.Application.Ports;

namespace Risk.Lambda.Aws;

/// <summary>Objects of one bucket, by their names as keys. A put is whole or not there, as the service promises.</summary>
public sealed class S3Archive(IAmazonS3 client, string bucket, AwsRetry retry) : IArchive
{
    private const int MaxNameBytes = 1024;

    public async Task PutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        Demand(name);
        var bytes = content.ToArray();
        await retry.RunAsync($"Archiving {name}", tried =>
            client.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = name, InputStream = new MemoryStream(bytes, writable: false) }, tried), cancellation);
    }

    public async Task<byte[]?> GetAsync(string name, CancellationToken cancellation)
    {
        Demand(name);
        return await retry.RunAsync($"Fetching {name}", tried => TryGetAsync(name, tried), cancellation);
    }

    public async Task<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        var names = new List<string>();
        var request = new ListObjectsV2Request { BucketName = bucket, Prefix = prefix };
        do
        {
            var page = await retry.RunAsync($"Listing {prefix}", tried => client.ListObjectsV2Async(request, tried), cancellation);
            names.AddRange((page.S3Objects ?? []).Select(found => found.Key));
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (request.ContinuationToken is not null);
        // The service lists by the bytes of UTF-8, and a directory bucket in any order.
        names.Sort(StringComparer.Ordinal);
        return names;
    }

    private async Task<byte[]?> TryGetAsync(string name, CancellationToken cancellation)
    {
        try
        {
            using var answer = await client.GetObjectAsync(bucket, name, cancellation);
            using var content = new MemoryStream();
            await answer.ResponseStream.CopyToAsync(content, cancellation);
            return content.ToArray();
        }
        catch (AmazonS3Exception fault) when (fault.StatusCode == HttpStatusCode.NotFound && fault.ErrorCode != "NoSuchBucket")
        {
            return null;
        }
    }

    /// <summary>The names that a folder would take too, so that an archive can move between the two.</summary>
    private static void Demand(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (!name.Split('/').All(IsPlain) || System.Text.Encoding.UTF8.GetByteCount(name) > MaxNameBytes)
            throw new ArgumentException($"'{name}' is not a name of an object.", nameof(name));
    }

    private static bool IsPlain(string part) =>
        part is not ("" or "." or "..") && !part.Any(letter => char.IsControl(letter) || letter is '\\' or ':');
}
