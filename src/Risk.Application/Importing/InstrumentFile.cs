using Risk.Domain.Instruments;

namespace Risk.Application.Importing;

/// <summary>
/// Reads instruments from CSV or JSON: <c>symbol, asset_class, currency</c> and optionally <c>name, isin, sector, multiplier, exchange,
/// proxy</c>; for options also <c>underlying, strike, expiry, right</c>. The name is the symbol and the multiplier 1 where not given. All
/// faults are listed at once; with a fault there are no instruments.
/// </summary>
public static class InstrumentFile
{
    private const int MaxTextLength = 200;
    private const decimal SmallestNumber = 0.00000001m;

    private static readonly string[] OptionFields = ["underlying", "strike", "expiry", "right"];

    private static readonly RecordShape Shape = new(
        "instruments", ImportLimits.MaxInstruments, ["symbol", "asset_class", "currency"],
        ["name", "isin", "sector", "multiplier", "exchange", "proxy", .. OptionFields]);

    public static FileReading<IReadOnlyList<Instrument>> Read(ReadOnlyMemory<byte> content)
    {
        var faults = new FaultList();
        var instruments = new List<Instrument>();
        var seen = new HashSet<Symbol>();
        foreach (var record in RecordFile.Read(content, Shape, faults).Where(record => !record.IsBroken))
        {
            var fields = new FieldReader(record, faults);
            if (ReadInstrument(fields) is not { } instrument) continue;
            if (!seen.Add(instrument.Symbol)) fields.Add("symbol", $"'{instrument.Symbol}' stands there twice.");
            instruments.Add(instrument);
        }
        if (instruments.Count == 0 && !faults.Any) faults.Add("", "The file holds no instrument.");
        return new FileReading<IReadOnlyList<Instrument>>(faults.Any ? [] : instruments, [], faults.ToFaults());
    }

    /// <summary>Null, with its fault, when what identifies it is missing; other faults leave an instrument that is not used.</summary>
    private static Instrument? ReadInstrument(FieldReader fields)
    {
        foreach (var field in Shape.Required) fields.Required(field);
        var symbol = fields.Symbol("symbol");
        var assetClass = fields.Choice<AssetClass>("asset_class");
        var currency = fields.Currency("currency");
        var multiplier = fields.Number("multiplier", SmallestNumber, 1_000_000_000m) ?? 1m;
        var (name, sector, exchange) = (fields.Text("name", MaxTextLength), fields.Text("sector", MaxTextLength), fields.Text("exchange", MaxTextLength));
        var (isin, proxy) = (ReadIsin(fields), fields.Symbol("proxy"));
        var option = ReadOption(fields, assetClass);
        if (symbol is not { } known || assetClass is not { } kind || currency is not { } unit) return null;
        if (proxy == known) fields.Add("proxy", "An instrument can't lend returns to itself.");
        if (option?.Underlying == known) fields.Add("underlying", "An option can't be its own underlying.");
        if (kind == AssetClass.Fx && !IsPair(known.Text, unit.Code)) fields.Add("symbol", $"A currency pair ABCXYZ quotes XYZ per one ABC: six letters, of which the last three are its currency, {unit}.");
        return new Instrument(known, name ?? known.Text, kind, unit, sector, multiplier, isin, exchange, proxy, option);
    }

    private static OptionTerms? ReadOption(FieldReader fields, AssetClass? assetClass)
    {
        var isOption = assetClass == AssetClass.Option;
        foreach (var name in OptionFields)
        {
            if (isOption) fields.Required(name);
            else if (assetClass is not null && fields.Has(name)) fields.Add(name, "Only an option has it.");
        }
        var (underlying, strike) = (fields.Symbol("underlying"), fields.Number("strike", SmallestNumber, (decimal)ImportLimits.MaxPrice));
        var (expiry, right) = (fields.Date("expiry"), fields.Choice<OptionRight>("right"));
        return isOption && underlying is not null && strike is not null && expiry is not null && right is not null
            ? new OptionTerms(underlying.Value, strike.Value, expiry.Value, right.Value)
            : null;
    }

    private static string? ReadIsin(FieldReader fields)
    {
        var isin = fields.Text("isin", MaxTextLength)?.ToUpperInvariant();
        if (isin is null || (isin.Length == 12 && isin.All(char.IsAsciiLetterOrDigit) && isin[..2].All(char.IsAsciiLetter) && char.IsAsciiDigit(isin[11]))) return isin;
        fields.Add("isin", $"{HistoryFile.Quoted(isin)} is not an ISIN: two letters, nine letters or digits, a digit.");
        return null;
    }

    private static bool IsPair(string symbol, string currency) =>
        symbol.Length == 6 && symbol.All(char.IsAsciiLetter) && symbol.EndsWith(currency, StringComparison.Ordinal) && !symbol.StartsWith(currency, StringComparison.Ordinal);
}
