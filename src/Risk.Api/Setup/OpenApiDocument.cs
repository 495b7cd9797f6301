using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Risk.Api.Wire;
using Swashbuckle.AspNetCore.SwaggerUI;

namespace Risk.Api.Setup;

/// <summary>The description of the API that is made from its routes, and the page that shows it.</summary>
internal static class OpenApiDocument
{
    public const string Name = "v1";

    /// <summary>Every parameter of the API has one meaning wherever it stands.</summary>
    private static readonly Dictionary<string, Parameter> Parameters = new()
    {
        ["symbol"] = new(JsonSchemaType.String, "A known symbol; case does not matter.", "AAPL"),
        ["account_id"] = new(JsonSchemaType.String, "An account: 1 to 64 letters, digits and . - _; in a query the default is 'default'.", "default"),
        ["from"] = new(JsonSchemaType.String, "Start of the range, included: RFC 3339, or a date for the start of that UTC day.", "2026-01-05T14:30:00Z"),
        ["to"] = new(JsonSchemaType.String, "End of the range, included: RFC 3339, or a date for the start of that UTC day.", "2026-01-05T15:30:00Z"),
        ["limit"] = new(JsonSchemaType.Integer, "How many at most.", 100),
        ["cursor"] = new(JsonSchemaType.String, "Goes on after a page: its next_cursor.", "MSFT"),
        ["days"] = new(JsonSchemaType.Integer, "How many of the newest days: of a history 1 to 20,000 (500 where not given), of a backtest 1 to 2,000 (250).", 250),
        ["confidence"] = new(JsonSchemaType.Number, "Above 0.5 and below 1; 0.95 where not given, 0.99 in a backtest.", 0.95),
        ["method"] = new(JsonSchemaType.String, "historical (default), age_weighted, volatility_scaled, parametric_normal or cornish_fisher.", "historical"),
        ["degrees_of_freedom"] = new(JsonSchemaType.Number, "Of a t, above 2: monte_carlo_t needs them, student_t fits them where not given.", 5),
        ["window_days"] = new(JsonSchemaType.Integer, "How many days before each day the method sees, 30 to 2,499; where not given the account's window, or of a short history what it leaves beside days, or half of it.", 250),
        ["scenario"] = new(JsonSchemaType.String, "The name of a stored scenario.", "tech_sell_off"),
        ["interval"] = new(JsonSchemaType.String, "minute (default) or day.", "day"),
        ["key_id"] = new(JsonSchemaType.String, "The id of a key: the part between the underscores.", "0a1b2c3d4e5f"),
        ["format"] = new(JsonSchemaType.String, "json (default) or csv; wins over the header Accept.", "csv"),
        ["Idempotency-Key"] = new(JsonSchemaType.String, "1 to 255 visible ASCII characters of your choice; the same key and body again has no second effect.", "post-2026-01-05-0001"),
        ["If-Match"] = new(JsonSchemaType.String, "The ETag of the version that is to be replaced.", "\"4\""),
    };

    public static void Configure(OpenApiOptions options)
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "RiskLambdas",
                Version = Name,
                Description = "Ticks in, VaR out. Times are RFC 3339 UTC, ratios fractions, money is in the account's base currency unless a "
                    + "currency stands beside it, losses are positive. Errors are application/problem+json (RFC 9457); for bad input errors lists every fault.",
            };
            document.Servers?.Clear();
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = SecuritySchemes.All();
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            var docs = context.Description.ActionDescriptor.EndpointMetadata.OfType<RouteDocs>().FirstOrDefault();
            if (docs is not null) Describe(operation, docs, context.Description.RelativePath ?? "");
            SecuritySchemes.Demand(operation, context);
            return Task.CompletedTask;
        });
        options.AddSchemaTransformer((schema, context, _) =>
        {
            WireSchemas.Mend(schema, context);
            if (context.JsonTypeInfo.Type == typeof(Microsoft.AspNetCore.Mvc.ProblemDetails)) DescribeProblem(schema);
            return Task.CompletedTask;
        });
    }

    /// <summary>The page is built when somebody first asks for it: no cold start pays for it.</summary>
    public static void UsePage(IApplicationBuilder app)
    {
        var page = new Lazy<RequestDelegate>(() => app.New().UseSwaggerUI(ConfigurePage).Build());
        app.Use(next => context => (context.Request.Path.StartsWithSegments("/docs", StringComparison.Ordinal) ? page.Value : next)(context));
    }

    /// <summary>All of the page's files come from this program; it loads nothing else.</summary>
    private static void ConfigurePage(SwaggerUIOptions page)
    {
        page.RoutePrefix = "docs";
        page.DocumentTitle = "RiskLambdas API";
        page.SwaggerEndpoint($"/openapi/{Name}.json", "RiskLambdas");
        page.EnableValidator(null);
    }

    private static void Describe(OpenApiOperation operation, RouteDocs docs, string path)
    {
        operation.Parameters ??= [];
        foreach (var parameter in operation.Parameters.OfType<OpenApiParameter>()) Fill(parameter, parameter.Name!);
        foreach (var name in docs.Query) operation.Parameters.Add(Fill(new OpenApiParameter { Name = name, In = ParameterLocation.Query }, name));
        foreach (var name in HeadersOf(path, docs)) operation.Parameters.Add(Fill(new OpenApiParameter { Name = name, In = ParameterLocation.Header }, name));
        foreach (var (status, response) in operation.Responses ?? [])
        {
            if (response.Content is not { } content) continue;
            if (status.StartsWith('2'))
            {
                foreach (var media in content.Values) media.Example = JsonNode.Parse(docs.Example);
                if (docs.IsTable) content["text/csv"] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
            }
            else if (content.Remove(RequestBody.Json, out var json)) content[Problems.ContentType] = json;
        }
        foreach (var (type, media) in operation.RequestBody?.Content ?? new Dictionary<string, OpenApiMediaType>())
        {
            if (type == RequestBody.Csv) media.Schema = new OpenApiSchema { Type = JsonSchemaType.String };
            if (docs.RequestExample is not { } example || example.StartsWith('{') != (type == RequestBody.Json)) continue;
            media.Example = type == RequestBody.Json ? JsonNode.Parse(example) : JsonValue.Create(example);
        }
    }

    private static string[] HeadersOf(string path, RouteDocs docs) => docs.RequestExample is null ? []
        : path.EndsWith("market/ticks", StringComparison.Ordinal) ? ["Idempotency-Key"]
        : path.EndsWith("/positions", StringComparison.Ordinal) ? ["If-Match"]
        : [];

    private static OpenApiParameter Fill(OpenApiParameter parameter, string name)
    {
        if (!Parameters.TryGetValue(name, out var known)) return parameter;
        parameter.Description = known.Description;
        parameter.Schema = new OpenApiSchema { Type = known.Type };
        parameter.Example = known.Example;
        return parameter;
    }

    private static void DescribeProblem(OpenApiSchema schema)
    {
        var fault = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["pointer"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "A JSON pointer into the body, ?name of a query parameter, a line and column of a CSV, or the name of a header." },
                ["detail"] = new OpenApiSchema { Type = JsonSchemaType.String },
            },
        };
        schema.Properties ??= new Dictionary<string, IOpenApiSchema>();
        schema.Properties.Remove("instance");
        schema.Properties["errors"] = new OpenApiSchema { Type = JsonSchemaType.Array, Items = fault, Description = "Of bad input: every fault." };
    }

    private sealed record Parameter(JsonSchemaType Type, string Description, JsonNode Example);
}
