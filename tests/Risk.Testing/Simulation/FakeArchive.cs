using Risk.Application.Ports;

namespace Risk.Testing.Simulation;

/// <summary>The archive in memory; a share of the puts fails, half of those after the object was written.</summary>
public sealed class FakeArchive(Random random) : IArchive
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, byte[]> _objects = new(StringComparer.Ordinal);

    /// <summary>The share of puts that throw, from 0 to 1.</summary>
    public double FailedPut { get; set; }

    /// <summary>Awaited before and after each put, with a name such as <c>before raw/…</c>; may throw a <see cref="SimulatedCrash"/>.</summary>
    public Func<string, Task> Hook { get; set; } = _ => Task.CompletedTask;

    /// <summary>The object is gone, as if somebody had deleted it.</summary>
    public void Lose(string name)
    {
        lock (_lock)
            _objects.Remove(name);
    }

    public async Task PutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        Demand(name);
        cancellation.ThrowIfCancellationRequested();
        await Hook("before " + name);
        bool fails;
        lock (_lock)
        {
            fails = FailedPut > 0 && random.NextDouble() < FailedPut;
            if (!fails || random.Next(2) == 0)
                _objects[name] = content.ToArray();
        }

        await Hook("after " + name);
        if (fails)
            throw new StoreUnavailableException("Simulated: a put failed.");
    }

    public Task<byte[]?> GetAsync(string name, CancellationToken cancellation)
    {
        Demand(name);
        cancellation.ThrowIfCancellationRequested();
        lock (_lock)
            return Task.FromResult(_objects.TryGetValue(name, out var content) ? content.ToArray() : null);
    }

    public Task<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_lock)
            return Task.FromResult<IReadOnlyList<string>>([.. _objects.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal))]);
    }

    private static void Demand(string name)
    {
        if (name.Split('/').Any(part => part is "" or "." or ".." || part.Any(letter => char.IsControl(letter) || letter is '\\' or ':')))
            throw new ArgumentException($"'{name}' is not a name of an object.", nameof(name));
    }
}
