using System.Runtime.Intrinsics;

namespace Risk.Domain.Prices;

/// <summary>Two sums of unsigned 64-bit integers, the halves of each kept apart: exact for 2³² of them without a carry.</summary>
internal struct PairOfSums
{
    /// <summary>The lower and the upper half of the first, then of the second.</summary>
    private Vector256<ulong> halves;

    public readonly UInt128 First => ((UInt128)halves[1] << 32) + halves[0];

    public readonly UInt128 Second => ((UInt128)halves[3] << 32) + halves[2];

    public void Add(ulong first, ulong second) => halves += Vector256.WidenLower(Vector128.Create(first, second).AsUInt32().ToVector256Unsafe());
}
