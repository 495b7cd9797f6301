using System.Globalization;
using Risk.Application.Ports;
using Risk.Domain.Instruments;
using Risk.Domain.Portfolios;
using Risk.Domain.Prices;

namespace Risk.Application.Stores;

/// <summary>Where everything lies in the one table. Each partition is bounded: by a bucket, a day, a month or an account.</summary>
public static class Keys
{
    public const int PriceBuckets = 4;
    public const int BookBuckets = 4;
    public const int QuarantineBuckets = 8;

    private const string ApiKeyPrefix = "KEY#";

    public static ItemKey Price(Symbol symbol) => new(PricePartition((int)(StableHash(symbol.Text) % PriceBuckets)), symbol.Text);

    public static string PricePartition(int bucket) => $"PX#{bucket}";

    public static ItemKey Window(Symbol symbol, EventTime start) => new(WindowPartition(symbol, Day(start)), WindowSort(start));

    public static string WindowPartition(Symbol symbol, DateOnly day) => $"WIN#{symbol}#{day:yyyyMMdd}";

    /// <summary>Seconds since the Unix epoch, of fixed width so that text sorts as time does.</summary>
    public static string WindowSort(EventTime start) => (start.Microseconds / EventTime.PerSecond).ToString("D12", CultureInfo.InvariantCulture);

    public static ItemKey Late(Symbol symbol, in TickOrder tick, string id) => new($"LATE#{symbol}#{Day(tick.Time):yyyyMMdd}", id);

    public static ItemKey Quarantined(DateOnly day, string id) => new($"QUAR#{day:yyyyMMdd}#{StableHash(id) % QuarantineBuckets}", id);

    public static string QuarantinePartition(DateOnly day, int bucket) => $"QUAR#{day:yyyyMMdd}#{bucket}";

    public static ItemKey QuarantineCount(string shard) => new("QUARCOUNT", shard);

    public static ItemKey Account(AccountId account) => new($"ACCT#{account}", "META");

    public static ItemKey Scenario(AccountId account, string name) => new($"ACCT#{account}", $"SCENARIO#{name}");

    public static string Positions(AccountId account, string generation) => $"POS#{account}#{generation}";

    public static ItemKey Book(AccountId account) => new(BookPartition((int)(StableHash(account.Text) % BookBuckets)), account.Text);

    public static string BookPartition(int bucket) => $"BOOK#{bucket}";

    public static string Holders(Symbol symbol) => $"SYM#{symbol}";

    public static ItemKey LatestRisk(AccountId account) => new($"RISK#{account}", "LATEST");

    public static string RiskMinutes(AccountId account, DateOnly day) => $"RISK#{account}#{day:yyyyMM}";

    public static string RiskDays(AccountId account) => $"RISK#{account}#DAYS";

    public static ItemKey Checkpoint(string consumer, string shard) => new($"CHECKPOINT#{consumer}", shard);

    public static ItemKey RawGap(string shard, string firstSequence) => new($"RAWGAP#{shard}", firstSequence);

    /// <summary>Under which all gaps are listed.</summary>
    public static ItemKey AnyRawGap(string shard, string firstSequence) => new("RAWGAP#", $"{shard}#{firstSequence}");

    public static ItemKey Job(string job, DateTimeOffset scheduled) => new($"JOB#{job}", scheduled.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));

    public static ItemKey Idempotency(string subject, string key) => new($"IDEM#{subject}", key);

    public static ItemKey ApiKey(string id) => new(ApiKeyPrefix + id, "META");

    public static string ApiKeyId(ItemKey key) => key.Partition[ApiKeyPrefix.Length..];

    /// <summary>By its hash: the ticket itself is stored nowhere.</summary>
    public static ItemKey Ticket(string hash) => new($"TICKET#{hash}", "META");

    public static DateOnly Day(EventTime time) => DateOnly.FromDateTime(time.ToDateTimeOffset().UtcDateTime);

    /// <summary>FNV-1a over the UTF-16 units: the same on every machine and in every version, unlike string.GetHashCode.</summary>
    public static uint StableHash(string text)
    {
        var hash = 2166136261u;
        foreach (var c in text) hash = (hash ^ c) * 16777619u;
        return hash;
    }
}
