using System.Text;
using Risk.Application.Importing;
using Risk.Domain.Instruments;
using Risk.Domain.Scenarios;
using Xunit;

namespace Risk.Application.Tests.Importing;

public sealed class HistoryVolumeTests
{
    private static readonly Symbol A = Symbol.Parse("A"), B = Symbol.Parse("B");

    [Fact]
    public void Volumes_are_kept_beside_their_closes()
    {
        var history = Read("date,symbol,close,volume\n2026-01-06,A,2,1e6\n2026-01-05,A,1,7\n2026-01-05,B,3,\n2026-01-07,A,3,-\n2026-01-07,B,3,0\n");
        Assert.Equal([7, 1e6, double.NaN], history.FindVolumes(A)!);
        Assert.Equal([double.NaN, double.NaN, 0], history.FindVolumes(B)!);
        Assert.Null(Read("date,symbol,close,volume\n2026-01-05,A,1,\n").Volumes);
    }

    [Fact]
    public void A_newer_file_replaces_the_volumes_it_knows_and_takes_none_away()
    {
        var merged = HistoryMerge.Of(
            Read("date,symbol,close,volume\n2026-01-05,A,1,10\n2026-01-06,A,1,20\n"), Read("date,symbol,close,volume\n2026-01-06,A,1,21\n2026-01-06,B,1,\n2026-01-07,A,1,\n"));
        Assert.Equal([10, 21, double.NaN], merged.FindVolumes(A)!);
        Assert.Null(merged.FindVolumes(B));
        Assert.Equal([10], HistoryMerge.Of(Read("date,symbol,close,volume\n2026-01-05,A,1,10\n"), Read("date,A\n2026-01-05,2\n")).FindVolumes(A)!);
    }

    [Fact]
    public void An_average_needs_half_of_the_last_days()
    {
        PriceHistory Days(int known) => Read("date,symbol,close,volume\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{new DateOnly(2026, 1, 1).AddDays(i):yyyy-MM-dd},A,1,{(i >= 40 - known ? "100" : "")}\n")));
        Assert.Equal(100, Days(15).AverageVolume(A, 30));
        Assert.Null(Days(14).AverageVolume(A, 30));
        Assert.Equal(100, Days(40).AverageVolume(A, 30));
        Assert.Null(Days(40).AverageVolume(B, 30));
        Assert.Equal(15, Read("date,symbol,close,volume\n2026-01-05,A,1,10\n2026-01-06,A,1,20\n").AverageVolume(A, 30));
    }

    private static PriceHistory Read(string text)
    {
        var reading = HistoryFile.Read(Encoding.UTF8.GetBytes(text));
        Assert.Empty(reading.Faults.Listed);
        return reading.Value;
    }
}
