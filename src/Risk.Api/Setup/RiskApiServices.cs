using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Risk.Api.Access;
using Risk.Api.Live;
using Risk.Api.Wire;
using Risk.Application.Access;
using Risk.Application.Calculators;
using Risk.Application.Closing;
using Risk.Application.Feeds;
using Risk.Application.Importing;
using Risk.Application.Monitoring;
using Risk.Application.Ports;
using Risk.Application.Reporting;
using Risk.Application.Settings;
using Risk.Application.Stores;
using Risk.Application.Streaming;

namespace Risk.Api.Setup;

public static class RiskApiServices
{
    private const string IngestConsumer = "ingest";

    /// <summary>
    /// Registers every store and use case of the house once, and what the routes need. The host registers <see cref="IItemTable"/>,
    /// <see cref="ITickStream"/>, <see cref="IArchive"/> and <see cref="TimeProvider"/>, and <see cref="ILivePush"/> if it has none of
    /// <see cref="AddLiveSockets"/>. <see cref="IngestTicks"/> and <see cref="RecomputeRisk"/> take one delivery at a time.
    /// </summary>
    /// <param name="reporting">The market of the host; the simulated one, which never closes, where not given.</param>
    /// <param name="access">Who may call; only loopback, and without credentials, where not given.</param>
    public static IServiceCollection AddRiskApi(
        this IServiceCollection services, RiskSettings settings, ReportingSettings? reporting = null, AccessSettings? access = null)
    {
        services.AddRisk(settings, reporting).AddSingleton((access ?? new AccessSettings()).Demanded()).AddAuthenticator(access?.Jwt);
        services.AddSingleton<RateLimit>().AddSingleton<AccessCheck>().AddHostedService<RoutesDeclareAccess>();
        services.AddSingleton<ProcessorTime>().AddSingleton<FailureProblems>().AddSingleton<ApiLatency>().AddSingleton<HostAndOriginCheck>();
        services.Configure<JsonOptions>(options =>
        {
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default);
            options.SerializerOptions.PropertyNamingPolicy = System.Text.Json.JsonNamingPolicy.SnakeCaseLower;
            options.SerializerOptions.UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow;
            options.SerializerOptions.NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.Strict;
            options.SerializerOptions.MaxDepth = ApiJson.MaxDepth;
        });
        services.AddOpenApi(OpenApiDocument.Name, OpenApiDocument.Configure);
        return services;
    }

    /// <summary>The stores and use cases alone, for a host without routes.</summary>
    public static IServiceCollection AddRisk(this IServiceCollection services, RiskSettings settings, ReportingSettings? reporting = null)
    {
        services.AddSingleton(settings).AddSingleton(settings.Conventions).AddSingleton(reporting ?? ReportingSettings.Default);
        services.TryAddSingleton(TimeProvider.System);
        AddStores(services);
        AddUseCases(services, settings);
        return services;
    }

    /// <summary>For a host that serves WebSockets itself: pushes go to its own connections, and the routes <c>/ws</c> are mapped.</summary>
    public static IServiceCollection AddLiveSockets(this IServiceCollection services) =>
        services.AddSingleton<LiveHub>().AddSingleton<ILivePush>(provider => provider.GetRequiredService<LiveHub>());

    /// <summary>Who a request comes from, for a host that asks nothing else; it needs the stores and use cases of <see cref="AddRisk"/>.</summary>
    /// <param name="jwt">Whose tokens are taken; null for none.</param>
    public static IServiceCollection AddAuthenticator(this IServiceCollection services, JwtSettings? jwt)
    {
        services.AddSingleton<Authenticator>();
        if (jwt is null) return services;
        services.AddSingleton(jwt).AddSingleton<SigningKeys>().AddSingleton<JwtVerifier>();
        services.TryAddSingleton<HttpMessageHandler>(_ => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
        return services;
    }

    private static void AddStores(IServiceCollection services) => services
        .AddSingleton<PriceStore>()
        .AddSingleton<WindowStore>()
        .AddSingleton<HistoryStore>()
        .AddSingleton<InstrumentStore>()
        .AddSingleton<PortfolioStore>()
        .AddSingleton<SnapshotStore>()
        .AddSingleton<QuarantineStore>()
        .AddSingleton<IdempotencyStore>()
        .AddSingleton<ClaimLedger>()
        .AddSingleton<ScenarioStore>()
        .AddSingleton<KeyStore>()
        .AddSingleton<TicketStore>()
        .AddSingleton<ProducerCursors>()
        .AddSingleton<RawGapStore>()
        .AddSingleton<JobLock>()
        .AddSingleton(provider => new CheckpointStore(provider.GetRequiredService<IItemTable>(), IngestConsumer));

    private static void AddUseCases(IServiceCollection services, RiskSettings settings) => services
        .AddSingleton<IssueKey>()
        .AddSingleton<CheckKey>()
        .AddSingleton<RevokeKey>()
        .AddSingleton<StreamFigures>()
        .AddSingleton<Universe>()
        .AddSingleton(provider => provider.GetRequiredService<Universe>().Symbols)
        .AddSingleton<QuarantineLines>()
        .AddSingleton<RecomputeRisk>()
        .AddSingleton(provider => ActivatorUtilities.CreateInstance<IngestTicks>(provider, settings.Lateness))
        .AddSingleton<ConsumeStream>()
        .AddSingleton<ArchiveBatch>()
        .AddSingleton<CloseDay>()
        .AddSingleton<CloseWindows>()
        .AddSingleton<AppendCloses>()
        .AddSingleton<FillRawGaps>()
        .AddSingleton<CurateTicks>()
        .AddSingleton<FanOutChanges>()
        .AddSingleton<HistoricalMarket>()
        .AddSingleton<PublishTicks>()
        .AddSingleton<OpenTickFile>()
        .AddSingleton<TickProducers>()
        .AddSingleton<ImportHistory>()
        .AddSingleton<ImportInstruments>()
        .AddSingleton<ImportPositions>()
        .AddSingleton<MeasurePortfolio>()
        .AddSingleton<MeasureSymbol>()
        .AddSingleton<CalculateVar>()
        .AddSingleton<ReportMetrics>()
        .AddSingleton<StressPortfolio>()
        .AddSingleton<BacktestPortfolio>()
        .AddSingleton<OptimisePortfolio>()
        .AddSingleton<ReportStatus>()
        .AddSingleton<ReportVarSeries>()
        .AddSingleton<ReportWindows>()
        .AddSingleton<CheckDependencies>();
}
