using System.Text;
using Risk.Lambda.Runtime;
using Risk.Testing.Simulation;

namespace Risk.Lambda.Tests.Simulation;

/// <summary>
/// One run of a handler and what the platform does to it. Its moments are those around each write; there it may stand still for a while,
/// be given up and go on as a zombie, or end without a word, not even a finally block.
/// </summary>
internal sealed class FakeInvocation(FakeTimeProvider clock)
{
    /// <summary>What a function's process is granted, by the template.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    /// <summary>What the loop keeps for reporting.</summary>
    private static readonly TimeSpan TimeToReport = TimeSpan.FromMilliseconds(200);

    private static readonly AsyncLocal<FakeInvocation?> Running = new();

    private readonly TaskCompletionSource givenUp = new();
    private readonly TaskCompletionSource killed = new();
    private readonly TaskCompletionSource never = new();

    /// <summary>Whose code is running now.</summary>
    public static FakeInvocation? Current => Running.Value;

    /// <summary>What happens at each of its moments, which are named as the hooks are.</summary>
    public Func<string, Task> At { get; set; } = _ => Task.CompletedTask;

    public int Moments { get; private set; }

    public bool HasTimedOut { get; private set; }

    public bool IsGivenUp => givenUp.Task.IsCompleted;

    /// <summary>The hook of the table and the stream.</summary>
    public static Task PassAsync(string moment)
    {
        if (Current is not { } running) return Task.CompletedTask;
        running.Moments++;
        return running.killed.Task.IsCompleted ? running.never.Task : running.At(moment);
    }

    /// <summary>From here on nothing of it happens any more.</summary>
    public Task Kill()
    {
        givenUp.TrySetResult();
        killed.TrySetResult();
        return never.Task;
    }

    /// <summary>The platform waits no longer, but the code goes on after a while.</summary>
    public Task Abandon(TimeSpan pause)
    {
        givenUp.TrySetResult();
        return Task.Delay(pause, clock);
    }

    /// <summary>
    /// Hands the event over. The answer, or null when the handler threw or did not answer in time; what goes on all the same, nobody hears.
    /// </summary>
    /// <param name="goesOn">Told of the work of an invocation that was abandoned.</param>
    public async Task<ReadOnlyMemory<byte>?> RunAsync(FunctionHandler handler, string payload, string requestId, Action<Task> goesOn)
    {
        var deadline = clock.GetUtcNow() + Timeout;
        var work = HandleAsync(handler, new Invocation(requestId, "arn:aws:lambda:us-east-1:111122223333:function:risk", deadline, null, null, Encoding.UTF8.GetBytes(payload)));
        var isOver = new TaskCompletionSource();
        await using (clock.CreateTimer(_ => isOver.TrySetResult(), null, Timeout, System.Threading.Timeout.InfiniteTimeSpan))
            await Task.WhenAny(work, givenUp.Task, isOver.Task);
        if (work.IsCompletedSuccessfully && !IsGivenUp) return await work;
        if (!work.IsCompleted && !IsGivenUp)
        {
            HasTimedOut = true;
            _ = Kill();
        }
        if (work.IsCompleted || killed.Task.IsCompleted) await QuietAsync(work);
        else goesOn(QuietAsync(work));
        return null;
    }

    private async Task<ReadOnlyMemory<byte>> HandleAsync(FunctionHandler handler, Invocation invocation)
    {
        Running.Value = this;
        using var deadline = new CancellationTokenSource(Timeout - TimeToReport, clock);
        return await handler(invocation, deadline.Token);
    }

    /// <summary>Until it ends by itself, or was ended.</summary>
    private async Task QuietAsync(Task work)
    {
        try
        {
            await Task.WhenAny(work, killed.Task);
            if (work.IsCompleted) await work;
        }
        catch (Exception fault) when (fault is SimulatedCrash or Risk.Application.Ports.StoreUnavailableException or OperationCanceledException)
        {
            // Nobody is there to hear it.
        }
    }
}
