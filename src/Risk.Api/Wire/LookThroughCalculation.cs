using Risk.Domain.Funds;
using Risk.Domain.Instruments;
using Risk.Domain.Measures;

namespace Risk.Api.Wire;

/// <param name="Funds">In the order of the body.</param>
/// <param name="Opened">Null beside faults.</param>
internal sealed record LookThroughInput(Dictionary<Symbol, double> Positions, List<Symbol> Funds, FundLookThrough? Opened, Dictionary<Symbol, string> Sectors);

/// <summary>Values in the currency of the positions; weights are ratios of the total, null where that is not positive, or too small for them.</summary>
/// <param name="Coverage">Share of what is really held that is disclosed, long and short of every fund added up, funds inside funds too; what is no fund is its own disclosure. Null where there are no weights.</param>
/// <param name="HhiStocksExclCashOther">Of the stocks' weights.</param>
/// <param name="EffectiveFundHoldings">Each fund's weights with every fund inside it opened.</param>
public sealed record LookThroughCalculation(
    string Method,
    Dictionary<string, string> Conventions,
    int Observations,
    double? Coverage,
    double? TotalValue,
    Dictionary<string, double> StockValue,
    Dictionary<string, double>? StockWeight,
    Dictionary<string, double>? SectorWeight,
    double? HhiStocksExclCashOther,
    Dictionary<string, Dictionary<string, double>> EffectiveFundHoldings,
    IReadOnlyList<FundOverlapRow> Overlaps,
    IReadOnlyList<string> Flags,
    Dictionary<string, string> Reasons)
{
    private static readonly Dictionary<string, string> Said = new()
    {
        ["undisclosed"] = "1 - sum of the weights, as OTHER; never scaled up",
        ["overlap"] = "sum of min(a, b) over stocks held long by both, CASH and OTHER excluded",
    };

    internal static LookThroughCalculation Of(LookThroughInput x)
    {
        var (opened, sheet) = (x.Opened!, new FigureSheet());
        var values = opened.Values(x.Positions);
        var total = values.Values.Sum();
        // A total that is next to nothing leaves weights beyond all numbers.
        var weights = total > 0 && FundLookThrough.Weights(values) is var shares && double.IsFinite(shares.Values.Sum(Math.Abs)) ? shares : null;
        if (weights is null)
            foreach (var name in (string[])["stock_weight", "sector_weight"]) sheet.Miss(name, Domain.Snapshots.FigureReason.NotApplicable);
        var overlaps = from a in Enumerable.Range(0, x.Funds.Count)
                       from b in Enumerable.Range(a + 1, x.Funds.Count - a - 1)
                       let overlap = opened.Overlap(x.Funds[a], x.Funds[b])
                       select new FundOverlapRow(x.Funds[a].Text, x.Funds[b].Text, overlap.Weight, overlap.CommonCount);
        return new LookThroughCalculation(
            "look_through", Said, 0, sheet.Of("coverage", weights is null ? null : opened.DisclosedShare(x.Positions)),
            sheet.Of("total_value", total), Named(values), weights is null ? null : Named(weights),
            weights is null ? null : new Dictionary<string, double>(FundLookThrough.BySector(weights, x.Sectors)),
            sheet.Of("hhi_stocks_excl_cash_other", weights is null ? null : Concentration.Hhi([.. FundLookThrough.Stocks(weights).Select(w => w.Value)])),
            x.Funds.ToDictionary(fund => fund.Text, fund => Named(opened.HoldingsOf(fund))),
            [.. overlaps],
            [.. FlagsOf([.. x.Funds.Select(opened.UndisclosedOf)])],
            sheet.Reasons);
    }

    private static IEnumerable<string> FlagsOf(double[] undisclosed)
    {
        if (Array.Exists(undisclosed, x => x > 0)) yield return "undisclosed_holdings";
        if (Array.Exists(undisclosed, x => x < 0)) yield return "weights_above_one";
    }

    private static Dictionary<string, double> Named(IReadOnlyDictionary<Symbol, double> held) => held.ToDictionary(x => x.Key.Text, x => x.Value + 0.0);
}

/// <param name="FundOverlap">Σ min of the two weights.</param>
public sealed record FundOverlapRow(string Fund, string OtherFund, double FundOverlap, int FundOverlapCommonCount);
