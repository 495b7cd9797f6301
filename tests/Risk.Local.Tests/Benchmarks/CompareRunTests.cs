using System.Text.Json;
using Risk.Benchmarks.Compare;
using Xunit;

namespace Risk.Local.Tests.Benchmarks;

public sealed class CompareRunTests
{
    private static readonly string[] Keys =
    [
        .. from t in (int[])[252, 500, 1000, 2500] from n in (int[])[10, 100, 1000] select $"hs_full_T{t}_N{n}",
        "hs_component_T500_N100",
        .. ((int[])[252, 500, 1000, 2500]).Select(t => $"hs_incremental_T{t}"),
        "mc_1e5x10", "mc_1e5x50", "parametric_T500_N100", "bs_greeks_1e5", "vwap_1e6", "json_decode_1e5",
        "pipeline_ticks_per_second", "pipeline_p50_ms", "pipeline_p99_ms", "pipeline_rss_mb_start", "pipeline_rss_mb_end",
    ];

    /// <summary>Each task once at its full size, without a warm-up, and a short pipeline.</summary>
    [Fact]
    public async Task Every_key_is_written_with_a_positive_number_and_no_other_key()
    {
        var file = Path.GetTempFileName();
        try
        {
            Assert.Equal(0, await CompareRun.MainAsync(["--json", file, "--seconds", "0", "--ticks", "10000"]));
            using var written = JsonDocument.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
            Assert.Equal(Keys.Order(), written.RootElement.EnumerateObject().Select(x => x.Name).Order());
            Assert.All(written.RootElement.EnumerateObject(), x => Assert.True(x.Value.GetDouble() > 0, x.Name));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void The_help_says_what_every_key_times() =>
        Assert.All(Keys, key => Assert.Matches($@"(?m)^  {key} +\S+ ?\S+", CompareRun.Help()));

    [Theory]
    [InlineData("--seconds", "-1")]
    [InlineData("--ticks", "many")]
    [InlineData("--json")]
    [InlineData("--fast", "yes")]
    public async Task What_is_not_understood_is_refused(params string[] arguments) => Assert.Equal(2, await CompareRun.MainAsync(arguments));
}
