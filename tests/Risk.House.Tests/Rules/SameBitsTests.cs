using System.Text.RegularExpressions;
using Risk.House.Tests.Reading;
using Xunit;

namespace Risk.House.Tests.Rules;

/// <summary>
/// A simulation has the same bits on every processor because all it does with doubles is what IEEE 754 defines to the last bit: + − × ÷, square
/// root, fused multiply-add, comparison, bits. Logarithms and the like are the runtime library's own on each platform.
/// </summary>
public sealed partial class SameBitsTests
{
    /// <summary>From the returns to the figures: all that a simulated figure is computed by.</summary>
    private static readonly string[] Simulation =
    [
        "Covariance", "CovarianceFactor", "DeviationProducts", "EllipticalRisk", "ExpectedShortfall", "HistoricalVar", "LossParts", "MonteCarlo",
        "NormalPair", "PathKernel", "Philox", "PortfolioVolatility", "QuantileRank", "Selection", "SimulatedParts", "SimulatedTail", "SortedPnl",
    ];

    [Fact]
    public void Simulation_uses_what_every_processor_computes_alike()
    {
        var files = Repository.Product.Where(x => Simulation.Any(name => x.Path == $"src/Risk.Domain/Measures/{name}.cs")).ToList();
        Assert.Equal(Simulation.Length, files.Count);
        Findings.MustBeNone(
            files.SelectMany(x => x.Findings(Unlike(), x.Code, "differs between processors")),
            "Build it from +, −, ×, ÷, Sqrt and FusedMultiplyAdd, as NormalPair.Log is.");
    }

    [Theory]
    [InlineData("Math.Log(x)", 1)]
    [InlineData("Vector512.Exp(x)", 1)]
    [InlineData("double.Cos(x)", 1)]
    [InlineData("Vector256.MultiplyAddEstimate(a, b, c)", 1)]
    [InlineData("TensorPrimitives.Sum(x)", 1)]
    [InlineData("NormalPair.Log(x) + Math.Sqrt(y) + Vector512.FusedMultiplyAdd(a, b, c)", 0)]
    public void What_differs_is_named(string code, int findings) => Assert.Equal(findings, Unlike().Count(code));

    [GeneratedRegex(@"\b(?:Math|MathF|double|Double|Vector(?:64|128|256|512|<\w+>)?)\.(?:A?(?:Sin|Cos|Tan)h?|SinCos|Atan2|Log\w*|Exp\w*|Pow|Cbrt|Hypot|RootN|\w*Estimate)\b|\bTensorPrimitives\b")]
    private static partial Regex Unlike();
}
