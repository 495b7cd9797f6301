using System.Text.Json.Serialization;
using Risk.Application.Ports;
using Risk.Application.Streaming;
using Risk.Domain.Prices;

namespace Risk.Application.Closing;

/// <summary>Cuts a day into parts of event time that each fit the memory, by reading all of its raw objects once.</summary>
internal sealed class PlanCurated(IArchive archive, Universe universe, TimeProvider time)
{
    /// <summary>A part is made of whole slots.</summary>
    private static readonly TimeSpan Slot = PriceWindow.Length;

    /// <param name="mine">By index of the symbol, whether it is of the market.</param>
    public async Task<CuratedPlan> RunAsync(TradingDay day, bool[] mine, int maxTicksPerPart, CancellationToken cancellation)
    {
        var slots = new int[(int)Math.Ceiling((day.To - day.From) / Slot)];
        var objects = new List<(string Name, int First, int Last)>();
        var unreadable = new List<string>();
        var rejected = new SortedDictionary<string, long>(StringComparer.Ordinal);
        await foreach (var (name, ticks) in new RawTicks(archive, universe).ReadAsync(await NamesAsync(day, cancellation), cancellation))
        {
            if (ticks is null) unreadable.Add(name);
            else if (Count(ticks, day, mine, slots) is (var first, var last) && first <= last) objects.Add((name, first, last));
            if (ticks is not null) Count(ticks, rejected);
        }
        var (parts, partOf) = Cut(slots, day, maxTicksPerPart);
        return new CuratedPlan(time.GetUtcNow(), parts, [.. objects.Select(x => new PlannedObject(x.Name, partOf[x.First], partOf[x.Last]))], rejected, unreadable);
    }

    /// <summary>All that lies in the archive from the hour of the day's first moment on: a tick never comes long before its time, and late at any time.</summary>
    private async Task<List<string>> NamesAsync(TradingDay day, CancellationToken cancellation)
    {
        var names = new List<string>();
        var first = new EventTime(day.From.Microseconds - TickCodec.MaxAheadMicroseconds);
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        for (var date = DateOnly.FromDateTime(first.ToDateTimeOffset().UtcDateTime); date <= today; date = date.AddDays(1))
            names.AddRange((await archive.ListAsync(RawObject.PrefixOf(date), cancellation)).Where(name => RawObject.ArrivedBefore(name) > first));
        return names;
    }

    /// <summary>The first and the last slot that the object has ticks of; the last before the first when it has none.</summary>
    private static (int First, int Last) Count(TickBuffer ticks, TradingDay day, bool[] mine, int[] slots)
    {
        var (first, last) = (int.MaxValue, -1);
        foreach (ref readonly var tick in ticks.Ticks)
        {
            if (!mine[tick.Symbol] || tick.Time < day.From || tick.Time >= day.To) continue;
            var slot = (int)((tick.Time - day.From).Ticks / Slot.Ticks);
            slots[slot]++;
            (first, last) = (Math.Min(first, slot), Math.Max(last, slot));
        }
        return (first, last);
    }

    private static void Count(TickBuffer ticks, SortedDictionary<string, long> rejected)
    {
        foreach (ref readonly var rejection in ticks.Rejections)
            rejected[rejection.Reason.ToText()] = rejected.GetValueOrDefault(rejection.Reason.ToText()) + 1;
    }

    /// <summary>Parts in the order of time, none empty, and the part of each slot that has ticks.</summary>
    private static (List<PlannedPart> Parts, int[] PartOf) Cut(int[] slots, TradingDay day, int maxTicksPerPart)
    {
        var parts = new List<PlannedPart>();
        var partOf = new int[slots.Length];
        var length = Slot.Ticks / TimeSpan.TicksPerMicrosecond;
        for (var slot = 0; slot < slots.Length; slot++)
        {
            if (slots[slot] == 0) continue;
            var (from, to) = (day.From.Microseconds + slot * length, Math.Min(day.From.Microseconds + (slot + 1) * length, day.To.Microseconds));
            if (parts.Count > 0 && (long)parts[^1].Ticks + slots[slot] <= maxTicksPerPart) parts[^1] = parts[^1] with { To = to, Ticks = parts[^1].Ticks + slots[slot] };
            else parts.Add(new PlannedPart(from, to, slots[slot]));
            partOf[slot] = parts.Count - 1;
        }
        return (parts, partOf);
    }
}

/// <summary>What a curated day is made of, fixed before its first part is written, so that whoever goes on makes the same.</summary>
/// <param name="At">What reached the archive later is not in it.</param>
/// <param name="Rejected">Lines of these objects that are no ticks, by reason; of all markets, and of all their hours.</param>
/// <param name="Unreadable">Raw objects that are damaged.</param>
internal sealed record CuratedPlan(
    DateTimeOffset At, IReadOnlyList<PlannedPart> Parts, IReadOnlyList<PlannedObject> Objects, SortedDictionary<string, long> Rejected, IReadOnlyList<string> Unreadable);

/// <param name="From">Event time in microseconds since 1970, included; <paramref name="To"/> is excluded.</param>
/// <param name="Ticks">With repetitions.</param>
internal sealed record PlannedPart(long From, long To, int Ticks);

/// <param name="First">The first part that it has ticks of, <paramref name="Last"/> the last.</param>
internal sealed record PlannedObject(string Name, int First, int Last);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(CuratedPlan))]
[JsonSerializable(typeof(CuratedPart))]
[JsonSerializable(typeof(CuratedManifest))]
internal sealed partial class CuratedJson : JsonSerializerContext;
