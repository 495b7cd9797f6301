namespace Risk.Testing.Simulation;

/// <summary>What a run is made of. Where it says nothing, the seed draws.</summary>
public sealed record SimulationPlan
{
    public static SimulationPlan Mixed { get; } = new();

    public int? Producers { get; init; }

    public int Symbols { get; init; } = 5;

    /// <summary>Of each producer; the seed draws from 10 to 24.</summary>
    public int? Batches { get; init; }

    /// <summary>At most so many in a batch.</summary>
    public int TicksInBatch { get; init; } = 19;

    /// <summary>At most so long between two batches of a producer.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long an abandoned invocation may linger. Within it a symbol moves through fewer shards, and its source through fewer epochs, than a
    /// state remembers: that is what the marks of three shards and the memory of two epochs are for.
    /// </summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromSeconds(10);

    public TableFaults? Table { get; init; }

    public StreamFaults? Stream { get; init; }

    /// <summary>The share of moments at a write that end the process.</summary>
    public double? Crash { get; init; }

    /// <summary>Records per hundred batches that are no ticks.</summary>
    public int PoisonPercent { get; init; } = 33;

    /// <summary>The numbers of shards that the stream goes through; null splits and merges as the seed draws.</summary>
    public IReadOnlyList<int>? Shards { get; init; }

    /// <summary>At most so many edits of the positions of one account.</summary>
    public int Edits { get; init; } = 2;

    /// <summary>Producers also repeat, reorder and hold back on their own, and their clocks are off.</summary>
    public bool HostileFeeds { get; init; } = true;

    /// <summary>Allowed lateness of the ticks; the seed draws one or twelve seconds.</summary>
    public TimeSpan? Lateness { get; init; }
}
