using Risk.Application.Monitoring;
using Risk.Application.Ports;
using Risk.Application.Settings;
using Risk.Application.Stores;
using Risk.Application.Streaming;

namespace Risk.Testing.Simulation;

/// <summary>What one process holds: every store and use case, with memories of its own, over the shared table.</summary>
public sealed class IngestProcess
{
    public IngestProcess(IItemTable table, TimeSpan lateness, TimeProvider clock, IArchive archive)
    {
        Figures = new StreamFigures(clock);
        Instruments = new InstrumentStore(table);
        History = new HistoryStore(table, archive, clock);
        var prices = new PriceStore(table);
        Portfolios = new PortfolioStore(table);
        Universe = new Universe(Instruments);
        var ledger = new ClaimLedger(table);
        Risk = new RecomputeRisk(
            Portfolios, Instruments, History, prices, new SnapshotStore(table), RiskSettings.Default.Conventions, Figures, clock);
        var quarantine = new QuarantineLines(new QuarantineStore(table), ledger, Universe.Symbols, clock);
        Ingest = new IngestTicks(Universe, prices, new WindowStore(table), quarantine, ledger, Risk, Figures, lateness, clock);
    }

    public StreamFigures Figures { get; }

    public InstrumentStore Instruments { get; }

    public HistoryStore History { get; }

    public PortfolioStore Portfolios { get; }

    public Universe Universe { get; }

    public RecomputeRisk Risk { get; }

    public IngestTicks Ingest { get; }
}
