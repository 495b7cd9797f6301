using Risk.Application.Ports;
using Risk.Application.Stores;
using Risk.Application.Streaming;
using Risk.Application.Tests.Feeds;
using Risk.Domain.Instruments;
using Risk.Domain.Prices;
using Risk.Testing.Simulation;
using Xunit;
using static Risk.Application.Tests.Streaming.TestHouse;

namespace Risk.Application.Tests.Streaming;

public sealed class PublishTicksTests
{
    private readonly FakeTimeProvider clock = new(Start);
    private readonly FakeItemTable table;
    private readonly RecordingStream stream = new();
    private readonly SymbolTable symbols = new();

    public PublishTicksTests()
    {
        table = new FakeItemTable(new Random(1), clock);
        symbols.AddRange([A, B]);
    }

    [Fact]
    public async Task Ticks_without_an_identity_get_one_in_the_order_of_publication()
    {
        using var publish = New();
        await publish.RunAsync([Tick(0), Tick(1), Tick(0)], Cancel);
        await publish.RunAsync([Tick(0), Tick(0) with { Source = SourceName.Parse("own"), Sequence = 77 }], Cancel);
        var ticks = stream.Ticks(symbols);
        Assert.Equal([0, 1, 2], ticks.Where(x => x.Symbol == 0 && x.Source == PublishTicks.Source).Select(x => x.Sequence));
        Assert.Equal([0], ticks.Where(x => x.Symbol == 1).Select(x => x.Sequence));
        Assert.Equal(77, Assert.Single(ticks, x => x.Source.ToString() == "own").Sequence);
        Assert.All(ticks.Where(x => x.Source == PublishTicks.Source), x => Assert.Equal(1, x.Epoch));
        Assert.Equal(5, publish.Accepted);
    }

    [Fact]
    public async Task No_two_processes_count_in_the_same_epoch()
    {
        using var first = New();
        using var second = New();
        table.Hook = name => name.StartsWith("before PROD#", StringComparison.Ordinal) ? OnceAsync(second) : Task.CompletedTask;
        await first.RunAsync([Tick(0)], Cancel);
        Assert.Equal([1, 2], stream.Ticks(symbols).Select(x => x.Epoch).Order());
    }

    [Fact]
    public async Task A_key_publishes_once_and_gives_the_same_answer_and_none_for_another_body()
    {
        using var publish = New();
        Assert.Equal("first", await RunOnceAsync(publish, "key", "body", "first", Tick(0)));
        Assert.Equal("first", await RunOnceAsync(publish, "key", "body", "second", Tick(0)));
        Assert.Null(await RunOnceAsync(publish, "key", "other", "third", Tick(0)));
        Assert.Equal(PublishTicks.KeyedSource, Assert.Single(stream.Ticks(symbols)).Source);
    }

    [Fact]
    public async Task A_repetition_after_a_lost_answer_publishes_the_same_ticks_also_from_another_process()
    {
        using (var publish = New())
        {
            stream.LosesAnswerOf = 1;
            await Assert.ThrowsAsync<StoreUnavailableException>(() => RunOnceAsync(publish, "key", "body", "answer", Tick(0), Tick(1), Tick(0)));
        }
        using var next = New();
        await next.RunAsync([Tick(0)], Cancel);
        Assert.Equal("answer", await RunOnceAsync(next, "key", "body", "answer", Tick(0), Tick(1), Tick(0)));
        var keyed = stream.Ticks(symbols).Where(x => x.Source == PublishTicks.KeyedSource).GroupBy(x => x).ToList();
        Assert.Equal(3, keyed.Count);
        Assert.All(keyed, x => Assert.Equal(2, x.Count()));
    }

    [Fact]
    public async Task Repetitions_take_no_sequences_of_their_own()
    {
        using var publish = New();
        for (var i = 0; i < 50; i++) await RunOnceAsync(publish, "key", "body", "answer", Tick(0), Tick(1), Tick(0));
        await RunOnceAsync(publish, "other", "body", "answer", Tick(0));
        Assert.Equal([0, 1, 2], stream.Ticks(symbols).Where(x => x.Symbol == 0).Select(x => x.Sequence));
    }

    private PublishTicks New() => new(stream, table, new IdempotencyStore(table), symbols, clock);

    private Task OnceAsync(PublishTicks other)
    {
        table.Hook = _ => Task.CompletedTask;
        return other.RunAsync([Tick(0)], Cancel);
    }

    private static Task<string?> RunOnceAsync(PublishTicks publish, string key, string body, string answer, params Tick[] ticks) =>
        publish.RunOnceAsync("me", key, System.Text.Encoding.UTF8.GetBytes(body), ticks, answer, Cancel);

    private static Tick Tick(int symbol) => new(symbol, EventTime.From(Start), Price.From(100), default, default, default, default, 0, 0);
}
