using Risk.Domain.Amounts;
using Risk.Domain.Measures;
using Xunit;

namespace Risk.Domain.Tests.Measures;

public sealed class CurrencyBookTests
{
    private static readonly Currency Chf = Currency.Parse("CHF");

    [Fact]
    public void Moves_price_and_rate_together()
    {
        var book = Book();
        Assert.Equal([10 * 120 * 0.9, 500], book.Values, (a, b) => Math.Abs(a - b) < 1e-9);
        Assert.Equal(1080, book.Exposures()[Currency.Usd], 1e-9);
        Assert.Equal(500, book.Exposures()[Chf], 1e-9);
        Assert.Equal([1080 * (1.2 * 0.9 - 1) + 500 * 0.25], book.Pnl(), (a, b) => Math.Abs(a - b) < 1e-9);
        Assert.Equal([1080 * 0.2 + 500 * 0.25], book.Pnl(CurrencyMoves.LocalOnly), (a, b) => Math.Abs(a - b) < 1e-9);
        Assert.Equal([1080 * -0.1], book.Pnl(CurrencyMoves.FxOnly), (a, b) => Math.Abs(a - b) < 1e-9);
    }

    [Fact]
    public void Base_currency_has_no_currency_risk()
    {
        var book = new CurrencyBook(Chf, [new CurrencyPosition(Chf, 1, [1, 2, 1])], new Dictionary<Currency, double[]>());
        Assert.Equal([0, 0], book.Pnl(CurrencyMoves.FxOnly));
        Assert.Equal(Volatility.Sample([1, -0.5]), book.DeltaNormal().Sigma, 1e-12);
    }

    [Fact]
    public void The_error_of_its_deviation_comes_from_what_it_sees_local_and_foreign_moves_without_their_product()
    {
        double[] prices = [100, 120, 90, 90, 110], rates = [1, 0.9, 0.9, 1.1, 1];
        var book = new CurrencyBook(Chf, [new CurrencyPosition(Currency.Usd, -2, prices)], new Dictionary<Currency, double[]> { [Currency.Usd] = rates });
        double[] seen = [.. Enumerable.Range(1, 4).Select(t => -220 * (prices[t] / prices[t - 1] - 1 + rates[t] / rates[t - 1] - 1))];
        Assert.Equal(Volatility.Sample(seen), book.DeltaNormal().Sigma, 1e-9);
        Assert.Equal(VolatilityErrors.Sample(seen), book.DeltaNormalErrors().Of(1)!.Value, 1e-9);
    }

    [Fact]
    public void A_foreign_currency_without_rates_is_refused_by_name()
    {
        var refused = Assert.Throws<ArgumentException>(() => new CurrencyBook(Chf, [new CurrencyPosition(Currency.Usd, 1, [1, 2])], new Dictionary<Currency, double[]>()));
        Assert.Contains("No rates of USD in CHF", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Series_of_different_lengths_and_empty_books_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new CurrencyBook(Chf, [], new Dictionary<Currency, double[]>()));
        Assert.Throws<ArgumentException>(() => new CurrencyBook(Chf, [new(Chf, 1, [1, 2]), new(Chf, 1, [1])], new Dictionary<Currency, double[]>()));
        Assert.Throws<ArgumentException>(() => new CurrencyBook(Chf, [new(Currency.Usd, 1, [1, 2])], new Dictionary<Currency, double[]> { [Currency.Usd] = [1] }));
    }

    private static CurrencyBook Book() => new(
        Chf,
        [new CurrencyPosition(Currency.Usd, 10, [100, 120]), new CurrencyPosition(Chf, 5, [80, 100])],
        new Dictionary<Currency, double[]> { [Currency.Usd] = [1, 0.9] });
}
