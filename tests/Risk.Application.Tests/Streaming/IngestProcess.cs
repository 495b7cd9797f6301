using Risk.Application.Monitoring;
using Risk.Application.Ports;
using Risk.Application.Settings;
using Risk.Application.Stores;
using Risk.Application.Streaming;
using Risk.Testing.Simulation;

namespace Risk.Application.Tests.Streaming;

/// <summary>What one process holds: every store and use case, with memories of its own, over the shared table.</summary>
internal sealed class IngestProcess
{
    private static readonly FakeArchive Archive = new(new Random(1));

    public IngestProcess(IItemTable table, TimeSpan lateness, TimeProvider clock, IArchive? archive = null)
    {
        Figures = new StreamFigures(clock);
        Instruments = new InstrumentStore(table);
        History = new HistoryStore(table, archive ?? Archive, clock);
        var prices = new PriceStore(table);
        Portfolios = new PortfolioStore(table);
        var universe = new Universe(Instruments);
        var ledger = new ClaimLedger(table);
        Risk = new RecomputeRisk(
            Portfolios, Instruments, History, prices, new SnapshotStore(table), RiskSettings.Default.Conventions, Figures, clock);
        var quarantine = new QuarantineLines(new QuarantineStore(table), ledger, universe.Symbols, clock);
        Ingest = new IngestTicks(universe, prices, new WindowStore(table), quarantine, ledger, Risk, Figures, lateness, clock);
    }

    public StreamFigures Figures { get; }

    public InstrumentStore Instruments { get; }

    public HistoryStore History { get; }

    public PortfolioStore Portfolios { get; }

    public RecomputeRisk Risk { get; }

    public IngestTicks Ingest { get; }
}
