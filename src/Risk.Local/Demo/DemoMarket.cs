using Risk.Domain.Amounts;
using Risk.Domain.Instruments;
using Risk.Domain.Portfolios;
using Risk.Domain.Scenarios;

namespace Risk.Local.Demo;

/// <summary>
/// An invented market: twenty companies in three sectors with a history of daily closes and a portfolio, so that a fresh start has
/// something to show. Pure functions of a seed and a date; the same seed gives the same closes.
/// </summary>
public static class DemoMarket
{
    /// <summary>Three years of weekdays.</summary>
    public const int DefaultDays = 780;

    private const double TradingDaysPerYear = 252;
    private const double AnnualDrift = 0.06;

    /// <summary>Degrees of freedom of the daily shocks: heavy tails, and still a finite variance and kurtosis.</summary>
    private const int TailDegrees = 5;

    /// <summary>Shares of the variance that the market and the sector explain; the rest is the company's own.</summary>
    private const double MarketShare = 0.30;
    private const double SectorShare = 0.20;

    /// <summary>In dollars a day, at an annual volatility of 100 %.</summary>
    private const double TurnoverPerVolatility = 3e6;
    private const double VolumeDeviation = 0.4;

    /// <summary>In ordinal order of the symbols. The start price is the last close of the history.</summary>
    public static IReadOnlyList<DemoSymbol> Symbols { get; } =
    [
        Of("ALBA", "Alba Turbines", "Industry", 84.20m, 0.24),
        Of("BRIK", "Brikmann Bearings", "Industry", 41.75m, 0.29),
        Of("CAIRN", "Cairn & Sons Freight", "Industry", 118.40m, 0.22),
        Of("DOVE", "Dove Paperworks", "Industry", 23.10m, 0.31),
        Of("ELMO", "Elmont Robotics", "Technology", 212.60m, 0.38),
        Of("FERN", "Fernlight Optics", "Technology", 67.95m, 0.42),
        Of("GALE", "Galewind Cloud", "Technology", 305.00m, 0.35),
        Of("HARP", "Harp Semiconductors", "Technology", 149.30m, 0.45),
        Of("IRIS", "Irisfield Software", "Technology", 92.80m, 0.33),
        Of("JUNO", "Juno Networks", "Technology", 54.25m, 0.36),
        Of("KELP", "Kelp Battery", "Technology", 18.60m, 0.58),
        Of("LARK", "Larkspur Foods", "Consumer", 61.40m, 0.17),
        Of("MINT", "Mintwell Pharmacy", "Consumer", 47.15m, 0.21),
        Of("NORD", "Nordkap Outdoor", "Consumer", 33.90m, 0.28),
        Of("OPAL", "Opal Hotels", "Consumer", 76.50m, 0.30),
        Of("PINE", "Pinecrest Homeware", "Consumer", 29.05m, 0.26),
        Of("QUAY", "Quayside Shipping", "Industry", 52.70m, 0.34),
        Of("ROOK", "Rook Rail Works", "Industry", 97.25m, 0.20),
        Of("SAGE", "Sagebrush Beverages", "Consumer", 88.35m, 0.16),
        Of("TARN", "Tarn Game Studios", "Technology", 39.80m, 0.48),
    ];

    public static IReadOnlyList<Instrument> Instruments { get; } = [.. Symbols.Select(symbol => symbol.Instrument)];

    /// <summary>
    /// Correlated, fat-tailed daily closes with volumes on weekdays; the last date is the weekday before <paramref name="before"/> and the last closes
    /// are the start prices. No closes are missing. Version and hash are those of no store.
    /// </summary>
    public static PriceHistory History(int seed, DateOnly before, int days = DefaultDays)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(days, 1);
        var random = new Random(seed);
        var closes = Symbols.Select(_ => new double[days]).ToArray();
        var levels = new double[Symbols.Count];
        for (var day = 0; day < days; day++)
        {
            for (var i = 0; i < levels.Length; i++) closes[i][day] = levels[i];
            Step(random, levels);
        }
        for (var i = 0; i < closes.Length; i++) ToPrices(closes[i], Symbols[i]);
        return new PriceHistory(WeekdaysBefore(before, days), [.. Symbols.Select(symbol => symbol.Instrument.Symbol)], closes, Volumes: Volumes(new Random(~seed), closes));
    }

    /// <summary>Twelve long positions, two short ones and cash in the default account.</summary>
    public static Portfolio Portfolio(long version = 1) => new(
        AccountId.Default,
        Currency.Usd,
        Cash: 75_000m,
        [
            Hold("ALBA", 600, 79.10m), Hold("BRIK", 900, 44.30m), Hold("CAIRN", 350, 101.85m), Hold("ELMO", 220, 188.40m), Hold("GALE", 180, 266.75m),
            Hold("HARP", 300, 152.90m), Hold("IRIS", 400, 85.60m), Hold("KELP", -1_500, 21.40m), Hold("LARK", 800, 58.20m), Hold("MINT", 750, 46.05m),
            Hold("OPAL", -400, 81.15m), Hold("PINE", 1_000, 27.70m), Hold("ROOK", 320, 90.10m), Hold("SAGE", 500, 84.95m),
        ],
        version);

    /// <summary>Moves each log price by one day: a shock of the market, one of the sector, one of its own.</summary>
    private static void Step(Random random, double[] levels)
    {
        // One mixing variable for the whole day makes bad days bad for everybody: the tails depend on each other as in real markets.
        var heat = Math.Sqrt((TailDegrees - 2) / ChiSquare(random, TailDegrees));
        var market = Normal(random);
        var sectors = new Dictionary<string, double>();
        for (var i = 0; i < levels.Length; i++)
        {
            var sector = Symbols[i].Instrument.Sector!;
            if (!sectors.TryGetValue(sector, out var common)) sectors[sector] = common = Normal(random);
            var shock = Math.Sqrt(MarketShare) * market + Math.Sqrt(SectorShare) * common + Math.Sqrt(1 - MarketShare - SectorShare) * Normal(random);
            var volatility = Symbols[i].AnnualVolatilityRatio / Math.Sqrt(TradingDaysPerYear);
            levels[i] += AnnualDrift / TradingDaysPerYear - volatility * volatility / 2 + volatility * heat * shock;
        }
    }

    /// <summary>Cents, except for prices that fell below a dollar; the last is the start price exactly.</summary>
    private static void ToPrices(double[] levels, DemoSymbol symbol)
    {
        var last = levels[^1];
        for (var day = 0; day < levels.Length; day++)
        {
            var price = (double)symbol.StartPrice * Math.Exp(levels[day] - last);
            levels[day] = Math.Round(price, price < 1 ? 4 : 2);
        }
    }

    /// <summary>Log-normal around the turnover of a small company; what moves more is traded more.</summary>
    private static double[][] Volumes(Random random, double[][] closes) =>
    [
        .. Symbols.Zip(closes, (symbol, prices) =>
            prices.Select(price => Math.Round(TurnoverPerVolatility * symbol.AnnualVolatilityRatio / price * Math.Exp(VolumeDeviation * Normal(random)))).ToArray()),
    ];

    private static DateOnly[] WeekdaysBefore(DateOnly before, int count)
    {
        var dates = new DateOnly[count];
        for (var (date, left) = (before.AddDays(-1), count); left > 0; date = date.AddDays(-1))
            if (date.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday)) dates[--left] = date;
        return dates;
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static double ChiSquare(Random random, int degrees)
    {
        var sum = 0.0;
        for (var i = 0; i < degrees; i++)
        {
            var x = Normal(random);
            sum += x * x;
        }
        return sum;
    }

    private static DemoSymbol Of(string symbol, string name, string sector, decimal startPrice, double annualVolatilityRatio) =>
        new(new Instrument(Symbol.Parse(symbol), name, AssetClass.Equity, Currency.Usd, sector, Exchange: "SIM"), startPrice, annualVolatilityRatio);

    private static Position Hold(string symbol, decimal quantity, decimal averageCost) => new(Symbol.Parse(symbol), quantity, averageCost);
}

/// <param name="AnnualVolatilityRatio">Standard deviation of a year's return, as a fraction.</param>
public sealed record DemoSymbol(Instrument Instrument, decimal StartPrice, double AnnualVolatilityRatio);
