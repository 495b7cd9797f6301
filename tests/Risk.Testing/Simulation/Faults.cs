namespace Risk.Testing.Simulation;

/// <summary>What goes wrong at the table, each as the share of calls from 0 to 1.</summary>
/// <param name="Throttle">A write is not done and <c>Unavailable</c>.</param>
/// <param name="LostReply">A write is done, yet <c>Unavailable</c>.</param>
/// <param name="RefusedAfterCommit">A conditional write is done, yet <c>Refused</c>: the client sent it twice and saw only the second answer.</param>
/// <param name="FailedRead">A read throws.</param>
/// <param name="ShortPage">A page ends early, with a cursor.</param>
/// <param name="Latency">A call lets others go first.</param>
public sealed record TableFaults(
    double Throttle = 0, double LostReply = 0, double RefusedAfterCommit = 0, double FailedRead = 0, double ShortPage = 0, double Latency = 0);

/// <summary>What goes wrong at the stream, each as the share from 0 to 1.</summary>
/// <param name="Duplicate">Of records that are written twice, under two sequences.</param>
/// <param name="PartialFailure">Of records that are turned away and come with the next try, behind those that followed them.</param>
/// <param name="LostReply">Of tries that are written and sent again as a whole.</param>
/// <param name="Outage">Of tries that write nothing.</param>
/// <param name="FailedRead">Of reads that throw.</param>
/// <param name="ShortRead">Of reads that give fewer records than there are.</param>
/// <param name="Latency">Of calls that let others go first.</param>
public sealed record StreamFaults(
    double Duplicate = 0, double PartialFailure = 0, double LostReply = 0, double Outage = 0, double FailedRead = 0, double ShortRead = 0, double Latency = 0);

/// <summary>Thrown by a hook to stop a run between two writes, as the end of a process does.</summary>
#pragma warning disable CA1710 // Not an error of the code: the name says what it stands for.
public sealed class SimulatedCrash : Exception
#pragma warning restore CA1710
{
    public SimulatedCrash()
    {
    }

    public SimulatedCrash(string message)
        : base(message)
    {
    }

    public SimulatedCrash(string message, Exception inner)
        : base(message, inner)
    {
    }
}
