using System.Text;
using Risk.Application.Importing;
using Risk.Domain.Amounts;
using Risk.Domain.Instruments;
using Risk.Domain.Portfolios;
using Xunit;

namespace Risk.Application.Tests.Importing;

public class PositionsFileTests
{
    [Theory]
    [InlineData("symbol,quantity,average_cost\nB,-2.5,10\na,100,0\nC,0,5\n")]
    [InlineData("\uFEFFSymbol,Quantity,Average_Cost,Currency,\r\nB,-2.5,10,usd,\r\nA,1e2,0,,\r\nC,0,5,USD,\r\n")]
    [InlineData("""[{"symbol":"B","quantity":-2.5,"average_cost":10,"currency":"USD"},{"symbol":"A","quantity":"100","average_cost":0.0},{"symbol":"C","quantity":0,"average_cost":5}]""")]
    [InlineData(""" {"positions":[{"symbol":"B","quantity":-2.5,"average_cost":10},{"symbol":"A","quantity":100,"average_cost":0},{"symbol":"C","quantity":0,"average_cost":5}]}""")]
    public void Reads_positions_in_ordinal_order_without_the_empty_ones(string text)
    {
        var reading = Read(text);
        Assert.Empty(reading.Faults.Listed);
        Assert.Equal([new Position(Symbol.Parse("A"), 100, 0), new Position(Symbol.Parse("B"), -2.5m, 10)], reading.Value);
        Assert.Equal(["C: a quantity of zero is left out."], reading.Warnings);
    }

    [Fact]
    public void Lists_every_fault_at_once()
    {
        var reading = Read("symbol,quantity,average_cost,currency\nA,1,2,EUR\nZ,1,2,\nB,x,-1,US\nB,1e13,2000000000,USD\nC,,,\n");
        Assert.Equal(
        [
            "line 2, column currency", "line 3, column symbol", "line 4, column quantity", "line 4, column average_cost", "line 4, column currency",
            "line 5, column quantity", "line 5, column average_cost", "line 5, column symbol", "line 6, column quantity", "line 6, column average_cost",
        ],
        reading.Faults.Listed.Select(fault => fault.Where));
        Assert.Empty(reading.Value);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("symbol,quantity,average_cost\n")]
    public void No_position_is_a_portfolio_too(string text) => Assert.Equal((0, false), (Read(text).Value.Count, Read(text).Faults.Any));

    [Theory]
    [InlineData("")]
    [InlineData("symbol,quantity\nA,1\n")]
    [InlineData("{\"symbol\":\"A\",\"quantity\":1,\"average_cost\":1}")]
    [InlineData("[{\"symbol\":\"A\",\"quantity\":NaN,\"average_cost\":1}]")]
    public void Refuses_what_is_no_list_of_positions(string text) => Assert.True(Read(text).Faults.Any);

    private static FileReading<IReadOnlyList<Position>> Read(string text) => PositionsFile.Read(
        Encoding.UTF8.GetBytes(text),
        symbol => symbol.Text == "Z" ? null : new Instrument(symbol, symbol.Text, AssetClass.Equity, Currency.Usd));
}
