using System.Globalization;
using System.Text;

namespace Risk.Api.Tests.Setup;

/// <summary>A small invented market, and the figures of it computed in another, plain way.</summary>
internal static class Market
{
    public const int Days = 300;

    public const string Instruments =
        """
        symbol,name,asset_class,currency,sector,multiplier
        AAA,Alpha Corp,equity,USD,Technology,1
        BBB,=Beta,equity,USD,Energy,1
        EEE,Echo SA,equity,EUR,Energy,1
        EURUSD,Euro,fx,USD,,1
        NEW,Newcomer,equity,USD,Energy,1

        """;

    private static readonly string[] Symbols = ["AAA", "BBB", "EEE", "EURUSD"];
    private static readonly Dictionary<string, double[]> Series = Generate();

    public static double[] Closes(string symbol) => Series[symbol];

    public static double[] Returns(string symbol) => [.. Series[symbol].Zip(Series[symbol].Skip(1), (a, b) => b / a - 1)];

    public static string WideCsv()
    {
        var csv = new StringBuilder("date,").AppendJoin(',', Symbols).Append('\n');
        for (var day = 0; day < Days; day++)
            csv.Append(new DateOnly(2025, 1, 1).AddDays(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))
                .Append(',').AppendJoin(',', Symbols.Select(x => Series[x][day].ToString("R", CultureInfo.InvariantCulture))).Append('\n');
        return csv.ToString();
    }

    /// <summary>Type 7 of the losses, by sorting and interpolating from the loss side.</summary>
    public static double Var(IEnumerable<double> pnl, double confidence)
    {
        var losses = pnl.Select(x => -x).Order().ToArray();
        var position = (losses.Length - 1) * confidence;
        var below = (int)Math.Floor(position + 1e-9);
        var above = Math.Min(below + 1, losses.Length - 1);
        return losses[below] + Math.Max(0, position - below) * (losses[above] - losses[below]);
    }

    /// <summary>Mean of the worst n·tail scenarios, the last one in part.</summary>
    public static double Shortfall(IEnumerable<double> pnl, double confidence)
    {
        var losses = pnl.Select(x => -x).OrderDescending().ToArray();
        var size = losses.Length * Math.Round(1 - confidence, 12);
        var whole = (int)Math.Floor(size + 1e-9);
        return (losses.Take(whole).Sum() + (size - whole) * losses[whole]) / size;
    }

    /// <summary>Of the shortfall, by the losses beyond the VaR (Chen 2008).</summary>
    public static double ShortfallError(IReadOnlyCollection<double> pnl, double confidence)
    {
        var beyond = pnl.Select(x => Math.Max(0, -x - Var(pnl, confidence))).ToArray();
        return Math.Sqrt(beyond.Sum(y => Math.Pow(y - beyond.Average(), 2))) / (pnl.Count * Math.Round(1 - confidence, 12));
    }

    /// <summary>The order statistics that the count of losses beyond the true quantile lies between on 95 % of occasions.</summary>
    public static (double Low, double? High) Interval(IEnumerable<double> pnl, double confidence)
    {
        var losses = pnl.Select(x => -x).OrderDescending().ToArray();
        double[] upTo = [.. Enumerable.Range(0, losses.Length).Select(k => MathNet.Numerics.Distributions.Binomial.CDF(1 - confidence, losses.Length, k))];
        var (high, low) = (upTo.Count(p => p <= 0.025), upTo.Count(p => p < 0.975) + 1);
        return (losses[low - 1], high == 0 ? null : losses[high - 1]);
    }

    private static Dictionary<string, double[]> Generate()
    {
        var random = new Random(7);
        return Symbols.ToDictionary(x => x, x =>
        {
            var price = x == "EURUSD" ? 1.1 : 100.0;
            return Enumerable.Range(0, Days).Select(_ => price = Math.Round(price * (1 + (random.NextDouble() - 0.495) * (x == "EURUSD" ? 0.01 : 0.05)), 4)).ToArray();
        });
    }
}
