using System.Runtime.InteropServices;

namespace Risk.Domain.Scenarios;

/// <summary>Values that start on a 64-byte boundary, so that no 512-bit load straddles two cache lines. Pinned, else the collector would move it off.</summary>
internal readonly struct CacheAligned<T>
    where T : unmanaged
{
    private const int LineBytes = 64;

    private readonly T[] array;
    private readonly int start, length;

    public CacheAligned(int length)
    {
        var size = Marshal.SizeOf<T>();
        this.length = length;
        array = GC.AllocateArray<T>(length + LineBytes / size, pinned: true);
        var misalignment = (int)(Marshal.UnsafeAddrOfPinnedArrayElement(array, 0) & (LineBytes - 1));
        start = misalignment == 0 ? 0 : (LineBytes - misalignment) / size;
    }

    public Span<T> Span => array.AsSpan(start, length);
}
