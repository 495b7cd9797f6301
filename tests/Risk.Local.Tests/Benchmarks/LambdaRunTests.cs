using Risk.Benchmarks.Lambda;
using Xunit;

namespace Risk.Local.Tests.Benchmarks;

public sealed class LambdaRunTests
{
    [Fact]
    public async Task Help_is_given_whatever_stands_beside_it() => Assert.Equal(0, await LambdaRun.MainAsync(["--package", "nowhere", "--help"]));

    [Theory]
    [InlineData("--fast")]
    [InlineData("figures.json")]
    [InlineData("--package")]
    [InlineData("--package", "no-such-folder")]
    [InlineData("--json", "one.json", "two.json")]
    public async Task What_is_not_understood_is_refused_before_anything_is_measured(params string[] arguments) => Assert.Equal(2, await LambdaRun.MainAsync(arguments));
}
