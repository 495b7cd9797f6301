using System.Runtime.CompilerServices;

namespace Risk.Domain.Scenarios;

/// <summary>Whole numbers of doubles for sums that must not depend on their order.</summary>
internal static class ExactInteger
{
    /// <summary>Up to here doubles hold every whole number, and one instruction converts it; beyond, the framework takes many.</summary>
    private const double Short = 1L << 53;

    /// <summary>The difference of two doubles without fractions, none of them negative or above 2¹²⁶.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Int128 Difference(double to, double from) =>
        to <= Short && from <= Short ? double.ConvertToIntegerNative<long>(to - from) : (Int128)to - (Int128)from;
}
