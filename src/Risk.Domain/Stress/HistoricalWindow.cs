namespace Risk.Domain.Stress;

/// <summary>
/// A crisis that today's portfolio is sent through again, from the close of one day to the close of another. Each runs from a closing peak
/// of the S&amp;P 500 to the closing trough that followed, as S&amp;P Dow Jones Indices publishes the index.
/// </summary>
/// <param name="Name">By which it is asked for.</param>
/// <param name="From">The day from whose close the prices move.</param>
/// <param name="To">The day at whose close they have arrived.</param>
public sealed record HistoricalWindow(string Name, string Title, DateOnly From, DateOnly To)
{
    /// <summary>The index fell from 1,565.15 to 676.53, 56.8 %.</summary>
    public static HistoricalWindow Crisis2008 { get; } =
        new("crisis_2008", "Global financial crisis: S&P 500 from its peak of October 2007 to its trough of March 2009", new(2007, 10, 9), new(2009, 3, 9));

    /// <summary>The index fell from 3,386.15 to 2,237.40, 33.9 %.</summary>
    public static HistoricalWindow Covid2020 { get; } =
        new("covid_2020", "Covid-19: S&P 500 from its peak of February 2020 to its trough of March 2020", new(2020, 2, 19), new(2020, 3, 23));

    /// <summary>The index fell from 4,796.56 to 3,577.03, 25.4 %, while policy rates rose.</summary>
    public static HistoricalWindow Rates2022 { get; } =
        new("rates_2022", "Rate shock: S&P 500 from its peak of January 2022 to its trough of October 2022", new(2022, 1, 3), new(2022, 10, 12));

    /// <summary>In the order of time.</summary>
    public static IReadOnlyList<HistoricalWindow> All { get; } = [Crisis2008, Covid2020, Rates2022];
}
