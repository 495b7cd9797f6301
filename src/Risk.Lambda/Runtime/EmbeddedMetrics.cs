using System.Text.Json;

namespace Risk.Lambda.Runtime;

/// <summary>
/// Figures for CloudWatch in its embedded metric format: lines in the log that become metrics, so nothing is called while an event waits.
/// One line an event, with what was recorded; by function, never by symbol, since each further metric costs more than the compute.
/// </summary>
public sealed class EmbeddedMetrics(LogLines lines, JsonLogs logs, TimeProvider time, string functionName)
{
    public const string Namespace = "RiskLambdas";

    // More values of one metric in a line are refused.
    private const int MaxValues = 100;

    private readonly Lock guard = new();
    private readonly SortedDictionary<Metric, List<double>> recorded = new(Comparer<Metric>.Create(static (a, b) => string.CompareOrdinal(a.Name, b.Name)));

    /// <summary>Adds to a count; notes one more value of any other metric.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite.</exception>
    public void Record(Metric metric, double value)
    {
        ArgumentNullException.ThrowIfNull(metric);
        if (!double.IsFinite(value)) throw new ArgumentOutOfRangeException(nameof(value), value, $"{metric.Name} must be finite.");
        lock (guard)
        {
            if (!recorded.TryGetValue(metric, out var values)) recorded.Add(metric, values = []);
            if (metric.Unit == Metric.Count && values.Count == 1) values[0] += value;
            else values.Add(value);
            if (values.Count == MaxValues) Write();
        }
    }

    public void Record(Metric metric, TimeSpan value) => Record(metric, value.TotalMilliseconds);

    /// <summary>Writes what was recorded since the last time.</summary>
    public void Flush()
    {
        lock (guard)
        {
            if (recorded.Count > 0) Write();
        }
    }

    private void Write()
    {
        lines.Write(this, static (json, metrics) => metrics.Fill(json));
        recorded.Clear();
    }

    private void Fill(Utf8JsonWriter json)
    {
        json.WriteStartObject("_aws");
        json.WriteNumber("Timestamp", time.GetUtcNow().ToUnixTimeMilliseconds());
        json.WriteStartArray("CloudWatchMetrics");
        json.WriteStartObject();
        json.WriteString("Namespace", Namespace);
        json.WriteStartArray("Dimensions");
        json.WriteStartArray();
        json.WriteStringValue("FunctionName");
        json.WriteEndArray();
        json.WriteEndArray();
        json.WriteStartArray("Metrics");
        foreach (var metric in recorded.Keys)
        {
            json.WriteStartObject();
            json.WriteString("Name", metric.Name);
            json.WriteString("Unit", metric.Unit);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteString("FunctionName", functionName);
        logs.WriteIds(json);
        foreach (var (metric, values) in recorded) WriteValues(json, metric, values);
    }

    private static void WriteValues(Utf8JsonWriter json, Metric metric, List<double> values)
    {
        if (values.Count == 1)
        {
            json.WriteNumber(metric.Name, values[0]);
            return;
        }
        json.WriteStartArray(metric.Name);
        foreach (var value in values) json.WriteNumberValue(value);
        json.WriteEndArray();
    }
}

/// <summary>The metrics of this program; alarms and the CloudWatch dashboard name them.</summary>
public sealed record Metric
{
    internal const string Count = "Count";
    private const string Milliseconds = "Milliseconds";

    public static readonly Metric TicksCounted = new(nameof(TicksCounted), Count);
    public static readonly Metric TicksDuplicate = new(nameof(TicksDuplicate), Count);
    public static readonly Metric TicksLate = new(nameof(TicksLate), Count);
    public static readonly Metric TicksQuarantined = new(nameof(TicksQuarantined), Count);

    /// <summary>In the curated copy of a day.</summary>
    public static readonly Metric TicksCurated = new(nameof(TicksCurated), Count);

    /// <summary>Windows that no tick had closed.</summary>
    public static readonly Metric WindowsClosed = new(nameof(WindowsClosed), Count);

    /// <summary>Raw objects made from the stream after the archive had not taken them.</summary>
    public static readonly Metric RawGapsFilled = new(nameof(RawGapsFilled), Count);

    /// <summary>Raw objects that can't be made any more.</summary>
    public static readonly Metric RawGapsLost = new(nameof(RawGapsLost), Count);

    /// <summary>One for each close that could not add to the history.</summary>
    public static readonly Metric HistoryNotExtended = new(nameof(HistoryNotExtended), Count);

    /// <summary>Live messages that did not reach a connection which was still there.</summary>
    public static readonly Metric MessagesMissed = new(nameof(MessagesMissed), Count);

    /// <summary>How old the newest snapshot is.</summary>
    public static readonly Metric SnapshotAge = new(nameof(SnapshotAge), Milliseconds);

    /// <summary>From the arrival of the oldest record of a batch in the stream to its handling.</summary>
    public static readonly Metric IteratorAge = new(nameof(IteratorAge), Milliseconds);

    public static readonly Metric MeasureTime = new(nameof(MeasureTime), Milliseconds);
    public static readonly Metric StoreTime = new(nameof(StoreTime), Milliseconds);

    private Metric(string name, string unit) => (Name, Unit) = (name, unit);

    public string Name { get; }

    /// <summary>In CloudWatch's words.</summary>
    public string Unit { get; }
}
