using System.Text.RegularExpressions;

namespace Risk.Lambda.Runtime;

/// <summary>
/// Takes out of a text for the log what opens doors: API keys (their id stays), tokens, and tickets in an address. Nothing of ours writes
/// them; but a message of the framework or of a service may quote a request.
/// </summary>
internal static partial class Secrets
{
    private const string Mask = "***";

    public static string Masked(string text) => Secret().Replace(text, found => $"{found.Groups["known"].Value}{Mask}");

    [GeneratedRegex(@"(?<known>\brk_(?:[0-9a-z]{12}_)?)[0-9A-Za-z]+|(?<known>ticket(?:=|%3D))[^&\s""']+|(?<known>\bBearer(?:\s|%20)+)[^\s,""']+|\beyJ[\w-]+(?:\.[\w-]*)+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Secret();
}
