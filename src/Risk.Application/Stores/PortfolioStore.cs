using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Risk.Application.Ports;
using Risk.Domain.Amounts;
using Risk.Domain.Instruments;
using Risk.Domain.Portfolios;

namespace Risk.Application.Stores;

/// <summary>
/// Accounts, what they hold, and the book that tells who is affected by a price. The positions of an account lie under a generation of
/// their own; replacing them writes a new generation and then turns the account to it in one atomic write, so that a reader sees the old
/// or the new portfolio, whole. The version of the account's item is the version of its positions; it only ever rises.
/// </summary>
public sealed class PortfolioStore(IItemTable table)
{
    private const int MaxTries = 8;
    private const int PositionsPerWrite = 500;

    /// <summary>The portfolio, or null for an unknown account.</summary>
    public async Task<Portfolio?> LoadAsync(AccountId account, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < MaxTries; attempt++)
        {
            if (await LoadHeadAsync(account, cancellation) is not { } head) return null;
            var positions = new List<Position>();
            await foreach (var item in table.QueryAllAsync(new ItemQuery(Keys.Positions(account, head.Body.Generation)), cancellation))
            {
                var position = JsonSerializer.Deserialize(item.Body.Span, PortfolioJson.Default.StoredPosition)!;
                positions.Add(new Position(Symbol.Parse(item.Key.Sort), position.Quantity, position.AverageCost));
            }
            var after = await LoadHeadAsync(account, cancellation);
            if (after?.Version == head.Version)
                return new Portfolio(account, Currency.Parse(head.Body.BaseCurrency), head.Body.Cash, positions, head.Version);
        }
        throw new StoreUnavailableException($"The positions of account {account} kept changing while they were read.");
    }

    /// <summary>
    /// Replaces all positions, cash and base currency (of an account that may be new). Null when <paramref name="expectedVersion"/> is given and is
    /// not the present one; else the new version.
    /// </summary>
    /// <param name="alongside">Further writes that must be done together with it, or not at all.</param>
    public async Task<long?> ReplaceAsync(Portfolio content, long? expectedVersion, IReadOnlyList<ItemWrite> alongside, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < MaxTries; attempt++)
        {
            var head = await LoadHeadAsync(content.Account, cancellation);
            var version = head?.Version ?? 0;
            if (expectedVersion is { } expected && expected != version) return null;
            var generation = Generation(content, version + 1);
            await WritePositionsAsync(content, generation, cancellation);
            var turned = new StoredAccount(1, content.BaseCurrency.Code, content.Cash, generation);
            if (await TurnAsync(content.Account, version, turned, Symbols(content), alongside, cancellation))
            {
                if (head is { } old) await DeletePositionsAsync(content.Account, old.Body.Generation, cancellation);
                return version + 1;
            }
            // Lost the race, or won it and lost the reply. Only a turn at this very version can have taken this generation, and that is decided by now.
            var winner = await LoadHeadAsync(content.Account, cancellation);
            if (winner is { } turnedTo && turnedTo.Version == version + 1 && turnedTo.Body == turned) return version + 1;
            if (winner?.Body.Generation != generation) await DeletePositionsAsync(content.Account, generation, cancellation);
        }
        throw new StoreUnavailableException($"The positions of account {content.Account} kept changing while they were replaced.");
    }

    /// <summary>Who holds what, at which version of the positions, in ordinal order of the accounts.</summary>
    public async Task<List<BookEntry>> LoadBookAsync(CancellationToken cancellation)
    {
        var book = new List<BookEntry>();
        for (var bucket = 0; bucket < Keys.BookBuckets; bucket++)
            await foreach (var item in table.QueryAllAsync(new ItemQuery(Keys.BookPartition(bucket)), cancellation))
                book.Add(new BookEntry(AccountId.Parse(item.Key.Sort), item.Version, item.Body));
        return book;
    }

    /// <summary>Raises the positions version of every account that holds one of the symbols: what they are has changed.</summary>
    public async Task TouchHoldersAsync(IReadOnlyCollection<Symbol> symbols, CancellationToken cancellation)
    {
        var accounts = new SortedSet<AccountId>();
        foreach (var symbol in symbols)
            await foreach (var item in table.QueryAllAsync(new ItemQuery(Keys.Holders(symbol), OfIndex: true), cancellation))
                accounts.Add(AccountId.Parse(item.Index!.Value.Sort));
        foreach (var account in accounts) await TouchAsync(account, cancellation);
    }

    private async Task TouchAsync(AccountId account, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < MaxTries; attempt++)
        {
            if (await LoadHeadAsync(account, cancellation) is not { } head) return;
            if (await LoadAsync(account, cancellation) is not { } portfolio || portfolio.Version != head.Version) continue;
            if (await TurnAsync(account, head.Version, head.Body, Symbols(portfolio), [], cancellation)) return;
        }
        throw new StoreUnavailableException($"The positions of account {account} kept changing.");
    }

    private async Task<bool> TurnAsync(
        AccountId account, long version, StoredAccount body, string[] symbols, IReadOnlyList<ItemWrite> alongside, CancellationToken cancellation)
    {
        var head = new Item(Keys.Account(account), JsonSerializer.SerializeToUtf8Bytes(body, PortfolioJson.Default.StoredAccount), version + 1);
        var book = new Item(Keys.Book(account), JsonSerializer.SerializeToUtf8Bytes(new StoredBook(symbols), PortfolioJson.Default.StoredBook), version + 1);
        var condition = version == 0 ? WriteCondition.Absent : WriteCondition.VersionIs(version);
        var failed = await table.WriteAtomicAsync([ItemWrite.Put(head, condition), ItemWrite.Put(book), .. alongside], cancellation);
        if (failed >= 2) throw new InvalidOperationException("A write alongside the positions was refused; its caller must check before.");
        return failed is null;
    }

    private async Task<StoredHead?> LoadHeadAsync(AccountId account, CancellationToken cancellation) =>
        await table.GetAsync(Keys.Account(account), cancellation) is { } item
            ? new StoredHead(item.Version, JsonSerializer.Deserialize(item.Body.Span, PortfolioJson.Default.StoredAccount)!)
            : null;

    private async Task WritePositionsAsync(Portfolio content, string generation, CancellationToken cancellation)
    {
        var partition = Keys.Positions(content.Account, generation);
        foreach (var chunk in content.Positions.Chunk(PositionsPerWrite))
        {
            var writes = chunk.Select(position => ItemWrite.Put(new Item(
                new ItemKey(partition, position.Symbol.Text),
                JsonSerializer.SerializeToUtf8Bytes(new StoredPosition(position.Quantity, position.AverageCost), PortfolioJson.Default.StoredPosition),
                Index: new ItemKey(Keys.Holders(position.Symbol), content.Account.Text)))).ToArray();
            var outcomes = await table.WriteEachAsync(writes, cancellation);
            if (outcomes.Any(outcome => outcome != WriteOutcome.Written))
                throw new StoreUnavailableException($"The positions of account {content.Account} could not be saved.");
        }
    }

    private async Task DeletePositionsAsync(AccountId account, string generation, CancellationToken cancellation)
    {
        var keys = new List<ItemKey>();
        await foreach (var item in table.QueryAllAsync(new ItemQuery(Keys.Positions(account, generation)), cancellation))
            keys.Add(item.Key);
        foreach (var chunk in keys.Chunk(PositionsPerWrite))
            await table.WriteEachAsync([.. chunk.Select(key => ItemWrite.Delete(key))], cancellation);
    }

    private static string[] Symbols(Portfolio portfolio) => [.. portfolio.Positions.Select(position => position.Symbol.Text)];

    /// <summary>Two writers at the same version differ in content, or write the same: their generations never mix.</summary>
    private static string Generation(Portfolio content, long version)
    {
        var text = string.Join('\n', content.Positions.Select(p => $"{p.Symbol} {p.Quantity} {p.AverageCost}"));
        return $"{version:D10}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..12]}";
    }

    private sealed record StoredHead(long Version, StoredAccount Body);
}

/// <summary>An account in the book of who is affected.</summary>
/// <param name="Body">The symbols held: <c>{"symbols":[…]}</c>.</param>
public sealed record BookEntry(AccountId Account, long PositionsVersion, ReadOnlyMemory<byte> Body);

internal sealed record StoredAccount(int Schema, string BaseCurrency, decimal Cash, string Generation);

internal sealed record StoredBook(string[] Symbols);

internal sealed record StoredPosition(decimal Quantity, decimal AverageCost);

[JsonSerializable(typeof(StoredAccount))]
[JsonSerializable(typeof(StoredPosition))]
[JsonSerializable(typeof(StoredBook))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class PortfolioJson : JsonSerializerContext;
