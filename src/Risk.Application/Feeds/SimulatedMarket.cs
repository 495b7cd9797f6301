using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Risk.Domain.Instruments;
using Risk.Domain.Prices;

namespace Risk.Application.Feeds;

/// <param name="AnnualVolatility">Of log returns, a ratio: 0.25 is 25 % a year of 252 days of 6.5 hours, ticks running on one after the other.</param>
/// <param name="SpreadBp">Ask − bid in basis points of the price, rounded outwards to the tick size.</param>
/// <param name="Sector">Symbols of one sector move together; null for none.</param>
/// <param name="TickSize">The step of published prices; the path itself is finer.</param>
public sealed record SimulatedInstrument(
    Symbol Symbol, decimal StartPrice, double AnnualVolatility, double SpreadBp = 2, string? Sector = null, decimal TickSize = 0.01m);

/// <summary>
/// Correlated geometric Brownian motion without drift. The symbols tick in turn; each round has one market shock and one shock a sector, so
/// that returns over whole rounds correlate by <c>marketShare</c> across sectors and <c>marketShare + sectorShare</c> within one.
/// Every random number is a function of (seed, tick number) alone: tick n of a seed is the same tick in every run on the same platform,
/// wherever generation starts. Not for use by two threads at once.
/// </summary>
public sealed class SimulatedMarket
{
    private const double TradingSecondsPerYear = 252 * 6.5 * 3600;
    private const double MedianVolume = 100;
    private const long MaxPriceE8 = 100_000_000 * Price.One;
    private const ulong Golden = 0x9E37_79B9_7F4A_7C15;

    private readonly int[] symbolIndexes;
    private readonly long[] steps;
    private readonly int[] sectorOf;
    private readonly double[] shocks;
    private readonly double marketWeight;
    private readonly double sectorWeight;
    private readonly ulong tickStream;
    private readonly ulong shockStream;
    private long shocksRound = -1;

    /// <exception cref="ArgumentException">No instrument, one twice, or a value out of range.</exception>
    public SimulatedMarket(
        long seed, IReadOnlyList<SimulatedInstrument> instruments, SymbolTable symbols, SourceName source, double marketShare = 0.3, double sectorShare = 0.2)
    {
        if (instruments.Count == 0 || instruments.DistinctBy(x => x.Symbol).Count() != instruments.Count) throw new ArgumentException("At least one instrument is needed, each once.", nameof(instruments));
        foreach (var x in instruments)
            if (x.StartPrice <= 0 || x.StartPrice > 1_000_000 || x.TickSize <= 0 || x.TickSize > x.StartPrice || x.AnnualVolatility is not (>= 0 and <= 5) || x.SpreadBp is not (>= 0 and <= 1000))
                throw new ArgumentException($"{x.Symbol}: the price must lie in (0, 10⁶], the tick size in (0, price], the volatility in [0, 5], the spread in [0, 1000].", nameof(instruments));
        if (marketShare < 0 || sectorShare < 0 || marketShare + sectorShare > 1) throw new ArgumentException("The shares must be 0 or more and at most 1 together.", nameof(marketShare));
        (Seed, Source, Instruments) = (seed, source, [.. instruments]);
        foreach (var x in instruments) symbols.Add(x.Symbol);
        symbolIndexes = [.. instruments.Select(x => symbols.Add(x.Symbol))];
        steps = [.. instruments.Select(x => Math.Max(1, Price.From(x.TickSize).E8))];
        var sectors = instruments.Select(x => x.Sector).OfType<string>().Distinct().Order(StringComparer.Ordinal).ToList();
        sectorOf = [.. instruments.Select(x => x.Sector is null ? 0 : sectors.IndexOf(x.Sector) + 1)];
        shocks = new double[sectors.Count + 1];
        (marketWeight, sectorWeight) = (Math.Sqrt(marketShare), Math.Sqrt(sectorShare));
        (tickStream, shockStream) = (Mix((ulong)seed), Mix(~(ulong)seed + Golden));
        UniverseHash = HashOf(instruments, marketShare, sectorShare);
    }

    public long Seed { get; }

    public SourceName Source { get; }

    public IReadOnlyList<SimulatedInstrument> Instruments { get; }

    /// <summary>Changes with anything that changes the prices, save the seed and the pace.</summary>
    public string UniverseHash { get; }

    /// <summary>The prices before tick 0, one per instrument, in 10⁻⁸.</summary>
    public long[] StartPrices() => [.. Instruments.Select(x => Price.From(x.StartPrice).E8)];

    /// <summary>
    /// Fills <paramref name="into"/> with the ticks from number <paramref name="first"/> on. Tick n is of instrument n mod count and has
    /// sequence n / count.
    /// </summary>
    /// <param name="prices">The prices before the first tick, of every instrument; afterwards those after the last tick.</param>
    /// <param name="pace">Its tick 0 is the first one generated here.</param>
    /// <param name="notBefore">An earlier time is raised to this one.</param>
    public void Generate(long first, Span<long> prices, Span<Tick> into, long epoch, TickPace pace, EventTime notBefore)
    {
        var count = symbolIndexes.Length;
        var rootOfYears = Math.Sqrt(count / pace.TicksPerSecond / TradingSecondsPerYear);
        var (round, at) = Math.DivRem(first, count);
        for (var i = 0; i < into.Length; i++)
        {
            if (round != shocksRound) DrawShocks(round);
            var time = pace.At(i);
            if (time < notBefore) time = notBefore;
            into[i] = Next((int)at, round, ref prices[(int)at], rootOfYears, epoch, time);
            if (++at == count) (round, at) = (round + 1, 0);
        }
    }

    private Tick Next(int at, long round, ref long price, double rootOfYears, long epoch, EventTime time)
    {
        var instrument = Instruments[at];
        var (own, forVolume) = Normals(tickStream, (ulong)round * (ulong)symbolIndexes.Length + (ulong)at);
        var ofSector = sectorOf[at] == 0 ? 0 : sectorWeight;
        var shock = marketWeight * shocks[0] + ofSector * shocks[sectorOf[at]] + Math.Sqrt(1 - marketWeight * marketWeight - ofSector * ofSector) * own;
        var deviation = instrument.AnnualVolatility * rootOfYears;
        var step = steps[at];
        price = (long)Math.Clamp(Math.Round(price * Math.Exp(deviation * shock - deviation * deviation / 2)), step, MaxPriceE8);

        var half = price * instrument.SpreadBp / 20_000;
        var bid = (long)Math.Floor((price - half) / step) * step;
        var ask = (long)Math.Ceiling((price + half) / step) * step;
        var last = (price + step / 2) / step * step;
        var volume = (long)Math.Clamp(MedianVolume * Math.Exp(forVolume), 1, 1_000_000) * Volume.One;
        return new Tick(symbolIndexes[at], time, new Price(last), new Price(bid), new Price(ask), new Volume(volume), Source, epoch, round);
    }

    private void DrawShocks(long round)
    {
        for (var i = 0; i < shocks.Length; i++) shocks[i] = Normals(shockStream, (ulong)round * (ulong)shocks.Length + (ulong)i).First;
        shocksRound = round;
    }

    /// <summary>Box and Muller's pair from the random numbers 2·index and 2·index + 1 of a SplitMix64 sequence, which can be entered anywhere.</summary>
    private static (double First, double Second) Normals(ulong stream, ulong index)
    {
        var u = ((Mix(stream + (2 * index + 1) * Golden) >> 11) + 1) * (1.0 / (1UL << 53));
        var v = (Mix(stream + (2 * index + 2) * Golden) >> 11) * (1.0 / (1UL << 53));
        var radius = Math.Sqrt(-2 * Math.Log(u));
        var (sine, cosine) = Math.SinCos(2 * Math.PI * v);
        return (radius * cosine, radius * sine);
    }

    /// <summary>The finaliser of SplitMix64 (Steele, Lea, Flood 2014).</summary>
    private static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58_476D_1CE4_E5B9;
        x = (x ^ (x >> 27)) * 0x94D0_49BB_1331_11EB;
        return x ^ (x >> 31);
    }

    private static string HashOf(IReadOnlyList<SimulatedInstrument> instruments, double marketShare, double sectorShare)
    {
        var text = new StringBuilder().AppendLine(CultureInfo.InvariantCulture, $"{marketShare:R},{sectorShare:R}");
        foreach (var x in instruments)
            text.AppendLine(CultureInfo.InvariantCulture, $"{x.Symbol},{Price.From(x.StartPrice).E8},{x.AnnualVolatility:R},{x.SpreadBp:R},{Price.From(x.TickSize).E8},{x.Sector}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..16];
    }
}

/// <summary>When the ticks of a run happen: tick n is at start + (offset + n) / rate.</summary>
public readonly record struct TickPace(EventTime Start, double TicksPerSecond, long Offset = 0)
{
    public EventTime At(long n) => new(Start.Microseconds + (long)((Offset + n) * (EventTime.PerSecond / TicksPerSecond)));

    public TickPace Skip(long ticks) => this with { Offset = Offset + ticks };
}
