using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using Risk.Application.Streaming;
using Risk.Domain.Instruments;
using Risk.Domain.Prices;
using Xunit;

namespace Risk.Application.Tests.Streaming;

/// <summary>The scanner against the framework's JSON reader and big rational arithmetic, over mutated lines.</summary>
public sealed class TickCodecOracleTests
{
    private static readonly EventTime Now = EventTime.From(new DateTimeOffset(2025, 1, 2, 15, 30, 0, TimeSpan.Zero));

    private static readonly string[] Values =
    [
        "null", "true", "false", "{}", "[]", "[1,{\"a\":[]}]", "\"\"", "\"x\"", "\"AAPL\"", "\"\\u0041APL\"", "\"aapl\"", "\"A\\/B\"", "0", "-0", "1", "12.5", "1e3", "1E-3", "-7",
        "1e999", "1e-999", "1e17", "1000000000", "1000000000.00000000000001", "0.000000005", "0.000000015", "0.0000000050000000000000000000001", "12345678901234567890123456789",
        "9223372036854775807", "9223372036854775808", "00", "1.", ".5", "1e", "+1", "\"NaN\"", "\"1e999\"", "\"-Infinity\"", "1735831800000", "1735831805000", "1735831805001", "631151999999",
        "\"2025-01-02T15:30:00Z\"", "\"2025-01-02t15:30:00.123456789+05:30\"", "\"2024-02-30T15:30:00Z\"", "\"2025-01-02T15:30:60Z\"", "\"0001-01-01T00:00:00Z\"", "\"9999-12-31T23:59:59-01:00\"", "\"\\ud800\"", "\"\\u12\"", "\"\\x\"", "[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]", "[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]",
    ];

    private static readonly string[] Names = ["symbol", "time", "price", "bid", "ask", "volume", "source", "epoch", "sequence", "venue", "pric\\u0065", "Price", ""];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Reads_what_a_strict_reader_reads_and_refuses_the_rest_for_the_same_reason(int seed)
    {
        var random = new Random(seed);
        var symbols = TickCodecTests.Symbols();
        var buffer = new TickBuffer();
        var accepted = 0;
        var reasons = new HashSet<RejectionReason>();
        for (var i = 0; i < 20_000; i++)
        {
            var line = Mutate(random);
            buffer.Clear();
            TickCodec.Decode(line, symbols, Now, buffer);
            var (reason, tick) = Oracle.Read(line, symbols);
            var what = Encoding.UTF8.GetString(line);
            if (buffer.Ticks.Length + buffer.Rejections.Length == 0)
            {
                Assert.True(string.IsNullOrWhiteSpace(what), what);
                continue;
            }
            var actual = buffer.Ticks.Length == 1 ? RejectionReason.None : buffer.Rejections[0].Reason;
            if (what.Contains("NaN", StringComparison.Ordinal) || what.Contains("Infinity", StringComparison.Ordinal)) Assert.Equal(reason == RejectionReason.None, actual == RejectionReason.None);
            else Assert.True(reason == actual, $"{actual} instead of {reason}: {what}");
            if (reason == RejectionReason.None) Assert.Equal(tick, buffer.Ticks[0]);
            accepted += buffer.Ticks.Length;
            reasons.Add(actual);
        }
        Assert.True(accepted > 2_000);
        Assert.Equal(Enum.GetValues<RejectionReason>().Length - 2, reasons.Count); // all but oversized and one_sided
    }

    private static byte[] Mutate(Random random)
    {
        List<(string Name, string Value)> members =
        [
            ("symbol", "\"MSFT\""), ("time", "\"2025-01-02T15:30:00.25Z\""), ("price", RandomNumber(random)),
        ];
        if (random.Next(2) == 0) members.AddRange([("bid", "1"), ("ask", "2.5"), ("volume", RandomNumber(random))]);
        if (random.Next(2) == 0) members.AddRange([("source", "\"feed-1\""), ("epoch", "1"), ("sequence", "77")]);
        for (var n = random.Next(3); n > 0; n--)
        {
            var at = random.Next(members.Count);
            switch (random.Next(4))
            {
                case 0: members[at] = (members[at].Name, Values[random.Next(Values.Length)]); break;
                case 1: members.Insert(at, (Names[random.Next(Names.Length)], Values[random.Next(Values.Length)])); break;
                case 2: members.RemoveAt(at); break;
                default: members[at] = (Names[random.Next(Names.Length)], members[at].Value); break;
            }
            if (members.Count == 0) break;
        }
        var space = random.Next(4) == 0 ? " " : "";
        var text = "{" + space + string.Join("," + space, members.Select(x => $"\"{x.Name}\"{space}:{space}{x.Value}{space}")) + "}" + space;
        var bytes = Encoding.UTF8.GetBytes(text).ToList();
        if (random.Next(3) == 0)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0: bytes.RemoveAt(at); break;
                case 1: bytes[at] = (byte)random.Next(256); break;
                case 2: bytes.Insert(at, (byte)"{}[]\",:\\ -+.eE01\t\u0001"[random.Next(18)]); break;
                default: bytes.RemoveRange(at, bytes.Count - at); break;
            }
        }
        bytes.RemoveAll(x => x == '\n');
        return [.. bytes];
    }

    private static string RandomNumber(Random random)
    {
        var text = random.NextInt64(1, 1L << random.Next(1, 40)).ToString(CultureInfo.InvariantCulture);
        if (random.Next(2) == 0) text += "." + random.NextInt64(0, 1L << random.Next(1, 60)).ToString(CultureInfo.InvariantCulture).PadLeft(random.Next(1, 22), '0');
        return random.Next(5) == 0 ? text + "e" + random.Next(-14, 6).ToString(CultureInfo.InvariantCulture) : text;
    }

    private static class Oracle
    {
        public static (RejectionReason Reason, Tick Tick) Read(byte[] line, SymbolTable symbols)
        {
            try
            {
                new UTF8Encoding(false, true).GetString(line);
            }
            catch (DecoderFallbackException)
            {
                return (RejectionReason.NotUtf8, default);
            }
            var members = new Dictionary<string, JsonElement>();
            var isDuplicate = false;
            try
            {
                var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = 16 });
                reader.Read();
                if (reader.TokenType != JsonTokenType.StartObject) return (RejectionReason.Malformed, default);
                while (reader.Read()) { }
                foreach (var member in JsonDocument.Parse(line).RootElement.EnumerateObject())
                    isDuplicate |= Names.AsSpan(0, 9).Contains(member.Name) && !members.TryAdd(member.Name, member.Value);
            }
            catch (JsonException e)
            {
                return (e.Message.Contains("maximum configured depth", StringComparison.Ordinal) ? RejectionReason.TooDeep : RejectionReason.Malformed, default);
            }
            catch (InvalidOperationException)
            {
                // A lone surrogate in a name: valid JSON, but no text; none is generated as a name.
                return (RejectionReason.Malformed, default);
            }
            return isDuplicate ? (RejectionReason.Malformed, default) : Judge(members, symbols);
        }

        private static (RejectionReason Reason, Tick Tick) Judge(Dictionary<string, JsonElement> members, SymbolTable symbols)
        {
            foreach (var name in members.Where(x => x.Value.ValueKind == JsonValueKind.Null).Select(x => x.Key).ToList()) members.Remove(name);
            JsonElement? Get(string name) => members.TryGetValue(name, out var x) ? x : null;
            var (symbol, time, price) = (Get("symbol"), Get("time"), Get("price"));
            if (symbol?.ValueKind != JsonValueKind.String || time?.ValueKind is not (JsonValueKind.String or JsonValueKind.Number) || price is null) return (RejectionReason.Malformed, default);
            foreach (var name in new[] { "price", "bid", "ask", "volume" })
                if (Get(name) is { } x && x.ValueKind != JsonValueKind.Number && !(x.ValueKind == JsonValueKind.String && IsNoFiniteText(x))) return (RejectionReason.Malformed, default);
            if (Get("source") is { ValueKind: not JsonValueKind.String } || Get("epoch") is { ValueKind: not JsonValueKind.Number } || Get("sequence") is { ValueKind: not JsonValueKind.Number }) return (RejectionReason.Malformed, default);

            if (!Symbol.TryParse(TextOf(symbol.Value), out var s) || !symbols.TryFind(s, out var index)) return (RejectionReason.UnknownSymbol, default);
            var p = Rational.Of(price.Value);
            if (p is null || double.IsInfinity(double.Parse(price.Value.GetRawText(), CultureInfo.InvariantCulture))) return (RejectionReason.PriceNotFinite, default);
            if (p.Value.Round(8) <= 0) return (RejectionReason.PriceNotPositive, default);
            if (p.Value.Exceeds(1_000_000_000)) return (RejectionReason.PriceTooLarge, default);
            var e8 = (long)p.Value.Round(8);
            if (!TryOptional(Get("volume"), 6, 1_000_000_000_000, out var volume) || (BigInteger)e8 * volume > BigInteger.Pow(10, 29)) return (RejectionReason.VolumeInvalid, default);
            if (!TryOptional(Get("bid"), 8, 1_000_000_000, out var bid) || !TryOptional(Get("ask"), 8, 1_000_000_000, out var ask) || (bid > ask && ask > 0)) return (RejectionReason.BidAskInvalid, default);
            if (TimeOf(time.Value) is not { } at || at < 631_152_000_000_000 || at > 253_402_300_799_999_999) return (RejectionReason.TimeInvalid, default);
            if (at > Now.Microseconds + 5_000_000) return (RejectionReason.TimeInFuture, default);

            var source = default(SourceName);
            if (Get("source") is { } named && (TextOf(named).Length == 0 || !SourceName.TryParse(Encoding.UTF8.GetBytes(TextOf(named)), out source))) return (RejectionReason.SourceInvalid, default);
            if (Get("source") is null != Get("sequence") is null || (Get("epoch") is not null && Get("source") is null)) return (RejectionReason.SequenceInvalid, default);
            long epoch = 0, sequence = 0;
            if (Get("sequence") is { } q && (!long.TryParse(q.GetRawText(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out sequence) || sequence < 0)) return (RejectionReason.SequenceInvalid, default);
            if (Get("epoch") is { } e && (!long.TryParse(e.GetRawText(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out epoch) || epoch < 0)) return (RejectionReason.SequenceInvalid, default);
            return (RejectionReason.None, new Tick(index, new EventTime(at), new Price(e8), new Price(bid), new Price(ask), new Volume(volume), source, epoch, sequence));
        }

        /// <summary>A lone surrogate is JSON but no text.</summary>
        private static string TextOf(JsonElement text)
        {
            try
            {
                return text.GetString()!;
            }
            catch (InvalidOperationException)
            {
                return "\uFFFD";
            }
        }

        private static bool IsNoFiniteText(JsonElement text) => TextOf(text).TrimStart('-') is "NaN" or "Infinity" or "1e999";

        private static bool TryOptional(JsonElement? value, int decimals, long max, out long scaled)
        {
            scaled = 0;
            if (value is null) return true;
            if (Rational.Of(value.Value) is not { } x || x.Sign < 0 || x.Exceeds(max)) return false;
            scaled = (long)x.Round(decimals);
            return true;
        }

        private static long? TimeOf(JsonElement time)
        {
            if (time.ValueKind == JsonValueKind.Number)
                return long.TryParse(time.GetRawText(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var ms) && Math.Abs(ms) < 300_000_000_000_000 ? ms * 1000 : null;
            var match = System.Text.RegularExpressions.Regex.Match(TextOf(time), @"^([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt]([0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,9}))?(?:[Zz]|([+-])([0-9]{2}):([0-9]{2}))\z");
            if (!match.Success || !DateTime.TryParseExact(match.Groups[1].Value + " " + match.Groups[2].Value, "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)) return null;
            var minutes = match.Groups[4].Success ? int.Parse(match.Groups[5].Value, CultureInfo.InvariantCulture) * 60 + int.Parse(match.Groups[6].Value, CultureInfo.InvariantCulture) : 0;
            if (match.Groups[4].Success && (int.Parse(match.Groups[5].Value, CultureInfo.InvariantCulture) > 23 || int.Parse(match.Groups[6].Value, CultureInfo.InvariantCulture) > 59)) return null;
            var fraction = long.Parse(match.Groups[3].Value.PadRight(6, '0')[..6], CultureInfo.InvariantCulture);
            return (local - DateTime.UnixEpoch).Ticks / 10 + fraction - (match.Groups[4].Value == "-" ? -minutes : minutes) * 60_000_000L;
        }
    }

    /// <summary>An exact decimal number as a fraction.</summary>
    private readonly record struct Rational(BigInteger Numerator, BigInteger Denominator)
    {
        public int Sign => Numerator.Sign;

        public static Rational? Of(JsonElement number)
        {
            if (number.ValueKind != JsonValueKind.Number) return null;
            var parts = number.GetRawText().Split('e', 'E');
            // Beyond 2000 every exponent means the same: nothing, or too much.
            var power = parts.Length == 2 ? (int)BigInteger.Clamp(BigInteger.Parse(parts[1], CultureInfo.InvariantCulture), -2000, 2000) : 0;
            var digits = parts[0].Split('.');
            var mantissa = BigInteger.Parse(string.Concat(digits), CultureInfo.InvariantCulture);
            if (digits.Length == 2) power -= digits[1].Length;
            return power >= 0 ? new Rational(mantissa * BigInteger.Pow(10, power), 1) : new Rational(mantissa, BigInteger.Pow(10, -power));
        }

        public bool Exceeds(long max) => Numerator > max * Denominator;

        /// <summary>In units of 10^−decimals, half to even.</summary>
        public BigInteger Round(int decimals)
        {
            var (whole, rest) = BigInteger.DivRem(Numerator * BigInteger.Pow(10, decimals), Denominator);
            var order = (BigInteger.Abs(rest) * 2).CompareTo(Denominator);
            return order > 0 || (order == 0 && !whole.IsEven) ? whole + rest.Sign : whole;
        }
    }
}
