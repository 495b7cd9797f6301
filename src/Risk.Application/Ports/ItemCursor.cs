using System.Buffers.Text;
using System.Text;

namespace Risk.Application.Ports;

/// <summary>The cursor of a page: the key (and index key) of its last item as base64url, so that it survives inserts and restarts.</summary>
public static class ItemCursor
{
    private const char Separator = '\0';

    public static string After(Item last, bool ofIndex)
    {
        ArgumentNullException.ThrowIfNull(last);
        var text = ofIndex ? string.Join(Separator, last.Index!.Value.Sort, last.Key.Partition, last.Key.Sort) : last.Key.Sort;
        return Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
    }

    /// <summary>The sort key; or of an index the index sort key, partition and sort key.</summary>
    /// <exception cref="ArgumentException">Not a cursor of such a query.</exception>
    public static string[] Parse(string cursor, bool ofIndex)
    {
        if (!Base64Url.IsValid(cursor))
            throw new ArgumentException("This is not a cursor.", nameof(cursor));
        var text = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor));
        if (!ofIndex)
            return [text];
        var parts = text.Split(Separator);
        return parts.Length == 3 ? parts : throw new ArgumentException("This is not a cursor of this query.", nameof(cursor));
    }
}
