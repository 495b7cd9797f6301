using System.Buffers;

namespace Risk.Domain.Measures;

/// <summary>The value of one rank without sorting the rest (Hoare 1961).</summary>
internal static class Selection
{
    /// <summary>The <paramref name="rank"/>-th smallest, 1-based.</summary>
    public static double Smallest(ReadOnlySpan<double> values, int rank)
    {
        var rented = ArrayPool<double>.Shared.Rent(values.Length);
        values.CopyTo(rented);
        var smallest = Select(rented.AsSpan(0, values.Length), rank - 1);
        ArrayPool<double>.Shared.Return(rented);
        return smallest;
    }

    private static double Select(Span<double> x, int index)
    {
        var (first, last) = (0, x.Length - 1);
        while (first < last)
        {
            var pivot = Median(x[first], x[first + (last - first) / 2], x[last]);
            var (i, j) = (first, last);
            while (i <= j)
            {
                while (x[i] < pivot) i++;
                while (x[j] > pivot) j--;
                if (i > j) break;
                (x[i], x[j]) = (x[j], x[i]);
                i++;
                j--;
            }
            if (index <= j) last = j;
            else if (index >= i) first = i;
            else break;
        }
        return x[index];
    }

    private static double Median(double a, double b, double c) => Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));
}
