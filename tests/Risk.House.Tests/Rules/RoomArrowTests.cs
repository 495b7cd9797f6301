using System.Text.RegularExpressions;
using Risk.House.Tests.Reading;
using Xunit;

namespace Risk.House.Tests.Rules;

/// <summary>The rooms of Risk.Domain form layers: what a room may use is written down here, and nothing else.</summary>
public sealed partial class RoomArrowTests
{
    private const string Domain = "src/Risk.Domain/";

    /// <summary>Rooms that are planned stand here already; the order is the order of the layers.</summary>
    private static readonly (string Room, string[] MayUse)[] Layers =
    [
        ("Amounts", []),
        ("Instruments", ["Amounts"]),
        ("Prices", ["Amounts", "Instruments"]),
        ("Calendars", ["Prices"]),
        ("Portfolios", ["Amounts", "Instruments", "Prices"]),
        ("Measures", ["Amounts", "Instruments"]),
        ("Options", ["Amounts", "Instruments", "Prices", "Measures"]),
        ("Funds", ["Amounts", "Calendars", "Instruments", "Prices", "Portfolios"]),
        ("Scenarios", ["Amounts", "Calendars", "Instruments", "Prices", "Portfolios", "Options", "Measures"]),
        ("Allocation", ["Amounts", "Instruments", "Portfolios", "Measures", "Scenarios"]),
        ("Snapshots", ["Amounts", "Calendars", "Instruments", "Prices", "Portfolios", "Options", "Measures", "Funds", "Scenarios"]),
        ("Stress", ["Amounts", "Instruments", "Prices", "Portfolios", "Options", "Measures", "Scenarios", "Snapshots"]),
        ("Limits", ["Amounts", "Calendars", "Instruments", "Prices", "Portfolios", "Measures", "Snapshots"]),
        ("Alerts", ["Amounts", "Calendars", "Instruments", "Portfolios", "Snapshots", "Limits"]),
    ];

    [Fact]
    public void Rooms_of_the_domain_use_only_the_rooms_below_them()
    {
        var files = Repository.Product.Where(x => x.Path.StartsWith(Domain, StringComparison.Ordinal)).ToList();
        var types = TypesByRoom(files);
        Findings.MustBeNone(
            files.SelectMany(x => Faults(x, types)),
            "Move the type down to the room that both may use, or hand its values over as arguments. A new room is listed in RoomArrowTests.Layers with what it may use.");
    }

    [Fact]
    public void The_table_of_rooms_goes_one_way() =>
        Findings.MustBeNone(
            from layer in Layers.Index()
            from used in layer.Item.MayUse
            where !Layers.Take(layer.Index).Any(x => x.Room == used)
            select $"RoomArrowTests.Layers: {layer.Item.Room} may use {used}, which does not stand above it",
            "Each room may use only rooms that stand above it in the table: that keeps the arrows free of circles.");

    [Theory]
    [InlineData("Prices", "using Risk.Domain.Measures;", "Measures")]
    [InlineData("Prices", "using static Risk.Domain.Measures.Quantile;", "Measures")]
    [InlineData("Prices", "class A { Risk.Domain.Snapshots.Snapshot? s; }", "Snapshots")]
    [InlineData("Prices", "class A { int Of(Measures.Quantile q) => 0; }", "Measures")]
    [InlineData("Lobby", "class A;", "Lobby")]
    public void A_wrong_arrow_is_named(string room, string code, string named)
    {
        var types = TypesByRoom([new SourceFile(Domain + "Measures/Quantile.cs", "public readonly record struct Quantile(int Rank);")]);
        Assert.Contains(named, Assert.Single(Faults(new SourceFile($"{Domain}{room}/A.cs", code), types)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("using Risk.Domain.Instruments; // not Risk.Domain.Measures")]
    [InlineData("class A { string s = \"Risk.Domain.Measures\"; int n = Measures.Count + portfolio.Measures.Quantile; }")]
    public void What_is_no_arrow_is_not_named(string code) =>
        Assert.Empty(Faults(new SourceFile(Domain + "Prices/A.cs", code), TypesByRoom([new SourceFile(Domain + "Measures/Quantile.cs", "public enum Quantile { }")])));

    private static IEnumerable<string> Faults(SourceFile file, ILookup<string, string> types)
    {
        var room = RoomOf(file);
        var layer = Layers.FirstOrDefault(x => x.Room == room);
        if (layer.Room == null) return [$"{file.Path}:1: '{room}' is not a room that is listed"];
        return from arrow in Arrows(file, types)
               where arrow.Room != room && !layer.MayUse.Contains(arrow.Room)
               select $"{file.At(arrow.Index)}: {room} uses {arrow.Room}";
    }

    /// <summary>By using or full name; or by <c>Room.Type</c>, which C# finds from within Risk.Domain.</summary>
    private static IEnumerable<(string Room, int Index)> Arrows(SourceFile file, ILookup<string, string> types) =>
        FullName().Matches(file.Code).Select(x => (x.Groups[1].Value, x.Index))
            .Concat(PartName().Matches(file.Code).Where(x => types[x.Groups[1].Value].Contains(x.Groups[2].Value)).Select(x => (x.Groups[1].Value, x.Index)));

    private static ILookup<string, string> TypesByRoom(IEnumerable<SourceFile> files) =>
        files.SelectMany(file => Declaration().Matches(file.Code).Select(type => (Room: RoomOf(file), Type: type.Groups[1].Value))).ToLookup(x => x.Room, x => x.Type);

    private static string RoomOf(SourceFile file) => file.Path[Domain.Length..].Split('/') is [var room, _, ..] ? room : "";

    [GeneratedRegex(@"\bRisk\.Domain\.(\w+)")]
    private static partial Regex FullName();

    [GeneratedRegex(@"(?<![\w.])([A-Z]\w+)\.([A-Z]\w*)")]
    private static partial Regex PartName();

    [GeneratedRegex(@"\b(?:class|struct|record|enum|interface|record\s+struct)\s+([A-Z]\w*)")]
    private static partial Regex Declaration();
}
