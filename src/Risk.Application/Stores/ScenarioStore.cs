using System.Text.Json;
using System.Text.Json.Serialization;
using Risk.Application.Ports;
using Risk.Domain.Amounts;
using Risk.Domain.Instruments;
using Risk.Domain.Portfolios;
using Risk.Domain.Stress;

namespace Risk.Application.Stores;

/// <summary>The custom scenarios of an account, beside its own item and one item each.</summary>
public sealed class ScenarioStore(IItemTable table)
{
    /// <summary>Of one account: all of them are computed for each reader.</summary>
    public const int MaxScenarios = 100;

    public const int MaxNameLength = 64;

    /// <summary>In ordinal order of the names.</summary>
    public async Task<IReadOnlyList<StoredScenario>> ListAsync(AccountId account, CancellationToken cancellation)
    {
        var found = new List<StoredScenario>();
        var first = Keys.Scenario(account, "");
        await foreach (var item in table.QueryAllAsync(new ItemQuery(first.Partition, first.Sort, $"{first.Sort}~"), cancellation))
            found.Add(JsonSerializer.Deserialize(item.Body.Span, ScenarioJson.Default.ScenarioBody)!.ToScenario(item.Key.Sort[first.Sort.Length..]));
        return found;
    }

    /// <summary>In the place of one of the same name; the same again changes nothing.</summary>
    public async Task PutAsync(AccountId account, StoredScenario scenario, CancellationToken cancellation)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(ScenarioBody.Of(scenario), ScenarioJson.Default.ScenarioBody);
        await table.WriteAtomicAsync([ItemWrite.Put(new Item(Keys.Scenario(account, scenario.Name), body))], cancellation);
    }

    /// <summary>False when there is none of that name.</summary>
    public async Task<bool> DeleteAsync(AccountId account, string name, CancellationToken cancellation)
    {
        var key = Keys.Scenario(account, name);
        if (await table.GetAsync(key, cancellation) is null) return false;
        await table.WriteAtomicAsync([ItemWrite.Delete(key)], cancellation);
        return true;
    }

    /// <summary>1 to <see cref="MaxNameLength"/> letters, digits and <c>. - _</c>, and not that of a window.</summary>
    public static bool IsName(string text) =>
        text.Length is > 0 and <= MaxNameLength && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_') && HistoricalWindow.All.All(x => x.Name != text);
}

public sealed record StoredScenario(string Name, PriceShocks Shocks);

internal sealed record ScenarioBody(
    Dictionary<string, double> Symbols, Dictionary<string, double> Sectors, Dictionary<string, double> AssetClasses, Dictionary<string, double> Currencies)
{
    public static ScenarioBody Of(StoredScenario x) => new(
        Text(x.Shocks.Symbols), Text(x.Shocks.Sectors), Text(x.Shocks.AssetClasses), Text(x.Shocks.Currencies));

    public StoredScenario ToScenario(string name) => new(
        name,
        new PriceShocks(
            Symbols.ToDictionary(x => Symbol.Parse(x.Key), x => x.Value),
            Sectors,
            AssetClasses.ToDictionary(x => Enum.Parse<AssetClass>(x.Key), x => x.Value),
            Currencies.ToDictionary(x => Currency.Parse(x.Key), x => x.Value)));

    private static Dictionary<string, double> Text<T>(IReadOnlyDictionary<T, double> shocks)
        where T : notnull => shocks.ToDictionary(x => x.Key.ToString()!, x => x.Value);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ScenarioBody))]
internal sealed partial class ScenarioJson : JsonSerializerContext;
