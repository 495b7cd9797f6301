using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Risk.Api.Wire;
using Risk.Application.Ports;

namespace Risk.Api.Setup;

/// <summary>Turns what is thrown, and what the framework refuses without a word, into problems. What went wrong inside stands in the log only.</summary>
internal sealed class FailureProblems(ILogger<FailureProblems> log)
{
    private const string RetryAfterSeconds = "2";

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody waits for an answer any more.
        }
#pragma warning disable CA1031 // The last one to catch: the caller gets a problem, the log the fault.
        catch (Exception fault) when (!context.Response.HasStarted)
#pragma warning restore CA1031
        {
            context.Response.Clear();
            await Of(fault, context).ExecuteAsync(context);
        }
    }

    /// <summary>For an answer without a body: no such route, no such method, a content type that no route reads.</summary>
    public static Task WriteAsync(StatusCodeContext context)
    {
        var response = context.HttpContext.Response;
        return TypedResults.Json(Problems.OfStatus(response.StatusCode), ApiJson.Default.Problem, Problems.ContentType, response.StatusCode)
            .ExecuteAsync(context.HttpContext);
    }

    private IResult Of(Exception fault, HttpContext context)
    {
        switch (fault)
        {
            case BadHttpRequestException { StatusCode: 413 }:
                return Problems.TooLarge(RequestBody.UsualLimit);
            case BadHttpRequestException bad:
                return Problems.Of(bad.StatusCode, "bad-request", "The request can't be read as HTTP.");
            case StoreUnavailableException:
                log.LogWarning(fault, "{Method} {Path} found a dependency out of reach.", context.Request.Method, context.Request.Path);
                context.Response.Headers.RetryAfter = RetryAfterSeconds;
                return Problems.Of(
                    503, "unavailable", "A dependency is out of reach; nothing is known to be changed. Try again, with the same Idempotency-Key if there was one.");
            default:
                log.LogError(fault, "{Method} {Path} failed.", context.Request.Method, context.Request.Path);
                return Problems.Of(500, "failed", "The request failed inside; the log says why.");
        }
    }
}
