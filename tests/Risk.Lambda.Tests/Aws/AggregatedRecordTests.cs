using System.Security.Cryptography;
using System.Text;
using Risk.Lambda.Aws;
using Xunit;

namespace Risk.Lambda.Tests.Aws;

public sealed class AggregatedRecordTests
{
    [Fact]
    public void Its_records_become_lines_in_their_order() =>
        Assert.Equal("one\ntwo\n\nthree\n", Opened(Aggregate("one", "two\n", "", "three")));

    [Fact]
    public void Without_records_it_is_empty() => Assert.Equal("", Opened(Aggregate()));

    [Fact]
    public void A_long_record_has_a_length_of_several_bytes()
    {
        var text = new string('x', 70_000);
        Assert.Equal($"{text}\n", Opened(Aggregate(text)));
    }

    [Theory]
    [InlineData("{\"symbol\":\"AAPL\"}")]
    [InlineData("")]
    public void A_plain_record_is_left_alone(string text) => Assert.Null(AggregatedRecord.TryOpen(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void A_wrong_digest_makes_it_a_plain_record()
    {
        var record = Aggregate("one");
        for (var i = 0; i < record.Length; i++)
        {
            var damaged = record.ToArray();
            damaged[i] ^= 1;
            Assert.Null(AggregatedRecord.TryOpen(damaged));
        }
        for (var length = 0; length < record.Length; length++) Assert.Null(AggregatedRecord.TryOpen(record.AsSpan(0, length)));
    }

    [Theory]
    [InlineData(new byte[] { 0x1A })]
    [InlineData(new byte[] { 0x1A, 0x05, 0x08 })]
    [InlineData(new byte[] { 0x1A, 0x02, 0x1A, 0x09 })]
    [InlineData(new byte[] { 0x1B })]
    [InlineData(new byte[] { 0x1A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01 })]
    [InlineData(new byte[] { 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01 })]
    public void A_broken_message_under_a_right_digest_makes_it_a_plain_record(byte[] message) => Assert.Null(AggregatedRecord.TryOpen(Seal(message)));

    [Fact]
    public void Fields_of_any_kind_are_passed_over()
    {
        // Field 15 as a number, as eight bytes, as text and as four bytes; then a record whose data is "a".
        byte[] message = [0x78, 0xAC, 0x02, 0x79, 1, 2, 3, 4, 5, 6, 7, 8, 0x7A, 0x01, 0x41, 0x7D, 1, 2, 3, 4, 0x1A, 0x05, 0x08, 0x00, 0x1A, 0x01, 0x61];
        Assert.Equal("a\n", Opened(Seal(message)));
    }

    /// <summary>As the producer library packs them: a table of partition keys, then the records.</summary>
    public static byte[] Aggregate(params string[] records)
    {
        var message = new MemoryStream();
        Field(message, 1, "17"u8);
        foreach (var text in records)
        {
            var record = new MemoryStream();
            record.Write([0x08, 0x00]);
            Field(record, 3, Encoding.UTF8.GetBytes(text));
            Field(message, 3, record.ToArray());
        }
        return Seal(message.ToArray());
    }

#pragma warning disable CA5351 // The format's own checksum.
    private static byte[] Seal(byte[] message) => [0xF3, 0x89, 0x9A, 0xC2, .. message, .. MD5.HashData(message)];
#pragma warning restore CA5351

    private static void Field(MemoryStream into, int number, ReadOnlySpan<byte> content)
    {
        into.WriteByte((byte)(number << 3 | 2));
        var length = content.Length;
        for (; length >= 0x80; length >>= 7) into.WriteByte((byte)(length | 0x80));
        into.WriteByte((byte)length);
        into.Write(content);
    }

    private static string? Opened(byte[] record) => AggregatedRecord.TryOpen(record) is { } lines ? Encoding.UTF8.GetString(lines) : null;
}
