using Risk.Golden;
using Xunit;

namespace Risk.Domain.Tests.Golden;

/// <summary>
/// Hashes of all bits of simulations and of the pieces they are made of, written down once. Whoever sees others has another machine's
/// arithmetic in the way, or changed the sample: then the file is written anew, and tests/same-bits/run tries it on the other processors.
/// </summary>
public sealed class BitsTests
{
    private static readonly string[] Expected = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Golden", "bits.txt"));

    [Fact]
    public void Simulations_have_the_bits_that_were_written_down() =>
        Assert.Equal(Expected.Where(line => !line.StartsWith("kernel", StringComparison.Ordinal)), SimulationBits.Cases.Select(x => x.ToString()));

    [Fact]
    public void The_pieces_of_a_simulation_have_the_bits_that_were_written_down() =>
        Assert.Equal(Expected.Where(line => line.StartsWith("kernel", StringComparison.Ordinal)), KernelBits.Lines());
}
