using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Risk.Application.Settings;
using Risk.Local.Storage;

namespace Risk.Local.Commands;

/// <summary>What the program needs of the machine. Leaves nothing behind.</summary>
internal static class Checkup
{
    private const int DotnetMajor = 10;
    private static readonly string[] Files = ["items.db", "log.db"];
    private const long Megabyte = 1024 * 1024;
    private const long LeastFree = 100 * Megabyte;
    private const long EnoughFree = 1024 * Megabyte;

    public static async Task<IReadOnlyList<Check>> RunAsync(string folder, int port, Func<string, string?> variable)
    {
        var (data, isInUse) = await CheckFolderAsync(Path.GetFullPath(folder));
        return
        [
            CheckDotnet(),
            CheckSettings(variable),
            data,
            CheckDisk(Path.GetFullPath(folder)),
            CheckPort(port, isInUse),
            CheckTool("Node.js", "node", "to build the dashboard and to run its browser tests", variable),
            CheckTool("Java", "java", "for the emulators of the cloud tests", variable),
        ];
    }

    private static Check CheckDotnet() => Environment.Version.Major >= DotnetMajor
        ? Check.Ok(".NET", RuntimeInformation.FrameworkDescription)
        : Check.Fail(".NET", RuntimeInformation.FrameworkDescription, $"Install .NET {DotnetMajor}.");

    private static Check CheckSettings(Func<string, string?> variable)
    {
        var faults = new List<string>();
        var settings = RiskSettings.Read(variable, faults);
        return faults.Count > 0
            ? Check.Fail("settings", string.Join(' ', faults), "Correct these environment variables or unset them.")
            : Check.Ok("settings", FormattableString.Invariant($"{settings.HistoryDays} days of history, {settings.Lateness.TotalMilliseconds} ms of lateness"));
    }

    private static async Task<(Check Check, bool IsInUse)> CheckFolderAsync(string folder)
    {
        const string name = "data folder";
        try
        {
            if (!File.Exists(Path.Combine(folder, "items.db")))
            {
                ProbeWriting(ExistingParentOf(folder));
                return (Check.Ok(name, $"{folder} holds nothing yet and will be filled by the first start"), false);
            }
            var store = LocalStore.Open(folder, TimeProvider.System);
            await store.DisposeAsync();
            var damaged = Files.Select(file => Path.Combine(folder, file)).Where(file => !IsIntact(file)).ToList();
            var check = damaged.Count == 0
                ? Check.Ok(name, $"{folder} is writable and intact")
                : Check.Fail(name, $"{string.Join(" and ", damaged)} damaged", "Move the file (with its -wal and -shm neighbours) out of the folder, or put a backup in its place; check the disk.");
            return (check, false);
        }
        catch (DataFolderException fault) when (fault.IsInUse)
        {
            return (Check.Warn(name, $"{folder} is in use by a running RiskLambdas process", "Fine if that is yours; stop it to have the files checked."), true);
        }
        catch (Exception fault) when (fault is DataFolderException or SqliteFaultException or IOException or UnauthorizedAccessException)
        {
            return (Check.Fail(name, fault.Message, "Mend it as said, or choose another folder with --data."), false);
        }
    }

    private static bool IsIntact(string path)
    {
        try
        {
            using var file = SqliteFile.Open(path);
            return file.Number("SELECT count(*) FROM pragma_quick_check WHERE quick_check <> 'ok'") == 0;
        }
        catch (SqliteFaultException fault) when (fault.IsOfTheFile && !fault.IsPassing)
        {
            return false;
        }
    }

    private static string ExistingParentOf(string folder)
    {
        while (!Directory.Exists(folder))
        {
            if (File.Exists(folder)) throw new IOException($"{folder} is a file, not a folder.");
            folder = Path.GetDirectoryName(folder) ?? throw new IOException($"{folder} does not exist.");
        }
        return folder;
    }

    private static void ProbeWriting(string folder)
    {
        var path = Path.Combine(folder, $".risk-probe-{Environment.ProcessId}");
        using var probe = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
    }

    private static Check CheckDisk(string folder)
    {
        const string name = "free disk";
        try
        {
            var free = new DriveInfo(ExistingParentOf(folder)).AvailableFreeSpace;
            var found = string.Create(CultureInfo.InvariantCulture, $"{free / Megabyte:N0} MB");
            return free < LeastFree ? Check.Fail(name, found, "Free some space, or choose a folder on another disk with --data.")
                : free < EnoughFree ? Check.Warn(name, found, "A busy day of ticks may fill it; free some space.")
                : Check.Ok(name, found);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return Check.Warn(name, $"unknown: {fault.Message}", "Make sure that some gigabytes are free.");
        }
    }

    private static Check CheckPort(int port, bool isRunning)
    {
        const string name = "port";
        if (port == 0) return Check.Ok(name, "0: a free one is picked at start");
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port) { ExclusiveAddressUse = true };
            listener.Start();
            return Check.Ok(name, FormattableString.Invariant($"127.0.0.1:{port} is free"));
        }
        catch (SocketException fault)
        {
            var found = FormattableString.Invariant($"127.0.0.1:{port} can't be had: {fault.Message}");
            return isRunning
                ? Check.Warn(name, found, "Fine if it is the running program that has it.")
                : Check.Fail(name, found, "Stop the program that uses it, or choose another port with --port (0 picks a free one).");
        }
    }

    private static Check CheckTool(string name, string command, string purpose, Func<string, string?> variable)
    {
        string[] names = OperatingSystem.IsWindows() ? [$"{command}.exe", $"{command}.cmd"] : [command];
        var found = (variable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => names.Select(file => Path.Combine(folder, file)))
            .FirstOrDefault(File.Exists);
        return found is not null
            ? Check.Ok(name, found)
            : Check.Warn(name, $"not found; needed only {purpose}", $"Nothing to do unless you want that; then install {name}.");
    }
}

internal enum CheckState
{
    Ok,
    Warning,
    Failed,
}

/// <param name="Remedy">What to do; null when nothing.</param>
internal sealed record Check(string Name, CheckState State, string Found, string? Remedy)
{
    public static Check Ok(string name, string found) => new(name, CheckState.Ok, found, null);

    public static Check Warn(string name, string found, string remedy) => new(name, CheckState.Warning, found, remedy);

    public static Check Fail(string name, string found, string remedy) => new(name, CheckState.Failed, found, remedy);
}
