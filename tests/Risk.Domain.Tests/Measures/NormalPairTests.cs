using System.Runtime.Intrinsics;
using Risk.Domain.Measures;
using Xunit;

namespace Risk.Domain.Tests.Measures;

public sealed class NormalPairTests
{
    private static readonly ulong[] Corners = [0, 1, ulong.MaxValue, 1UL << 62, 1UL << 63, 3UL << 62, (1UL << 62) - 1, 0xFFF, ~0xFFFUL];

    [Fact]
    public void Vectors_give_the_bits_of_the_scalar()
    {
        foreach (var (first, second) in Words())
        {
            var (z0, z1) = NormalPair.Of(first, second);
            Assert.True(double.IsFinite(z0) && double.IsFinite(z1));
            var eight = NormalPair.Of(Vector512.Create(first), Vector512.Create(second));
            var four = NormalPair.Of(Vector256.Create(first), Vector256.Create(second));
            Assert.Equal((Vector512.Create(z0).AsUInt64(), Vector512.Create(z1).AsUInt64()), (eight.Z0.AsUInt64(), eight.Z1.AsUInt64()));
            Assert.Equal((Vector256.Create(z0).AsUInt64(), Vector256.Create(z1).AsUInt64()), (four.Z0.AsUInt64(), four.Z1.AsUInt64()));
        }
    }

    [Fact]
    public void Is_what_the_functions_of_the_platform_give_up_to_rounding()
    {
        foreach (var (first, second) in Words())
        {
            var radius = Math.Sqrt(-2 * Math.Log(NormalPair.Uniform(first)));
            var theta = ((second << 2 >> 12) / Math.Pow(2, 52) - 0.5) * Math.PI / 2;
            var (x, y) = (Math.Cos(theta) * ((second & 1UL << 63) == 0 ? 1 : -1), Math.Sin(theta));
            var (z0, z1) = NormalPair.Of(first, second);
            var swapped = (second & 1UL << 62) != 0;
            Assert.Equal(radius * (swapped ? y : x), z0, 1e-14);
            Assert.Equal(radius * (swapped ? x : y), z1, 1e-14);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0.9999999999999999)]
    [InlineData(0.7071067811865475)]
    [InlineData(0.7071067811865476)]
    [InlineData(2.220446049250313e-16)]
    [InlineData(1e-300)]
    [InlineData(3.7)]
    [InlineData(1e300)]
    public void The_logarithm_is_right_to_the_last_digits(double x) =>
        Assert.Equal(Math.Log(x), NormalPair.Log(x), 4e-16 * Math.Max(1e-300, Math.Abs(Math.Log(x))));

    [Fact]
    public void A_uniform_number_is_never_zero_and_can_be_one()
    {
        Assert.Equal(1, NormalPair.Uniform(0));
        Assert.Equal(Math.Pow(2, -52), NormalPair.Uniform(ulong.MaxValue));
    }

    [Fact]
    public void The_numbers_are_normal_and_the_two_have_nothing_to_do_with_each_other()
    {
        const int Count = 400_000;
        var moments = new double[4];
        double product = 0, squares = 0;
        var bins = new int[20];
        for (var i = 0u; i < Count / 2; i++)
        {
            var (first, second) = Philox.Draw(i, 0, 0, 0, 20_261_120);
            var (a, b) = NormalPair.Of(first, second);
            product += a * b;
            squares += (a * a - 1) * (b * b - 1);
            foreach (var z in (ReadOnlySpan<double>)[a, b])
            {
                for (var (power, k) = (z, 0); k < 4; k++, power *= z) moments[k] += power / Count;
                bins[Math.Min(19, (int)(20 * MathNet.Numerics.Distributions.Normal.CDF(0, 1, z)))]++;
            }
        }
        // Each figure within four standard errors; χ² with 19 degrees of freedom exceeds 43.8 once in a thousand.
        Assert.Equal(0, moments[0], 4 / Math.Sqrt(Count));
        Assert.Equal(1, moments[1], 4 * Math.Sqrt(2.0 / Count));
        Assert.Equal(0, moments[2], 4 * Math.Sqrt(15.0 / Count));
        Assert.Equal(3, moments[3], 4 * Math.Sqrt(96.0 / Count));
        Assert.Equal(0, product / (Count / 2), 4 / Math.Sqrt(Count / 2));
        Assert.Equal(0, squares / (Count / 2), 8 / Math.Sqrt(Count / 2));
        Assert.InRange(bins.Sum(n => (n - Count / 20.0) * (n - Count / 20.0) / (Count / 20.0)), 5, 43.8);
    }

    private static IEnumerable<(ulong First, ulong Second)> Words() =>
        Corners.SelectMany(a => Corners.Select(b => (a, b))).Concat(Enumerable.Range(0, 2_000).Select(i => Philox.Draw((uint)i, 1, 2, 3, 4)));
}
