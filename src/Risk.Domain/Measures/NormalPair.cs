using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Risk.Domain.Measures;

/// <summary>
/// Normal numbers from random bits by Box and Muller (1958). Logarithm, sine and cosine are our own, since those of the platform differ
/// from one to the next: sums, products, quotients, roots and fused multiply-adds in a fixed order have the same bits everywhere, and the
/// vectors do what the scalar does. The polynomials are those of fdlibm (Sun Microsystems 1993): some 2⁻⁵² off.
/// </summary>
/// <remarks>
/// The radius takes 52 bits of the first word, so it reaches 8.49; the angle 50 bits of the second, within ±π/4, and its two highest bits
/// mirror it to the other three quarters.
/// </remarks>
public static class NormalPair
{
    private const double HalfPi = Math.PI / 2, Ln2 = 0.693147180559945309;

    // An exponent is handled as 1024 more than it is, so that shifts need no sign; 1.5·2⁵² takes an integer into its lowest bits.
    private const ulong BiasBits = 1024UL << 52, RootHalfBits = 0x3FE6A09E667F3BCD, MagicBits = 0x4338000000000000;
    private const double BiasedMagic = 6755399441055744.0 + 1024;
    private const ulong OneBits = 0x3FF0000000000000, SignBit = 1UL << 63, SwapBit = 1UL << 62;
    private const double
        S1 = -1.66666666666666324348e-01, S2 = 8.33333333332248946124e-03, S3 = -1.98412698298579493134e-04,
        S4 = 2.75573137070700676789e-06, S5 = -2.50507602534068634195e-08, S6 = 1.58969099521155010221e-10;
    private const double
        C1 = 4.16666666666666019037e-02, C2 = -1.38888888888741095749e-03, C3 = 2.48015872894767294178e-05,
        C4 = -2.75573143513906633035e-07, C5 = 2.08757232129817482790e-09, C6 = -1.13596475577881948265e-11;
    private const double
        L1 = 6.666666666666735130e-01, L2 = 3.999999999940941908e-01, L3 = 2.857142874366239149e-01, L4 = 2.222219843214978396e-01,
        L5 = 1.818357216161805012e-01, L6 = 1.531383769920937332e-01, L7 = 1.479819860510658591e-01;

    /// <summary>Two independent normal numbers from two words of random bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (double Z0, double Z1) Of(ulong first, ulong second)
    {
        var radius = Math.Sqrt(-2 * Log(Uniform(first)));
        var theta = (Between1And2(second << 2) - 1.5) * HalfPi;
        var w = theta * theta;
        var sine = Math.FusedMultiplyAdd(theta * w, Horner(w, S6, S5, S4, S3, S2, S1), theta);
        var cosine = Math.FusedMultiplyAdd(w * w, Horner(w, C6, C5, C4, C3, C2, C1), Math.FusedMultiplyAdd(w, -0.5, 1));
        cosine = BitConverter.UInt64BitsToDouble(BitConverter.DoubleToUInt64Bits(cosine) ^ (second & SignBit));
        var swap = (second & SwapBit) != 0;
        return (radius * (swap ? sine : cosine), radius * (swap ? cosine : sine));
    }

    /// <summary>A number above 0 and not above 1, from the upper 52 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Uniform(ulong bits) => 2 - Between1And2(bits);

    /// <summary>The natural logarithm of a positive normal number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Log(double x)
    {
        // x = 2ᵏ·m with m between √½ and √2.
        var bits = BitConverter.DoubleToUInt64Bits(x);
        var exponent = (bits + (BiasBits - RootHalfBits)) >> 52;
        var m = BitConverter.UInt64BitsToDouble(bits + BiasBits - (exponent << 52));
        var k = BitConverter.UInt64BitsToDouble(exponent + MagicBits) - BiasedMagic;
        var f = m - 1;
        var s = f / (2 + f);
        var z = s * s;
        var r = z * Horner(z, L7, L6, L5, L4, L3, L2, L1);
        return Math.FusedMultiplyAdd(k, Ln2, Math.FusedMultiplyAdd(s, r, s + s));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Between1And2(ulong bits) => BitConverter.UInt64BitsToDouble((bits >> 12) | OneBits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Horner(double x, double a, double b, double c, double d, double e, double f)
    {
        var sum = Math.FusedMultiplyAdd(a, x, b);
        sum = Math.FusedMultiplyAdd(sum, x, c);
        sum = Math.FusedMultiplyAdd(sum, x, d);
        sum = Math.FusedMultiplyAdd(sum, x, e);
        return Math.FusedMultiplyAdd(sum, x, f);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Horner(double x, double a, double b, double c, double d, double e, double f, double g) =>
        Math.FusedMultiplyAdd(Horner(x, a, b, c, d, e, f), x, g);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<double> Z0, Vector512<double> Z1) Of(Vector512<ulong> first, Vector512<ulong> second)
    {
        var radius = Vector512.Sqrt(-2.0 * Log(Uniform(first)));
        var theta = (Between1And2(second << 2) - Vector512.Create(1.5)) * HalfPi;
        var w = theta * theta;
        var sine = Vector512.FusedMultiplyAdd(theta * w, Horner(w, S6, S5, S4, S3, S2, S1), theta);
        var cosine = Vector512.FusedMultiplyAdd(
            w * w, Horner(w, C6, C5, C4, C3, C2, C1), Vector512.FusedMultiplyAdd(w, Vector512.Create(-0.5), Vector512.Create(1.0)));
        cosine = (cosine.AsUInt64() ^ (second & Vector512.Create(SignBit))).AsDouble();
        var keep = Vector512.Equals(second & Vector512.Create(SwapBit), Vector512<ulong>.Zero).AsDouble();
        return (radius * Vector512.ConditionalSelect(keep, cosine, sine), radius * Vector512.ConditionalSelect(keep, sine, cosine));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Uniform(Vector512<ulong> bits) => Vector512.Create(2.0) - Between1And2(bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Log(Vector512<double> x)
    {
        var bits = x.AsUInt64();
        var exponent = (bits + Vector512.Create(BiasBits - RootHalfBits)) >> 52;
        var m = (bits + Vector512.Create(BiasBits) - (exponent << 52)).AsDouble();
        var k = (exponent + Vector512.Create(MagicBits)).AsDouble() - Vector512.Create(BiasedMagic);
        var f = m - Vector512.Create(1.0);
        var s = f / (Vector512.Create(2.0) + f);
        var z = s * s;
        var r = z * Vector512.FusedMultiplyAdd(Horner(z, L7, L6, L5, L4, L3, L2), z, Vector512.Create(L1));
        return Vector512.FusedMultiplyAdd(k, Vector512.Create(Ln2), Vector512.FusedMultiplyAdd(s, r, s + s));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Between1And2(Vector512<ulong> bits) => ((bits >> 12) | Vector512.Create(OneBits)).AsDouble();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Horner(Vector512<double> x, double a, double b, double c, double d, double e, double f)
    {
        var sum = Vector512.FusedMultiplyAdd(Vector512.Create(a), x, Vector512.Create(b));
        sum = Vector512.FusedMultiplyAdd(sum, x, Vector512.Create(c));
        sum = Vector512.FusedMultiplyAdd(sum, x, Vector512.Create(d));
        sum = Vector512.FusedMultiplyAdd(sum, x, Vector512.Create(e));
        return Vector512.FusedMultiplyAdd(sum, x, Vector512.Create(f));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<double> Z0, Vector256<double> Z1) Of(Vector256<ulong> first, Vector256<ulong> second)
    {
        var radius = Vector256.Sqrt(-2.0 * Log(Uniform(first)));
        var theta = (Between1And2(second << 2) - Vector256.Create(1.5)) * HalfPi;
        var w = theta * theta;
        var sine = Vector256.FusedMultiplyAdd(theta * w, Horner(w, S6, S5, S4, S3, S2, S1), theta);
        var cosine = Vector256.FusedMultiplyAdd(
            w * w, Horner(w, C6, C5, C4, C3, C2, C1), Vector256.FusedMultiplyAdd(w, Vector256.Create(-0.5), Vector256.Create(1.0)));
        cosine = (cosine.AsUInt64() ^ (second & Vector256.Create(SignBit))).AsDouble();
        var keep = Vector256.Equals(second & Vector256.Create(SwapBit), Vector256<ulong>.Zero).AsDouble();
        return (radius * Vector256.ConditionalSelect(keep, cosine, sine), radius * Vector256.ConditionalSelect(keep, sine, cosine));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Uniform(Vector256<ulong> bits) => Vector256.Create(2.0) - Between1And2(bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Log(Vector256<double> x)
    {
        var bits = x.AsUInt64();
        var exponent = (bits + Vector256.Create(BiasBits - RootHalfBits)) >> 52;
        var m = (bits + Vector256.Create(BiasBits) - (exponent << 52)).AsDouble();
        var k = (exponent + Vector256.Create(MagicBits)).AsDouble() - Vector256.Create(BiasedMagic);
        var f = m - Vector256.Create(1.0);
        var s = f / (Vector256.Create(2.0) + f);
        var z = s * s;
        var r = z * Vector256.FusedMultiplyAdd(Horner(z, L7, L6, L5, L4, L3, L2), z, Vector256.Create(L1));
        return Vector256.FusedMultiplyAdd(k, Vector256.Create(Ln2), Vector256.FusedMultiplyAdd(s, r, s + s));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Between1And2(Vector256<ulong> bits) => ((bits >> 12) | Vector256.Create(OneBits)).AsDouble();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Horner(Vector256<double> x, double a, double b, double c, double d, double e, double f)
    {
        var sum = Vector256.FusedMultiplyAdd(Vector256.Create(a), x, Vector256.Create(b));
        sum = Vector256.FusedMultiplyAdd(sum, x, Vector256.Create(c));
        sum = Vector256.FusedMultiplyAdd(sum, x, Vector256.Create(d));
        sum = Vector256.FusedMultiplyAdd(sum, x, Vector256.Create(e));
        return Vector256.FusedMultiplyAdd(sum, x, Vector256.Create(f));
    }
}
