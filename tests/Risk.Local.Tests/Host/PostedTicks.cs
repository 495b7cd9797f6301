using System.Globalization;
using System.Net;
using System.Text;
using Xunit;

namespace Risk.Local.Tests.Host;

/// <summary>
/// Ticks that several clients post, the same in every run: each client is a source of its own that counts per symbol. A phase spans less
/// event time than the lateness, so that within it the clients may run apart and no tick is late.
/// </summary>
internal sealed class PostedTicks
{
    public const int Clients = 3;
    public const int Phases = 4;
    public const int BatchesPerPhase = 25;
    public static readonly string[] Symbols = ["ALFA", "BETA", "GAMA", "DELT", "EPSI"];

    /// <summary>Of each symbol in a batch; fewer than the consumer remembers of a source.</summary>
    private const int Rounds = 10;
    private const int PhaseMilliseconds = 20_000;
    public static readonly DateTimeOffset Start = new(2025, 1, 6, 15, 0, 0, TimeSpan.Zero);

    public static int Total => Clients * Phases * BatchesPerPhase * Rounds * Symbols.Length;

    public static string Closes()
    {
        var random = new Random(5);
        var text = new StringBuilder("date,").AppendJoin(',', Symbols).Append('\n');
        var prices = Symbols.Select((_, i) => 50.0 + 30 * i).ToArray();
        for (var day = 0; day < 90; day++)
        {
            text.Append(new DateOnly(2024, 9, 1).AddDays(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            for (var i = 0; i < prices.Length; i++) text.Append(CultureInfo.InvariantCulture, $",{prices[i] *= 1 + 0.04 * (random.NextDouble() - 0.5):F4}");
            text.Append('\n');
        }
        return text.ToString();
    }

    public static string Positions() => "symbol,quantity,average_cost\n" + string.Concat(Symbols.Select((symbol, i) => $"{symbol},{(i == 3 ? -70 : 100 + 10 * i)},40\n"));

    /// <summary>True when the program answered that it has taken all of the batch.</summary>
    public static async Task<bool> PostAsync(HttpClient http, int client, int batch, CancellationToken cancellation)
    {
        try
        {
            using var body = new StringContent(Batch(client, batch), Encoding.UTF8, "application/json");
            using var answer = await http.PostAsync("/api/v1/market/ticks", body, cancellation);
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
            Assert.Contains($"\"accepted\":{Rounds * Symbols.Length}", await answer.Content.ReadAsStringAsync(cancellation), StringComparison.Ordinal);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static string Batch(int client, int batch)
    {
        var text = new StringBuilder("{\"ticks\":[");
        for (var round = 0; round < Rounds; round++)
            for (var i = 0; i < Symbols.Length; i++)
            {
                var n = batch * Rounds + round;
                var perPhase = BatchesPerPhase * Rounds;
                var time = Start.AddMilliseconds(n / perPhase * PhaseMilliseconds + (double)(n % perPhase) * PhaseMilliseconds / perPhase + client);
                var price = 50 + 30 * i + 5 * Math.Sin((n * 7 + client * 13 + i) * 0.01);
                text.Append(round + i == 0 ? "" : ",").Append(CultureInfo.InvariantCulture,
                    $"{{\"symbol\":\"{Symbols[i]}\",\"time\":\"{time:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}\",\"price\":{price:F4},\"volume\":{1 + n % 90},\"source\":\"client-{client}\",\"epoch\":1,\"sequence\":{n}}}");
            }
        return text.Append("]}").ToString();
    }
}
