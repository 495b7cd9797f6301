using System.Net;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Risk.Api.Endpoints;

namespace Risk.Api.Setup;

/// <summary>Mends the schemas where a record by itself says more, or less, than goes over the wire.</summary>
internal static class WireSchemas
{
    /// <summary>Members that a body may give in another form than that of the record.</summary>
    private static readonly Dictionary<(Type Record, string Member), Action<OpenApiSchema>> OtherForms = new()
    {
        [(typeof(VolatilityRequest), "prices")] = OrOneSeries,
        [(typeof(VolatilityRequest), "returns")] = OrOneSeries,
        [(typeof(AllocationRequest), "prices")] = OrOneSeries,
        [(typeof(AllocationRequest), "returns")] = OrOneSeries,
        [(typeof(AllocationRequest), "lower")] = NumberOrSeries,
        [(typeof(AllocationRequest), "upper")] = NumberOrSeries,
        [(typeof(VarCalculatorRequest), "prices")] = OrOneSeries,
        [(typeof(VarCalculatorRequest), "returns")] = OrOneSeries,
        [(typeof(VarCalculatorRequest), "confidence")] = OrOneNumber,
        [(typeof(CalculateRequest), "confidence")] = OrOneNumber,
        [(typeof(FxRequest), "confidence")] = OrOneNumber,
        [(typeof(OptionsRequest), "confidence")] = OrOneNumber,
        [(typeof(TickRequest), "time")] = OrMilliseconds,
        [(typeof(WindowTickRequest), "time")] = OrMilliseconds,
        [(typeof(BacktestRequest), "exceedance_sequence")] = schema => schema.Items = new OpenApiSchema { Type = JsonSchemaType.Integer | JsonSchemaType.Boolean },
    };

    public static void Mend(OpenApiSchema schema, OpenApiSchemaTransformerContext context)
    {
        // It comes from a comment, which is XML.
        schema.Description = WebUtility.HtmlDecode(schema.Description);
        foreach (var member in context.JsonTypeInfo.Properties.Where(IsLeftOutWhereNull)) schema.Required?.Remove(member.Name);
        if (context.JsonPropertyInfo is { } own && OtherForms.TryGetValue((own.DeclaringType, own.Name), out var add)) add(schema);
    }

    private static bool IsLeftOutWhereNull(JsonPropertyInfo member) =>
        member.AttributeProvider?.GetCustomAttributes(typeof(JsonIgnoreAttribute), inherit: false) is [JsonIgnoreAttribute { Condition: JsonIgnoreCondition.WhenWritingNull }];

    private static void OrOneNumber(OpenApiSchema schema) => schema.Type |= JsonSchemaType.Number;

    private static void OrMilliseconds(OpenApiSchema schema) => schema.Type |= JsonSchemaType.Integer;

    private static void OrOneSeries(OpenApiSchema schema) =>
        (schema.Type, schema.Items) = (schema.Type | JsonSchemaType.Array, new OpenApiSchema { Type = JsonSchemaType.Number });

    private static void NumberOrSeries(OpenApiSchema schema) =>
        (schema.Type, schema.Items) = (JsonSchemaType.Null | JsonSchemaType.Number | JsonSchemaType.Array, new OpenApiSchema { Type = JsonSchemaType.Number });
}
