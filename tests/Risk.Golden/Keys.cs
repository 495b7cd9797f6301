using System.Globalization;
using System.Text.RegularExpressions;

namespace Risk.Golden;

/// <summary>What the keys of results say.</summary>
public static partial class Keys
{
    /// <summary>"97.5" is 0.975, exactly.</summary>
    public static bool TryConfidence(string key, out decimal confidence)
    {
        var isNumber = decimal.TryParse(key, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent);
        confidence = percent / 100;
        return isNumber && confidence is > 0 and < 1;
    }

    /// <summary>0.975 and 97.5 are both 0.975: no percentage asked for lies below one.</summary>
    public static decimal Confidence(decimal ratioOrPercent) => ratioOrPercent < 1 ? ratioOrPercent : ratioOrPercent / 100;

    /// <summary>The number in a key: 10 in <c>var_10d</c>; null when there is none.</summary>
    public static int? NumberIn(string key) => FirstNumber().Match(key) is { Success: true } match ? int.Parse(match.Value, CultureInfo.InvariantCulture) : null;

    [GeneratedRegex("[0-9]+")]
    private static partial Regex FirstNumber();
}
