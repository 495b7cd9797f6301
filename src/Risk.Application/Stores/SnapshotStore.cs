using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Risk.Application.Ports;
using Risk.Domain.Portfolios;
using Risk.Domain.Prices;
using Risk.Domain.Snapshots;

namespace Risk.Application.Stores;

/// <summary>
/// The latest risk of each account, and its series by minute and by day. The latest is only replaced by what was computed from newer
/// positions, history or prices. The series hold what was the latest when its minute, or its day, ended.
/// </summary>
public sealed class SnapshotStore(IItemTable table)
{
    public static readonly TimeSpan MinuteRetention = TimeSpan.FromDays(90);

    private const string MinuteFormat = "yyyy-MM-dd'T'HH:mm";
    private const string DayFormat = "yyyy-MM-dd";

    private readonly Dictionary<AccountId, RiskSnapshot> previous = [];

    /// <summary>Saves those that are newer than what stands there.</summary>
    /// <returns>How many were.</returns>
    /// <exception cref="StoreUnavailableException">Some are not known to be saved.</exception>
    public async Task<int> SaveAsync(IReadOnlyList<RiskSnapshot> snapshots, DateTimeOffset now, CancellationToken cancellation)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        await using var json = new Utf8JsonWriter(buffer);
        var writes = new List<ItemWrite>(snapshots.Count);
        // The series first: what they keep stands only in the latest, until it is replaced.
        foreach (var snapshot in snapshots) await AddSeriesAsync(snapshot, writes, now, buffer, json, cancellation);
        var series = writes.Count;
        foreach (var snapshot in snapshots)
        {
            var body = SnapshotJson.Write(snapshot, buffer, json);
            writes.Add(ItemWrite.Put(new Item(Keys.LatestRisk(snapshot.Account), body, Guard: GuardOf(snapshot.Version)), WriteCondition.GuardBelow));
        }
        var outcomes = await table.WriteEachAsync(writes, cancellation);
        if (outcomes.Contains(WriteOutcome.Unavailable)) throw new StoreUnavailableException("Some snapshots could not be saved.");
        var saved = 0;
        for (var i = 0; i < snapshots.Count; i++)
        {
            if (outcomes[series + i] != WriteOutcome.Written) continue;
            previous[snapshots[i].Account] = snapshots[i];
            saved++;
        }
        return saved;
    }

    public async Task<RiskSnapshot?> FindLatestAsync(AccountId account, CancellationToken cancellation) =>
        await table.GetAsync(Keys.LatestRisk(account), cancellation) is { } item ? Read(item) : null;

    /// <summary>What was the latest at the end of each minute in [from, to] that had another one after it, ascending.</summary>
    public async Task<List<RiskSnapshot>> LoadMinutesAsync(AccountId account, DateTimeOffset from, DateTimeOffset to, int limit, CancellationToken cancellation)
    {
        var series = new List<RiskSnapshot>();
        var (first, last) = (DateOnly.FromDateTime(from.UtcDateTime), DateOnly.FromDateTime(to.UtcDateTime));
        for (var month = new DateOnly(first.Year, first.Month, 1); month <= last; month = month.AddMonths(1))
        {
            var query = new ItemQuery(Keys.RiskMinutes(account, month), Text(from, MinuteFormat), Text(to, MinuteFormat));
            await foreach (var item in table.QueryAllAsync(query, cancellation))
            {
                if (series.Count == limit) return series;
                series.Add(Read(item));
            }
        }
        return series;
    }

    /// <summary>What was the latest at the end of each UTC day in [from, to] that had another one after it, ascending.</summary>
    public async Task<List<RiskSnapshot>> LoadDaysAsync(AccountId account, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        var series = new List<RiskSnapshot>();
        await foreach (var item in table.QueryAllAsync(new ItemQuery(Keys.RiskDays(account), Text(from, DayFormat), Text(to, DayFormat)), cancellation))
            series.Add(Read(item));
        return series;
    }

    public static RiskSnapshot Read(Item item) => SnapshotJson.Read(item.Body);

    /// <summary>When the newest of the latest of these accounts was computed; null if none has one.</summary>
    public async Task<EventTime?> FindNewestAsync(IEnumerable<AccountId> accounts, CancellationToken cancellation)
    {
        var latest = await table.GetManyAsync([.. accounts.Select(Keys.LatestRisk)], cancellation);
        return latest.Count == 0 ? null : latest.Max(item => SnapshotJson.ReadAsOf(item.Body.Span));
    }

    private async Task AddSeriesAsync(
        RiskSnapshot snapshot, List<ItemWrite> writes, DateTimeOffset now, ArrayBufferWriter<byte> buffer, Utf8JsonWriter json, CancellationToken cancellation)
    {
        if (!previous.TryGetValue(snapshot.Account, out var before))
        {
            if (await FindLatestAsync(snapshot.Account, cancellation) is not { } stored) return;
            previous[snapshot.Account] = before = stored;
        }
        var (then, at) = (before.AsOf.ToDateTimeOffset(), snapshot.AsOf.ToDateTimeOffset());
        if (Text(then, MinuteFormat) == Text(at, MinuteFormat)) return;
        var body = SnapshotJson.Write(before, buffer, json);
        var guard = GuardOf(before.Version);
        var minute = new ItemKey(Keys.RiskMinutes(snapshot.Account, DateOnly.FromDateTime(then.UtcDateTime)), Text(then, MinuteFormat));
        writes.Add(ItemWrite.Put(new Item(minute, body, Guard: guard, ExpiresAt: now + MinuteRetention), WriteCondition.GuardBelow));
        if (then.UtcDateTime.Date == at.UtcDateTime.Date) return;
        var day = new ItemKey(Keys.RiskDays(snapshot.Account), Text(then, DayFormat));
        writes.Add(ItemWrite.Put(new Item(day, body, Guard: guard), WriteCondition.GuardBelow));
    }

    /// <summary>Three numbers of fixed width: text order is version order.</summary>
    private static string GuardOf(SnapshotVersion version) =>
        string.Create(CultureInfo.InvariantCulture, $"{version.Positions:D19}.{version.History:D19}.{version.SymbolSum:D19}");

    private static string Text(DateTimeOffset time, string format) => time.UtcDateTime.ToString(format, CultureInfo.InvariantCulture);
}
