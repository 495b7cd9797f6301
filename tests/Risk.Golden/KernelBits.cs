using Risk.Domain.Measures;

namespace Risk.Golden;

/// <summary>
/// The pieces a simulation is made of, each with inputs so simple that a program in another language can call the same compiled code with
/// them: tests/same-bits/kernel.c prints these lines, too, calling the code that was compiled for arm64.
/// </summary>
public static class KernelBits
{
    private const int Draws = 1_000_000;

    public static IEnumerable<string> Lines() =>
    [
        $"kernel philox {Draws}: {Bits.Hash(Enumerable.Range(0, Draws).SelectMany(i => Words(Philox.Draw((uint)i, (uint)i * 2654435761, (uint)i >> 7, 3, (ulong)i * 0x9E3779B97F4A7C15)))):x16}",
        $"kernel normal {Draws}: {Bits.Hash(Enumerable.Range(0, Draws).SelectMany(i => Normals((uint)i))):x16}",
        $"kernel log {Draws}: {Bits.Hash(Enumerable.Range(0, Draws).Select(i => NormalPair.Log(Positive((uint)i)))):x16}",
        $"kernel dot 64: {Bits.Hash(Enumerable.Range(1, 64).SelectMany(Products)):x16}",
        .. from assets in (int[])[3, 10, 50] from nu in (double[])[0, 2.25, 5] select $"kernel {assets} assets, 20000 paths, {(nu > 0 ? FormattableString.Invariant($"t {nu}") : "normal")}: {Simulation(assets, nu)}",
    ];

    private static ulong[] Words((ulong First, ulong Second) draw) => [draw.First, draw.Second];

    private static IEnumerable<ulong> Normals(uint draw)
    {
        var (first, second) = Philox.Draw(draw, 0, 0, 5, 77);
        var (z0, z1) = NormalPair.Of(first, second);
        return Bits.Of([z0, z1]);
    }

    /// <summary>Of any exponent that a normal number has.</summary>
    private static double Positive(uint draw)
    {
        var word = Philox.Draw(draw, 0, 0, 6, 77).First;
        return BitConverter.UInt64BitsToDouble(word >> 12 | (1 + (word & 0x7FF) % 2046) << 52);
    }

    /// <summary>A square matrix of small numbers times its first row.</summary>
    private static double[] Products(int size)
    {
        double[][] rows = [.. Enumerable.Range(0, size).Select(i => Enumerable.Range(0, size).Select(j => Element(i, j)).ToArray())];
        return Covariance.Times(rows, rows[0]);
    }

    private static double Element(int i, int j) => NormalPair.Uniform(Philox.Draw((uint)i, (uint)j, 0, 7, 77).First) - 0.5;

    /// <summary>Assets that are independent of each other, so that what the kernel works with are the exposures themselves; ν 0 is the normal.</summary>
    private static string Simulation(int assets, double nu)
    {
        double[] exposures = [.. Enumerable.Range(0, assets).Select(i => (i % 2 == 0 ? 1_000.0 : -1_000.0) * (i + 1))];
        double[][] unit = [.. Enumerable.Range(0, assets).Select(i => Enumerable.Range(0, assets).Select(j => i == j ? 1.0 : 0).ToArray())];
        var pnl = new double[20_000];
        new MonteCarlo(exposures, unit, 20261121, nu > 0 ? nu : null, [0.5, .. new double[assets - 1]]).Simulate(0, pnl);
        var returns = new MonteCarlo(exposures, unit, 20261121, nu > 0 ? nu : null).Returns([.. Enumerable.Range(0, 1_000).Select(i => new ScenarioWeight(i, 1.0 / (i + 1)))]);
        return $"{Bits.Hash(pnl):x16} {Bits.Hash(returns):x16}";
    }
}

internal static class Bits
{
    public static IEnumerable<ulong> Of(IEnumerable<double> numbers) => numbers.Select(BitConverter.DoubleToUInt64Bits);

    public static ulong Hash(IEnumerable<double> numbers) => Hash(Of(numbers));

    /// <summary>FNV-1a over words of 64 bits: a single differing number always shows.</summary>
    public static ulong Hash(IEnumerable<ulong> words) => words.Aggregate(14695981039346656037, (hash, x) => (hash ^ x) * 1099511628211);
}
