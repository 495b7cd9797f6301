using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Risk.Application.Feeds;
using Risk.Application.Ports;
using Risk.Local.Storage;

namespace Risk.Local.Commands;

/// <summary>Shows what a user can mend as one clear message; anything else is a fault of the program and keeps its stack trace.</summary>
internal static class Failures
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Interrupted = 130;

    public const string ExitCodes = "Exit codes: 0 done (for the running program: stopped as asked); 1 failed, and the message says what to do; 130 a verb that was interrupted.";

    /// <param name="stopped">The exit code when it was stopped by Ctrl-C.</param>
    public static async Task<int> ShowAsync(Func<Task<int>> command, int stopped = Interrupted)
    {
        try
        {
            return await command();
        }
        catch (OperationCanceledException)
        {
            if (stopped != Done) await Console.Error.WriteLineAsync("Interrupted. Run it again to go on.");
            return stopped;
        }
        catch (IOException fault) when (fault.InnerException is AddressInUseException or SocketException)
        {
            return Show($"{fault.Message} Another program uses the port: stop it, or choose another port with --port (0 picks a free one).");
        }
        catch (Exception fault) when (fault is SettingsException or DataFolderException or TickFileException or StoreUnavailableException
            or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return Show(fault.Message);
        }
    }

    private static int Show(string message)
    {
        Console.Error.WriteLine(message);
        return Failed;
    }
}
