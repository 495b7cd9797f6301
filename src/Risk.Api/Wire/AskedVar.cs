using System.Text.Json;
using Risk.Application.Calculators;
using Risk.Domain.Measures;

namespace Risk.Api.Wire;

/// <summary>How a VaR is asked for: the part of a body that both calculators of VaR read.</summary>
internal sealed record AskedVar(VarMethodWords Method, string Quantile, string Shortfall, IReadOnlyList<decimal> Confidences, VarOptions Options)
{
    public static readonly string[] Known =
    [
        "confidence", "method", "quantile", "es", "horizon_days", "horizon_method", "lambda", "scaling", "mean", "standard_deviation",
        "degrees_of_freedom", "garch", "paths", "seed", "components",
    ];

    private static readonly string[] OfSomeMethods =
        ["lambda", "scaling", "mean", "standard_deviation", "degrees_of_freedom", "garch", "covariance", "paths", "seed"];

    /// <param name="usual">The confidences where none is given.</param>
    public static AskedVar Read(BodyReader reader, List<Fault> faults, IReadOnlyList<decimal> usual)
    {
        var word = reader.Choice("method", [.. VarMethodWords.All.Select(x => x.Word)]);
        var method = VarMethodWords.All.FirstOrDefault(x => x.Word == word) ?? VarMethodWords.All[0];
        // A method that is not known refuses nothing of what is said of it.
        if (word is not null || reader.Find("method") is null)
            foreach (var option in OfSomeMethods.Where(x => reader.Find(x) is not null && !method.Reads(x))) reader.Add(option, $"Has no part in the method {method.Word}.");
        var quantile = reader.Choice("quantile", method.Quantiles) ?? method.Quantiles[0];
        var shortfall = reader.Choice("es", method.Shortfalls) ?? method.Shortfalls[0];
        var confidences = reader.Find("confidence") is null ? usual : reader.Confidences();
        var days = reader.Whole("horizon_days", 1, VarCalculatorLimits.MaxHorizonDays) ?? 1;
        var isOverlapping = reader.Choice("horizon_method", ["sqrt_time", "overlapping"]) == "overlapping";
        if (isOverlapping && days > 1 && method.Overlaps is { } why) reader.Add("horizon_method", $"overlapping is not defined for {method.Word}: {why}.");
        var (garch, initial) = GarchOf(reader, faults);
        var options = new VarOptions(
            VarMethodWords.Quantile.GetValueOrDefault(quantile, QuantileConvention.Type7),
            VarMethodWords.Shortfall.GetValueOrDefault(shortfall, ShortfallConvention.AcerbiTasche),
            VarMethodWords.Modified.GetValueOrDefault(shortfall),
            days,
            isOverlapping ? HorizonMethod.Overlapping : HorizonMethod.SqrtTime,
            reader.Real("lambda", 0.01, 1),
            reader.Choice("scaling", ["portfolio", "asset"]) == "asset",
            reader.Choice("mean", ["zero", "sample"]) == "sample",
            reader.Choice("standard_deviation", ["sample", "population"]) is { } divisor ? divisor == "population" : null,
            reader.Real("degrees_of_freedom", 2.01, 10_000),
            garch,
            initial,
            reader.Whole("paths", VarCalculatorLimits.MinSimulatedPaths, VarCalculatorLimits.MaxSimulatedPaths) ?? VarOptions.UsualPaths,
            SeedOf(reader),
            reader.Truth("components"));
        if (method.Method == VarMethod.MonteCarloT && reader.Find("degrees_of_freedom") is null) reader.Add("degrees_of_freedom", "Is missing: the method draws from a t with as many.");
        if (method.Method == VarMethod.StudentT && reader.Find("degrees_of_freedom") is null)
            foreach (var option in (string[])["mean", "standard_deviation"])
                if (reader.Find(option) is not null) reader.Add(option, "Belongs to given degrees_of_freedom: a fit has a location and scale of its own.");
        return new AskedVar(method, quantile, shortfall, confidences, options);
    }

    /// <summary>Whether something is fitted to the series, and so how long they may be.</summary>
    public bool IsFitted => Method.Method == VarMethod.FilteredGarch ? Options.Garch is null : Method.Method == VarMethod.StudentT && Options.DegreesOfFreedom is null;

    public bool IsSimulated => Method.Method is VarMethod.MonteCarloNormal or VarMethod.MonteCarloT;

    /// <summary>What goes beyond the bounds of the method, before anything is computed.</summary>
    public void CheckWork(BodyReader reader, string positions, int count, int? observations, string series)
    {
        if (IsFitted && observations > VarCalculatorLimits.MaxFittedObservations)
            reader.Add(series, $"{observations} returns are given; the limit is {VarCalculatorLimits.MaxFittedObservations} where {Method.Word} is fitted to them.");
        if (!IsSimulated) return;
        if (!reader.IsWithin(positions, count, VarCalculatorLimits.MaxSimulatedPositions, "positions to simulate")) return;
        var shocks = VarCalculatorLimits.ShocksOf(Options.Paths, count, Confidences, Options.HasComponents);
        if (shocks > VarCalculatorLimits.MaxShocks)
            reader.Add("paths", FormattableString.Invariant(
                $"{Options.Paths} paths of {count} positions draw {shocks:0} shocks with the tails whose components are asked for; the limit is {VarCalculatorLimits.MaxShocks:0}."));
    }

    private static ulong SeedOf(BodyReader reader)
    {
        if (reader.Find("seed") is not { } member) return 1;
        if (member.ValueKind == JsonValueKind.Number && member.TryGetUInt64(out var seed)) return seed;
        reader.Add("seed", $"Expected is a whole number from 0 to {ulong.MaxValue}.");
        return 1;
    }

    private static (GarchParameters? Parameters, double? InitialVariance) GarchOf(BodyReader reader, List<Fault> faults)
    {
        if (reader.Find("garch") is not { } member) return (null, null);
        var garch = new BodyReader(member, "/garch", faults, "mu", "omega", "alpha", "beta", "initial_variance");
        if (member.ValueKind != JsonValueKind.Object) return (null, null);
        foreach (var name in (string[])["omega", "alpha", "beta"])
            if (garch.Find(name) is null) garch.Missing(name);
        var parameters = new GarchParameters(
            garch.Real("mu", -1, 1) ?? 0, garch.Real("omega", 1e-18, 1) ?? 0, garch.Real("alpha", 0, 1) ?? 0, garch.Real("beta", 0, 1) ?? 0);
        return (parameters, garch.Real("initial_variance", 1e-18, 1e6));
    }
}
