namespace Risk.Application.Ports;

/// <summary>Immutable objects under slash-separated names: raw ticks, history snapshots, quarantined bytes.</summary>
public interface IArchive
{
    /// <summary>Writes the whole object, or nothing. Writing the same name again replaces it.</summary>
    /// <exception cref="StoreUnavailableException">Not known to be written.</exception>
    Task PutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation);

    /// <summary>The object, or null.</summary>
    Task<byte[]?> GetAsync(string name, CancellationToken cancellation);

    /// <summary>The names that start with the prefix, in ordinal order.</summary>
    Task<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken cancellation);
}
