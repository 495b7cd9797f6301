using System.Globalization;
using System.Text.Json;
using Xunit;

namespace Risk.Api.Tests.Setup;

/// <summary>Asks one calculator of a program of its own.</summary>
internal static class Calculator
{
    public static async Task<JsonElement> CalculateAsync(string route, string body)
    {
        await using var host = await ApiHost.StartAsync();
        var reply = await host.PostAsync($"/api/v1/calculate/{route}", body);
        Assert.True(reply.Status == 200, reply.Text);
        return reply.Json;
    }

    /// <summary>As an array of JSON, to the last bit.</summary>
    public static string Text(IEnumerable<double> values) => $"[{string.Join(',', values.Select(x => x.ToString("R", CultureInfo.InvariantCulture)))}]";
}
