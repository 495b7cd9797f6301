using Risk.Application.Ports;
using Risk.Lambda.Aws;
using Risk.Testing.Simulation;

namespace Risk.Lambda.Tests.Simulation;

/// <summary>The table as its adapter shows it to one process: single calls, the writes side by side, each repeated by <see cref="AwsRetry"/>.</summary>
internal sealed class RetriedTable(FakeItemTable table, AwsRetry retry) : IItemTable
{
    public Task<Item?> GetAsync(ItemKey key, CancellationToken cancellation) => retry.RunAsync("Reading", tried => table.GetAsync(key, tried), cancellation);

    public Task<IReadOnlyList<Item>> GetManyAsync(IReadOnlyCollection<ItemKey> keys, CancellationToken cancellation) =>
        retry.RunAsync("Reading many", tried => table.GetManyAsync(keys, tried), cancellation);

    public Task<ItemPage> QueryAsync(ItemQuery query, CancellationToken cancellation) => retry.RunAsync("Querying", tried => table.QueryAsync(query, tried), cancellation);

    public async Task<IReadOnlyList<WriteOutcome>> WriteEachAsync(IReadOnlyList<ItemWrite> writes, CancellationToken cancellation) =>
        await Task.WhenAll(writes.Select(write => WriteAsync(write, cancellation)));

    public Task<int?> WriteAtomicAsync(IReadOnlyList<ItemWrite> writes, CancellationToken cancellation) =>
        retry.RunAsync("Writing all", tried => table.WriteAtomicAsync(writes, tried), cancellation);

    private async Task<WriteOutcome> WriteAsync(ItemWrite write, CancellationToken cancellation)
    {
        try
        {
            return await retry.RunAsync("Writing", async tried =>
                (await table.WriteEachAsync([write], tried))[0] is var outcome and not WriteOutcome.Unavailable ? outcome : throw new StoreUnavailableException("Simulated: throttled."), cancellation);
        }
        catch (StoreUnavailableException)
        {
            return WriteOutcome.Unavailable;
        }
    }
}
