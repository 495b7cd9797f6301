using System.Globalization;
using System.Text.Json;
using Risk.Application.Reporting;
using Risk.Application.Stores;
using Risk.Domain.Amounts;
using Risk.Domain.Instruments;
using Risk.Domain.Snapshots;
using Risk.Domain.Stress;

namespace Risk.Api.Wire;

public sealed record ScenarioRequest(
    IReadOnlyList<string>? Scenarios = null, IReadOnlyList<CustomScenarioRequest>? Custom = null, StressedVarBody? StressedVar = null)
{
    private const int MaxNames = ScenarioStore.MaxScenarios;
    private const int MaxCustom = 20;
    private const int MaxShocks = 1_000;
    private const int MaxSectorLength = 200;

    private static readonly string[] Axes = ["symbols", "sectors", "asset_classes", "currencies"];

    internal static StressRequest Read(JsonElement root, List<Fault> faults)
    {
        var reader = new BodyReader(root, "", faults, "scenarios", "custom", "stressed_var");
        if (root.ValueKind != JsonValueKind.Object) return StressRequest.Usual;
        var names = new List<string>();
        if (reader.Find("scenarios") is not null)
            foreach (var (name, element) in reader.Array("scenarios", MaxNames) ?? [])
                if (element.ValueKind == JsonValueKind.String) names.Add(element.GetString()!);
                else reader.Add(name, "Expected is the name of a window or of a stored scenario.");
        var custom = new List<CustomShocks>();
        if (reader.Find("custom") is not null)
            foreach (var (name, element) in reader.Array("custom", MaxCustom) ?? []) custom.Add(ReadCustom(element, $"/{name}", faults));
        foreach (var twice in custom.GroupBy(x => x.Scenario.Name).Where(x => x.Count() > 1)) reader.Add("custom", $"'{twice.Key}' stands there {twice.Count()} times.");
        var stressed = reader.Find("stressed_var") is { } asked ? ReadStressedVar(asked, faults) : null;
        if (reader.Find("scenarios") is null && reader.Find("custom") is null && stressed is null) reader.Add("", "Name scenarios, bring custom ones, or ask for stressed_var.");
        return new StressRequest(names, custom, stressed);
    }

    private static CustomShocks ReadCustom(JsonElement element, string path, List<Fault> faults)
    {
        var reader = new BodyReader(element, path, faults, ["name", "save", .. Axes]);
        var name = reader.Text("name", ScenarioStore.MaxNameLength);
        if (!ScenarioStore.IsName(name ?? "")) reader.Add("name", $"Expected are 1 to {ScenarioStore.MaxNameLength} letters, digits and . - _ that are not the name of a window.");
        var save = reader.Find("save");
        if (save is { ValueKind: not (JsonValueKind.True or JsonValueKind.False) }) reader.Add("save", "Expected is true or false.");
        var sectors = reader.Numbers("sectors", PriceShocks.Least, PriceShocks.Most);
        if (sectors.Keys.Any(x => x.Length is 0 or > MaxSectorLength)) reader.Add("sectors", $"A sector has 1 to {MaxSectorLength} characters.");
        if (sectors.Keys.Distinct(StringComparer.OrdinalIgnoreCase).Count() < sectors.Count) reader.Add("sectors", "A sector stands there twice; case does not matter.");
        var shocks = new PriceShocks(
            reader.Numbers("symbols", PriceShocks.Least, PriceShocks.Most, x => Symbol.TryParse(x, out var symbol) ? symbol : default(Symbol?), "a symbol"),
            sectors,
            reader.Numbers("asset_classes", PriceShocks.Least, PriceShocks.Most, ClassOf, "one of equity, etf, fund, future, option, fx (cash moves with its currency alone)"),
            reader.Numbers("currencies", PriceShocks.LeastCurrency, PriceShocks.Most, x => Currency.TryParse(x, out var currency) ? currency : default(Currency?), "a currency code of three letters"));
        if (Axes.All(x => reader.Find(x) is null) && element.ValueKind == JsonValueKind.Object) reader.Add("symbols", "Expected is at least one shock in symbols, sectors, asset_classes or currencies.");
        if (shocks.Count > MaxShocks) reader.Add("symbols", $"At most {MaxShocks} shocks in all.");
        return new CustomShocks(new StoredScenario(name ?? "", shocks), save is { ValueKind: JsonValueKind.True });
    }

    private static AssetClass? ClassOf(string text) =>
        Enum.TryParse<AssetClass>(text, ignoreCase: true, out var known) && known != AssetClass.Cash && text.All(char.IsAsciiLetter) ? known : null;

    private static StressedVarRequest ReadStressedVar(JsonElement element, List<Fault> faults)
    {
        var reader = new BodyReader(element, "/stressed_var", faults, "window_days", "confidence", "from", "to");
        var days = reader.Whole("window_days", RiskConventions.MinWindowDays, RiskConventions.MaxWindowDays);
        var confidence = reader.Number("confidence", 0.500001m, 0.999999m);
        var (from, to) = (DateOf(reader, "from"), DateOf(reader, "to"));
        if (from is null != to is null) reader.Add(from is null ? "from" : "to", "A fixed window has from and to; without both the worst one is searched.");
        if (from > to) reader.Add("from", "The window ends before it begins.");
        if (from is not null && days is not null) reader.Add("window_days", "A fixed window has its length already.");
        return new StressedVarRequest(days ?? StressPortfolio.UsualStressDays, confidence ?? 0.99m, from, to);
    }

    private static DateOnly? DateOf(BodyReader reader, string name)
    {
        if (reader.Text(name, 10) is not { } text) return null;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)) return date;
        reader.Add(name, "Expected is a date as 2008-12-31.");
        return null;
    }
}

public sealed record CustomScenarioRequest(
    string Name, bool? Save = null, Dictionary<string, double>? Symbols = null, Dictionary<string, double>? Sectors = null,
    Dictionary<string, double>? AssetClasses = null, Dictionary<string, double>? Currencies = null);

public sealed record StressedVarBody(int? WindowDays = null, decimal? Confidence = null, DateOnly? From = null, DateOnly? To = null);
