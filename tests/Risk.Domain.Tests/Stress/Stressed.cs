using Risk.Domain.Amounts;
using Risk.Domain.Instruments;
using Risk.Domain.Portfolios;
using Risk.Domain.Scenarios;
using Risk.Domain.Snapshots;
using Risk.Domain.Stress;

namespace Risk.Domain.Tests.Stress;

/// <summary>A book over closes that are written down day by day.</summary>
internal sealed class Stressed
{
    public static readonly DateOnly First = new(2020, 1, 1);

    private readonly Dictionary<Symbol, Instrument> instruments = [];
    private readonly List<Symbol> symbols = [];
    private readonly List<double[]> closes = [];

    public Stressed With(
        string name, double[] path, AssetClass kind = AssetClass.Equity, string currency = "USD", string? sector = null, string? proxy = null, OptionTerms? option = null, decimal multiplier = 1)
    {
        var symbol = Symbol.Parse(name);
        instruments[symbol] = new Instrument(symbol, name, kind, Currency.Parse(currency), sector, multiplier, Proxy: proxy is null ? null : Symbol.Parse(proxy), Option: option);
        if (kind == AssetClass.Cash) return this;
        symbols.Add(symbol);
        closes.Add(path);
        return this;
    }

    public PriceHistory History => new([.. Enumerable.Range(0, closes[0].Length).Select(i => First.AddDays(i))], [.. symbols], [.. closes], 1);

    public StressBook Book(decimal cash, params (string Symbol, decimal Quantity)[] held)
    {
        var positions = held.Select(x => new Position(Symbol.Parse(x.Symbol), x.Quantity, 0)).OrderBy(x => x.Symbol);
        var model = PortfolioModel.Build(new Portfolio(AccountId.Default, Currency.Usd, cash, [.. positions], 1), instruments, History, RiskConventions.Default);
        return StressBook.Of(new LivePortfolio(model), instruments, First.AddDays(closes[0].Length - 1));
    }

    public static PriceShocks Shocks(
        (string, double)[]? symbols = null, (string, double)[]? sectors = null, (AssetClass, double)[]? classes = null, (string, double)[]? currencies = null) => new(
        (symbols ?? []).ToDictionary(x => Symbol.Parse(x.Item1), x => x.Item2),
        (sectors ?? []).ToDictionary(x => x.Item1, x => x.Item2),
        (classes ?? []).ToDictionary(x => x.Item1, x => x.Item2),
        (currencies ?? []).ToDictionary(x => Currency.Parse(x.Item1), x => x.Item2));

    public static double[] Flat(double price, int days = 3) => [.. Enumerable.Repeat(price, days)];

    public static double[] Walk(int days, int seed, double size = 0.04)
    {
        var random = new Random(seed);
        var price = 100.0;
        return [.. Enumerable.Range(0, days).Select(_ => price *= 1 + size * (random.NextDouble() - 0.5))];
    }
}
