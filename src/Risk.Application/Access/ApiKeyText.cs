using System.Security.Cryptography;
using System.Text;

namespace Risk.Application.Access;

/// <summary>
/// The text of an API key, <c>rk_{id}_{secret}</c>: the id finds it, the secret proves it. Only a hash is ever stored; since the secret
/// is random and long, a plain SHA-256 can't be searched back.
/// </summary>
internal static class ApiKeyText
{
    public const int IdLength = 12;

    /// <summary>238 random bits.</summary>
    public const int SecretLength = 40;

    private const string Prefix = "rk_";
    private const string IdLetters = "0123456789abcdefghijklmnopqrstuvwxyz";
    private const string SecretLetters = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    public static string NewId() => RandomNumberGenerator.GetString(IdLetters, IdLength);

    public static string NewSecret() => RandomNumberGenerator.GetString(SecretLetters, SecretLength);

    public static string Of(string id, string secret) => $"{Prefix}{id}_{secret}";

    /// <summary>The id of what has the form of a key; null for anything else.</summary>
    public static string? IdOf(string text)
    {
        if (text.Length != Prefix.Length + IdLength + 1 + SecretLength || !text.StartsWith(Prefix, StringComparison.Ordinal)) return null;
        var id = text.Substring(Prefix.Length, IdLength);
        return text[Prefix.Length + IdLength] == '_' && IsId(id) && text[^SecretLength..].All(SecretLetters.Contains) ? id : null;
    }

    public static bool IsId(string text) => text.Length == IdLength && text.All(IdLetters.Contains);

    public static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    public static bool IsHashOf(string text, string hash) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(HashOf(text)), Encoding.ASCII.GetBytes(hash));
}
