using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Risk.Api.Access;
using Risk.Application.Access;

namespace Risk.Api.Setup;

/// <summary>How callers prove who they are, and the role that each operation needs, for the OpenAPI document.</summary>
internal static class SecuritySchemes
{
    private const string Key = "api_key";
    private const string Token = "bearer";

    public static Dictionary<string, IOpenApiSecurityScheme> All() => new()
    {
        [Key] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Header,
            Name = Authenticator.KeyHeader,
            Description = "A key of POST /api/v1/keys. A host that listens on loopback only needs none: the caller is admin there.",
        },
        [Token] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            BearerFormat = "JWT",
            Description = "A token of the configured issuer, signed by RS256 or ES256.",
        },
    };

    public static void Demand(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        var access = context.Description.ActionDescriptor.EndpointMetadata.OfType<RouteAccess>().LastOrDefault();
        if (access is not { Kind: AccessKind.Role }) return;
        operation.Description = $"{operation.Description} Role: {access.Role.ToText()}.";
        operation.Security = [Requirement(Key, context.Document), Requirement(Token, context.Document)];
    }

    private static OpenApiSecurityRequirement Requirement(string scheme, Microsoft.OpenApi.OpenApiDocument? document) => new() { [new OpenApiSecuritySchemeReference(scheme, document)] = [] };
}
