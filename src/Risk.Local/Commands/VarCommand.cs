using System.CommandLine;
using Risk.Api.Wire;
using Risk.Application.Reporting;
using Risk.Domain.Portfolios;
using Risk.Local.Storage;
using Spectre.Console;
using Symbol = Risk.Domain.Instruments.Symbol;

namespace Risk.Local.Commands;

/// <summary>One answer on the terminal: the same figures as <c>GET /portfolio/var</c> and <c>GET /var/{symbol}</c>.</summary>
internal static class VarCommand
{
    private const string Legend = "The true VaR lies in from … to with 95 % probability; ± is the standard error of the ES.";

    public static Command Of(LocalOptions options)
    {
        var command = new Command("var", $"VaR and expected shortfall of an account and what each position adds, or of one symbol: once, on the terminal.");
        var (account, json) = (Terminal.AccountOption(), Terminal.JsonOption());
        var symbol = new Option<Symbol?>("--symbol")
        {
            Description = "Answer for one unit of this symbol instead.",
            CustomParser = result =>
            {
                if (Symbol.TryParse(result.Tokens[0].Value, out var known)) return known;
                result.AddError($"--symbol is '{result.Tokens[0].Value}'; it must be a symbol such as AAPL.");
                return null;
            },
        };
        foreach (var option in new Option[] { account, symbol, options.Data, options.Calendar, json }) command.Options.Add(option);
        command.SetAction((parsed, cancellation) => Failures.ShowAsync(async () =>
        {
            var (folder, asked, holder) = (parsed.GetValue(options.Data)!, parsed.GetValue(symbol), parsed.GetValue(account));
            if (!File.Exists(Path.Combine(folder, "items.db")))
                throw new DataFolderException($"There is no data in {Path.GetFullPath(folder)} yet. Start the program once, or use the verb import, or choose another folder with --data.");
            await using var desk = Desk.Open(
                folder, LocalOptions.ReadCommon(), options.ReadCalendar(parsed), asked is { } one ? $"GET /var/{one}." : $"GET /portfolio/var?account_id={holder}.");
            return asked is { } unit ? await ShowAsync(desk, unit, parsed.GetValue(json), cancellation) : await ShowAsync(desk, holder, parsed.GetValue(json), cancellation);
        }));
        return command;
    }

    private static async Task<int> ShowAsync(Desk desk, AccountId account, bool asJson, CancellationToken cancellation)
    {
        var priced = await desk.Get<MeasurePortfolio>().RunAsync(account, cancellation)
            ?? throw new SettingsException($"There is no account '{account}' in {desk.Folder}. Import its positions: import --positions FILE --account {account}.");
        var answer = PortfolioVarAnswer.Of(priced);
        if (asJson) Write(answer.ToJson());
        else Show(answer);
        return Failures.Done;
    }

    private static async Task<int> ShowAsync(Desk desk, Symbol symbol, bool asJson, CancellationToken cancellation)
    {
        var measured = await desk.Get<MeasureSymbol>().RunAsync(symbol, cancellation)
            ?? throw new SettingsException($"'{symbol}' is not a known symbol in {desk.Folder}. Import its prices or its instrument: import --prices FILE.");
        var answer = SymbolVarAnswer.Of(measured);
        if (asJson) Write(answer.ToJson());
        else Show(answer);
        return Failures.Done;
    }

    private static void Write(byte[] json)
    {
        using var output = Console.OpenStandardOutput();
        output.Write(json);
        output.WriteByte((byte)'\n');
    }

    private static void Show(PortfolioVarAnswer answer)
    {
        var x = answer.Portfolio;
        Console.WriteLine($"Account {answer.AccountId} as of {answer.AsOf ?? "never"}, in {answer.Currency}; a loss is positive, one day ahead");
        Console.WriteLine(FormattableString.Invariant($"{answer.Method}, {answer.Quantile}, {answer.EsConvention}; {answer.NumObservations} observations of {answer.WindowDays} days, history version {answer.HistoryVersion}"));
        var total = Terminal.NewTable("", ">VaR", ">of NAV", ">from", ">to", ">ES", ">±");
        total.AddRow("95 %", Terminal.Money(x.Var95), Terminal.Percent(x.Var95Ratio), Terminal.Money(x.Interval95?.Low), UpperOf(x.Interval95), Terminal.Money(x.Es95), Terminal.Money(x.Es95StandardError));
        total.AddRow("99 %", Terminal.Money(x.Var99), Terminal.Percent(x.Var99Ratio), Terminal.Money(x.Interval99?.Low), UpperOf(x.Interval99), Terminal.Money(x.Es99), Terminal.Money(x.Es99StandardError));
        Terminal.WriteTable(total);
        Console.WriteLine(Legend);
        Console.WriteLine($"NAV {Terminal.Money(x.Nav)} = market value {Terminal.Money(x.MarketValue)} + cash {Terminal.Money((double)x.Cash)}; coverage {Terminal.Percent(x.Coverage)}");
        Note("left out", x.LeftOut.Select(left => $"{left.Symbol} ({left.Reason})"));
        Note("stale", x.StaleSymbols);
        Note("flags", x.Flags);
        Note("missing", x.Reasons.Select(reason => $"{reason.Key} ({reason.Value})"));
        if (answer.Results.Count > 0) Terminal.WriteTable(TableOf(answer));
    }

    private static Table TableOf(PortfolioVarAnswer answer)
    {
        var table = Terminal.NewTable("symbol", ">quantity", ">price", "", ">market value", ">VaR 95 alone", ">component 95", ">component 99", ">incremental 95", "class");
        foreach (var x in answer.Results)
            table.AddRow(
                x.Symbol, FormattableString.Invariant($"{x.Quantity:0.########}"), Terminal.Money(x.CurrentPrice), x.Currency ?? "", Terminal.Money(x.MarketValue), Terminal.Money(x.PositionVar95),
                Terminal.Money(x.ComponentVar95), Terminal.Money(x.ComponentVar99), Terminal.Money(x.IncrementalVar95), x.RiskClass ?? string.Join(' ', x.Reasons.Values.Distinct()));
        return table;
    }

    private static void Show(SymbolVarAnswer answer)
    {
        Console.WriteLine($"{answer.Symbol} as of {answer.AsOf ?? "never"}, in {answer.Currency} {answer.Unit}; a loss is positive, one day ahead");
        Console.WriteLine(FormattableString.Invariant($"{answer.Method}, {answer.Quantile}, {answer.EsConvention}; {answer.NumObservations} observations of {answer.WindowDays} days, history version {answer.HistoryVersion}"));
        var table = Terminal.NewTable("", ">price", ">VaR", ">from", ">to", ">ES", ">±");
        table.AddRow("95 %", Terminal.Money(answer.CurrentPrice), Terminal.Money(answer.Var95), Terminal.Money(answer.Interval95?.Low), UpperOf(answer.Interval95), Terminal.Money(answer.Es95), Terminal.Money(answer.Es95StandardError));
        table.AddRow("99 %", Terminal.Money(answer.CurrentPrice), Terminal.Money(answer.Var99), Terminal.Money(answer.Interval99?.Low), UpperOf(answer.Interval99), Terminal.Money(answer.Es99), Terminal.Money(answer.Es99StandardError));
        Terminal.WriteTable(table);
        Console.WriteLine(Legend);
        Note("stale", answer.StaleSymbols);
        Note("flags", answer.Flags);
        Note("missing", answer.Reasons.Select(reason => $"{reason.Key} ({reason.Value})"));
    }

    private static string UpperOf(IntervalAnswer? interval) => interval is { High: null } ? "beyond the worst" : Terminal.Money(interval?.High);

    private static void Note(string name, IEnumerable<string> what)
    {
        var text = string.Join(", ", what);
        if (text.Length > 0) Console.WriteLine($"{name}: {text}");
    }
}
