using System.Runtime.Intrinsics;
using Risk.Domain.Measures;
using Xunit;

namespace Risk.Domain.Tests.Measures;

public sealed class PhiloxTests
{
    // The known answers of the authors' own implementation: Random123 1.14, tests/kat_vectors, philox4x32 with 10 rounds.
    [Theory]
    [InlineData(0u, 0u, 0u, 0u, 0ul, 0xe169c58d6627e8d5, 0x9b00dbd8bc57ac4c)]
    [InlineData(uint.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue, ulong.MaxValue, 0x41c83b0e408f276d, 0x6d5451fda20bc7c6)]
    [InlineData(0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0x299f31d0a4093822, 0x94fdccebd16cfe09, 0x24126ea15001e420)]
    public void Gives_the_known_answers(uint c0, uint c1, uint c2, uint c3, ulong key, ulong first, ulong second)
    {
        Assert.Equal((first, second), Philox.Draw(c0, c1, c2, c3, key));
        var eight = Philox.Draw(Vector512.Create((ulong)c0), Vector512.Create((ulong)c1), c2, c3, key);
        var four = Philox.Draw(Vector256.Create((ulong)c0), Vector256.Create((ulong)c1), c2, c3, key);
        Assert.Equal((Vector512.Create(first), Vector512.Create(second)), eight);
        Assert.Equal((Vector256.Create(first), Vector256.Create(second)), four);
    }
}
