using Microsoft.AspNetCore.Http;
using Risk.Api.Wire;

namespace Risk.Api.Access;

/// <summary>
/// Refuses requests that another site's page makes through its reader's browser: those under a foreign name (DNS rebinding), and those
/// with the origin of another page. Programs that send no Origin are no browsers and pass; so a WebSocket of a page is checked, too.
/// </summary>
internal sealed class HostAndOriginCheck(AccessSettings settings)
{
    private static readonly string[] LoopbackNames = ["localhost", "127.0.0.1", "[::1]", "::1"];

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var host = context.Request.Host;
        if (!IsHostAllowed(host))
            await Problems.Of(403, "foreign-host", "The header Host names no address of this program; use 127.0.0.1 or localhost.").ExecuteAsync(context);
        else if (context.Request.Headers.Origin is { Count: > 0 } origins && !origins.All(origin => IsOriginAllowed(origin, host)))
            await Problems.Of(403, "foreign-origin", "Pages of other sites may not call this program.").ExecuteAsync(context);
        else
            await next(context);
    }

    private bool IsHostAllowed(HostString host) =>
        !settings.LoopbackOnly || IsLoopback(host.Host) || settings.AllowedHosts.Contains(host.Host, StringComparer.OrdinalIgnoreCase);

    /// <summary>The page must come from this very port: another port is another program.</summary>
    private bool IsOriginAllowed(string? origin, HostString host)
    {
        if (origin is null) return false;
        if (settings.AllowedOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase)) return true;
        if (!Uri.TryCreate(origin, UriKind.Absolute, out var page) || page.Scheme is not ("http" or "https")) return false;
        var isSameName = string.Equals(page.Host, host.Host, StringComparison.OrdinalIgnoreCase) || (IsLoopback(page.Host) && IsLoopback(host.Host));
        return isSameName && page.Port == (host.Port ?? (page.Scheme == "https" ? 443 : 80));
    }

    private static bool IsLoopback(string name) => LoopbackNames.Contains(name, StringComparer.OrdinalIgnoreCase);
}
