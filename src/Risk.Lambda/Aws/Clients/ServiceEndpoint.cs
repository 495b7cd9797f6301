using Amazon;
using Amazon.Runtime;

namespace Risk.Lambda.Aws.Clients;

/// <summary>Where a service answers and what its signatures name.</summary>
/// <param name="Url">Without a slash at its end; may have a path, such as the stage of an API.</param>
/// <param name="Service">As signatures name it: <c>kinesis</c>, <c>sns</c>, <c>execute-api</c>.</param>
public sealed record ServiceEndpoint(Uri Url, string Region, string Service)
{
    /// <summary>
    /// Honours <c>AWS_ENDPOINT_URL_KINESIS</c> and the like, then <c>AWS_ENDPOINT_URL</c>, unless <c>AWS_IGNORE_CONFIGURED_ENDPOINT_URLS</c> is true.
    /// The region is <c>AWS_REGION</c>, or what the SDK's chain finds.
    /// </summary>
    /// <exception cref="InvalidOperationException">No region is configured, or the URL is none.</exception>
    public static ServiceEndpoint Of(string service, Func<string, string?> variable)
    {
        ArgumentException.ThrowIfNullOrEmpty(service);
        ArgumentNullException.ThrowIfNull(variable);
        var region = Given(variable("AWS_REGION")) is { } name ? RegionEndpoint.GetBySystemName(name) : FallbackRegionFactory.GetRegionEndpoint()
            ?? throw new InvalidOperationException("No AWS region is configured: set AWS_REGION.");
        var ignored = string.Equals(variable("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"), "true", StringComparison.OrdinalIgnoreCase);
        var given = ignored ? null : Given(variable($"AWS_ENDPOINT_URL_{service.ToUpperInvariant()}")) ?? Given(variable("AWS_ENDPOINT_URL"));
        return At(given ?? $"https://{service}.{region.SystemName}.{region.PartitionDnsSuffix}", region.SystemName, service);
    }

    /// <exception cref="InvalidOperationException">The URL is none.</exception>
    public static ServiceEndpoint At(string url, string region, string service) =>
        Uri.TryCreate(url?.TrimEnd('/'), UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https")
            ? new ServiceEndpoint(uri, region, service)
            : throw new InvalidOperationException($"'{url}' is not the URL of a service.");

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
