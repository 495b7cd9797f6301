using FsCheck;
using FsCheck.Fluent;
using Risk.Application.Calculators;
using Risk.Domain.Measures;
using Risk.Testing.Simulation;
using Xunit;

namespace Risk.Application.Tests.Calculators;

/// <summary>What must hold of every method of VaR, whatever the past and the positions.</summary>
public sealed class VarLawTests
{
    private static readonly decimal[] Confidences = [0.9m, 0.95m, 0.99m];

    private static readonly (string Name, VarMethod Method, VarOptions Options)[] All =
    [
        ("historical", VarMethod.Historical, new()), ("age weighted", VarMethod.AgeWeighted, new(QuantileConvention.Type1)), ("volatility scaled", VarMethod.VolatilityScaled, new()),
        ("asset scaled", VarMethod.VolatilityScaled, new(IsAssetLevel: true)), ("filtered", VarMethod.FilteredGarch, new()),
        ("normal", VarMethod.ParametricNormal, new()), ("normal with mean", VarMethod.ParametricNormal, new(HasMean: true)),
        ("t", VarMethod.StudentT, new(DegreesOfFreedom: 5)), ("fitted t", VarMethod.StudentT, new()), ("delta normal", VarMethod.DeltaNormal, new()),
        ("Cornish and Fisher", VarMethod.CornishFisher, new()), ("simulated", VarMethod.MonteCarloNormal, new(Paths: 2_000)),
        ("simulated t", VarMethod.MonteCarloT, new(Paths: 2_000, DegreesOfFreedom: 4.5)),
    ];

    public static TheoryData<string> Methods => [.. All.Select(x => x.Name)];

    private static readonly Gen<(double[] Positions, double[][] Returns)> BookGen =
        from seed in Gen.Choose(1, int.MaxValue)
        from days in Gen.Choose(60, 130)
        from values in Gen.Choose(-900, 1_500).ArrayOf(3)
        select ((double[])[20_000, .. values.Select(x => (double)x)], ReturnsOf(seed, days, 4));

    [Theory]
    [MemberData(nameof(Methods))]
    public void Shortfall_is_at_least_the_var_and_both_grow_with_confidence(string method) => Holds(method, (run, book) =>
    {
        var results = run(book.Positions, book.Returns).Results;
        foreach (var x in results) Assert.True(x.Es.Value >= x.Var.Value - 1e-9);
        foreach (var (lower, higher) in results.Zip(results.Skip(1)))
        {
            // Outside of its domain the bent quantile may fall, and its shortfall sooner; then it is flagged.
            Assert.True(higher.Var.Value >= lower.Var.Value || lower.Warnings.HasFlag(LossWarnings.NotMonotone));
            Assert.True(higher.Es.Value >= lower.Es.Value - 1e-9 || higher.Warnings.HasFlag(LossWarnings.ShortfallFalls));
        }
    });

    [Theory]
    [MemberData(nameof(Methods))]
    public void Components_sum_to_the_total_and_are_position_times_slope(string method) => Holds(method, (run, book) =>
    {
        foreach (var x in run(book.Positions, book.Returns).Results)
            foreach (var (total, parts) in new[] { (x.Var.Value!.Value, x.VarParts!), (x.Es.Value!.Value, x.EsParts!) })
            {
                var scale = parts.Components.Sum(Math.Abs);
                Assert.Equal(total, parts.Components.Sum(), 1e-6 * scale);
                for (var i = 0; i < book.Positions.Length; i++) Assert.Equal(parts.Components[i], book.Positions[i] * parts.Marginal[i], 1e-9 * scale);
                Assert.All(parts.Incremental, part => Assert.NotNull(part));
            }
    });

    [Theory]
    [MemberData(nameof(Methods))]
    public void Doubling_the_positions_doubles_every_figure_but_the_marginal(string method) => Holds(method, (run, book) =>
    {
        var (once, twice) = (run(book.Positions, book.Returns).Results, run([.. book.Positions.Select(x => 2 * x)], book.Returns).Results);
        foreach (var (a, b) in once.Zip(twice))
        {
            var scale = 1e-6 * a.Es.Value!.Value;
            Assert.Equal(2 * a.Var.Value!.Value, b.Var.Value!.Value, scale);
            Assert.Equal(2 * a.Es.Value!.Value, b.Es.Value!.Value, scale);
            for (var i = 0; i < book.Positions.Length; i++)
            {
                Assert.Equal(2 * a.VarParts!.Components[i], b.VarParts!.Components[i], scale);
                Assert.Equal(2 * a.EsParts!.Incremental[i]!.Value, b.EsParts!.Incremental[i]!.Value, scale);
                Assert.Equal(a.EsParts!.Marginal[i], b.EsParts!.Marginal[i], 1e-6 * Math.Abs(a.EsParts.Marginal[i]) + 1e-9);
            }
        }
    });

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_position_of_nothing_changes_nothing_and_adds_nothing(string method) => Holds(method, (run, book) =>
    {
        var (bare, more) = (run(book.Positions, book.Returns).Results, run([.. book.Positions, 0], [.. book.Returns, ReturnsOf(7, book.Returns[0].Length, 1)[0]]).Results);
        foreach (var (a, b) in bare.Zip(more))
        {
            Assert.Equal(a.Var.Value!.Value, b.Var.Value!.Value, 1e-9 * a.Es.Value!.Value);
            Assert.Equal(a.Es.Value!.Value, b.Es.Value!.Value, 1e-9 * a.Es.Value!.Value);
            foreach (var parts in new[] { b.VarParts!, b.EsParts! })
            {
                Assert.Equal(0, parts.Components[^1]);
                Assert.Equal(0, parts.Incremental[^1]!.Value, 1e-6 * a.Es.Value!.Value);
            }
        }
    });

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_position_and_its_exact_opposite_have_no_risk(string method) => Holds(method, (run, book) =>
    {
        foreach (var x in run([1_000, -1_000], [book.Returns[0], book.Returns[0]]).Results)
        {
            // Where a distribution is fitted, or a return measured on a value of zero, there is none, which has its reason.
            Assert.Equal(0, x.Var.Value ?? 0, 1e-9);
            Assert.True(x.Var.Reason is null || method is "filtered" or "fitted t" or "Cornish and Fisher", $"{x.Var.Reason}");
        }
    });

    [Theory]
    [InlineData("historical")]
    [InlineData("normal with mean")]
    [InlineData("t")]
    [InlineData("fitted t")]
    [InlineData("delta normal")]
    [InlineData("Cornish and Fisher")]
    [InlineData("simulated")]
    public void The_order_of_the_days_is_irrelevant_where_days_do_not_age(string method) => Holds(method, (run, book) =>
    {
        var backwards = run(book.Positions, [.. book.Returns.Select(x => x.Reverse().ToArray())]).Results;
        foreach (var (a, b) in run(book.Positions, book.Returns).Results.Zip(backwards))
        {
            Assert.Equal(a.Var.Value!.Value, b.Var.Value!.Value, 1e-6 * a.Es.Value!.Value);
            Assert.Equal(a.Es.Value!.Value, b.Es.Value!.Value, 1e-6 * a.Es.Value!.Value);
        }
    });

    private static void Holds(string method, Action<Func<double[], double[][], CalculatedVar>, (double[] Positions, double[][] Returns)> law)
    {
        var (_, kind, options) = All.Single(x => x.Name == method);
        var calculate = new CalculateVar(new FakeTimeProvider(new DateTimeOffset(2026, 1, 5, 0, 0, 0, TimeSpan.Zero)));
        CalculatedVar Run(double[] positions, double[][] returns) =>
            calculate.Run(new VarQuestion(kind, positions, null, returns, null, Confidences, options with { HasComponents = true }), CancellationToken.None)!;
        Check.One(Config.QuickThrowOnFailure.WithReplay(20_261_121, 7).WithMaxTest(20), Prop.ForAll(BookGen.ToArbitrary(), book => law(Run, book)));
    }

    /// <summary>One factor and its own noise for each asset, with fat tails now and then.</summary>
    private static double[][] ReturnsOf(int seed, int days, int assets)
    {
        var random = new Random(seed);
        double Noise() => (Enumerable.Range(0, 6).Sum(_ => random.NextDouble()) - 3) * (random.Next(20) == 0 ? 0.04 : 0.01);
        double[] market = [.. Enumerable.Range(0, days).Select(_ => Noise())];
        return [.. Enumerable.Range(0, assets).Select(_ => market.Select(m => 0.6 * m + Noise()).ToArray())];
    }
}
