using Risk.Application.Calculators;
using Risk.Domain.Measures;

namespace Risk.Api.Wire;

/// <summary>What a backtest takes for granted, as its answer states it.</summary>
internal static class BacktestConventions
{
    /// <summary>Of the tests, whosever forecasts they look at.</summary>
    public static Dictionary<string, string> OfTests() => new()
    {
        ["exceedance"] = "pnl < -var",
        ["exceedance_rate_interval"] = "95 % Clopper-Pearson, independent days",
        ["independence"] = "transitions from a day to the one right after it, 0 ln 0 = 0",
        ["pi_interval"] = "95 % Clopper-Pearson, independent days",
        ["z2_standard_error"] = "independent days",
        ["rejection_level"] = "0.05",
        ["timeline_lookback_days"] = "250",
    };

    /// <summary>Also of the method that is walked forward: what it was told, or fell back on.</summary>
    /// <param name="isFitted">Whether parameters are fitted to the window.</param>
    public static Dictionary<string, string> Of(VarMethodWords method, int window, string quantile, string shortfall, VarOptions options, bool isFitted)
    {
        var said = OfTests();
        said["window"] = FormattableString.Invariant($"{window}");
        (said["quantile"], said["es_convention"]) = (quantile, shortfall);
        if (method.Reads("lambda"))
            said["lambda"] = FormattableString.Invariant($"{options.Lambda ?? (method.Method == VarMethod.AgeWeighted ? VarOptions.UsualAgeLambda : Ewma.DefaultLambda)}");
        if (options.DegreesOfFreedom is { } nu) said["degrees_of_freedom"] = FormattableString.Invariant($"{nu}");
        if (isFitted) said["refit_days"] = FormattableString.Invariant($"{TailForecasts.RefitDays}");
        else if (method.Method is VarMethod.ParametricNormal or VarMethod.DeltaNormal or VarMethod.StudentT or VarMethod.MonteCarloNormal or VarMethod.MonteCarloT)
            said["mean"] = "zero";
        if (method.Reads("paths")) (said["paths"], said["seed"]) = (FormattableString.Invariant($"{options.Paths}"), FormattableString.Invariant($"{options.Seed}"));
        return said;
    }
}
