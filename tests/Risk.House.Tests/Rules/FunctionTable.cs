using System.Text.RegularExpressions;
using Risk.House.Tests.Reading;

namespace Risk.House.Tests.Rules;

/// <summary>The functions of the deployed program, by the names that RISK_FUNCTION knows.</summary>
internal static partial class FunctionTable
{
    private const string Program = "src/Risk.Lambda/Program.cs";

    /// <summary>What the template deploys. Monitor and FundHoldings join when their rules are in the tree.</summary>
    public static readonly string[] Names = ["Producer", "Consumer", "Fanout", "ReadApi", "CommandApi", "LiveConnections", "CloseDay", "Authorizer"];

    /// <summary>The names in the table of Program.cs.</summary>
    public static IReadOnlyList<string> OfProgram(string source) => [.. Entry().Matches(new SourceFile(Program, source).Uncommented).Select(x => x.Groups[1].Value)];

    public static IReadOnlyList<string> OfProgram() => OfProgram(Repository.Read(Program));

    /// <summary><c>close-day</c> of <c>CloseDay</c>: how event files begin.</summary>
    public static string Kebab(string name) => Capital().Replace(name, "-$0").ToLowerInvariant();

    [GeneratedRegex(@"\[""([A-Za-z]+)""\]\s*=")]
    private static partial Regex Entry();

    [GeneratedRegex(@"(?<!^)[A-Z]")]
    private static partial Regex Capital();
}
