using Risk.Application.Ports;

namespace Risk.Lambda.Aws;

/// <summary>
/// A table whose client is made for its first call. Making the SDK's client is a third of what a cold start of the API takes, and neither
/// <c>/health</c> nor a calculation asks the table anything.
/// </summary>
public sealed class TableOnDemand(Func<IItemTable> make) : IItemTable
{
    private readonly Lazy<IItemTable> table = new(make);

    public Task<Item?> GetAsync(ItemKey key, CancellationToken cancellation) => table.Value.GetAsync(key, cancellation);

    public Task<IReadOnlyList<Item>> GetManyAsync(IReadOnlyCollection<ItemKey> keys, CancellationToken cancellation) => table.Value.GetManyAsync(keys, cancellation);

    public Task<ItemPage> QueryAsync(ItemQuery query, CancellationToken cancellation) => table.Value.QueryAsync(query, cancellation);

    public Task<IReadOnlyList<WriteOutcome>> WriteEachAsync(IReadOnlyList<ItemWrite> writes, CancellationToken cancellation) => table.Value.WriteEachAsync(writes, cancellation);

    public Task<int?> WriteAtomicAsync(IReadOnlyList<ItemWrite> writes, CancellationToken cancellation) => table.Value.WriteAtomicAsync(writes, cancellation);
}
