using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Risk.Domain.Measures;

/// <summary>
/// The inner loop of <see cref="MonteCarlo"/>: a lane is a path, and each sum runs over the assets in their order, so the number of lanes
/// changes nothing. χ² numbers by Marsaglia and Tsang (2000), whose rejected draws are repeated lane by lane.
/// </summary>
internal sealed class PathKernel
{
    private const uint ShockStream = 0, ChiStream = 1;
    private readonly double[] loadings;
    private readonly double mean;
    private readonly ulong seed;
    private readonly bool isStudent;
    private readonly double scaleSquare, chiD, chiC;

    /// <param name="loadings">P&amp;L per unit of each independent shock; an even number.</param>
    /// <param name="mean">Of the P&amp;L.</param>
    public PathKernel(double[] loadings, double mean, ulong seed, double? degreesOfFreedom)
    {
        (this.loadings, this.mean, this.seed, isStudent) = (loadings, mean, seed, degreesOfFreedom is not null);
        if (degreesOfFreedom is not { } nu) return;
        chiD = nu / 2 - 1.0 / 3;
        chiC = 1 / Math.Sqrt(9 * chiD);
        // x = √((ν − 2)/χ²)·N with χ² = 2·d·v³.
        scaleSquare = (nu - 2) / (2 * chiD);
    }

    public static int WidestLanes => Vector512.IsHardwareAccelerated ? 8 : Vector256.IsHardwareAccelerated ? 4 : 1;

    public void Run(uint firstPath, Span<double> pnl, int lanes)
    {
        ref var to = ref MemoryMarshal.GetReference(pnl);
        var done = 0;
        if (lanes == 8)
            for (; done + 8 <= pnl.Length; done += 8) Eight(firstPath + (uint)done).StoreUnsafe(ref to, (nuint)done);
        else if (lanes == 4)
            for (; done + 4 <= pnl.Length; done += 4) Four(firstPath + (uint)done).StoreUnsafe(ref to, (nuint)done);
        else
            ArgumentOutOfRangeException.ThrowIfNotEqual(lanes, 1);
        for (; done < pnl.Length; done++) pnl[done] = One(firstPath + (uint)done);
    }

    /// <summary>
    /// Adds weight × shock for each asset of a path to the sums: those of the assets 0, 2, 4, … to the first half, of 1, 3, 5, … to the second.
    /// </summary>
    /// <param name="sums">As many as <see cref="SumsLength"/>; more than there are assets, so that vectors are full.</param>
    public void AddShocks(uint path, double weight, Span<double> sums)
    {
        var scale = isStudent ? weight * Scale(path, 0) : weight;
        var even = sums[..(sums.Length / 2)];
        var odd = sums[(sums.Length / 2)..];
        for (var i = 0; i < even.Length; i += Vector512<double>.Count)
        {
            if (Vector512.IsHardwareAccelerated)
            {
                AddEight(path, i, scale, ref even[i], ref odd[i]);
                continue;
            }
            for (var j = i; j < i + Vector512<double>.Count; j++)
            {
                var (z0, z1) = Shocks(path, (uint)(2 * j));
                even[j] += scale * z0;
                odd[j] += scale * z1;
            }
        }
    }

    /// <summary>Two halves of whole vectors.</summary>
    public int SumsLength => (loadings.Length / 2 + Vector512<double>.Count - 1) / Vector512<double>.Count * Vector512<double>.Count * 2;

    private void AddEight(uint path, int pair, double scale, ref double even, ref double odd)
    {
        var assets = (Vector512<ulong>.Indices + Vector512.Create((ulong)pair)) << 1;
        var (first, second) = Philox.Draw(Vector512.Create((ulong)path), assets, 0, ShockStream, seed);
        var (z0, z1) = NormalPair.Of(first, second);
        (Vector512.LoadUnsafe(ref even) + scale * z0).StoreUnsafe(ref even);
        (Vector512.LoadUnsafe(ref odd) + scale * z1).StoreUnsafe(ref odd);
    }

    private double One(uint path)
    {
        var sum = 0.0;
        for (var i = 0; i < loadings.Length; i += 2)
        {
            var (z0, z1) = Shocks(path, (uint)i);
            sum = Math.FusedMultiplyAdd(loadings[i + 1], z1, Math.FusedMultiplyAdd(loadings[i], z0, sum));
        }
        return isStudent ? mean + Scale(path, 0) * sum : mean + sum;
    }

    private Vector512<double> Eight(uint firstPath)
    {
        var paths = Vector512<ulong>.Indices + Vector512.Create((ulong)firstPath);
        var sum = Vector512<double>.Zero;
        for (var i = 0; i < loadings.Length; i += 2)
        {
            var (first, second) = Philox.Draw(paths, Vector512.Create((ulong)i), 0, ShockStream, seed);
            var (z0, z1) = NormalPair.Of(first, second);
            sum = Vector512.FusedMultiplyAdd(
                Vector512.Create(loadings[i + 1]), z1, Vector512.FusedMultiplyAdd(Vector512.Create(loadings[i]), z0, sum));
        }
        return Vector512.Create(mean) + (isStudent ? Scale(paths) * sum : sum);
    }

    private Vector256<double> Four(uint firstPath)
    {
        var paths = Vector256<ulong>.Indices + Vector256.Create((ulong)firstPath);
        var sum = Vector256<double>.Zero;
        for (var i = 0; i < loadings.Length; i += 2)
        {
            var (first, second) = Philox.Draw(paths, Vector256.Create((ulong)i), 0, ShockStream, seed);
            var (z0, z1) = NormalPair.Of(first, second);
            sum = Vector256.FusedMultiplyAdd(
                Vector256.Create(loadings[i + 1]), z1, Vector256.FusedMultiplyAdd(Vector256.Create(loadings[i]), z0, sum));
        }
        return Vector256.Create(mean) + (isStudent ? Scale(paths) * sum : sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private (double Z0, double Z1) Shocks(uint path, uint asset)
    {
        var (first, second) = Philox.Draw(path, asset, 0, ShockStream, seed);
        return NormalPair.Of(first, second);
    }

    /// <summary>√((ν − 2)/χ²) of a path, from the given attempt on.</summary>
    private double Scale(uint path, uint attempt)
    {
        for (; ; attempt++)
        {
            var (first, second) = Philox.Draw(path, attempt, 0, ChiStream, seed);
            var x = NormalPair.Of(first, second).Z0;
            var v = 1 + chiC * x;
            var cube = v * v * v;
            var u = NormalPair.Uniform(Philox.Draw(path, attempt, 1, ChiStream, seed).First);
            if (v > 0 && NormalPair.Log(u) < chiD * (1 - cube + NormalPair.Log(cube)) + 0.5 * x * x) return Math.Sqrt(scaleSquare / cube);
        }
    }

    private Vector512<double> Scale(Vector512<ulong> paths)
    {
        var (first, second) = Philox.Draw(paths, Vector512<ulong>.Zero, 0, ChiStream, seed);
        var x = NormalPair.Of(first, second).Z0;
        var v = Vector512<double>.One + chiC * x;
        var cube = v * v * v;
        var u = NormalPair.Uniform(Philox.Draw(paths, Vector512<ulong>.Zero, 1, ChiStream, seed).First);
        var bound = chiD * (Vector512<double>.One - cube + NormalPair.Log(cube)) + 0.5 * x * x;
        var accepted = Vector512.GreaterThan(v, Vector512<double>.Zero) & Vector512.LessThan(NormalPair.Log(u), bound);
        var scale = Vector512.Sqrt(Vector512.Create(scaleSquare) / cube);
        if (accepted.AsUInt64() == Vector512<ulong>.AllBitsSet) return scale;
        for (var lane = 0; lane < 8; lane++)
            if (accepted.AsUInt64()[lane] == 0) scale = scale.WithElement(lane, Scale((uint)paths[lane], 1));
        return scale;
    }

    private Vector256<double> Scale(Vector256<ulong> paths)
    {
        var (first, second) = Philox.Draw(paths, Vector256<ulong>.Zero, 0, ChiStream, seed);
        var x = NormalPair.Of(first, second).Z0;
        var v = Vector256<double>.One + chiC * x;
        var cube = v * v * v;
        var u = NormalPair.Uniform(Philox.Draw(paths, Vector256<ulong>.Zero, 1, ChiStream, seed).First);
        var bound = chiD * (Vector256<double>.One - cube + NormalPair.Log(cube)) + 0.5 * x * x;
        var accepted = Vector256.GreaterThan(v, Vector256<double>.Zero) & Vector256.LessThan(NormalPair.Log(u), bound);
        var scale = Vector256.Sqrt(Vector256.Create(scaleSquare) / cube);
        if (accepted.AsUInt64() == Vector256<ulong>.AllBitsSet) return scale;
        for (var lane = 0; lane < 4; lane++)
            if (accepted.AsUInt64()[lane] == 0) scale = scale.WithElement(lane, Scale((uint)paths[lane], 1));
        return scale;
    }
}
