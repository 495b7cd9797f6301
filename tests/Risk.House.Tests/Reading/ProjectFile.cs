using System.Xml.Linq;

namespace Risk.House.Tests.Reading;

/// <summary>What a csproj refers to, by name.</summary>
internal sealed record ProjectFile(string Path, XElement Xml)
{
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>The folder, from the root of the repository.</summary>
    public string Folder => Path[..Path.LastIndexOf('/')];

    public IReadOnlyList<string> Projects => [.. Includes("ProjectReference").Select(x => System.IO.Path.GetFileNameWithoutExtension(x))];

    public IReadOnlyList<string> Packages => Includes("PackageReference");

    public IReadOnlyList<string> Frameworks =>
        [.. Includes("FrameworkReference"), .. (string?)Xml.Attribute("Sdk") == "Microsoft.NET.Sdk.Web" ? ["Microsoft.AspNetCore.App"] : Array.Empty<string>()];

    public bool IsTestProject => Packages.Contains("xunit.runner.visualstudio") || Packages.Contains("xunit.v3");

    public IReadOnlyList<string> Includes(string item) =>
        [.. Xml.Descendants(item).Select(x => (string?)x.Attribute("Include")).OfType<string>().Select(x => x.Replace('\\', '/'))];
}
