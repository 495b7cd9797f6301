using System.Text.RegularExpressions;
using Risk.House.Tests.Reading;
using Xunit;

namespace Risk.House.Tests.Rules;

/// <summary>Nothing half done in the product, nothing slept through or skipped in the tests.</summary>
public sealed partial class MannersTests
{
    [Fact]
    public void Nothing_in_the_product_is_left_for_later() =>
        Findings.MustBeNone(
            Repository.Product.SelectMany(x => x.Findings(Unfinished(), x.Raw, "is unfinished work")),
            "Finish it, or open an issue and leave the source without the promise.");

    [Fact]
    public void No_test_is_skipped() =>
        Findings.MustBeNone(
            Repository.Tests.SelectMany(x => x.Findings(Skipped(), x.Code, "skips a test")),
            "Repair the test or delete it: a skipped one says nothing and looks like one that does.");

    [Fact]
    public void No_test_sleeps() =>
        Findings.MustBeNone(
            Repository.Tests.SelectMany(Sleeps),
            "Await what the test waits for (a task, a signal, a condition with a deadline), or move a fake time forward.");

    [Theory]
    [InlineData("// TODO: rounding", 1)]
    [InlineData("throw new NotImplementedException();", 1)]
    [InlineData("// todos of the desk", 0)]
    public void Unfinished_work_is_named(string code, int findings) => Assert.Equal(findings, new SourceFile("src/A.cs", code).Findings(Unfinished(), code, "").Count());

    [Theory]
    [InlineData("[Fact(Skip = \"slow\")]", 1)]
    [InlineData("[Fact(SkipWhen = nameof(IsSlow))]", 1)]
    [InlineData("Assert.Skip(\"slow\");", 1)]
    [InlineData("items.Skip(3); // Skip = 3", 0)]
    public void A_skipped_test_is_named(string code, int findings)
    {
        var file = new SourceFile("tests/A.cs", code);
        Assert.Equal(findings, file.Findings(Skipped(), file.Code, "").Count());
    }

    [Theory]
    [InlineData("Thread.Sleep(1);", 1)]
    [InlineData("await Task.Delay(100);", 1)]
    [InlineData("await Task.Delay(1_000, cancellation);", 1)]
    [InlineData("await Task.Delay(TimeSpan.FromSeconds(0.5));", 1)]
    [InlineData("await Task.Delay(TimeSpan.FromMilliseconds(200), cancellation);", 1)]
    [InlineData("await Task.Delay(10);", 0)]
    [InlineData("await Task.Delay(TimeSpan.FromMilliseconds(20));", 0)]
    [InlineData("await Task.Delay(TimeSpan.FromSeconds(5), fakeTime, cancellation);", 0)]
    [InlineData("await Task.Delay(TimeSpan.FromSeconds(5), run.Clock);", 0)]
    public void A_sleep_is_named(string code, int findings) => Assert.Equal(findings, Sleeps(new SourceFile("tests/A.cs", code)).Count());

    private static IEnumerable<string> Sleeps(SourceFile file)
    {
        foreach (var sleep in file.Findings(Sleep(), file.Code, "blocks a thread")) yield return sleep;
        foreach (Match delay in Delay().Matches(file.Code))
        {
            var number = double.Parse(delay.Groups["number"].Value.Replace("_", "", StringComparison.Ordinal), System.Globalization.CultureInfo.InvariantCulture);
            var milliseconds = delay.Groups["unit"].Value is "Seconds" ? number * 1000 : delay.Groups["unit"].Value is "Minutes" ? number * 60_000 : number;
            if (milliseconds >= 100) yield return $"{file.At(delay.Index)}: '{delay.Value}' waits for real time";
        }
    }

    [GeneratedRegex(@"\b(?:TODO|FIXME|HACK|NotImplementedException)\b")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"\bSkip(?:When|Unless)?\s*=[^=>]|\bAssert\.Skip")]
    private static partial Regex Skipped();

    [GeneratedRegex(@"\bThread\.Sleep\b")]
    private static partial Regex Sleep();

    /// <summary>With a literal, and without a clock of the test's own behind it.</summary>
    [GeneratedRegex(@"\bTask\.Delay\(\s*(?:(?<number>[\d_]+)|TimeSpan\.From(?<unit>Milliseconds|Seconds|Minutes)\((?<number>[\d_.]+)\))(?=\s*[,)])(?!\s*,\s*[\w.]*(?:[Tt]ime|[Cc]lock)\w*)")]
    private static partial Regex Delay();
}
