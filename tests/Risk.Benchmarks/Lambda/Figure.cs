using System.Globalization;
using System.Text.Json;

namespace Risk.Benchmarks.Lambda;

/// <param name="Key">Ends in the unit: <c>ms</c>, <c>mb</c>.</param>
/// <param name="Target">At most this; null where there is none.</param>
/// <param name="LoadAverage">Of the last minute, when it was measured.</param>
internal sealed record Figure(string Key, string What, double Value, double? Target, double LoadAverage)
{
    public static string Header => $"{"",-26}{"measured",10}{"target",9}        {"load",6}";

    public static Figure Of(string key, string what, double value, double? target = null) => new(key, what, value, target, LoadNow());

    public override string ToString()
    {
        var verdict = Target is null ? "" : Value <= Target ? "met" : "ABOVE";
        return string.Create(CultureInfo.InvariantCulture, $"{Key,-26}{Value,10:F2}{Target,9:F1}  {verdict,-6}{LoadAverage,6:F1}  {What}");
    }

    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject(Key);
        json.WriteNumber("value", Math.Round(Value, 3));
        if (Target is { } target) json.WriteNumber("target", target);
        json.WriteNumber("load_average", LoadAverage);
        json.WriteEndObject();
    }

    /// <summary>0 where the machine does not tell.</summary>
    private static double LoadNow() => File.Exists("/proc/loadavg") ? double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture) : 0;
}

/// <summary>Times of one thing, in milliseconds.</summary>
internal static class Times
{
    public static double Quantile(this IReadOnlyCollection<double> times, double q) => times.Order().ElementAt(Math.Min((int)(times.Count * q), times.Count - 1));

    public static double Median(this IReadOnlyCollection<double> times) => times.Quantile(0.5);

    public static IEnumerable<Figure> Figures(this IReadOnlyCollection<double> times, string key, string what, double? targetOfMedian = null) =>
        [Figure.Of($"{key}_p50_ms", what, times.Median(), targetOfMedian), Figure.Of($"{key}_p99_ms", "the same", times.Quantile(0.99))];
}
