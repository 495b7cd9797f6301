using System.CommandLine;
using Risk.Local.Commands;

var root = new RootCommand(
    "Real-time portfolio risk on one machine: ticks in, VaR out. Without a verb it runs everything and serves the API. Each option is also an "
    + $"environment variable, named behind it; the option wins.{Environment.NewLine}{Environment.NewLine}{Failures.ExitCodes}");
var options = new LocalOptions();
RunCommand.Attach(root, options);
root.Subcommands.Add(ImportCommand.Of(options));
root.Subcommands.Add(ReplayCommand.Of(options));
root.Subcommands.Add(VarCommand.Of(options));
root.Subcommands.Add(KeysCommand.Of(options));
root.Subcommands.Add(DoctorCommand.Of(options));
root.Subcommands.Add(BenchCommand.Of());
// Stopping archives what is left; that may take longer than the two seconds that a program is usually given.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(60) });
