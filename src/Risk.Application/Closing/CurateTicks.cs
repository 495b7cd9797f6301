using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Risk.Application.Ports;
using Risk.Application.Stores;
using Risk.Application.Streaming;
using Risk.Domain.Instruments;

namespace Risk.Application.Closing;

/// <summary>
/// Makes the curated copy of a day under <c>curated/market=M/dt=YYYY-MM-DD/</c>: parts in the order of time, each sorted by symbol, time,
/// source, epoch and sequence and holding each tick once; and a manifest, written last. Parts that are written already stay, so that a copy
/// that was cut off goes on behind them; only the plan is made in one go.
/// </summary>
/// <param name="maxTicksPerPart">Bounds the memory; docs/PERFORMANCE.md has a measurement. The ticks of five seconds are never divided.</param>
public sealed class CurateTicks(
    IArchive archive, Universe universe, PriceStore prices, WindowStore windows, TimeProvider time, int maxTicksPerPart = CurateTicks.MaxTicksPerPart)
{
    public const int MaxTicksPerPart = 250_000;

    /// <summary>Trading days that are looked at for the counters to compare with.</summary>
    private const int MaxDaysBack = 30;

    /// <param name="symbols">Of the market.</param>
    /// <param name="gaps">Raw objects that are missing for good; the manifest names them.</param>
    /// <exception cref="StoreUnavailableException">Not finished: run it again.</exception>
    public async Task<TicksCurated> RunAsync(TradingDay day, IReadOnlyCollection<Symbol> symbols, IReadOnlyList<string> gaps, CancellationToken cancellation)
    {
        if (await FindAsync(ManifestOf(day), CuratedJson.Default.CuratedManifest, cancellation) is { } done) return Outcome(day, done, made: false);
        var mine = new bool[universe.Symbols.Count];
        foreach (var symbol in symbols)
            if (universe.Symbols.TryFind(symbol, out var index)) mine[index] = true;

        var plan = await FindAsync(FolderOf(day) + "plan.json", CuratedJson.Default.CuratedPlan, cancellation) ?? await PlanAsync(day, mine, cancellation);
        if (plan.Parts.Count + plan.Unreadable.Count + gaps.Count == 0) return TicksCurated.None;
        var parts = new List<CuratedPart>();
        for (var i = 0; i < plan.Parts.Count; i++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{FolderOf(day)}part-{i + 1:D5}");
            parts.Add(await FindAsync($"{name}.json", CuratedJson.Default.CuratedPart, cancellation) ?? await WriteAsync(plan, i, name, mine, cancellation));
        }
        var states = await prices.LoadAsync(symbols, cancellation);
        var counted = new Dictionary<Symbol, long>();
        foreach (var symbol in states.Keys)
            counted[symbol] = (await windows.LoadAsync(symbol, day.From, new(day.To.Microseconds - 1), int.MaxValue, cancellation)).Sum(window => window.Count);
        var manifest = CuratedManifest.Of(day, plan, parts, gaps, states, counted, await FindBeforeAsync(day, cancellation));
        await PutAsync(ManifestOf(day), manifest, CuratedJson.Default.CuratedManifest, cancellation);
        return Outcome(day, manifest, made: true);
    }

    private static string FolderOf(TradingDay day) =>
        string.Create(CultureInfo.InvariantCulture, $"curated/market={TradingDay.NameOf(day.Market)}/dt={day.Session.Date:yyyy-MM-dd}/");

    private static string ManifestOf(TradingDay day) => FolderOf(day) + "manifest.json";

    private static TicksCurated Outcome(TradingDay day, CuratedManifest manifest, bool made) =>
        new(made, manifest.Ticks, manifest.Copies, manifest.Parts.Count, [.. manifest.Symbols.Where(x => x.Value.Difference != 0).Select(x => x.Key)], ManifestOf(day));

    private async Task<CuratedPlan> PlanAsync(TradingDay day, bool[] mine, CancellationToken cancellation)
    {
        var plan = await new PlanCurated(archive, universe, time).RunAsync(day, mine, maxTicksPerPart, cancellation);
        if (plan.Parts.Count > 0) await PutAsync(FolderOf(day) + "plan.json", plan, CuratedJson.Default.CuratedPlan, cancellation);
        return plan;
    }

    /// <summary>Of the last day that has one; days without ticks have none.</summary>
    private async Task<CuratedManifest?> FindBeforeAsync(TradingDay day, CancellationToken cancellation)
    {
        var before = day.Before;
        for (var days = 0; days < MaxDaysBack && before is not null; days++, before = before.Before)
            if (await FindAsync(ManifestOf(before), CuratedJson.Default.CuratedManifest, cancellation) is { } manifest) return manifest;
        return null;
    }

    /// <summary>First the ticks, then their counts: a part whose counts are there is done.</summary>
    private async Task<CuratedPart> WriteAsync(CuratedPlan plan, int number, string name, bool[] mine, CancellationToken cancellation)
    {
        var planned = plan.Parts[number];
        var writer = new PartWriter(universe.Symbols, planned);
        var names = plan.Objects.Where(x => x.First <= number && number <= x.Last).Select(x => x.Name);
        await foreach (var (raw, ticks) in new RawTicks(archive, universe).ReadAsync(names, cancellation))
        {
            if (ticks is null) throw new StoreUnavailableException($"{raw} could be read when the copy was planned and can't be read now.");
            foreach (ref readonly var tick in ticks.Ticks)
                if (mine[tick.Symbol]) writer.Add(tick);
        }
        var (content, counts) = writer.Write();
        await archive.PutAsync($"{name}.ndjson.gz", content, cancellation);
        var part = new CuratedPart($"{name}.ndjson.gz", planned.From, planned.To, counts);
        await PutAsync($"{name}.json", part, CuratedJson.Default.CuratedPart, cancellation);
        return part;
    }

    private async Task<T?> FindAsync<T>(string name, JsonTypeInfo<T> shape, CancellationToken cancellation)
        where T : class => await archive.GetAsync(name, cancellation) is { } content ? JsonSerializer.Deserialize(content, shape) : null;

    private Task PutAsync<T>(string name, T value, JsonTypeInfo<T> shape, CancellationToken cancellation) =>
        archive.PutAsync(name, JsonSerializer.SerializeToUtf8Bytes(value, shape), cancellation);
}

/// <param name="Made">False when it was made before, and when the day has no ticks.</param>
/// <param name="Ticks">In the copy.</param>
/// <param name="Copies">Left out of it as repetitions.</param>
/// <param name="Differing">Symbols whose copy does not hold what was counted, late and quarantined; the manifest has the figures.</param>
public sealed record TicksCurated(bool Made, long Ticks, long Copies, int Parts, IReadOnlyList<string> Differing, string? Manifest)
{
    public static TicksCurated None { get; } = new(false, 0, 0, 0, [], null);
}
