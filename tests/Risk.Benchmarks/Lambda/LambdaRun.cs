using System.Text.Json;
using Risk.Lambda.Aws;
using Risk.Testing.Cloud;

namespace Risk.Benchmarks.Lambda;

/// <summary>The cloud functions as they are deployed: how fast they start, how fast they are then, how large they are.</summary>
public static class LambdaRun
{
    private const string Table = "risk-lambda-figures";
    private const string Bucket = "raw-lambda-figures";

    public static async Task<int> MainAsync(IReadOnlyList<string> arguments)
    {
        if (arguments.Contains("--help"))
        {
            Console.WriteLine(LambdaOptions.Usage);
            return 0;
        }
        var (options, faults) = LambdaOptions.Parse(arguments);
        if (options is null)
        {
            foreach (var fault in faults) await Console.Error.WriteLineAsync($"Not understood: {fault}");
            await Console.Error.WriteLineAsync(LambdaOptions.Usage);
            return 2;
        }
        var figures = await MeasureAsync(options.Package ?? await Package.PublishAsync());
        if (!options.Json || options.JsonFile is not null)
        {
            Console.WriteLine(Figure.Header);
            foreach (var figure in figures) Console.WriteLine(figure);
        }
        if (options.Json) await WriteAsync(options.JsonFile, figures);
        return 0;
    }

    private static async Task<List<Figure>> MeasureAsync(string package)
    {
        var program = Path.GetFullPath(Path.Combine(package, "bootstrap.dll"));
        var figures = new List<Figure>();
        await using var emulators = new Emulators();
        var services = await emulators.AddressesAsync();
        await AddAsync("the functions over a table in memory", new ComputeRun().MeasureAsync);
        await AddAsync("the package", () => Task.FromResult<IReadOnlyList<Figure>>([Package.Weigh(package)]));
        await AddAsync("starts", new Starts(program, services).MeasureAsync);
        (string, string)[] settings = [("RISK_TABLE", Table), ("RISK_STREAM", Emulators.Stream), ("RISK_RAW_BUCKET", Bucket)];
        var warm = new WarmRun(program, services, settings);
        await AddAsync("the loop", warm.LoopAsync);
        await AddAsync("a furnished house over the emulators", async () => await warm.ConsumerAsync(await FurnishAsync(services)));
        await AddAsync("the API over the emulators", warm.ApiAsync);
        return figures;

        async Task AddAsync(string what, Func<Task<IReadOnlyList<Figure>>> measure)
        {
            await Console.Error.WriteLineAsync($"measuring {what}");
            foreach (var figure in await measure())
            {
                figures.Add(figure);
                await Console.Error.WriteLineAsync(figure.ToString());
            }
        }
    }

    private static async Task<Market> FurnishAsync(Addresses services)
    {
        using var dynamo = Emulators.Dynamo(services.Dynamo);
        using var s3 = Emulators.S3(services.Fauxqs);
        await Emulators.CreateTableAsync(services.Dynamo, Table);
        await s3.PutBucketAsync(Bucket);
        var (market, retry) = (new Market(), new AwsRetry(TimeProvider.System, seed: 1));
        await market.FurnishAsync(new DynamoItemTable(dynamo, Table, TimeProvider.System, retry), new S3Archive(s3, Bucket, retry));
        return market;
    }

    private static async Task WriteAsync(string? file, IEnumerable<Figure> figures)
    {
        await using var stream = file is null ? Console.OpenStandardOutput() : File.Create(file);
        await using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        foreach (var figure in figures) figure.WriteTo(json);
        json.WriteEndObject();
    }
}
