using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Risk.Local.Host;
using Risk.Local.Storage;

namespace Risk.Local.Commands;

/// <summary>What the program does when no verb is given: everything, until it is stopped.</summary>
internal static class RunCommand
{
    public static void Attach(RootCommand root, LocalOptions options)
    {
        foreach (var option in options.ForRun) root.Options.Add(option);
        root.SetAction((parsed, cancellation) => Failures.ShowAsync(() => RunAsync(options.Read(parsed), cancellation), Failures.Done));
    }

    private static async Task<int> RunAsync(RunSettings settings, CancellationToken cancellation)
    {
        var changes = new ChangeQueue();
        await using var store = LocalStore.Open(settings.Data, TimeProvider.System, changes);
        await using var app = LocalHost.Build(settings, store, changes, TimeProvider.System);
        await app.Services.GetRequiredService<FirstRun>().RunAsync(settings, Console.WriteLine, cancellation);
        await StartAsync(app, cancellation);
        Greet(LocalHost.AddressOf(app), store.Folder, settings);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (settings.RunFor is { } runFor) stop.CancelAfter(runFor);
        await app.WaitForShutdownAsync(stop.Token);
        Console.WriteLine("Stopped. Start again to go on where it was.");
        return Failures.Done;
    }

    /// <summary>The loops run before the port is taken: if it is not to be had they are told to stop, not torn down at work.</summary>
    private static async Task StartAsync(WebApplication app, CancellationToken cancellation)
    {
        try
        {
            await app.StartAsync(cancellation);
        }
        catch
        {
            await app.StopAsync(CancellationToken.None);
            throw;
        }
    }

    private static void Greet(string address, string folder, RunSettings settings)
    {
        var feed = settings.Ticks switch
        {
            "simulate" => FormattableString.Invariant($"{settings.Rate} simulated ticks a second (seed {settings.Seed})"),
            "none" => $"only those posted to {address}/api/v1/market/ticks",
            _ => $"replayed from {settings.Ticks}",
        };
        Console.WriteLine($"""

            RiskLambdas is running.
              Risk      {address}/portfolio/var
              API page  {address}/docs
              Status    {address}/status
              Ticks     {feed}
              Data      {folder}
            Ctrl-C stops it; started again it continues.

            """);
    }
}
