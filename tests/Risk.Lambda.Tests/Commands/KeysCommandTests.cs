using System.Diagnostics;
using System.Text.Json;
using Risk.Application.Access;
using Risk.Application.Stores;
using Risk.Lambda.Aws;
using Risk.Testing.Cloud;
using Xunit;

namespace Risk.Lambda.Tests.Commands;

/// <summary>The verb as it is typed, on a table of the emulator.</summary>
public sealed class KeysCommandTests(Emulators emulators)
{
    private const string Table = "risk-keys";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_admin_key_is_made_listed_and_revoked()
    {
        var services = await emulators.AddressesAsync();
        await Emulators.CreateTableAsync(services.Dynamo, Table);
        using var client = Emulators.Dynamo(services.Dynamo);
        var store = new KeyStore(new DynamoItemTable(client, Table, TimeProvider.System, new AwsRetry(TimeProvider.System, seed: 1)));

        // The words of the template's output.
        var made = await RunAsync(services, Table, "create", "--label", "first-admin", "--scope", "*:admin");
        Assert.Equal(0, made.Code);
        var text = made.Output.Split('\n')[0].Trim();
        var caller = await new CheckKey(store, TimeProvider.System).RunAsync(text, Cancel);
        Assert.True(caller!.Scopes.AllowEverywhere(Role.Admin));
        Assert.Equal("operator", (await store.FindAsync(caller.KeyId!, Cancel))!.CreatedBy);

        var second = JsonDocument.Parse((await RunAsync(services, Table, "create", "--label", "feed", "--scope", "*:ingest", "--days", "7", "--json")).Output).RootElement;
        Assert.NotNull(await new CheckKey(store, TimeProvider.System).RunAsync(second.GetProperty("key").GetString()!, Cancel));

        var listed = await RunAsync(services, Table, "list", "--json");
        Assert.Equal(["feed", "first-admin"], JsonDocument.Parse(listed.Output).RootElement.GetProperty("keys").EnumerateArray().Select(x => x.GetProperty("label").GetString()).Order());
        Assert.DoesNotContain(text, listed.Output, StringComparison.Ordinal);

        Assert.Equal(0, (await RunAsync(services, Table, "revoke", caller.KeyId!)).Code);
        Assert.Null(await new CheckKey(store, TimeProvider.System).RunAsync(text, Cancel));
        var shown = (await RunAsync(services, Table, "list")).Output;
        Assert.Contains($"{caller.KeyId}  revoked", shown, StringComparison.Ordinal);
        Assert.DoesNotContain(text, shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_is_said_all_together_and_is_an_exit_code()
    {
        var services = await emulators.AddressesAsync();
        var wrong = await RunAsync(services, Emulators.Table, "create", "--label", " ", "--scope", "king", "--scope", "desk-1:ingest", "--days", "0");
        Assert.Equal((1, 4), (wrong.Code, wrong.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length));
        var (code, _, error) = await RunAsync(services, "no-such-table", "list");
        Assert.Equal(1, code);
        Assert.Contains("non-existent table", error, StringComparison.Ordinal);
        Assert.Equal("RISK_TABLE is not set.", (await RunAsync(services, null, "list")).Error.Trim());
        Assert.Contains("no key of this id", (await RunAsync(services, Emulators.Table, "revoke", "nobody")).Error, StringComparison.Ordinal);
        Assert.Equal(1, (await RunAsync(services, Emulators.Table, "creat")).Code);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(Addresses services, string? table, params string[] words)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "bootstrap.dll"), "keys", .. words]) { RedirectStandardOutput = true, RedirectStandardError = true };
        (string Name, string? Value)[] variables =
        [
            ("RISK_TABLE", table), ("AWS_REGION", Emulators.Region), ("AWS_ACCESS_KEY_ID", "test"), ("AWS_SECRET_ACCESS_KEY", "test"), ("AWS_ENDPOINT_URL_DYNAMODB", services.Dynamo),
        ];
        foreach (var (name, value) in variables) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(Cancel), process.StandardError.ReadToEndAsync(Cancel));
        await process.WaitForExitAsync(Cancel);
        return (process.ExitCode, await output, await error);
    }
}
