using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Risk.Api.Setup;
using Risk.Application.Feeds;
using Risk.Application.Ports;
using Risk.Application.Reporting;
using Risk.Domain.Calendars;
using Risk.Lambda.Aws;
using Risk.Lambda.Runtime;

namespace Risk.Lambda.Functions;

/// <summary>
/// The API behind API Gateway: the pipeline that the local host serves, too. It stands in the table of functions twice, for reads and for
/// commands: the gateway sends each method to its function, and the role of the one for reads may not write.
/// </summary>
internal static class HttpApi
{
    public static async Task ServeAsync(LambdaRuntime runtime)
    {
        var settings = CloudSettings.Read(Environment.GetEnvironmentVariable, "RISK_TABLE", "RISK_STREAM", "RISK_RAW_BUCKET");
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = "Production" }).UseApiGateway(runtime);
        builder.Services.AddRoutingCore();
        builder.Services.AddAws(settings, runtime).AddRiskApi(
            settings.Risk,
            new ReportingSettings(MarketCalendar.Of(settings.Market)),
            settings.Access);
        builder.Services.AddSingleton<IItemTable>(made => new TableOnDemand(made.GetRequiredService<DynamoItemTable>));
        await using var app = builder.Build();
        app.Services.GetRequiredService<TickProducers>().Add(HistoricalMarket.Source);
        app.MapRiskApi();
        await app.RunAsync();
    }
}
