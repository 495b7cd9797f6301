using System.Text.RegularExpressions;
using System.Xml.Linq;
using Risk.House.Tests.Reading;
using Xunit;

namespace Risk.House.Tests.Rules;

/// <summary>Every project is built and tested, and every package is there for a reason.</summary>
public sealed partial class SolutionTests
{
    private const string Versions = "Directory.Packages.props";

    /// <summary>In this group each package stands under a comment with its reason; of the others the label is the reason.</summary>
    private const string ReasonByPackage = "The product";

    private const string Transitive = "Transitive";

    [Fact]
    public void Every_project_is_in_the_solution_and_nothing_else()
    {
        var listed = SolutionEntry().Matches(Repository.Read("RiskLambdas.sln")).Select(x => x.Groups[1].Value.Replace('\\', '/')).ToList();
        var found = Repository.Projects.Select(x => x.Path).ToList();
        Findings.MustBeNone(
            found.Except(listed).Select(x => $"{x}: is not in RiskLambdas.sln").Concat(listed.Except(found).Select(x => $"RiskLambdas.sln: {x} does not exist")),
            "dotnet sln add, or remove: what is not in the solution is neither built nor tested.");
    }

    [Fact]
    public void Every_project_under_tests_is_free_but_nothing_in_src_needs_one() =>
        Findings.MustBeNone(
            from project in Repository.Projects
            where project.Path.StartsWith("src/", StringComparison.Ordinal)
            from used in project.Projects
            where Repository.Projects.Any(x => x.Name == used && x.Path.StartsWith("tests/", StringComparison.Ordinal))
            select $"{project.Path}: refers to {used}",
            "The product does not know its tests: move what it needs to src.");

    [Fact]
    public void Every_test_project_has_a_test() =>
        Findings.MustBeNone(
            from project in Repository.Projects
            where project.IsTestProject || project.Name.EndsWith(".Tests", StringComparison.Ordinal)
            where !Repository.Tests.Any(x => x.Path.StartsWith(project.Folder + "/", StringComparison.Ordinal) && MemberScanner.Members(x).Any(NameTests.IsTest))
            select $"{project.Path}: has no [Fact] or [Theory]",
            "Write its first test, or take the project away: an empty one is green whatever happens.");

    [Fact]
    public void Versions_of_packages_are_central() =>
        Findings.MustBeNone(
            Repository.Projects.SelectMany(x => OwnVersions(x.Path, x.Xml)),
            $"The version belongs to {Versions}, once for all projects.");

    [Fact]
    public void Every_package_has_a_version_a_reason_and_a_user()
    {
        var props = XElement.Parse(Repository.Read(Versions));
        var used = Repository.Projects.SelectMany(x => x.Packages)
            .Concat(new ProjectFile("Directory.Build.props", XElement.Parse(Repository.Read("Directory.Build.props"))).Packages).ToHashSet();
        Findings.MustBeNone(
            Reasonless(props).Concat(Unmatched(props, used)),
            $"{Versions}: a package stands under a comment that says what for, or in a group whose label says it, and some project refers to it.");
    }

    [Fact]
    public void A_package_without_reason_is_named()
    {
        var props = XElement.Parse($"""
            <Project>
              <ItemGroup Label="{ReasonByPackage}">
                <PackageVersion Include="Bare" Version="1.0.0" />
                <!-- Reads and writes something. -->
                <PackageVersion Include="Explained" Version="1.0.0" />
                <PackageVersion Include="WithIt" Version="1.0.0" />
              </ItemGroup>
              <ItemGroup><PackageVersion Include="Unlabelled" Version="1.0.0" /></ItemGroup>
            </Project>
            """);
        Assert.Equal([$"{Versions}: Bare has no comment above it", $"{Versions}: Unlabelled stands in a group without a label"], Reasonless(props));
        Assert.Equal([$"{Versions}: Bare is used by no project", $"{Versions}: Wanted has no version"], Unmatched(props, ["Explained", "WithIt", "Unlabelled", "Wanted"]));
    }

    [Fact]
    public void A_version_of_its_own_is_named() =>
        Assert.Equal(["A.csproj: NodaTime has a version of its own"], OwnVersions("A.csproj", XElement.Parse("<Project><ItemGroup><PackageReference Include='NodaTime' Version='3.0.0' /></ItemGroup></Project>")));

    private static IEnumerable<string> OwnVersions(string path, XElement xml) =>
        xml.Descendants("PackageReference").Where(x => x.Attribute("Version") != null || x.Attribute("VersionOverride") != null || x.Element("Version") != null)
            .Select(x => $"{path}: {(string?)x.Attribute("Include")} has a version of its own");

    private static IEnumerable<string> Reasonless(XElement props)
    {
        foreach (var group in props.Elements("ItemGroup"))
        {
            var (label, isExplained) = ((string?)group.Attribute("Label"), false);
            foreach (var node in group.Nodes())
            {
                isExplained |= node is XComment { Value.Length: > 15 };
                if (node is not XElement package) continue;
                if (label == null) yield return $"{Versions}: {(string?)package.Attribute("Include")} stands in a group without a label";
                else if (label == ReasonByPackage && !isExplained) yield return $"{Versions}: {(string?)package.Attribute("Include")} has no comment above it";
            }
        }
    }

    private static IEnumerable<string> Unmatched(XElement props, HashSet<string> used)
    {
        var pinned = props.Descendants("PackageVersion").Select(x => (Name: (string)x.Attribute("Include")!, Group: (string?)x.Parent!.Attribute("Label") ?? "")).ToList();
        return pinned.Where(x => !used.Contains(x.Name) && !x.Group.StartsWith(Transitive, StringComparison.Ordinal)).Select(x => $"{Versions}: {x.Name} is used by no project")
            .Concat(used.Where(x => pinned.All(y => y.Name != x)).Select(x => $"{Versions}: {x} has no version"));
    }

    [GeneratedRegex(@"""([^""]+\.csproj)""")]
    private static partial Regex SolutionEntry();
}
