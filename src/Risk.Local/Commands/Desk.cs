using Microsoft.Extensions.DependencyInjection;
using Risk.Application.Reporting;
using Risk.Application.Settings;
using Risk.Domain.Calendars;
using Risk.Local.Host;
using Risk.Local.Storage;

namespace Risk.Local.Commands;

/// <summary>The use cases over a data folder, for a verb that works without the running program.</summary>
internal sealed class Desk : IAsyncDisposable
{
    private readonly LocalStore store;
    private readonly ServiceProvider services;

    private Desk(LocalStore store, ServiceProvider services) => (this.store, this.services) = (store, services);

    public string Folder => store.Folder;

    /// <param name="instead">What to do while the program runs on the folder: the request that does the same.</param>
    /// <exception cref="DataFolderException">It can't be used, or is in use.</exception>
    public static Desk Open(string folder, RiskSettings settings, MarketCalendar calendar, string instead)
    {
        try
        {
            var store = LocalStore.Open(folder, TimeProvider.System);
            var collection = new ServiceCollection();
            LocalHost.Compose(collection, settings, store, TimeProvider.System, new ReportingSettings(calendar));
            return new Desk(store, collection.BuildServiceProvider());
        }
        catch (DataFolderException fault) when (fault.IsInUse)
        {
            throw new DataFolderException($"{fault.Message} Or ask the running program: {instead}", fault);
        }
    }

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await store.DisposeAsync();
    }
}
