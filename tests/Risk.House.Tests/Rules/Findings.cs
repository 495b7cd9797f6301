using Xunit;

namespace Risk.House.Tests.Rules;

internal static class Findings
{
    /// <summary>Fails with every finding, each on a line that begins with <c>file:line</c> or a file, and what to do about them.</summary>
    public static void MustBeNone(IEnumerable<string> findings, string remedy)
    {
        var all = findings.ToList();
        Assert.True(all.Count == 0, $"{remedy}\n  {string.Join("\n  ", all)}");
    }
}
