using Risk.Application.Settings;
using Risk.Application.Stores;
using Risk.Domain.Instruments;
using Risk.Domain.Portfolios;
using Risk.Domain.Prices;
using Risk.Domain.Snapshots;
using Xunit;

namespace Risk.Testing.Simulation;

/// <summary>
/// Judges a finished run by a batch computation of another structure: sort the unique ticks, add up. Reads what is stored, and only that.
/// </summary>
public static class IngestOracle
{
    /// <summary>A tenth of what an item may hold.</summary>
    private const int MaxItemBytes = 40 * 1024;

    public static async Task JudgeAsync(IngestSimulation run)
    {
        Assert.Equal(0, run.BackwardSnapshots);
        Assert.All(run.Table.Everything, item => Assert.InRange(item.Body.Length, 0, MaxItemBytes));
        var states = await new PriceStore(run.Table).LoadAllAsync(default);
        foreach (var produced in run.Produced.GroupBy(x => x.Symbol)) JudgeSymbol(run, produced.Key, [.. produced.Select(x => x.Tick)], states[produced.Key]);
        var (quarantined, _) = await new QuarantineStore(run.Table).TotalsAsync(default);
        Assert.Equal(run.Poison.Count, quarantined);
        Assert.Equal(run.Poison.Count, run.Table.Everything.Count(item => item.Key.Partition.StartsWith("QUAR#", StringComparison.Ordinal)));
        Assert.Equal(run.Produced.Select(x => x.Symbol).Distinct().Order(), states.Keys);
        await JudgeRiskAsync(run, states);
    }

    private static void JudgeSymbol(IngestSimulation run, Symbol symbol, List<Tick> unique, SymbolState state)
    {
        Assert.Equal(unique.Count, state.Counted + state.Late + state.Quarantined);
        var ledger = run.Table.Everything.Where(item => item.Key.Partition.StartsWith($"LATE#{symbol}#", StringComparison.Ordinal)).Select(item => item.Key.Sort).ToHashSet();
        var stored = run.Table.Everything.Where(item => item.Key.Partition.StartsWith($"WIN#{symbol}#", StringComparison.Ordinal)).Select(WindowStore.Read).ToList();
        var actual = stored.Concat(state.Windows.Where(window => window.End > state.Watermark)).OrderBy(window => window.Start).Select(Describe).ToList();

        // A lost race, or a crash, can leave a row of the ledger behind for a tick that a racing consumer then counted: the counters are the truth.
        var strays = ledger.Count - state.Late;
        Assert.InRange(strays, 0, run.FaultsStruck);
        var counted = Choices(ledger.Order().ToList(), (int)strays)
            .Select(stray => unique.Where(tick => !ledger.Contains(IdOf(tick)) || stray.Contains(IdOf(tick))).ToList())
            .FirstOrDefault(ticks => actual.SequenceEqual(Expected(ticks)));
        Assert.True(counted is not null, $"No choice of {strays} strays out of {ledger.Count} late ticks of {symbol} gives the windows that are stored.");
        Assert.Equal(state.Counted, counted.Count);

        var last = counted.MaxBy(tick => TickOrder.Of(tick));
        Assert.Equal((last.Price, last.Time), (state.Last, state.LastTime));
    }

    /// <summary>The snapshot must be the one that the final positions and prices give, bit for bit, and must not be older than they are.</summary>
    private static async Task JudgeRiskAsync(IngestSimulation run, SortedDictionary<Symbol, SymbolState> states)
    {
        var portfolios = new PortfolioStore(run.Table);
        var process = run.NewProcess();
        var closes = (await process.History.LoadCurrentAsync(default)).History;
        var instruments = (await process.Instruments.LoadAllAsync(default)).Instruments;
        foreach (var account in new[] { "one", "two" }.Select(AccountId.Parse))
        {
            var portfolio = (await portfolios.LoadAsync(account, default))!;
            var live = new LivePortfolio(PortfolioModel.Build(portfolio, instruments, closes, RiskSettings.Default.Conventions));
            var sum = 0L;
            for (var i = 0; i < live.Model.PricedSymbols.Count; i++)
            {
                if (!states.TryGetValue(live.Model.PricedSymbols[i], out var state)) continue;
                sum += state.Version;
                live.SetPrice(i, state.Last.ToDouble());
            }
            var latest = (await new SnapshotStore(run.Table).FindLatestAsync(account, default))!.Value;
            Assert.Equal(new SnapshotVersion(portfolio.Version, closes.Version, sum), latest.Version);
            var expected = live.Measure(latest.AsOf, latest.Version);
            Assert.Equal((expected.Nav, expected.At95, expected.At99), (latest.Nav, latest.At95, latest.At99));
        }
    }

    private static string IdOf(Tick tick) => $"{tick.Source}#{tick.Epoch:D20}#{tick.Sequence:D20}";

    private static IEnumerable<HashSet<string>> Choices(List<string> from, int count) =>
        count == 0
            ? [[]]
            : Enumerable.Range(0, from.Count).SelectMany(i => Choices(from[(i + 1)..], count - 1).Select(rest => rest.Append(from[i]).ToHashSet()));

    private static IEnumerable<string> Expected(IEnumerable<Tick> ticks) =>
        ticks.GroupBy(tick => tick.Time.Microseconds / 5_000_000).OrderBy(group => group.Key).Select(Describe);

    private static string Describe(IGrouping<long, Tick> ticks)
    {
        var sorted = ticks.OrderBy(tick => TickOrder.Of(tick)).ToList();
        var (prices, volumes, notional) = (Int128.Zero, Int128.Zero, Int128.Zero);
        foreach (var tick in sorted)
        {
            prices += tick.Price.E8;
            volumes += tick.Volume.E6;
            notional += (Int128)tick.Price.E8 * tick.Volume.E6;
        }
        return $"{ticks.Key * 5_000_000}: {sorted.Count} {prices} {volumes} {notional} {sorted[0].Price} {sorted.Max(x => x.Price)} {sorted.Min(x => x.Price)} {sorted[^1].Price}";
    }

    private static string Describe(PriceWindow x) =>
        $"{x.Start.Microseconds}: {x.Count} {x.PriceSum} {x.VolumeSum} {x.NotionalSum} {x.Open} {x.High} {x.Low} {x.Close}";
}
