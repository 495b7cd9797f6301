using Microsoft.Extensions.Logging.Abstractions;
using Risk.Application.Ports;
using Risk.Application.Stores;
using Risk.Application.Streaming;
using Risk.Lambda.Functions;
using Risk.Lambda.Runtime;
using Risk.Testing.Simulation;

namespace Risk.Lambda.Tests.Simulation;

/// <summary>One execution environment of the Consumer: the handler itself, with what its process remembers.</summary>
internal sealed class ConsumerProcess
{
    public ConsumerProcess(IngestProcess house, IItemTable table, IArchive archive, FakeTimeProvider clock)
    {
        House = house;
        var lines = new LogLines(Stream.Null);
        Metrics = new EmbeddedMetrics(lines, new JsonLogs(lines, clock), clock, "risk-consumer");
        Function = new Consumer(
            house.Ingest, new ArchiveBatch(archive, new RawGapStore(table), clock), house.Figures, Metrics, clock, NullLogger<Consumer>.Instance);
    }

    public IngestProcess House { get; }

    public Consumer Function { get; }

    public EmbeddedMetrics Metrics { get; }
}
