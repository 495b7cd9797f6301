using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using Amazon.S3;
using Risk.Lambda.Aws;
using Risk.Lambda.Aws.Clients;

namespace Risk.Testing.Cloud;

/// <summary>
/// The services on this machine: DynamoDB Local, kinesalite, fauxqs. Started once for all tests, by the first that asks; ended with them, since
/// they live as long as the pipe to them. What is missing to start them is the message of every test that needs them.
/// </summary>
public sealed class Emulators : IAsyncDisposable
{
    public const string Table = "risk";
    public const string Stream = "ticks";

    /// <summary>For the contract alone, which looks for the end of the stream: on the common one, other classes publish meanwhile.</summary>
    public const string ContractStream = "contract";
    public const string Bucket = "raw";
    public const string Region = "us-east-1";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Lazy<Task<Addresses>> started;
    private Process? process;

    public Emulators() => started = new Lazy<Task<Addresses>>(StartAsync);

    public static AWSCredentials Credentials { get; } = new BasicAWSCredentials("test", "test");

    public Task<Addresses> AddressesAsync() => started.Value;

    /// <summary>A client of one service, at the emulator or at a proxy before it.</summary>
    public static SignedHttp Http(string url, string service) => new(ServiceEndpoint.At(url, Region, service), TimeProvider.System, Credentials);

    public static AmazonDynamoDBClient Dynamo(string url) => AwsClients.Dynamo(Credentials, url);

    public static AmazonS3Client S3(string url) => AwsClients.S3(Credentials, url);

    public async ValueTask DisposeAsync()
    {
        if (process is null)
            return;
        process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
        }

        process.Dispose();
    }

    private async Task<Addresses> StartAsync()
    {
        var folder = Folder();
        if (!IsInstalled(folder))
            await InstallAsync(folder);
        process = Start("node", folder, "start.mjs");
        using var patience = new CancellationTokenSource(Patience);
        var line = await process.StandardOutput.ReadLineAsync(patience.Token)
            ?? throw new InvalidOperationException($"The emulators did not start: {(await process.StandardError.ReadToEndAsync(patience.Token)).Trim()}");
        using var said = JsonDocument.Parse(line);
        string Url(string name) => said.RootElement.GetProperty(name).GetString()!.TrimEnd('/');
        var addresses = new Addresses(Url("dynamodb"), Url("kinesis"), Url("fauxqs"));
        await Task.WhenAll(CreateTableAsync(addresses.Dynamo), CreateStreamAsync(addresses.Kinesis), CreateBucketAsync(addresses.Fauxqs));
        return addresses;
    }

    /// <summary>npm leaves its own copy of the lock file behind when it is through.</summary>
    private static bool IsInstalled(string folder)
    {
        var installed = new FileInfo(Path.Combine(folder, "node_modules", ".package-lock.json"));
        return installed.Exists && installed.LastWriteTimeUtc >= File.GetLastWriteTimeUtc(Path.Combine(folder, "package-lock.json"));
    }

    private static async Task InstallAsync(string folder)
    {
        using var npm = Start("npm", folder, "ci", "--ignore-scripts", "--no-audit", "--no-fund");
        var (output, fault) = (npm.StandardOutput.ReadToEndAsync(), npm.StandardError.ReadToEndAsync());
        npm.StandardInput.Close();
        await npm.WaitForExitAsync();
        if (npm.ExitCode != 0)
            throw new InvalidOperationException($"npm ci in tests/emulators failed ({npm.ExitCode}): {(await output + await fault).Trim().ReplaceLineEndings(" ")}");
    }

    private static Process Start(string program, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new InvalidOperationException($"The emulators need Node.js 20 or later with npm, and a JDK of version 17 or later: '{program}' is not on the PATH.");
        }
    }

    private static string Folder([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "emulators"));

    public static async Task CreateTableAsync(string url, string table = Table)
    {
        using var client = Dynamo(url);
        await client.CreateTableAsync(new CreateTableRequest
        {
            TableName = table,
            BillingMode = BillingMode.PAY_PER_REQUEST,
            AttributeDefinitions = [.. new[] { "PK", "SK", "G1PK", "G1SK" }.Select(name => new AttributeDefinition(name, ScalarAttributeType.S))],
            KeySchema = KeyOf("PK", "SK"),
            GlobalSecondaryIndexes =
            [
                new GlobalSecondaryIndex
                {
                    IndexName = ItemAttributes.IndexName,
                    KeySchema = KeyOf("G1PK", "G1SK"),
                    Projection = new Projection { ProjectionType = ProjectionType.ALL },
                },
            ],
        });
    }

    private static List<KeySchemaElement> KeyOf(string partition, string sort) => [new(partition, KeyType.HASH), new(sort, KeyType.RANGE)];

    private static async Task CreateStreamAsync(string url)
    {
        using var http = Http(url, "kinesis");
        foreach (var stream in new[] { Stream, ContractStream })
        {
            using (await KinesisAdmin.CreateAsync(http, stream, shards: 3))
                await KinesisAdmin.WaitUntilActiveAsync(http, stream);
        }
    }

    private static async Task CreateBucketAsync(string url)
    {
        using var client = S3(url);
        await client.PutBucketAsync(Bucket);
    }
}

public sealed record Addresses(string Dynamo, string Kinesis, string Fauxqs);
