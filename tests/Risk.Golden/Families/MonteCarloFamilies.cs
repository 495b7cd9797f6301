using System.Text.Json.Nodes;
using Risk.Domain.Measures;

namespace Risk.Golden.Families;

/// <summary>Simulated P&amp;L. The cases name no seed: any must do.</summary>
internal static class MonteCarloFamilies
{
    public static JsonNode Simulated(GoldenCase golden)
    {
        var inputs = golden.Inputs;
        var nu = inputs.Number("degrees_of_freedom", 0);
        var simulation = new MonteCarlo(
            inputs.Positions(),
            inputs.Has("covariance_daily") ? PerformanceFamilies.Rows(inputs, "covariance_daily") : Covariance.Matrix(inputs.SimpleReturns()),
            (ulong)inputs.Number("seed", 1),
            nu > 0 ? nu : null);
        var pnl = new double[(int)inputs.Number("paths", 100_000)];
        simulation.Simulate(0, pnl);
        var sorted = new SortedPnl(pnl);
        return Json.Of(golden.ConfidencesAt(), level => level.Key, level =>
        {
            var tail = SimulatedTail.Of(sorted, level.Confidence);
            return new JsonObject
            {
                ["var"] = tail.Var,
                ["var_std_error"] = tail.VarStandardError,
                ["es"] = tail.Shortfall,
                ["es_std_error"] = tail.ShortfallStandardError,
                ["component_es"] = Json.Of(simulation.ByPosition(ExpectedShortfall.Scenarios(sorted, level.Confidence)).Select(pnl => -pnl)),
            };
        });
    }
}
