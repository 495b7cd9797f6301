using System.Text.Json.Serialization;
using Risk.Application.Reporting;
using Risk.Domain.Measures;
using Risk.Domain.Options;
using Risk.Domain.Snapshots;

namespace Risk.Api.Wire;

/// <param name="Book">Null where the rows are options each for itself.</param>
internal sealed record OptionsInput(OptionRow[] Rows, BookInput? Book);

internal sealed record BookInput(double Units, double? DailyVolatility, double[]? Prices, IReadOnlyList<decimal> Confidences);

/// <summary>Columns in the order of the rows; see <see cref="OptionFigures"/> for units.</summary>
/// <param name="Observations">Rows.</param>
/// <param name="Coverage">Share of the rows that the figures contain: 1, for a row that cannot be valued is refused.</param>
public sealed record OptionsCalculation(
    string Method,
    Dictionary<string, string> Conventions,
    int Observations,
    double Coverage,
    double[]? Price,
    double[]? Delta,
    double[]? Gamma,
    double[]? Vega,
    double[]? Theta,
    double[]? Rho,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] OptionBookFigures? Book,
    IReadOnlyList<string> Flags,
    Dictionary<string, string> Reasons)
{
    private static readonly Dictionary<string, string> Said = new()
    {
        ["rates"] = "continuous",
        ["theta"] = "per year",
        ["vega"] = "per 1.00",
        ["rho"] = "per 1.00",
        ["exercise"] = "european",
        ["sampling_error"] = "none: closed forms of what is given",
    };

    internal static OptionsCalculation Of(OptionsInput x)
    {
        var sheet = new FigureSheet();
        var figures = x.Rows.Select(row => BlackScholes.Of(row.Option, row.Market)).ToArray();
        return new OptionsCalculation(
            ImpliedVolatilityCalculation.Model, Said, x.Rows.Length, 1,
            sheet.Of("price", figures.Select(f => f.Price)), sheet.Of("delta", figures.Select(f => f.Delta)), sheet.Of("gamma", figures.Select(f => f.Gamma)),
            sheet.Of("vega", figures.Select(f => f.Vega)), sheet.Of("theta", figures.Select(f => f.Theta)), sheet.Of("rho", figures.Select(f => f.Rho)),
            x.Book is null ? null : OptionBookFigures.Of(x.Rows, x.Book), [], sheet.Reasons);
    }
}

/// <summary>The book in the currency of the underlying; losses positive, P&amp;L signed, one day ahead.</summary>
/// <param name="Conventions">One for each kind of shock, of past prices and of a given volatility.</param>
/// <param name="Observations">Returns of the underlying.</param>
/// <param name="PnlMoments">Of the gains and losses to second order under normal shocks.</param>
public sealed record OptionBookFigures(
    string Method, Dictionary<string, string> Conventions, int Observations, int HorizonDays, double? Value, double? Delta, double? Gamma, PnlMoments? PnlMoments, IReadOnlyList<OptionBookResult> Results, IReadOnlyList<string> Flags,
    Dictionary<string, string> Reasons)
{
    /// <summary>Standard deviations that no slice of the normal shocks reaches.</summary>
    private const double BeyondAnyShock = 10;

    private static readonly Dictionary<string, string> Said = new()
    {
        ["quantile"] = FigureWords.Of(QuantileConvention.Type7),
        ["es_convention"] = FigureWords.Of(ShortfallConvention.AcerbiTasche),
        ["interval"] = TailAnswer.IntervalConvention,
        ["es_standard_error"] = TailAnswer.ErrorConvention,
        ["daily_volatility"] = "taken as known: figures under normal shocks have no sampling error",
        ["normal_shock"] = FormattableString.Invariant($"mean zero; full revaluation at {OptionBook.UsualSlices} equally probable moves, quantile type5"),
        ["market"] = "time, volatilities and rates stay",
    };

    internal static OptionBookFigures Of(OptionRow[] rows, BookInput x)
    {
        var book = new OptionBook(rows[0].Market, rows.Select(row => new OptionHolding(row.Option, row.Quantity)), x.Units);
        var moves = x.Prices is null ? [] : Returns.Simple(x.Prices);
        var sheet = new FigureSheet();
        var quadratic = x.DailyVolatility is { } sd ? book.NormalDeltaGamma(sd) : (QuadraticPnl?)null;
        var moments = quadratic?.Moments;
        if (moments is null) sheet.Miss("pnl_moments", FigureReason.NotApplicable);
        var spot = rows[0].Market.Spot;
        var hasHistory = moves.Length >= RiskConventions.MinObservations;
        var shocked = new ShockedPnl(
            quadratic, x.DailyVolatility is { } volatility && StaysWithinLimits(spot, BeyondAnyShock * volatility) ? Sorted(book.NormalFullRevaluation(volatility)) : null,
            moves.Length, hasHistory && StaysWithinLimits(spot, moves.Max()) ? Sorted(book.FullRevaluation(moves)) : null,
            hasHistory ? Sorted(book.DeltaGamma(moves)) : null);
        return new OptionBookFigures(
            "delta_gamma and full_revaluation", Said, moves.Length, RiskConventions.HorizonDays, sheet.Of("value", book.Value), sheet.Of("delta", book.Delta), sheet.Of("gamma", book.Gamma),
            moments is null ? null : Wire.PnlMoments.Of(moments, sheet),
            [.. x.Confidences.Select(confidence => OptionBookResult.Of(confidence, shocked, hasPrices: x.Prices is not null))],
            moments is { IsMonotone: false } ? ["cornish_fisher_not_monotone"] : [], sheet.Reasons);
    }

    /// <summary>Whether the formula still takes the spot at the worst and the best move.</summary>
    private static bool StaysWithinLimits(double spot, double largestMove) =>
        spot * OptionBook.LeastSpot >= 1 / BlackScholes.MaxPrice && spot * (1 + largestMove) <= BlackScholes.MaxPrice;

    /// <summary>Null where the P&amp;L leaves what doubles hold.</summary>
    private static SortedPnl? Sorted(double[] pnl) => Array.TrueForAll(pnl, double.IsFinite) ? new SortedPnl(pnl) : null;
}

public sealed record PnlMoments(double? Mean, double? Sd, double? Skewness, double? ExcessKurtosis)
{
    internal static PnlMoments Of(CornishFisher x, FigureSheet sheet) => new(
        sheet.Of("pnl_moments/mean", x.Mean), sheet.Of("pnl_moments/sd", x.Sigma), sheet.Of("pnl_moments/skewness", x.Skewness), sheet.Of("pnl_moments/excess_kurtosis", x.ExcessKurtosis));
}

/// <summary>P&amp;L of a book under its shocks; null where they are not given.</summary>
internal sealed record ShockedPnl(QuadraticPnl? Quadratic, SortedPnl? Normal, int Observations, SortedPnl? Full, SortedPnl? Expanded);

/// <param name="HistoricalFullRevaluationInterval">Of the VaR, from order statistics; as that by delta and gamma.</param>
public sealed record OptionBookResult(
    decimal Confidence,
    double? DeltaNormalVar,
    double? DeltaGammaExactVar,
    double? DeltaGammaCornishFisherVar,
    double? FullRevaluationNormalShockVar,
    double? HistoricalFullRevaluationVarType7,
    double? HistoricalDeltaGammaVarType7,
    double? HistoricalFullRevaluationEs,
    double? HistoricalFullRevaluationEsStandardError,
    IntervalAnswer? HistoricalFullRevaluationInterval,
    IntervalAnswer? HistoricalDeltaGammaInterval,
    IReadOnlyList<string> Flags,
    Dictionary<string, string> Reasons)
{
    internal static OptionBookResult Of(decimal confidence, ShockedPnl x, bool hasPrices)
    {
        var sheet = new FigureSheet();
        var reason = hasPrices && x.Observations < RiskConventions.MinObservations ? FigureReason.ShortHistory : FigureReason.NotApplicable;
        return new OptionBookResult(
            confidence,
            sheet.Of("delta_normal_var", x.Quadratic?.DeltaNormalVar(confidence)),
            sheet.Of("delta_gamma_exact_var", x.Quadratic?.ExactVar(confidence)),
            sheet.Of("delta_gamma_cornish_fisher_var", x.Quadratic?.Moments.Var(confidence)),
            sheet.Of("full_revaluation_normal_shock_var", x.Normal is null ? null : HistoricalVar.Of(x.Normal, confidence, QuantileConvention.Type5)),
            sheet.Of("historical_full_revaluation_var_type7", x.Full is null ? null : HistoricalVar.Of(x.Full, confidence), reason),
            sheet.Of("historical_delta_gamma_var_type7", x.Expanded is null ? null : HistoricalVar.Of(x.Expanded, confidence), reason),
            sheet.Of("historical_full_revaluation_es", x.Full is null ? null : ExpectedShortfall.Of(x.Full, confidence), reason),
            sheet.Of("historical_full_revaluation_es_standard_error", x.Full is null ? null : new TailReading().ShortfallError(x.Full, confidence), reason),
            TailAnswer.IntervalOf("historical_full_revaluation_interval", x.Full, confidence, sheet, reason),
            TailAnswer.IntervalOf("historical_delta_gamma_interval", x.Expanded, confidence, sheet, reason),
            x.Full is null && x.Expanded is null ? [] : TailAnswer.FlagsOf(x.Observations, confidence),
            sheet.Reasons);
    }
}

/// <param name="Coverage">Rows with a volatility / rows.</param>
/// <param name="ImpliedVol">Per year, in the order of the rows; null where no volatility gives the price.</param>
/// <param name="Unsolved">Those rows, with what is wrong.</param>
public sealed record ImpliedVolatilityCalculation(
    string Method, Dictionary<string, string> Conventions, int Observations, double Coverage, double?[] ImpliedVol, IReadOnlyList<UnsolvedRow> Unsolved, IReadOnlyList<string> Flags,
    Dictionary<string, string> Reasons)
{
    public const string Model = "black_scholes_merton";

    internal static ImpliedVolatilityCalculation Of(OptionRow[] rows)
    {
        var found = rows.Select(x => ImpliedVolatility.Of(x.Option.Right, x.Option.Strike, x.Option.Years, x.Market, x.Price)).ToArray();
        var missing = found.Select((x, i) => (x.Value, x.Reason, i)).Where(x => !IsKnown(x.Value)).ToArray();
        return new ImpliedVolatilityCalculation(
            Model, new Dictionary<string, string> { ["rates"] = "continuous", ["implied_vol"] = "per year", ["exercise"] = "european" }, rows.Length,
            (double)(rows.Length - missing.Length) / rows.Length,
            [.. found.Select(x => IsKnown(x.Value) ? x.Value : null)],
            [.. missing.Select(x => new UnsolvedRow(x.i, FigureWords.Of(FigureReason.NotApplicable), WordOf(x.Reason)))],
            [], missing.ToDictionary(x => $"implied_vol/{x.i}", _ => FigureWords.Of(FigureReason.NotApplicable)));
    }

    private static bool IsKnown(double? value) => value is { } known && double.IsFinite(known);

    private static string WordOf(NoVolatility? reason) => reason switch
    {
        NoVolatility.Expired => "expired",
        NoVolatility.BelowIntrinsic => "below_intrinsic",
        NoVolatility.NoTimeValue => "no_time_value",
        _ => "above_bound",
    };
}

public sealed record UnsolvedRow(int Row, string Reason, string Detail);
