using Risk.Domain.Instruments;
using Risk.Domain.Portfolios;

namespace Risk.Application.Importing;

/// <summary>
/// Reads positions from CSV <c>symbol,quantity,average_cost[,currency]</c> or from JSON with the same members. The average cost is per
/// unit in the instrument's currency; a currency, where given, must be that one. Zero quantities are left out with a warning. All faults
/// are listed at once; with a fault there are no positions.
/// </summary>
public static class PositionsFile
{
    private static readonly RecordShape Shape = new("positions", ImportLimits.MaxPositions, ["symbol", "quantity", "average_cost"], ["currency"]);

    /// <param name="find">The known instrument, or null; a symbol without one is a fault.</param>
    public static FileReading<IReadOnlyList<Position>> Read(ReadOnlyMemory<byte> content, Func<Symbol, Instrument?> find)
    {
        var faults = new FaultList();
        var warnings = new WarningList();
        var positions = new List<Position>();
        var seen = new HashSet<Symbol>();
        foreach (var record in RecordFile.Read(content, Shape, faults).Where(record => !record.IsBroken))
        {
            var fields = new FieldReader(record, faults);
            foreach (var name in Shape.Required) fields.Required(name);
            var symbol = fields.Symbol("symbol");
            var quantity = fields.Number("quantity", -ImportLimits.MaxQuantity, ImportLimits.MaxQuantity);
            var averageCost = fields.Number("average_cost", 0, (decimal)ImportLimits.MaxPrice);
            if (symbol is not { } known) continue;
            CheckInstrument(fields, known, find(known));
            if (!seen.Add(known)) fields.Add("symbol", $"'{known}' stands there twice.");
            if (quantity == 0) warnings.Add($"{known}: a quantity of zero is left out.");
            else if (quantity is not null && averageCost is not null) positions.Add(new Position(known, quantity.Value, averageCost.Value));
        }
        positions.Sort((a, b) => a.Symbol.CompareTo(b.Symbol));
        return new FileReading<IReadOnlyList<Position>>(faults.Any ? [] : positions, warnings.ToWarnings(), faults.ToFaults());
    }

    private static void CheckInstrument(FieldReader fields, Symbol symbol, Instrument? instrument)
    {
        var currency = fields.Currency("currency");
        if (instrument is null) fields.Add("symbol", $"'{symbol}' is not a known instrument.");
        else if (currency is not null && currency != instrument.Currency) fields.Add("currency", $"{symbol} is quoted in {instrument.Currency}, not in {currency}.");
    }
}
