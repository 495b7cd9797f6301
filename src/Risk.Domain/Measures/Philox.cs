using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Risk.Domain.Measures;

/// <summary>
/// Philox4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", 2011): random bits as a function of a counter
/// and a key, without state. So any draw of any path can be had at any time, by any thread, in vectors of any width, and is the same.
/// </summary>
/// <remarks>
/// A word of 32 bits lies in a lane of 64. What the rounds leave above it is dropped at the end, since the multiplication reads the
/// lower halves only.
/// </remarks>
public static class Philox
{
    private const int Rounds = 10;
    private const uint Multiplier0 = 0xD2511F53, Multiplier1 = 0xCD9E8D57;
    private const uint Weyl0 = 0x9E3779B9, Weyl1 = 0xBB67AE85;

    /// <summary>The 128 bits of a counter as two words of 64: the first two outputs in one, low half first, then the others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (ulong First, ulong Second) Draw(uint c0, uint c1, uint c2, uint c3, ulong key)
    {
        var (k0, k1) = ((uint)key, (uint)(key >> 32));
        for (var round = 0; round < Rounds; round++)
        {
            var (p0, p1) = ((ulong)Multiplier0 * c0, (ulong)Multiplier1 * c2);
            (c0, c1, c2, c3) = ((uint)(p1 >> 32) ^ c1 ^ k0, (uint)p1, (uint)(p0 >> 32) ^ c3 ^ k1, (uint)p0);
            k0 += Weyl0;
            k1 += Weyl1;
        }
        return (c0 | (ulong)c1 << 32, c2 | (ulong)c3 << 32);
    }

    /// <summary>The same for eight counters that differ in the first two words.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<ulong> First, Vector512<ulong> Second) Draw(Vector512<ulong> c0, Vector512<ulong> c1, uint third, uint fourth, ulong key)
    {
        var (c2, c3) = (Vector512.Create((ulong)third), Vector512.Create((ulong)fourth));
        var (m0, m1) = (Vector512.Create((ulong)Multiplier0), Vector512.Create((ulong)Multiplier1));
        var (k0, k1) = (Vector512.Create(key & uint.MaxValue), Vector512.Create(key >> 32));
        var (w0, w1) = (Vector512.Create((ulong)Weyl0), Vector512.Create((ulong)Weyl1));
        for (var round = 0; round < Rounds; round++)
        {
            var (p0, p1) = (MultiplyLow(c0, m0), MultiplyLow(c2, m1));
            (c0, c1, c2, c3) = ((p1 >> 32) ^ c1 ^ k0, p1, (p0 >> 32) ^ c3 ^ k1, p0);
            k0 += w0;
            k1 += w1;
        }
        var low = Vector512.Create((ulong)uint.MaxValue);
        return (Vector512.ConditionalSelect(low, c0, c1 << 32), Vector512.ConditionalSelect(low, c2, c3 << 32));
    }

    /// <summary>The same for four.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<ulong> First, Vector256<ulong> Second) Draw(Vector256<ulong> c0, Vector256<ulong> c1, uint third, uint fourth, ulong key)
    {
        var (c2, c3) = (Vector256.Create((ulong)third), Vector256.Create((ulong)fourth));
        var (m0, m1) = (Vector256.Create((ulong)Multiplier0), Vector256.Create((ulong)Multiplier1));
        var (k0, k1) = (Vector256.Create(key & uint.MaxValue), Vector256.Create(key >> 32));
        var (w0, w1) = (Vector256.Create((ulong)Weyl0), Vector256.Create((ulong)Weyl1));
        for (var round = 0; round < Rounds; round++)
        {
            var (p0, p1) = (MultiplyLow(c0, m0), MultiplyLow(c2, m1));
            (c0, c1, c2, c3) = ((p1 >> 32) ^ c1 ^ k0, p1, (p0 >> 32) ^ c3 ^ k1, p0);
            k0 += w0;
            k1 += w1;
        }
        var low = Vector256.Create((ulong)uint.MaxValue);
        return (Vector256.ConditionalSelect(low, c0, c1 << 32), Vector256.ConditionalSelect(low, c2, c3 << 32));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> MultiplyLow(Vector512<ulong> a, Vector512<ulong> b) => Avx512F.IsSupported
        ? Avx512F.Multiply(a.AsUInt32(), b.AsUInt32())
        : (a & Vector512.Create((ulong)uint.MaxValue)) * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> MultiplyLow(Vector256<ulong> a, Vector256<ulong> b) => Avx2.IsSupported
        ? Avx2.Multiply(a.AsUInt32(), b.AsUInt32())
        : (a & Vector256.Create((ulong)uint.MaxValue)) * b;
}
