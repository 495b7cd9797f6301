using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Risk.Api.Access;
using Risk.Api.Setup;
using Risk.Application.Ports;
using Risk.Application.Settings;
using Risk.Application.Streaming;
using Risk.Local.Storage;
using Risk.Testing.Simulation;
using Xunit;

namespace Risk.Api.Tests.Setup;

/// <summary>The whole API in memory, on a real store in a folder of its own, at a time that stands still.</summary>
internal sealed class ApiHost : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 1, 5, 14, 30, 0, TimeSpan.Zero);

    private readonly string folder;
    private readonly LocalStore store;
    private readonly CollectedChanges changes;
    private readonly WebApplication app;

    private ApiHost(string folder, LocalStore store, CollectedChanges changes, FakeTimeProvider clock, WebApplication app)
    {
        (this.folder, this.store, this.changes, Clock, this.app) = (folder, store, changes, clock, app);
        Client = app.GetTestClient();
    }

    public HttpClient Client { get; }

    public FakeTimeProvider Clock { get; }

    public WebApplication App => app;

    /// <param name="replace">Registers something else in the place of a part.</param>
    public static async Task<ApiHost> StartAsync(
        Action<IServiceCollection>? replace = null, Action<WebApplication>? routes = null, RiskSettings? settings = null, AccessSettings? access = null)
    {
        var folder = Directory.CreateTempSubdirectory("risk-api-").FullName;
        var (clock, changes) = (new FakeTimeProvider(Start), new CollectedChanges());
        var store = LocalStore.Open(folder, clock, changes);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.Logging.ClearProviders();
        builder.WebHost.UseTestServer();
        builder.Services
            .AddSingleton<TimeProvider>(clock)
            .AddSingleton<IItemTable>(store.Items)
            .AddSingleton<ITickStream>(store.Ticks)
            .AddSingleton<IArchive>(store.Archive)
            .AddLiveSockets()
            .AddRiskApi(settings ?? RiskSettings.Default, access: access);
        replace?.Invoke(builder.Services);
        var app = builder.Build();
        app.MapRiskApi();
        routes?.Invoke(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new ApiHost(folder, store, changes, clock, app);
    }

    /// <summary>A host with instruments, closes and, if they are named, positions.</summary>
    public static async Task<ApiHost> StartWithMarketAsync(string? positions = null)
    {
        var host = await StartAsync();
        await host.PutAsync("/api/v1/market/instruments", Market.Instruments, "text/csv");
        await host.PutAsync("/api/v1/market/history", Market.WideCsv(), "text/csv");
        if (positions is not null) await host.PutAsync("/api/v1/accounts/default/positions", positions, "application/json");
        return host;
    }

    public T Get<T>()
        where T : notnull => app.Services.GetRequiredService<T>();

    public async Task<Reply> GetAsync(string path, params (string Name, string Value)[] headers) => await SendAsync(HttpMethod.Get, path, null, null, headers);

    public async Task<Reply> PostAsync(string path, string body, string type = "application/json", params (string Name, string Value)[] headers) =>
        await SendAsync(HttpMethod.Post, path, body, type, headers);

    /// <summary>Puts what must succeed.</summary>
    public async Task PutAsync(string path, string body, string type)
    {
        var reply = await SendAsync(HttpMethod.Put, path, body, type);
        Assert.True(reply.Status is 200 or 201, reply.Text);
    }

    public async Task<Reply> SendAsync(HttpMethod method, string path, string? body, string? type, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        if (type is not null) request.Content!.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        return new Reply(
            (int)response.StatusCode,
            response.Content.Headers.ContentType?.MediaType ?? "",
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            response.Headers.Concat(response.Content.Headers).ToDictionary(x => x.Key, x => string.Join(", ", x.Value), StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>Reads the stream to its end, as a host does all the time, and lets the changes fan out.</summary>
    public async Task IngestAsync()
    {
        while (await Get<ConsumeStream>().RunOnceAsync(1_000, TestContext.Current.CancellationToken) > 0)
        {
        }
        await Get<FanOutChanges>().RunAsync(changes.Take(), TestContext.Current.CancellationToken);
    }

    public async Task PostTicksAsync(params (string Symbol, decimal Price, double AtSeconds)[] ticks)
    {
        var body = new { ticks = ticks.Select(x => new { symbol = x.Symbol, price = x.Price, volume = 10, time = Start.AddSeconds(x.AtSeconds).ToString("O") }) };
        var reply = await PostAsync("/api/v1/market/ticks", JsonSerializer.Serialize(body));
        Assert.Equal(202, reply.Status);
        Assert.Equal(ticks.Length, reply.Json.GetProperty("accepted").GetInt32());
        await IngestAsync();
    }

    public async Task<WebSocket> ConnectAsync(string path = "/ws") =>
        await app.GetTestServer().CreateWebSocketClient().ConnectAsync(new Uri(app.GetTestServer().BaseAddress, path), TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app.DisposeAsync();
        await store.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private sealed class CollectedChanges : IChangeFeed
    {
        private readonly Lock guard = new();
        private List<Item> collected = [];

        public void Publish(IReadOnlyList<Item> changed)
        {
            lock (guard) collected.AddRange(changed);
        }

        public List<Item> Take()
        {
            lock (guard) return Interlocked.Exchange(ref collected, []);
        }
    }
}

internal sealed record Reply(int Status, string MediaType, string Text, IReadOnlyDictionary<string, string> Headers)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    /// <summary>The pointers of a problem's faults, in the order of the problem.</summary>
    public string[] Pointers => [.. Json.GetProperty("errors").EnumerateArray().Select(x => x.GetProperty("pointer").GetString()!)];

    /// <summary>Fails unless this is a problem of that status, whole.</summary>
    public Reply MustBeProblem(int status)
    {
        Assert.True(Status == status, $"{Status}: {Text}");
        Assert.Equal("application/problem+json", MediaType);
        Assert.Equal(status, Json.GetProperty("status").GetInt32());
        foreach (var name in (string[])["type", "title", "detail"]) Assert.NotEmpty(Json.GetProperty(name).GetString()!);
        return this;
    }
}
