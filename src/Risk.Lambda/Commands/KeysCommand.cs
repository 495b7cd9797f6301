using System.CommandLine;
using System.Text.Json;
using Amazon.Runtime;
using Risk.Application.Access;
using Risk.Application.Ports;
using Risk.Application.Stores;
using Risk.Lambda.Aws;
using Risk.Lambda.Functions;

namespace Risk.Lambda.Commands;

/// <summary>
/// Makes, lists and revokes API keys of a deployed table, with the credentials of whoever types it: so the first admin gets in. Functions
/// never come here, and nothing of it is loaded for them.
/// </summary>
internal static class KeysCommand
{
    public const string Name = "keys";

    /// <summary>As it stands in the list, for who made a key.</summary>
    private const string By = "operator";

    private const int Done = 0;
    private const int Failed = 1;
    private const int Interrupted = 130;

    private static readonly JsonWriterOptions Indented = new() { Indented = true };

    public static Task<int> RunAsync(string[] args)
    {
        var keys = new Command(Name, "API keys of the table that RISK_TABLE names: create, list, revoke.");
        keys.Subcommands.Add(Create());
        keys.Subcommands.Add(List());
        keys.Subcommands.Add(Revoke());
        return new RootCommand("The functions of the cloud, each started by AWS Lambda; and this verb, for people.") { keys }.Parse(args).InvokeAsync();
    }

    private static Command Create()
    {
        var command = new Command("create", "Make a key. It is shown once; only its hash is kept.");
        var label = new Option<string>("--label") { Description = "Whose key, and what for.", Required = true };
        var scope = new Option<string[]>("--scope") { Description = "ACCOUNT:ROLE, or *:ROLE for every account; may stand there more than once.", Required = true };
        var days = new Option<int>("--days") { Description = "Days until it expires.", DefaultValueFactory = _ => IssueKey.UsualLifeDays };
        command.Options.Add(label);
        command.Options.Add(scope);
        command.Options.Add(days);
        Run(command, async (store, parsed, asJson, cancellation) =>
        {
            var faults = new List<string>();
            var draft = KeyDraft.Read(parsed.GetValue(label)!, parsed.GetValue(scope)!, parsed.GetValue(days), faults) ?? throw new SettingsException(string.Join(Environment.NewLine, faults));
            var issued = await new IssueKey(store, TimeProvider.System).RunAsync(draft.Label, draft.Scopes, draft.LifeDays, By, cancellation)
                ?? throw new SettingsException($"There are {IssueKey.MaxKeys} keys already.");
            if (!asJson) return $"{issued.Text}{Environment.NewLine}Keep it now: it is not shown again. Send it in the header X-Api-Key. Expires {issued.Key.ExpiresAt:yyyy-MM-dd}.";
            return Json(json =>
            {
                json.WriteString("key", issued.Text);
                issued.Key.WriteTo(json);
            });
        });
        return command;
    }

    private static Command List()
    {
        var command = new Command("list", "Every key, without its secret.");
        Run(command, async (store, _, asJson, cancellation) =>
        {
            var keys = await store.ListAsync(cancellation);
            if (asJson) return Json(json => WriteAll(json, keys));
            var now = TimeProvider.System.GetUtcNow();
            return string.Join(Environment.NewLine, keys.Select(x => $"{x.Id}  {x.StateAt(now),-7}  {x.ExpiresAt:yyyy-MM-dd}  {x.Scopes}  {x.Label}").Prepend("id            state    expires     scopes and label"));
        });
        return command;
    }

    private static Command Revoke()
    {
        var command = new Command("revoke", "End a key now.");
        var id = new Argument<string>("ID") { Description = "As keys list shows it." };
        command.Arguments.Add(id);
        Run(command, async (store, parsed, asJson, cancellation) =>
        {
            var key = await new RevokeKey(store, TimeProvider.System).RunAsync(parsed.GetValue(id)!, cancellation)
                ?? throw new SettingsException("There is no key of this id; 'keys list' shows them.");
            return asJson ? Json(key.WriteTo) : $"Key {key.Id} ({key.Label}) is revoked.";
        });
        return command;
    }

    /// <param name="work">Gives what is to be shown.</param>
    private static void Run(Command command, Func<KeyStore, ParseResult, bool, CancellationToken, Task<string>> work)
    {
        var json = new Option<bool>("--json") { Description = "Answer in JSON, for programs." };
        command.Options.Add(json);
        command.SetAction(async (parsed, cancellation) =>
        {
            try
            {
                var settings = CloudSettings.Read(Environment.GetEnvironmentVariable, "RISK_TABLE");
                using var client = AwsClients.Dynamo();
                var table = new DynamoItemTable(client, settings.Table, TimeProvider.System, new AwsRetry(TimeProvider.System, seed: 1));
                Console.WriteLine(await work(new KeyStore(table), parsed, parsed.GetValue(json), cancellation));
                return Done;
            }
            catch (OperationCanceledException)
            {
                return Interrupted;
            }
            catch (Exception fault) when (fault is SettingsException or StoreUnavailableException or AmazonServiceException or AmazonClientException)
            {
                // No table of this name, no right to it, no credentials: the service says which.
                await Console.Error.WriteLineAsync(fault.Message);
                return Failed;
            }
        });
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

    private static string Json(Action<Utf8JsonWriter> members)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Indented))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }
        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }
}
