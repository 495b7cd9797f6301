using System.Text.RegularExpressions;
using System.Xml.Linq;
using Risk.House.Tests.Reading;
using Xunit;

namespace Risk.House.Tests.Rules;

/// <summary>Domain ← Application ← Api ← {Lambda, Local}: nothing points the other way, and the two programs never meet.</summary>
public sealed partial class ProjectArrowTests
{
    private static readonly Dictionary<string, Walls> Allowed = new()
    {
        ["Risk.Domain"] = new([], OnlyPackages: ["MathNet.Numerics", "NodaTime"], Foreign: AspNet + "|" + Aws + "|" + Sqlite),
        ["Risk.Application"] = new(["Risk.Domain"], null, AspNet + "|" + Aws + "|" + Sqlite),
        ["Risk.Api"] = new(["Risk.Domain", "Risk.Application"], null, Aws + "|" + Sqlite),
        ["Risk.Lambda"] = new(["Risk.Domain", "Risk.Application", "Risk.Api"], null, Sqlite),
        ["Risk.Local"] = new(["Risk.Domain", "Risk.Application", "Risk.Api"], null, Aws),
    };

    private const string AspNet = @"Microsoft\.AspNetCore[\w.]*|Swashbuckle[\w.]*";
    private const string Aws = @"AWSSDK[\w.]*|Amazon\.[\w.]+";
    private const string Sqlite = @"Microsoft\.Data\.Sqlite[\w.]*|SQLitePCL[\w.]*";

    [Fact]
    public void Projects_of_the_product_refer_only_downwards() =>
        Findings.MustBeNone(
            Repository.Projects.Where(IsProduct).SelectMany(Faults),
            "Move the code to the project that may know both sides, or define a port in Risk.Application. A new project is listed in ProjectArrowTests.Allowed.");

    [Fact]
    public void Sources_of_the_product_name_only_what_their_project_may_know() =>
        Findings.MustBeNone(
            from project in Repository.Projects.Where(IsProduct)
            where Allowed.ContainsKey(project.Name)
            from file in Repository.Product.Where(x => x.Path.StartsWith(project.Folder + "/", StringComparison.Ordinal))
            from fault in file.Findings(Foreign(project.Name), file.Code, $"is foreign to {project.Name}")
            select fault,
            "Adapters live in the program that plugs them in: put a port in Risk.Application and the adapter in Risk.Lambda or Risk.Local.");

    [Fact]
    public void NodaTime_stays_in_the_calendars_of_the_domain() =>
        Findings.MustBeNone(
            Repository.Product.Where(x => !x.Path.StartsWith("src/Risk.Domain/Calendars/", StringComparison.Ordinal)).SelectMany(x => x.Findings(NodaTime(), x.Code, "is used outside of Calendars")),
            "Give the calendar a method that answers with the framework's own time types.");

    [Fact]
    public void The_domain_is_pure() =>
        Findings.MustBeNone(
            Repository.Product.Where(x => x.Path.StartsWith("src/Risk.Domain/", StringComparison.Ordinal)).SelectMany(x => x.Findings(Impure(), x.Code, "has no place in the domain")),
            "The domain takes data and times as arguments and returns values: no I/O, no clock, no tasks, no logging. Move it to Risk.Application.");

    [Theory]
    [InlineData("Risk.Domain", "<ProjectReference Include='../Risk.Application/Risk.Application.csproj' />", "Risk.Application")]
    [InlineData("Risk.Domain", "<PackageReference Include='CsvHelper' />", "CsvHelper")]
    [InlineData("Risk.Application", "<FrameworkReference Include='Microsoft.AspNetCore.App' />", "Microsoft.AspNetCore.App")]
    [InlineData("Risk.Api", "<PackageReference Include='SQLitePCLRaw.bundle_e_sqlite3' />", "SQLitePCLRaw")]
    [InlineData("Risk.Local", "<PackageReference Include='AWSSDK.S3' />", "AWSSDK.S3")]
    [InlineData("Risk.Local", "<ProjectReference Include='..\\Risk.Lambda\\Risk.Lambda.csproj' />", "Risk.Lambda")]
    [InlineData("Risk.Extras", "<PackageReference Include='CsvHelper' />", "not listed")]
    public void A_wrong_arrow_is_named(string project, string item, string named) =>
        Assert.Contains(named, Assert.Single(Faults(Project(project, item))), StringComparison.Ordinal);

    [Fact]
    public void Right_arrows_are_not_named() =>
        Assert.Empty(Faults(Project("Risk.Api", "<FrameworkReference Include='Microsoft.AspNetCore.App' /><ProjectReference Include='../Risk.Application/Risk.Application.csproj' />")));

    private static IEnumerable<string> Faults(ProjectFile project)
    {
        if (!Allowed.TryGetValue(project.Name, out var walls))
        {
            yield return $"{project.Path}: is not listed among the projects of the product";
            yield break;
        }
        foreach (var other in project.Projects.Except(walls.Projects)) yield return $"{project.Path}: refers to {other}";
        foreach (var package in project.Packages.Concat(project.Frameworks).Where(x => Foreign(project.Name).IsMatch(x) || walls.OnlyPackages?.Contains(x) == false))
            yield return $"{project.Path}: takes the package {package}";
        foreach (var hidden in project.Includes("Using")) yield return $"{project.Path}: imports {hidden} for all files at once, where nobody reads it";
    }

    private static bool IsProduct(ProjectFile project) => project.Path.StartsWith("src/", StringComparison.Ordinal);

    private static Regex Foreign(string project) => new($@"\b(?:{Allowed[project].Foreign})");

    private static ProjectFile Project(string name, string items) =>
        new($"src/{name}/{name}.csproj", XElement.Parse($"<Project Sdk='Microsoft.NET.Sdk'><ItemGroup>{items}</ItemGroup></Project>"));

    [GeneratedRegex(@"\bNodaTime\b")]
    private static partial Regex NodaTime();

    [GeneratedRegex(@"\b(?:async|await|(?:Value)?Task|TimeProvider|ILogger|HttpClient|FileStream|Stopwatch|System\.IO\b|(?:File|Directory|Console|Environment|Thread)\.[A-Z])\w*")]
    private static partial Regex Impure();

    /// <param name="OnlyPackages">Null: any but the foreign ones.</param>
    /// <param name="Foreign">A pattern of packages and namespaces.</param>
    private sealed record Walls(string[] Projects, string[]? OnlyPackages, string Foreign);
}
