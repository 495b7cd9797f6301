using System.Globalization;
using System.Text;
using System.Text.Json;
using Risk.Application.Ports;
using Risk.Application.Stores;
using Risk.Domain.Prices;
using Risk.Lambda.Functions;
using Risk.Lambda.Tests.Functions;

namespace Risk.Lambda.Tests.Simulation;

/// <summary>Events for the Consumer, one after the other on one shard, over a house without faults of its own.</summary>
internal sealed class SentEvents(FakeHouse house, long first = 1_000_000)
{
    private readonly Consumer consumer = house.Get<Consumer>();
    private long next = first;

    /// <summary>A line of the codec, <paramref name="seconds"/> after the start of the house.</summary>
    public static string Line(string symbol, double seconds, decimal price, long sequence, string source = "feed") => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"symbol":"{{symbol}}","time":"{{FakeHouse.Start.AddSeconds(seconds).UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'}}","price":{{price}},"volume":2,"source":"{{source}}","sequence":{{sequence}}}""");

    public string EventOf(IEnumerable<byte[]> records) => Events.Kinesis(Events.Shard, records.Select(data => new StreamRecord(
        (next++).ToString(CultureInfo.InvariantCulture), house.Clock.GetUtcNow(), data)).ToArray());

    /// <summary>Each record of so many lines.</summary>
    public Task<string[]> SendAsync(IEnumerable<string> lines, int inRecord = 1) =>
        SendAsync(EventOf(lines.Chunk(inRecord).Select(chunk => Encoding.UTF8.GetBytes(string.Join('\n', chunk)))));

    /// <summary>The sequences that the reply asks for again.</summary>
    public async Task<string[]> SendAsync(string payload) => Events.Failures(await consumer.HandleAsync(Events.Of(payload), FakeHouse.Cancel));

    public Task<SymbolState?> StateAsync(int symbol) => new PriceStore(house.Table).FindAsync(FakeHouse.Symbols[symbol], FakeHouse.Cancel);

    /// <summary>What the item of the symbol's state holds, version included.</summary>
    public string StateItem(int symbol) =>
        house.Table.Everything.Single(item => item.Key == Keys.Price(FakeHouse.Symbols[symbol])) is var item ? $"{item.Version} {Encoding.UTF8.GetString(item.Body.Span)}" : "";

    public IEnumerable<Item> Rows(string prefix) => house.Table.Everything.Where(item => item.Key.Partition.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>The reasons in the quarantine, one for each row.</summary>
    public List<string> Reasons() =>
    [
        .. Rows("QUAR#").Select(item =>
        {
            using var body = JsonDocument.Parse(item.Body);
            return body.RootElement.GetProperty("reason").GetString()!;
        }),
    ];
}
