using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Risk.Application.Access;
using Risk.Application.Ports;
using Risk.Application.Stores;
using Xunit;

namespace Risk.Api.Tests.Access;

public sealed class ApiKeyTests
{
    private const string Body = """{"label":"desk","scopes":[{"accounts":["desk-1","desk-2"],"role":"trader"},{"accounts":["*"],"role":"viewer"}],"expires_in_days":7}""";

    [Fact]
    public async Task A_key_is_made_used_listed_and_revoked_at_once()
    {
        await using var host = await Door.StartAsync();
        var admin = await host.KeyAsync("*:admin");
        var made = await host.PostAsync("/api/v1/keys", Body, "application/json", admin);
        Assert.Equal(201, made.Status);
        var (text, id) = (made.Json.GetProperty("key").GetString()!, made.Json.GetProperty("key_id").GetString()!);
        Assert.Matches("^rk_[a-z0-9]{12}_[A-Za-z0-9]{40}$", text);
        Assert.Equal("2026-01-12T14:30:00Z", made.Json.GetProperty("expires_at").GetString());
        Assert.StartsWith("key:", made.Json.GetProperty("created_by").GetString(), StringComparison.Ordinal);
        Assert.Equal(200, (await host.GetAsync("/status", ("X-Api-Key", text))).Status);
        var row = (await host.GetAsync("/api/v1/keys", admin)).Json.GetProperty("keys").EnumerateArray().Single(x => x.GetProperty("key_id").GetString() == id);
        Assert.Equal("active", row.GetProperty("state").GetString());
        Assert.Equal("""[{"accounts":["desk-1","desk-2"],"role":"trader"},{"accounts":["*"],"role":"viewer"}]""", row.GetProperty("scopes").GetRawText());

        var revoked = await host.SendAsync(HttpMethod.Delete, $"/api/v1/keys/{id}", null, null, admin);
        Assert.Equal((200, "revoked"), (revoked.Status, revoked.Json.GetProperty("state").GetString()));
        (await host.GetAsync("/status", ("X-Api-Key", text))).MustBeProblem(401);
        var again = await host.SendAsync(HttpMethod.Delete, $"/api/v1/keys/{id}", null, null, admin);
        Assert.Equal(revoked.Text, again.Text);
        (await host.SendAsync(HttpMethod.Delete, "/api/v1/keys/nobodys", null, null, admin)).MustBeProblem(404);
    }

    [Fact]
    public async Task A_key_ends_at_its_expiry_and_stays_listed_for_a_while()
    {
        await using var host = await Door.StartAsync();
        var key = await host.KeyAsync("*:viewer", days: 1);
        host.Clock.Advance(TimeSpan.FromDays(1) - TimeSpan.FromSeconds(1));
        Assert.Equal(200, (await host.GetAsync("/status", key)).Status);
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        (await host.GetAsync("/status", key)).MustBeProblem(401);
        Assert.Equal("expired", (await host.GetAsync("/api/v1/keys", await host.KeyAsync("*:admin"))).Json.GetProperty("keys").EnumerateArray()
            .Single(x => x.GetProperty("scopes").GetRawText().Contains("viewer", StringComparison.Ordinal)).GetProperty("state").GetString());
        host.Clock.Advance(KeyStore.Remembrance);
        Assert.DoesNotContain("viewer", (await host.GetAsync("/api/v1/keys", await host.KeyAsync("*:admin"))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_exactly_the_key_is_refused()
    {
        await using var host = await Door.StartAsync();
        var (name, text) = await host.KeyAsync("*:viewer");
        var last = text[^1] == 'a' ? 'b' : 'a';
        var other = (await host.KeyAsync("*:admin")).Value;
        foreach (var wrong in (string[])[
            "", "x", text[..^1], text + "a", text[..^1] + last, text.ToUpperInvariant(), "rk__", $"rk_{new string('a', 12)}_{new string('a', 40)}",
            // The id of one and the secret of another.
            text[..16] + other[16..], $"rk_../../../../_{text[16..]}", text.Replace("rk_", "RK_", StringComparison.Ordinal), new string('x', 10_000)])
            (await host.GetAsync("/status", (name, wrong))).MustBeProblem(401);
        (await host.GetAsync("/status", (name, text), (name, text))).MustBeProblem(401);
        (await host.GetAsync("/status", (name, text), ("Authorization", "Bearer x"))).MustBeProblem(401);
        (await host.GetAsync("/status", ("Authorization", $"Basic {text}"))).MustBeProblem(401);
        (await host.GetAsync($"/status?X-Api-Key={text}")).MustBeProblem(401);
        Assert.Equal(200, (await host.GetAsync("/status", (name, text))).Status);
    }

    [Fact]
    public async Task Every_fault_of_a_request_is_named()
    {
        await using var host = await Door.StartAsync();
        var admin = await host.KeyAsync("*:admin");
        var reply = await host.PostAsync(
            "/api/v1/keys",
            """{"label":"","expires_in_days":0,"owner":1,"scopes":[{"accounts":["a b",1],"role":"king"},{"accounts":[]},{"accounts":["desk-1"],"role":"ingest"},7]}""",
            "application/json", admin);
        Assert.Equal(
            ["/owner", "/label", "/expires_in_days", "/scopes/0/role", "/scopes/0/accounts/0", "/scopes/0/accounts/1", "/scopes/1/role", "/scopes/1/accounts", "/scopes/2/accounts/0", "/scopes/3"],
            reply.MustBeProblem(400).Pointers.Distinct().Where(x => !x.StartsWith("/scopes/3/", StringComparison.Ordinal)));
        Assert.Equal(["/label", "/scopes"], (await host.PostAsync("/api/v1/keys", "{}", "application/json", admin)).MustBeProblem(400).Pointers);
        Assert.Equal(1, (await host.GetAsync("/api/v1/keys", admin)).Json.GetProperty("count").GetInt32());
    }

    [Fact]
    public async Task The_secret_is_in_no_store_no_log_no_problem_and_no_document()
    {
        var lines = new CollectedLines();
        await using var host = await Door.StartAsync(services => services.AddSingleton<ILoggerProvider>(lines).Configure<LoggerFilterOptions>(x => x.MinLevel = LogLevel.Trace));
        var admin = await host.KeyAsync("*:admin");
        var made = (await host.PostAsync("/api/v1/keys", Body, "application/json", admin)).Json;
        var text = made.GetProperty("key").GetString()!;
        var secret = text[^40..];
        string[] replies =
        [
            (await host.GetAsync("/api/v1/keys", admin)).Text,
            (await host.GetAsync("/openapi/v1.json")).Text,
            (await host.GetAsync("/portfolio/var", ("X-Api-Key", text))).Text,
            (await host.GetAsync("/api/v1/keys", ("X-Api-Key", text))).Text,
            (await host.GetAsync("/status", ("X-Api-Key", text + "x"))).Text,
            (await host.GetAsync("/status", ("Authorization", $"Bearer {text}"))).Text,
            (await host.SendAsync(HttpMethod.Delete, $"/api/v1/keys/{made.GetProperty("key_id").GetString()}", null, null, admin)).Text,
        ];
        Assert.All(replies, x => Assert.DoesNotContain(secret, x, StringComparison.Ordinal));
        Assert.NotEmpty(lines.All);
        Assert.All(lines.All, x => Assert.DoesNotContain(secret, x, StringComparison.Ordinal));
        var stored = await host.Get<IItemTable>().QueryAsync(new ItemQuery("KEYS", OfIndex: true), TestContext.Current.CancellationToken);
        Assert.Equal(2, stored.Items.Count);
        Assert.All(stored.Items, x => Assert.DoesNotContain(secret, x + Encoding.UTF8.GetString(x.Body.Span), StringComparison.Ordinal));
        Assert.DoesNotContain(secret, new IssuedKey((await host.Get<KeyStore>().FindAsync(text[3..15], TestContext.Current.CancellationToken))!, text).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_document_declares_how_to_come_in_and_what_each_operation_needs()
    {
        await using var host = await Door.StartAsync();
        var document = (await host.GetAsync("/openapi/v1.json")).Json;
        var schemes = document.GetProperty("components").GetProperty("securitySchemes");
        Assert.Equal(("apiKey", "header", "X-Api-Key"), (Text(schemes, "api_key", "type"), Text(schemes, "api_key", "in"), Text(schemes, "api_key", "name")));
        Assert.Equal(("http", "bearer"), (Text(schemes, "bearer", "type"), Text(schemes, "bearer", "scheme")));
        var paths = document.GetProperty("paths");
        Assert.False(paths.GetProperty("/health").GetProperty("get").TryGetProperty("security", out _));
        foreach (var operation in from path in paths.EnumerateObject() where path.Name != "/health" from x in path.Value.EnumerateObject() select x.Value)
        {
            Assert.Equal("""[{"api_key":[]},{"bearer":[]}]""", string.Concat(operation.GetProperty("security").GetRawText().Where(x => !char.IsWhiteSpace(x))));
            Assert.Contains("Role: ", operation.GetProperty("description").GetString(), StringComparison.Ordinal);
            foreach (var status in (string[])["401", "429"])
                Assert.True(operation.GetProperty("responses").GetProperty(status).GetProperty("content").TryGetProperty("application/problem+json", out _));
        }
    }

    private static string? Text(JsonElement parent, string scheme, string name) => parent.GetProperty(scheme).GetProperty(name).GetString();

    private sealed class CollectedLines : ILoggerProvider, ILogger
    {
        private readonly Lock guard = new();
        private readonly List<string> lines = [];

        public List<string> All
        {
            get
            {
                lock (guard) return [.. lines];
            }
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (guard) lines.Add($"{formatter(state, exception)} {exception}");
        }

        public void Dispose()
        {
        }
    }
}
