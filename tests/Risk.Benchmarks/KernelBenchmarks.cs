using System.Buffers;
using BenchmarkDotNet.Attributes;
using Risk.Application.Streaming;
using Risk.Domain.Amounts;
using Risk.Domain.Instruments;
using Risk.Domain.Portfolios;
using Risk.Domain.Prices;
using Risk.Domain.Scenarios;
using Risk.Domain.Snapshots;

namespace Risk.Benchmarks;

/// <summary>The kernels of the hot path, one call each: 500 scenarios × 100 positions, and a record of 25 ticks.</summary>
[MemoryDiagnoser]
public class KernelBenchmarks
{
    private const int Count = 100;

    private readonly SymbolTable symbols = new();
    private readonly TickBuffer buffer = new();
    private LivePortfolio live = null!;
    private byte[] record = [];
    private double price = 100;

    [GlobalSetup]
    public void Prepare()
    {
        var random = new Random(1);
        var names = Enumerable.Range(0, Count).Select(i => Symbol.Parse($"S{i}")).ToArray();
        var instruments = names.ToDictionary(x => x, x => new Instrument(x, x.Text, AssetClass.Equity, Currency.Usd));
        var dates = Enumerable.Range(0, 501).Select(i => new DateOnly(2023, 1, 2).AddDays(i)).ToArray();
        var closes = names.Select(_ => dates.Select(_ => 90 + 20 * random.NextDouble()).ToArray()).ToArray();
        var positions = names.Select(x => new Position(x, random.Next(1, 1_000), 100)).ToArray();
        var portfolio = new Portfolio(AccountId.Default, Currency.Usd, 0, positions, 1);
        live = new LivePortfolio(PortfolioModel.Build(portfolio, instruments, new PriceHistory(dates, names, closes), RiskConventions.Default));
        symbols.AddRange(names);
        var line = new ArrayBufferWriter<byte>();
        var source = SourceName.Parse("bench");
        for (var i = 0; i < 25; i++)
            TickCodec.Encode(new Tick(i, new EventTime(1_700_000_000_000_000 + i), Price.From(100.25m), default, default, Volume.From(10), source, 1, i), symbols, line);
        record = line.WrittenSpan.ToArray();
    }

    [Benchmark(Description = "one price changed: VaR and ES anew")]
    public RiskSnapshot OnePrice()
    {
        price = price > 150 ? 100 : price + 0.01;
        live.SetPrice(7, price);
        return live.Measure(default, default);
    }

    [Benchmark(Description = "full report: components, incremental VaR")]
    public RiskReport Report() => RiskReport.Of(live, default, default);

    [Benchmark(Description = "decode a record of 25 ticks", OperationsPerInvoke = 25)]
    public int Decode()
    {
        buffer.Clear();
        TickCodec.Decode(record, symbols, new EventTime(1_800_000_000_000_000), buffer);
        return buffer.Ticks.Length;
    }
}
