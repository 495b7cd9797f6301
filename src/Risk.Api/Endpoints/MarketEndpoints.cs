using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Risk.Api.Access;
using Risk.Api.Setup;
using Risk.Api.Wire;
using Risk.Application.Access;
using Risk.Application.Reporting;
using Risk.Application.Stores;
using Risk.Domain.Instruments;
using Risk.Domain.Prices;

namespace Risk.Api.Endpoints;

/// <summary>What is quoted: symbols, their 5-second windows, their daily closes.</summary>
internal static class MarketEndpoints
{
    private const int MaxWindows = 10_000;
    private const int UsualWindows = 720;
    private const int MaxDays = 20_000;
    private const int MaxSymbols = 10_000;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").WithTags("Market");
        group.MapGet("/symbols", Symbols).Needs(Role.Viewer).Produces<SymbolsAnswer>().Describe(
            "Every known symbol with its last price",
            "In ordinal order. ticks counts the ticks of the symbol; prices are null before the first.",
            new RouteDocs(["limit", "cursor", "format"], Examples.Symbols, IsTable: true), 400);
        group.MapGet("/api/v1/market/{symbol}/windows", Windows).Needs(Role.Viewer).Produces<WindowsAnswer>().Describe(
            "The 5-second windows of a symbol",
            "Ascending, the newest limit of those that start in the range; the open ones too. The range ends at the newest tick and "
            + "begins an hour before its end where not given, and spans 31 days at most. avg weighs ticks, vwap volume.",
            new RouteDocs(["from", "to", "limit", "format"], Examples.Windows, IsTable: true), 400, 404);
        group.MapGet("/api/v1/market/{symbol}/history", History).Needs(Role.Viewer).Produces<HistoryAnswer>().Describe(
            "The daily closes of a symbol",
            "Ascending; the last days of the history in use, null where the symbol has no close.",
            new RouteDocs(["days", "format"], Examples.History, IsTable: true), 400, 404);
    }

    private static async Task<IResult> Symbols(HttpRequest request, InstrumentStore instruments, PriceStore prices, CancellationToken cancellation)
    {
        var query = new QueryReader(request);
        var (limit, after) = (query.Whole("limit", 1, MaxSymbols, MaxSymbols), query.Find("cursor"));
        if (query.Problem is { } problem) return problem;
        var known = (await instruments.LoadAllAsync(cancellation)).Instruments;
        var rest = known.Values.OrderBy(x => x.Symbol).Where(x => after is null || string.CompareOrdinal(x.Symbol.Text, after) > 0).ToList();
        var page = rest.Take(limit).ToList();
        var states = await prices.LoadAsync([.. page.Select(x => x.Symbol)], cancellation);
        var rows = page.Select(x => SymbolRow.Of(x, states.GetValueOrDefault(x.Symbol))).ToList();
        var answer = new SymbolsAnswer(rows, rows.Count, rest.Count > limit ? page[^1].Symbol.Text : null);
        return Answers.Table(query, answer, ApiJson.Default.SymbolsAnswer, TableOf);
    }

    private static async Task<IResult> Windows(string symbol, HttpRequest request, ReportWindows report, CancellationToken cancellation)
    {
        var query = new QueryReader(request);
        var (from, to, limit) = (query.Time("from"), query.Time("to"), query.Whole("limit", 1, MaxWindows, UsualWindows));
        if (from > to) query.Add("from", "The range ends before it begins.");
        if (to - from > ReportWindows.MaxSpan) query.Add("from", $"The range may span {ReportWindows.MaxSpan.Days} days at most.");
        if (query.Problem is { } problem) return problem;
        if (!Answers.TrySymbol(symbol, out var known)) return Answers.UnknownSymbol(symbol);
        if (await report.RunAsync(known, from, to, limit, cancellation) is not { } found) return Answers.UnknownSymbol(symbol);
        var answer = new WindowsAnswer(known.Text, [.. found.Select(x => WindowRow.Of(x.Window, x.IsClosed))], found.Count);
        return Answers.Table(query, answer, ApiJson.Default.WindowsAnswer, TableOf);
    }

    private static async Task<IResult> History(string symbol, HttpRequest request, InstrumentStore instruments, HistoryStore history, CancellationToken cancellation)
    {
        var query = new QueryReader(request);
        var days = query.Whole("days", 1, MaxDays, 500);
        if (query.Problem is { } problem) return problem;
        if (!Answers.TrySymbol(symbol, out var known)) return Answers.UnknownSymbol(symbol);
        var instrument = await instruments.FindAsync(known, cancellation);
        var closes = (await history.LoadCurrentAsync(cancellation)).History;
        var series = closes.Find(known);
        if (instrument is null && series is null) return Answers.UnknownSymbol(symbol);
        var rows = new List<CloseRow>();
        for (var i = Math.Max(0, closes.Dates.Count - days); series is not null && i < closes.Dates.Count; i++)
            rows.Add(new CloseRow(closes.Dates[i], double.IsNaN(series[i]) ? null : series[i]));
        var answer = new HistoryAnswer(known.Text, instrument?.Currency.Code, closes.Version, rows, rows.Count);
        return Answers.Table(query, answer, ApiJson.Default.HistoryAnswer, TableOf);
    }

    private static CsvTable TableOf(SymbolsAnswer answer)
    {
        var table = new CsvTable("symbol", "name", "asset_class", "currency", "sector", "last_price", "bid", "ask", "last_tick_at", "ticks");
        foreach (var x in answer.Symbols) table.Add(x.Symbol, x.Name, x.AssetClass, x.Currency, x.Sector, x.LastPrice, x.Bid, x.Ask, x.LastTickAt, x.Ticks);
        return table;
    }

    private static CsvTable TableOf(WindowsAnswer answer)
    {
        var table = new CsvTable("window_start", "open", "high", "low", "close", "avg", "vwap", "volume", "count", "closed");
        foreach (var x in answer.Windows) table.Add(x.WindowStart, x.Open, x.High, x.Low, x.Close, x.Avg, x.Vwap, x.Volume, x.Count, x.Closed);
        return table;
    }

    private static CsvTable TableOf(HistoryAnswer answer)
    {
        var table = new CsvTable("date", "close");
        foreach (var x in answer.Days) table.Add(x.Date, x.Close);
        return table;
    }
}

public sealed record SymbolsAnswer(IReadOnlyList<SymbolRow> Symbols, int Count, string? NextCursor);

public sealed record SymbolRow(
    string Symbol, string Name, string AssetClass, string Currency, string? Sector, decimal? LastPrice, decimal? Bid, decimal? Ask, string? LastTickAt, long Ticks)
{
    internal static SymbolRow Of(Instrument x, SymbolState? state) => new(
        x.Symbol.Text, x.Name, x.AssetClass.ToString().ToLowerInvariant(), x.Currency.Code, x.Sector,
        Given(state?.Last), Given(state?.Bid), Given(state?.Ask), state?.LastTime.ToWire(), state?.Counted ?? 0);

    private static decimal? Given(Price? price) => price is { IsGiven: true } given ? given.ToDecimal() : null;
}

public sealed record WindowsAnswer(string Symbol, IReadOnlyList<WindowRow> Windows, int Count);

public sealed record WindowRow(
    string WindowStart, decimal Open, decimal High, decimal Low, decimal Close, decimal Avg, decimal Vwap, decimal Volume, long Count, bool Closed)
{
    internal static WindowRow Of(PriceWindow x, bool isClosed) => new(
        x.Start.ToString(), x.Open.ToDecimal(), x.High.ToDecimal(), x.Low.ToDecimal(), x.Close.ToDecimal(), x.Average, x.Vwap, x.Volume, x.Count, isClosed);
}

public sealed record HistoryAnswer(string Symbol, string? Currency, long HistoryVersion, IReadOnlyList<CloseRow> Days, int Count);

public sealed record CloseRow(DateOnly Date, double? Close);
