using System.Text.RegularExpressions;
using Risk.House.Tests.Reading;
using Xunit;

namespace Risk.House.Tests.Rules;

/// <summary>docs/FAULTS.md names a test for each fault, and the tests that it names exist.</summary>
public sealed partial class FaultTests
{
    private const string Document = "docs/FAULTS.md";

    private static readonly int[] Rows = [.. Enumerable.Range(1, 27), 39, 40];

    [Fact]
    public void Every_fault_has_its_row_and_every_row_a_test()
    {
        var rows = Repository.Read(Document).Split('\n').Where(line => RowPattern().IsMatch(line)).ToList();
        Assert.Equal(Rows, rows.Select(line => int.Parse(RowPattern().Match(line).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)));
        Findings.MustBeNone(rows.Where(line => !TestPattern().IsMatch(line)).Select(line => $"{Document}: no test in '{line}'"), "Name the test that tries the fault.");
    }

    [Fact]
    public void Tests_that_are_named_exist() =>
        Findings.MustBeNone(
            TestPattern().Matches(Repository.Read(Document)).Select(x => (Type: x.Groups[1].Value, Method: x.Groups[2].Value))
                .Where(test => !Repository.Sources.Any(x => x.Path.EndsWith($"/{test.Type}.cs", StringComparison.Ordinal) && x.Raw.Contains($" {test.Method}(", StringComparison.Ordinal)))
                .Select(test => $"{Document}: {test.Type}.{test.Method} does not exist"),
            "Correct the name; tests are renamed, the document has to follow.");

    [GeneratedRegex(@"^\| (\d+) \|")]
    private static partial Regex RowPattern();

    [GeneratedRegex(@"`(\w+Tests)\.(\w+)`")]
    private static partial Regex TestPattern();
}
