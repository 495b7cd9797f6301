using System.Globalization;
using System.Text;
using Risk.Application.Importing;
using Risk.Domain.Instruments;
using Risk.Domain.Scenarios;
using Xunit;

namespace Risk.Application.Tests.Importing;

public class HistoryFileTests
{
    private const double Gap = double.NaN;

    [Theory]
    [InlineData("date,B,A\n2026-01-05,1,10\n2026-01-06,,11.5\n2026-01-07,3,12\n")]
    [InlineData("Date,b,a\r\n2026-01-07,3,12\r\n2026-01-06,,11.5\r\n2026-01-05,1,10")]
    [InlineData("\uFEFFDATE, B , A ,\n01/06/2026,,11.5,\n1/7/2026,3,12,\n01/05/2026,1,1e1\n")]
    [InlineData("\"date\",\"B\",\"A\"\n\n\"2026-01-05\",\"1\",\" 10 \"\n   \n2026-01-06,\"\",11.50\n2026-01-07,3,12\n\n")]
    [InlineData("date,symbol,close\n2026-01-05,B,1\n2026-01-05,A,10\n2026-01-06,A,11.5\n2026-01-07,A,12\n2026-01-07,B,3\n")]
    [InlineData("Symbol,Close,Date,Volume\nA,12,2026-01-07,5\nB,3,2026-01-07,\nA,11.5,2026-01-06,1e6\nB,1,2026-01-05,0\nA,10,2026-01-05,7\nB,,2026-01-06,\n")]
    [InlineData("date,B,A\n2026-01-05,1,10\n2026-01-06,,11.5\n2026-01-07,3,12\n2026-01-07,3,12\n2026-01-05,,10\n")]
    public void Reads_the_same_history_from_every_form(string text)
    {
        var reading = Read(text);
        Assert.Empty(reading.Faults.Listed);
        Assert.Equal([new DateOnly(2026, 1, 5), new DateOnly(2026, 1, 6), new DateOnly(2026, 1, 7)], reading.Value.Dates);
        Assert.Equal([Symbol.Parse("A"), Symbol.Parse("B")], reading.Value.Symbols);
        Assert.Equal([10, 11.5, 12], reading.Value.Closes[0]);
        Assert.Equal([1, Gap, 3], reading.Value.Closes[1]);
    }

    [Fact]
    public void Reads_words_for_missing_as_missing_and_says_so()
    {
        var reading = Read("date,A,B\n2026-01-05,NaN,1\n2026-01-06,N/A,2\n2026-01-07,null,-\n2026-01-08,4,nan\n2026-01-07,,5\n");
        Assert.Empty(reading.Faults.Listed);
        Assert.Equal([Gap, Gap, Gap, 4], reading.Value.Closes[0]);
        Assert.Equal(["A: 3 cells that say NaN, N/A, null or - are read as missing.", "B: 2 cells that say NaN, N/A, null or - are read as missing."], reading.Warnings);
    }

    [Fact]
    public void Leaves_out_a_symbol_and_a_date_without_any_close()
    {
        var reading = Read("date,A,B\n2026-01-05,1,\n2026-01-06,,\n2026-01-07,2,\n");
        Assert.Equal([Symbol.Parse("A")], reading.Value.Symbols);
        Assert.Equal(2, reading.Value.Dates.Count);
        Assert.Equal(["B has no close at all and is left out."], reading.Warnings);
    }

    [Fact]
    public void Lists_every_fault_at_once_with_line_and_column_and_imports_nothing()
    {
        var reading = Read("date,A,B\n2026-01-05,1,x\n2026-13-05,2,2\n\n2026-01-07,0,-3\n2026-01-08,Infinity,2000000000\n2026-01-09,1\n2026-01-05,1.5,4\n2026-01-10,1,2,3\n");
        string[] expected =
        [
            "line 2, column B: 'x' is not a number.",
            "line 3, column date: '2026-13-05' is not a date: 2020-12-31 or 12/31/2020 is expected.",
            "line 5, column A: '0' is not positive.",
            "line 5, column B: '-3' is not positive.",
            "line 6, column A: 'Infinity' is not finite.",
            "line 6, column B: '2000000000' is above 10^9 and not believed.",
            "line 7: 2 fields where the header has 3.",
            "line 9: 4 fields where the header has 3.",
            "line 8, column A: 2026-01-05 was given before as 1 and is 1.5 here.",
        ];
        Assert.Equal(expected, reading.Faults.Listed.Select(fault => $"{fault.Where}: {fault.Detail}"));
        Assert.Equal(expected.Length, reading.Faults.Total);
        Assert.Same(PriceHistory.Empty, reading.Value);
    }

    [Fact]
    public void Lists_the_faults_of_the_long_form_too()
    {
        var reading = Read("date,symbol,close,volume\n2026-01-05,A B,1,2\n2026-01-05,A,1,-2\nyesterday,A,one,\n2026-01-06,A,2,\n2026-01-06,a,3,\n");
        Assert.Equal(
            ["line 2, column symbol", "line 3, column volume", "line 4, column date", "line 4, column close", "line 6, column A"],
            reading.Faults.Listed.Select(fault => fault.Where));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("\n\n", "empty")]
    [InlineData("date,A\n", "no rows")]
    [InlineData("date,A\n2026-01-05,\n", "no close")]
    [InlineData("date\n2026-01-05\n", "names no symbol")]
    [InlineData("day,A\n2026-01-05,1\n", "no column 'date'")]
    [InlineData("date;A;B\n2026-01-05;1;2\n", "not by semicolons")]
    [InlineData("A,date\n1,2026-01-05\n", "first column")]
    [InlineData("date,A,A\n2026-01-05,1,1\n", "twice")]
    [InlineData("date,A,Adj.Close!\n2026-01-05,1,1\n", "Column 3")]
    [InlineData("date,symbol,price\n2026-01-05,A,1\n", "'price'")]
    [InlineData("date,symbol,close,close\n2026-01-05,A,1,1\n", "twice")]
    [InlineData("Date,Open,High,Low,Close,Adj Close,Volume\n2026-01-05,1,1,1,1,1,1\n", "one symbol, which it does not name")]
    [InlineData("date,close,volume,open,high,low\n01/05/2026,1,1,1,1,1\n", "one symbol, which it does not name")]
    [InlineData("date,A\n2026-01-05,1\n1850-01-05,1\n", "not a date")]
    [InlineData("date,A\n2026-01-05,\"1\n2026-01-06,2\n", "quote")]
    [InlineData("date,A\n2026-01-05,\"1,234.5\"\n", "not a number")]
    public void Says_clearly_what_is_wrong_with_the_file(string text, string said)
    {
        var reading = Read(text);
        Assert.Contains(reading.Faults.Listed, fault => fault.Detail.Contains(said, StringComparison.Ordinal));
        Assert.Empty(reading.Value.Symbols);
    }

    [Fact]
    public void A_quote_that_is_never_closed_hides_no_later_fault() =>
        Assert.Equal(
            ["line 2", "line 2, column A", "line 3, column A"],
            Read("date,A\n2026-01-05,\"x\n2026-01-06,y\n").Faults.Listed.Select(fault => fault.Where));

    [Fact]
    public void Refuses_what_is_not_utf8()
    {
        var utf16 = Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("date,A\n2026-01-05,1\n")).ToArray();
        Assert.Contains("UTF-8", Assert.Single(HistoryFile.Read(utf16).Faults.Listed).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Lists_a_thousand_faults_and_counts_the_rest()
    {
        var text = new StringBuilder("date,A\n");
        for (var i = 0; i < 1_500; i++) text.Append("never,1\n");
        var faults = Read(text.ToString()).Faults;
        Assert.Equal((1_000, 1_500), (faults.Listed.Count, faults.Total));
    }

    [Fact]
    public void Refuses_more_symbols_and_days_than_the_bounds()
    {
        var wide = "date," + string.Join(',', Enumerable.Range(0, ImportLimits.MaxHistorySymbols + 1).Select(i => $"S{i}")) + "\n";
        Assert.Contains("10001 symbols", Assert.Single(Read(wide).Faults.Listed).Detail, StringComparison.Ordinal);

        var days = new StringBuilder("date,A\n");
        for (var i = 0; i <= ImportLimits.MaxHistoryDays; i++) days.Append(CultureInfo.InvariantCulture, $"{new DateOnly(1950, 1, 1).AddDays(i):yyyy-MM-dd},1\n");
        Assert.Contains("20001 days", Assert.Single(Read(days.ToString()).Faults.Listed).Detail, StringComparison.Ordinal);

        // Sparse: few closes, but a table of 3,000 symbols on 3,000 days.
        var sparse = new StringBuilder("date,symbol,close\n");
        for (var i = 0; i < 3_000; i++) sparse.Append(CultureInfo.InvariantCulture, $"{new DateOnly(1950, 1, 1).AddDays(i):yyyy-MM-dd},S{i},1\n");
        Assert.Contains("symbols times days", Assert.Single(Read(sparse.ToString()).Faults.Listed).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Wide_and_long_of_a_random_table_agree()
    {
        var random = new Random(20261120);
        for (var round = 0; round < 50; round++)
        {
            var table = Enumerable.Range(0, 1 + random.Next(30)).Select(_ => Enumerable.Range(0, 5).Select(_ => random.Next(4) == 0 ? Gap : random.NextDouble() * 1000).ToArray()).ToArray();
            string Cell(double value) => double.IsNaN(value) ? "" : value.ToString(CultureInfo.InvariantCulture);
            string Day(int i) => new DateOnly(2020, 2, 27).AddDays(i).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            var order = Enumerable.Range(0, table.Length).ToArray();
            random.Shuffle(order);
            var wide = Read("date,E,D,C,B,A\n" + string.Concat(order.Select(i => $"{Day(i)},{string.Join(',', table[i].Select(Cell))}\n")));
            var longForm = Read("date,symbol,close\n" + string.Concat(order.SelectMany(i => table[i].Select((value, s) => $"{Day(i)},{"EDCBA"[s]},{Cell(value)}\n"))));
            Assert.Equal(wide.Value.Dates, longForm.Value.Dates);
            Assert.Equal(wide.Value.Symbols, longForm.Value.Symbols);
            Assert.Equal(wide.Value.Closes, longForm.Value.Closes);
            foreach (var (i, s) in order.SelectMany(i => Enumerable.Range(0, 5).Select(s => (i, s))).Where(x => !double.IsNaN(table[x.i][x.s])))
                Assert.Equal(table[i][s], wide.Value.Find(Symbol.Parse("EDCBA"[s].ToString()))![wide.Value.Dates.ToList().IndexOf(new DateOnly(2020, 2, 27).AddDays(i))]);
        }
    }

    private static FileReading<PriceHistory> Read(string text) => HistoryFile.Read(Encoding.UTF8.GetBytes(text));
}
