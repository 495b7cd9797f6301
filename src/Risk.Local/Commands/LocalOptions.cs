using System.CommandLine;
using System.Globalization;
using Risk.Api.Access;
using Risk.Application.Settings;
using Risk.Domain.Calendars;
using Risk.Domain.Portfolios;
using Risk.Local.Host;

namespace Risk.Local.Commands;

/// <summary>
/// What the local program is told, by option or by the environment variable of the same name (<c>--port</c>, <c>RISK_PORT</c>); the option
/// wins. A value out of range is refused before anything is opened, with the values that are allowed.
/// </summary>
public sealed class LocalOptions
{
    public const int DefaultPort = 8080;
    public const double MaxRate = 1_000_000;

    private readonly Option<int> port = Number("--port", "RISK_PORT", "Listen on 127.0.0.1:PORT; 0 picks a free one.", DefaultPort, 0, 65_535);
    private readonly Option<string> data = Text("--data", "RISK_DATA", "Where the log, the items and the archive live.", ".risk");
    private readonly Option<string?> prices = File("--prices", "RISK_PRICES", "Import daily closes first (CSV, wide or long).");
    private readonly Option<string?> instruments = File("--instruments", "RISK_INSTRUMENTS", "Import instruments first (CSV or JSON).");
    private readonly Option<string?> positions = File("--positions", "RISK_POSITIONS", "Import the positions of the default account first (CSV).");
    private readonly Option<string> ticks = Feed("--ticks", "RISK_TICKS", "simulate, none (only those posted), or a file to replay.", "simulate");
    private readonly Option<double> rate = Real("--rate", "RISK_RATE", "Simulated ticks per second.", 50, 0.001, MaxRate);
    private readonly Option<double> speed = Real("--speed", "RISK_SPEED", "Replay speed: 1 is real time, 0 as fast as possible.", 1, 0, 1_000_000);
    private readonly Option<long> seed = Seeded("--seed", "RISK_SEED", "Seed of the simulation: same seed, same ticks.", 1);
    private readonly Option<double?> runFor = Seconds("--for", "RISK_FOR", "Stop by itself after so many seconds.");
    private readonly Option<string> market = MarketName("--market", "RISK_MARKET", "The calendar of the default account: SIM (never closes), NSE or US.");

    public IEnumerable<Option> ForRun => [port, data, prices, instruments, positions, ticks, rate, speed, seed, runFor, market];

    /// <summary>For the verbs: what each of them takes of the same options.</summary>
    public IEnumerable<Option> ForImport => [prices, instruments, positions];

    public Option<int> Port => port;

    public Option<string> Data => data;

    public Option<double> Speed => speed;

    public Option<string> Calendar => market;

    public NamedFiles ReadFiles(ParseResult parsed, AccountId account) =>
        new(parsed.GetValue(instruments), parsed.GetValue(prices), parsed.GetValue(positions), account);

    public MarketCalendar ReadCalendar(ParseResult parsed) =>
        MarketCalendar.Of(MarketCalendar.TryParse(parsed.GetValue(market), out var named) ? named : Market.Sim);

    /// <exception cref="SettingsException">Some variable that has no option is wrong; all such faults together.</exception>
    public RunSettings Read(ParseResult parsed) =>
        new(
            parsed.GetValue(port),
            parsed.GetValue(data)!,
            parsed.GetValue(prices),
            parsed.GetValue(instruments),
            parsed.GetValue(positions),
            parsed.GetValue(ticks)!,
            parsed.GetValue(rate),
            parsed.GetValue(speed),
            parsed.GetValue(seed),
            parsed.GetValue(runFor) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            ReadCalendar(parsed).Market,
            ReadCommon(),
            ReadAccess());

    /// <exception cref="SettingsException">All faults together.</exception>
    public static RiskSettings ReadCommon()
    {
        var faults = new List<string>();
        var settings = RiskSettings.Read(Environment.GetEnvironmentVariable, faults);
        return faults.Count == 0 ? settings : throw new SettingsException(string.Join(Environment.NewLine, faults));
    }

    /// <summary>Bound to loopback, so open: tokens are checked where they come, and needed by nobody.</summary>
    /// <exception cref="SettingsException">All faults together.</exception>
    private static AccessSettings ReadAccess()
    {
        var faults = new List<string>();
        var settings = AccessSettings.Read(Environment.GetEnvironmentVariable, faults);
        return faults.Count == 0 ? settings : throw new SettingsException(string.Join(Environment.NewLine, faults));
    }

    private static Option<int> Number(string name, string variable, string description, int otherwise, int least, int most) => Define(
        name, variable, description, otherwise, $"a whole number from {least} to {most}",
        (string text, out int value) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= least && value <= most);

    private static Option<long> Seeded(string name, string variable, string description, long otherwise) => Define(
        name, variable, description, otherwise, "a whole number",
        (string text, out long value) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value));

    private static Option<double> Real(string name, string variable, string description, double otherwise, double least, double most) => Define(
        name, variable, description, otherwise, string.Create(CultureInfo.InvariantCulture, $"a number from {least} to {most}"),
        (string text, out double value) =>
            double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value) && value >= least && value <= most);

    private static Option<double?> Seconds(string name, string variable, string description) => Define<double?>(
        name, variable, description, null, "a positive number of seconds",
        (string text, out double? value) =>
        {
            var isNumber = double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds);
            value = seconds;
            return isNumber && seconds is > 0 and <= 1e9;
        });

    private static Option<string> Feed(string name, string variable, string description, string otherwise) => Define(
        name, variable, description, otherwise, "simulate, none, or the path of a file that exists",
        (string text, out string value) => (value = text) is "simulate" or "none" || System.IO.File.Exists(text));

    private static Option<string> Text(string name, string variable, string description, string otherwise) => Define(
        name, variable, description, otherwise, "some text",
        (string text, out string value) => (value = text).Length > 0);

    private static Option<string?> File(string name, string variable, string description) => Define<string?>(
        name, variable, description, null, "the path of a file that exists",
        (string text, out string? value) => System.IO.File.Exists(value = text));

    private static Option<string> MarketName(string name, string variable, string description) => Define(
        name, variable, description, "SIM", "SIM, NSE or US",
        (string text, out string value) => MarketCalendar.TryParse(value = text, out _));

    private delegate bool Reader<T>(string text, out T value);

    private static Option<T> Define<T>(string name, string variable, string description, T otherwise, string allowed, Reader<T> read)
    {
        var option = new Option<T>(name)
        {
            Description = $"{description} [{variable}]",
            CustomParser = result => Parse(result.Tokens[0].Value, name, allowed, read, result.AddError),
        };
        option.DefaultValueFactory = result => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text
            ? Parse(text, variable, allowed, read, result.AddError)!
            : otherwise;
        return option;
    }

    private static T? Parse<T>(string text, string name, string allowed, Reader<T> read, Action<string> fault)
    {
        if (read(text, out var value)) return value;
        fault($"{name} is '{text}'; it must be {allowed}.");
        return default;
    }
}

/// <summary>What one run of the local program does.</summary>
/// <param name="Ticks"><c>simulate</c>, <c>none</c>, or the path of a file.</param>
/// <param name="Rate">Simulated ticks per second.</param>
/// <param name="RunFor">Null runs until it is stopped.</param>
public sealed record RunSettings(
    int Port,
    string Data,
    string? Prices,
    string? Instruments,
    string? Positions,
    string Ticks,
    double Rate,
    double Speed,
    long Seed,
    TimeSpan? RunFor,
    Market Market,
    RiskSettings Risk,
    AccessSettings Access);

/// <summary>Settings that can't be used; the message names each of them.</summary>
public sealed class SettingsException : Exception
{
    public SettingsException()
    {
    }

    public SettingsException(string message)
        : base(message)
    {
    }

    public SettingsException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
