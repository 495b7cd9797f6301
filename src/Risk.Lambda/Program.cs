using Risk.Lambda.Commands;
using Risk.Lambda.Functions;
using Risk.Lambda.Runtime;

// For people; the platform starts the program without words.
if (args is [KeysCommand.Name, ..]) return await KeysCommand.RunAsync(args);

// One program for all functions: RISK_FUNCTION says which one this is, before anything heavy is built.
return await LambdaRuntime.RunAsync(Environment.GetEnvironmentVariable("RISK_FUNCTION"), new FunctionTable
{
    ["Consumer"] = Consumer.ServeAsync,
    ["ReadApi"] = HttpApi.ServeAsync,
    ["CommandApi"] = HttpApi.ServeAsync,
    ["Producer"] = Producer.ServeAsync,
    ["Fanout"] = Fanout.ServeAsync,
    ["Authorizer"] = Authorizer.ServeAsync,
    ["LiveConnections"] = LiveConnections.ServeAsync,
    ["CloseDay"] = CloseDayJob.ServeAsync,
});
