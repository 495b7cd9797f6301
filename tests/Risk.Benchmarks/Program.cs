using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Risk.Benchmarks;
using Risk.Benchmarks.Compare;
using Risk.Benchmarks.Lambda;

// pipeline [--ticks N] [--json]     the whole local pipeline, end to end
// compare [--json FILE] [--help]    seconds per task, for comparison with other programs
// curate [--ticks N]                the curated copy of a day
// lambda [--json [FILE]] [--help]   the cloud functions as they are deployed
// anything else                     BenchmarkDotNet's own options, e.g. --filter '*'
if (args is ["pipeline", .. var options]) return await PipelineRun.MainAsync(options);
if (args is ["compare", .. var compared]) return await CompareRun.MainAsync(compared);
if (args is ["lambda", .. var ofFunctions]) return await LambdaRun.MainAsync(ofFunctions);
if (args is ["curate", .. var ofDay]) return await CurateRun.MainAsync(ofDay);

// In this process: a generated project would take over this repository's build rules and not compile under them.
var config = DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
BenchmarkSwitcher.FromAssembly(typeof(PipelineRun).Assembly).Run(args, config);
return 0;
