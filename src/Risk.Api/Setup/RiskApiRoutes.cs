using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Risk.Api.Access;
using Risk.Api.Endpoints;
using Risk.Api.Live;

namespace Risk.Api.Setup;

public static class RiskApiRoutes
{
    /// <summary>
    /// Puts the checks, the problems and every route into the application: the same on Kestrel and in Lambda. Call it before routes and
    /// files of the host's own, so that the checks hold for them, too.
    /// </summary>
    public static WebApplication MapRiskApi(this WebApplication app)
    {
        var services = app.Services;
        // From here on it measures what the process uses.
        services.GetRequiredService<ProcessorTime>();
        app.Use(services.GetRequiredService<ApiLatency>().InvokeAsync);
        app.Use(SecurityHeaders.InvokeAsync);
        app.UseStatusCodePages(FailureProblems.WriteAsync);
        app.Use(services.GetRequiredService<FailureProblems>().InvokeAsync);
        app.Use(services.GetRequiredService<HostAndOriginCheck>().InvokeAsync);
        app.Use(services.GetRequiredService<AccessCheck>().InvokeAsync);
        OpenApiDocument.UsePage(app);
        SystemEndpoints.Map(app);
        MarketEndpoints.Map(app);
        TickEndpoints.Map(app);
        ImportEndpoints.Map(app);
        VarEndpoints.Map(app);
        CalculateEndpoints.Map(app);
        RiskEndpoints.Map(app);
        CalculatorEndpoints.Map(app);
        VarCalculatorEndpoints.Map(app);
        PositionEndpoints.Map(app);
        StressEndpoints.Map(app);
        AccountStudyEndpoints.Map(app);
        KeyEndpoints.Map(app);
        TicketEndpoints.Map(app);
        app.MapOpenApi("/openapi/{documentName}.json").Anyone();
        if (services.GetService<LiveHub>() is not null)
        {
            app.UseWebSockets();
            LiveEndpoints.Map(app);
        }
        return app;
    }
}
