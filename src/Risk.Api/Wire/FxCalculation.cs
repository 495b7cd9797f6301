using Risk.Application.Calculators;
using Risk.Application.Reporting;
using Risk.Domain.Amounts;
using Risk.Domain.Measures;

namespace Risk.Api.Wire;

internal sealed record FxInput(
    Currency Base, IReadOnlyList<string> Symbols, IReadOnlyList<CurrencyPosition> Positions, Dictionary<Currency, double[]> Rates, IReadOnlyList<decimal> Confidences,
    QuantileConvention Quantile, ShortfallConvention Shortfall);

/// <summary>Money is in the base currency.</summary>
/// <param name="ValueBase">Of each position, in their order; negative when short.</param>
/// <param name="CurrencyExposure">Net value by currency.</param>
/// <param name="DeltaNormalSdWithFx">Standard deviation of the one-day P&amp;L.</param>
/// <param name="Coverage">Share of the value that is measured: 1, for a position without prices or rates is refused.</param>
public sealed record FxCalculation(
    string Method,
    Dictionary<string, string> Conventions,
    int Observations,
    int HorizonDays,
    string Currency,
    double Coverage,
    IReadOnlyList<string> Symbols,
    double[]? ValueBase,
    double? TotalValueBase,
    SortedDictionary<string, double> CurrencyExposure,
    double? DeltaNormalSdWithFx,
    double? DeltaNormalSdWithFxStandardError,
    IReadOnlyList<FxResult> Results,
    IReadOnlyList<string> Flags,
    Dictionary<string, string> Reasons)
{
    internal static FxCalculation Of(FxInput x)
    {
        var book = new CurrencyBook(x.Base, x.Positions, x.Rates);
        var (both, local, fx) = (book.Pnl(), book.Pnl(CurrencyMoves.LocalOnly), book.Pnl(CurrencyMoves.FxOnly));
        var (sheet, tail) = (new FigureSheet(), FigureSheet.For(both.Length));
        var (normal, errors) = tail.IsOpen ? (book.DeltaNormal(), book.DeltaNormalErrors()) : (null, null);
        TailAnswer Tail(double[] pnl, decimal confidence) => TailAnswer.Of(pnl, confidence, x.Quantile, x.Shortfall);
        FxResult Result(decimal confidence)
        {
            var own = FigureSheet.For(both.Length);
            var multiple = ParametricVar.Normal(1, confidence);
            return new FxResult(
                confidence, Tail(both, confidence), Tail(local, confidence), Tail(fx, confidence),
                own.Of("delta_normal_var_with_fx", normal?.Loss(multiple)), own.Of("delta_normal_var_with_fx_standard_error", errors?.Of(multiple)), own.Reasons);
        }
        return new FxCalculation(
            "historical and delta_normal",
            new Dictionary<string, string>
            {
                ["quantile"] = FigureWords.Of(x.Quantile),
                ["es_convention"] = FigureWords.Of(x.Shortfall),
                ["scenario"] = "(1+r)(1+fx)-1 on today's values",
                ["delta_normal"] = "sample covariance of local and FX returns, mean zero",
                ["interval"] = TailAnswer.IntervalConvention,
                ["es_standard_error"] = TailAnswer.ErrorConvention,
                ["delta_normal_standard_error"] = "independent days, fourth moment of the P&L, first order",
            },
            both.Length, 1, x.Base.Code, 1, x.Symbols,
            sheet.Of("value_base", book.Values),
            sheet.Of("total_value_base", book.Values.Sum()),
            new SortedDictionary<string, double>(book.Exposures().ToDictionary(e => e.Key.Code, e => e.Value + 0.0), StringComparer.Ordinal),
            tail.Of("delta_normal_sd_with_fx", normal?.Sigma),
            tail.Of("delta_normal_sd_with_fx_standard_error", errors?.Of(1)),
            [.. x.Confidences.Select(Result)],
            VarMethodWords.WordsOf(errors is { HasHeavyTails: true } ? LossWarnings.HeavyTails : LossWarnings.None),
            sheet.Reasons.Concat(tail.Reasons).ToDictionary());
    }
}

/// <summary>Losses at one confidence: of price and rate together, of the local prices alone, of the rates alone.</summary>
public sealed record FxResult(
    decimal Confidence, TailAnswer HsWithFx, TailAnswer HsLocalOnly, TailAnswer HsFxOnly, double? DeltaNormalVarWithFx, double? DeltaNormalVarWithFxStandardError,
    Dictionary<string, string> Reasons);
