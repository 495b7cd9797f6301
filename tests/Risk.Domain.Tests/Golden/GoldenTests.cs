using System.Text.Json.Nodes;
using Risk.Golden;
using Xunit;

namespace Risk.Domain.Tests.Golden;

/// <summary>
/// The cases carry reference values of independent tools (numpy, pandas, R, PerformanceAnalytics, skfolio, empyrical; each file names its
/// own) with the tolerance they must be met to. A text "@name" stands for the data of that name, which several cases share.
/// </summary>
public sealed class GoldenTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Golden", "cases");

    public static TheoryData<string> Names => [.. Directory.GetFiles(Folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_figure_agrees_within_its_tolerance(string name)
    {
        var golden = Read(name);
        Assert.NotNull(golden.Expected);
        Assert.Empty(Comparison.Differences(golden, Compute(golden)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Without_expected_values_the_same_figures_are_written(string name)
    {
        var golden = Read(name);
        var blind = JsonNode.Parse(Text(name))!.AsObject();
        blind.Remove("expected");
        Assert.Empty(Comparison.Differences(golden, Compute(GoldenCase.Parse(blind.ToJsonString()))));
    }

    [Fact]
    public void There_are_cases() => Assert.True(Names.Count >= 68);

    [Fact]
    public void Other_confidence_levels_are_computed_when_asked_for()
    {
        var asked = JsonNode.Parse(Text("02_hs_single_asset_n252"))!.AsObject();
        asked["expected"] = new JsonObject { ["99.5"] = new JsonObject { ["k"] = 0, ["m_floor"] = 0, ["es_mean_worst_m"] = 0, ["var_type9"] = 0 } };
        var result = Compute(GoldenCase.Parse(asked.ToJsonString()));
        Assert.Equal(["99.5"], result.AsObject().Select(x => x.Key));
        Assert.Equal(2, (int)result["99.5"]!["k"]!);
        Assert.NotNull(result["99.5"]!["var_type9"]);
    }

    [Fact]
    public void A_confidence_among_the_inputs_goes_before_the_name_of_the_case()
    {
        JsonNode At(string name, JsonNode? confidence)
        {
            var asked = JsonNode.Parse(Text("04_component_var_modified_99"))!.AsObject();
            asked["name"] = name;
            if (confidence is not null) asked["inputs"]!["confidence"] = confidence;
            return Compute(GoldenCase.Parse(asked.ToJsonString()))["var_total"]!;
        }
        var at95 = (double)At("component_var_modified_95", null);
        Assert.Equal([at95, at95, at95], new[] { At("component_var_modified_other", 0.95), At("component_var_modified_99", 95), At("component_var_modified_95_n20", null) }.Select(x => (double)x));
        Assert.True(at95 < (double)At("component_var_modified_99", null));
    }

    [Fact]
    public void Rows_of_whole_options_and_ticks_need_no_columns()
    {
        foreach (var name in (string[])["08_bs_greeks_extreme", "08_implied_volatility", "11_vwap_5s_small"])
        {
            var bare = JsonNode.Parse(Text(name))!.AsObject();
            Assert.True(bare["inputs"]!.AsObject().Remove("columns"));
            Assert.Empty(Comparison.Differences(Read(name), Compute(GoldenCase.Parse(bare.ToJsonString()))));
        }
    }

    [Fact]
    public void A_family_that_is_not_built_has_no_calculation() => Assert.Null(FamilyTable.Find("no_such_family_n10"));

    [Fact]
    public void The_comparison_sees_a_difference_beyond_the_tolerance()
    {
        var golden = GoldenCase.Parse("""
            {"name":"x","inputs":{},"expected":{"a":{"b":[1.0,2.0]},"c":null,"d":"t","loose":100},
             "tolerance":{"rel":1e-6,"abs":0,"overrides":{"loose":{"abs":1,"rel":0}}}}
            """);
        Assert.Empty(Comparison.Differences(golden, JsonNode.Parse("""{"a":{"b":[1.0000001,2]},"c":null,"d":"t","loose":100.9,"more":1}""")));
        Assert.Equal(
            ["a.b.1: 2.1, expected 2.0", "c: missing", "d: u, expected t", "loose: 102, expected 100"],
            Comparison.Differences(golden, JsonNode.Parse("""{"a":{"b":[1,2.1]},"d":"u","loose":102}""")));
        Assert.Single(Comparison.Differences(golden, JsonNode.Parse("""{"a":{"b":[1]},"c":null,"d":"t","loose":100}""")));
    }

    [Fact]
    public void A_simulated_figure_must_lie_in_its_interval()
    {
        var golden = GoldenCase.Parse("""
            {"name":"x","inputs":{},"expected":{"95":{"var":10,"var_std_error":1,"var_low":6,"var_high":14}},"tolerance":{"rel":0,"abs":0}}
            """);
        Assert.Empty(Comparison.Differences(golden, JsonNode.Parse("""{"95":{"var":6.1,"var_std_error":1.2}}""")));
        Assert.Equal(["95.var: 14.1, expected 6 … 14"], Comparison.Differences(golden, JsonNode.Parse("""{"95":{"var":14.1}}""")));
        Assert.Equal(["95.var: missing"], Comparison.Differences(golden, JsonNode.Parse("""{"95":{"es":10}}""")));
    }

    private static JsonNode Compute(GoldenCase golden) => FamilyTable.Find(golden.Name)!(golden);

    private static GoldenCase Read(string name) => GoldenCase.Parse(Text(name));

    internal static string Text(string name)
    {
        var text = File.ReadAllText(Path.Combine(Folder, $"{name}.json"));
        foreach (var data in Directory.GetFiles(Path.Combine(Folder, "data"), "*.json"))
            text = text.Replace($"\"@{Path.GetFileNameWithoutExtension(data)}\"", File.ReadAllText(data), StringComparison.Ordinal);
        return text;
    }
}
