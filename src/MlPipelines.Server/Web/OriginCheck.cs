using System.Net;

namespace MlPipelines;

/// <summary>Keeps pages of others out: what a browser sends on their behalf is refused, and so is every name that another's domain may have
/// led here.</summary>
static class OriginCheck
{
    /// <exception cref="RefusedException">It comes from a page of another origin, or under a name that is not the server's.</exception>
    public static void Check(HttpRequest request, JudgingOptions options)
    {
        if (!IsOwn(request.Host.Host, options))
            throw new RefusedException(StatusCodes.Status421MisdirectedRequest, $"Host: got '{Shown(request.Host.Value)}', which is no "
                + "name of this server. Call it by its address, or let it be started with that name allowed.");
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
            return;
        var origin = request.Headers.Origin.ToString();
        if (origin.Length > 0 && !IsSame(origin, request.Host)
            || request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site")
            throw new RefusedException(StatusCodes.Status403Forbidden,
                $"Origin: got '{Shown(origin)}', only pages of this server may send to it.");
    }

    // An address of numbers is found through no one's domain.
    static bool IsOwn(string host, JudgingOptions options) => IPAddress.TryParse(host.Trim('[', ']'), out _)
        || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host.Equals(Environment.MachineName, StringComparison.OrdinalIgnoreCase)
        || options.AllowedHosts.Contains(host, StringComparer.OrdinalIgnoreCase);

    // The scheme may be another behind a proxy that ends TLS.
    static bool IsSame(string origin, HostString host) => Uri.TryCreate(origin, UriKind.Absolute, out var from)
        && from.Authority.Equals(host.Value, StringComparison.OrdinalIgnoreCase);

    static string Shown(string? text) => DisplayText.Shorten(DisplayText.Visible(text ?? ""), 100);
}
