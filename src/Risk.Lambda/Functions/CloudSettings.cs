using System.Globalization;
using Risk.Api.Access;
using Risk.Application.Settings;
using Risk.Domain.Calendars;

namespace Risk.Lambda.Functions;

/// <summary>The settings of the functions. Which of the names are needed, each function says; the others are empty where not given.</summary>
/// <param name="Table">The name of the one table.</param>
/// <param name="Stream">The name of the tick stream.</param>
/// <param name="Bucket">The name of the bucket of the archive.</param>
/// <param name="WebSocketUrl">The stage of the WebSocket API; messages for its connections are posted to it, with https for wss.</param>
/// <param name="Access">Whose tokens and which pages' calls the API takes.</param>
/// <param name="Rate">Simulated ticks per second.</param>
public sealed record CloudSettings(
    string Table, string Stream, string Bucket, string WebSocketUrl, AccessSettings Access, Market Market, double Rate, long Seed, RiskSettings Risk)
{
    private const double MaxRate = 10_000;

    /// <exception cref="SettingsException">Something needed is missing, or something is wrong: the message names each of them.</exception>
    public static CloudSettings Read(Func<string, string?> variable, params string[] needed)
    {
        ArgumentNullException.ThrowIfNull(variable);
        var faults = needed.Where(name => string.IsNullOrWhiteSpace(variable(name))).Select(name => $"{name} is not set.").ToList();
        var settings = new CloudSettings(
            variable("RISK_TABLE") ?? "",
            variable("RISK_STREAM") ?? "",
            variable("RISK_RAW_BUCKET") ?? "",
            variable("RISK_WEBSOCKET_URL") ?? "",
            AccessSettings.Read(variable, faults, loopbackOnly: false) with
            {
                AllowedOrigins = (variable("RISK_ALLOWED_ORIGINS") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
            },
            Given<Market>("RISK_MARKET", "SIM", "SIM, NSE or US", (text, _) => MarketCalendar.TryParse(text, out var market) ? market : null),
            Given<double>("RISK_RATE", "50", $"a number from 0.001 to {MaxRate}", (text, culture) => double.TryParse(text, NumberStyles.Float, culture, out var rate) && rate is >= 0.001 and <= MaxRate ? rate : null),
            Given<long>("RISK_SEED", "1", "a whole number of 64 bits", (text, culture) => long.TryParse(text, NumberStyles.AllowLeadingSign, culture, out var seed) ? seed : null),
            RiskSettings.Read(variable, faults));
        return faults.Count == 0 ? settings : throw new SettingsException(string.Join(' ', faults));

        T Given<T>(string name, string otherwise, string allowed, Func<string, CultureInfo, T?> read)
            where T : struct
        {
            var text = variable(name) is { Length: > 0 } given ? given : otherwise;
            if (read(text, CultureInfo.InvariantCulture) is { } value) return value;
            faults.Add($"{name} is '{text}'; it must be {allowed}.");
            return default;
        }
    }
}

/// <summary>The function can't start as it is configured.</summary>
public sealed class SettingsException(string message) : Exception(message);
