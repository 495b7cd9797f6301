namespace Risk.Lambda.Tests.Simulation;

/// <summary>What goes wrong between the stream and the function, each as the share of deliveries from 0 to 1.</summary>
internal sealed record MappingPlan
{
    public static MappingPlan Mixed { get; } = new() { Again = 0.1, Twice = 0.05, Zombies = 0.1, Earlier = 0.1, Cold = 0.1 };

    /// <summary>At most so many records in an event.</summary>
    public int BatchSize { get; init; } = 40;

    /// <summary>Events hold as many records as there are, not fewer as the seed draws.</summary>
    public bool WholeBatches { get; init; }

    /// <summary>Delivered one to four times before the delivery whose answer is heard.</summary>
    public double Again { get; init; }

    /// <summary>Delivered to two processes at once.</summary>
    public double Twice { get; init; }

    /// <summary>Given up somewhere in the middle, and finished later than anybody waits for it.</summary>
    public double Zombies { get; init; }

    /// <summary>Read again from somewhere before what was handled.</summary>
    public double Earlier { get; init; }

    /// <summary>By a process that remembers nothing.</summary>
    public double Cold { get; init; }

    /// <summary>After that a failing record is discarded to the destination for failures, as the template says.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromHours(6);

    /// <summary>Ends each process that takes an event with such a record.</summary>
    public Func<string, bool> IsDeadly { get; init; } = _ => false;
}
