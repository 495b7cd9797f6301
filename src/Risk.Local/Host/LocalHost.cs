using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Risk.Api.Access;
using Risk.Api.Setup;
using Risk.Application.Ports;
using Risk.Application.Reporting;
using Risk.Application.Settings;
using Risk.Application.Stores;
using Risk.Application.Streaming;
using Risk.Domain.Calendars;
using Risk.Local.Commands;
using Risk.Local.Storage;

namespace Risk.Local.Host;

/// <summary>
/// The whole house in one process: the data folder, the use cases, the loops that feed and consume the log, and the API on the loopback
/// address. Stopping it loses nothing, killing it loses nothing that was acknowledged.
/// </summary>
public static class LocalHost
{
    private const string ArchiveConsumer = "archive";

    /// <summary>Builds it, not started. The store is the caller's to dispose of, after the application.</summary>
    public static WebApplication Build(RunSettings settings, LocalStore store, ChangeQueue changes, TimeProvider time)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(LogLevel.Warning)
            .AddFilter("Risk", LogLevel.Information)
            // A start that fails is told by whoever started; a loop that dies is critical and stays.
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        builder.WebHost.ConfigureKestrel(kestrel => Limit(kestrel, settings.Port));
        Compose(builder.Services, settings.Risk, store, time, new ReportingSettings(MarketCalendar.Of(settings.Market)), settings.Access);
        builder.Services.AddSingleton(settings).AddSingleton(changes);
        // Hosted services stop in the reverse order: first the feed, then the consumer, then housekeeping archives what is left.
        builder.Services.AddHostedService(provider => provider.GetRequiredService<ChangeQueue>());
        builder.Services.AddHostedService<HousekeepingLoop>();
        builder.Services.AddHostedService<TickLoop>();
        builder.Services.AddHostedService<CloseLoop>();
        builder.Services.AddHostedService<FeedLoop>();
        var app = builder.Build();
        changes.Target = app.Services.GetRequiredService<FanOutChanges>();
        app.Services.GetRequiredService<TickProducers>().Add(FeedLoop.Source);
        app.MapRiskApi();
        app.MapGet("/", () => Results.Redirect("/docs/index.html")).Anyone().ExcludeFromDescription();
        return app;
    }

    /// <summary>The stores and use cases over a data folder, for the host and for the verbs that work without one.</summary>
    public static void Compose(IServiceCollection services, RiskSettings settings, LocalStore store, TimeProvider time, ReportingSettings reporting, AccessSettings? access = null)
    {
        services.AddSingleton(time).AddSingleton(store);
        services.AddSingleton<IItemTable>(store.Items).AddSingleton<ITickStream>(store.Ticks).AddSingleton<IArchive>(store.Archive);
        services.AddRiskApi(settings, reporting, access).AddLiveSockets();
        services.AddSingleton<FileImports>().AddSingleton<FirstRun>().AddSingleton<Housekeeping>().AddSingleton<ReplayFile>();
        services.AddSingleton(provider => new ArchiveTicks(store.Ticks, new CheckpointStore(store.Items, ArchiveConsumer), store.Archive, time));
    }

    /// <summary>Where a started host listens.</summary>
    public static string AddressOf(WebApplication app) =>
        app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <summary>Loopback only, and bounds on what a caller may take of the machine.</summary>
    private static void Limit(KestrelServerOptions kestrel, int port)
    {
        kestrel.Listen(IPAddress.Loopback, port);
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = 1_000;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
    }
}
