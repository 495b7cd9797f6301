using System.CommandLine;
using System.Text.Json;
using Risk.Application.Access;
using Risk.Application.Stores;
using Risk.Domain.Calendars;

namespace Risk.Local.Commands;

/// <summary>Makes, lists and revokes API keys: also the first one, for a host that others reach.</summary>
internal static class KeysCommand
{
    /// <summary>As it stands in the list, for who made a key.</summary>
    private const string By = "local";

    public static Command Of(LocalOptions options)
    {
        var command = new Command("keys", "API keys: create, list, revoke. Callers on this machine need none.");
        command.Subcommands.Add(Create(options));
        command.Subcommands.Add(List(options));
        command.Subcommands.Add(Revoke(options));
        return command;
    }

    private static Command Create(LocalOptions options)
    {
        var command = new Command("create", "Make a key. It is shown once; only its hash is kept.");
        var label = new Option<string>("--label") { Description = "Whose key, and what for.", Required = true };
        var scope = new Option<string[]>("--scope") { Description = "ACCOUNT:ROLE, or *:ROLE for every account; may stand there more than once.", Required = true };
        var days = new Option<int>("--days") { Description = "Days until it expires.", DefaultValueFactory = _ => IssueKey.UsualLifeDays };
        command.Options.Add(label);
        command.Options.Add(scope);
        command.Options.Add(days);
        Run(command, options, "POST /api/v1/keys.", async (desk, parsed, asJson, cancellation) =>
        {
            var faults = new List<string>();
            var draft = KeyDraft.Read(parsed.GetValue(label)!, parsed.GetValue(scope)!, parsed.GetValue(days), faults) ?? throw new SettingsException(string.Join(Environment.NewLine, faults));
            var issued = await desk.Get<IssueKey>().RunAsync(draft.Label, draft.Scopes, draft.LifeDays, By, cancellation)
                ?? throw new SettingsException($"There are {IssueKey.MaxKeys} keys already.");
            if (asJson) Terminal.WriteJson(json => Write(json, issued));
            else Console.WriteLine($"{issued.Text}{Environment.NewLine}Keep it now: it is not shown again. Send it in the header X-Api-Key. Expires {issued.Key.ExpiresAt:yyyy-MM-dd}.");
        });
        return command;
    }

    private static Command List(LocalOptions options)
    {
        var command = new Command("list", "Every key, without its secret.");
        Run(command, options, "GET /api/v1/keys.", async (desk, _, asJson, cancellation) =>
        {
            var keys = await desk.Get<KeyStore>().ListAsync(cancellation);
            if (asJson) Terminal.WriteJson(json => WriteAll(json, keys));
            else Show(keys, TimeProvider.System.GetUtcNow());
        });
        return command;
    }

    private static Command Revoke(LocalOptions options)
    {
        var command = new Command("revoke", "End a key now.");
        var id = new Argument<string>("ID") { Description = "As keys list shows it." };
        command.Arguments.Add(id);
        Run(command, options, "DELETE /api/v1/keys/{id}.", async (desk, parsed, asJson, cancellation) =>
        {
            var key = await desk.Get<RevokeKey>().RunAsync(parsed.GetValue(id)!, cancellation) ?? throw new SettingsException("There is no key of this id; 'keys list' shows them.");
            if (asJson) Terminal.WriteJson(key.WriteTo);
            else Console.WriteLine($"Key {key.Id} ({key.Label}) is revoked.");
        });
        return command;
    }

    private static void Run(Command command, LocalOptions options, string instead, Func<Desk, ParseResult, bool, CancellationToken, Task> work)
    {
        var asJson = Terminal.JsonOption();
        command.Options.Add(options.Data);
        command.Options.Add(asJson);
        command.SetAction((parsed, cancellation) => Failures.ShowAsync(async () =>
        {
            await using var desk = Desk.Open(parsed.GetValue(options.Data)!, LocalOptions.ReadCommon(), MarketCalendar.Sim, instead);
            await work(desk, parsed, parsed.GetValue(asJson), cancellation);
            return Failures.Done;
        }));
    }

    private static void Show(IReadOnlyList<ApiKey> keys, DateTimeOffset now)
    {
        var table = Terminal.NewTable("id", "label", "scopes", "state", "expires");
        foreach (var x in keys) table.AddRow(x.Id, x.Label, x.Scopes.ToString(), x.StateAt(now), $"{x.ExpiresAt:yyyy-MM-dd}");
        Terminal.WriteTable(table);
    }

    private static void WriteAll(Utf8JsonWriter json, IReadOnlyList<ApiKey> keys)
    {
        json.WriteStartArray("keys");
        foreach (var key in keys)
        {
            json.WriteStartObject();
            key.WriteTo(json);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, IssuedKey issued)
    {
        json.WriteString("key", issued.Text);
        issued.Key.WriteTo(json);
    }
}
