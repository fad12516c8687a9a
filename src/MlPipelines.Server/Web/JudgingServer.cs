using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MlPipelines.Interop;

namespace MlPipelines;

/// <summary>A web server that serves one model and nothing else.</summary>
/// <remarks>It reads no settings from files or the environment, and listens where it is told to alone.</remarks>
sealed class JudgingServer : IAsyncDisposable
{
    const int MostConnections = 1024, SlowestBytesPerSecond = 240;

    static readonly TimeSpan grace = TimeSpan.FromSeconds(10), shutdown = TimeSpan.FromSeconds(10);

    readonly WebApplication application;

    JudgingServer(WebApplication application) => this.application = application;

    /// <summary>Starts one.</summary>
    /// <param name="model">The model, which is disposed of with the server.</param>
    /// <param name="options">How it is served.</param>
    /// <param name="place">Address and port; port 0 for any that is free.</param>
    /// <param name="log">Told of warnings and failures; null for nobody.</param>
    /// <param name="cancellation">Ends the starting.</param>
    /// <exception cref="IOException">The port is taken, or the file of verdicts cannot be opened.</exception>
    public static async Task<JudgingServer> Start(ServedModel model, JudgingOptions options, IPEndPoint place, ILoggerProvider? log = null,
        CancellationToken cancellation = default)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, options, place));
        // What clients do to their connections is no failure of the server.
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Critical);
        if (log is not null)
            builder.Logging.AddProvider(log);
        builder.Services.AddSingleton<IHostLifetime, EndedByOwner>().Configure<HostOptions>(host => host.ShutdownTimeout = shutdown)
            .AddRoutingCore().AddProblemDetails().AddOpenApi(api => api.AddDocumentTransformer((document, _, _) =>
            {
                (document.Info.Title, document.Info.Version) = ("mlpipe serve", SavedStep.LibraryVersion);
                document.Servers?.Clear();
                return Task.CompletedTask;
            }));
        builder.Services.AddJudging(model, options);
        var application = builder.Build();
        var server = new JudgingServer(application);
        try
        {
            application.UseExceptionHandler();
            application.UseStatusCodePages();
            application.MapJudging();
            application.MapOpenApi("/openapi.json");
            await application.StartAsync(cancellation).ConfigureAwait(false);
            return server;
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Where it is found.</summary>
    public Uri Address => new(application.Urls.First());

    /// <summary>Ends when the requests under way are answered; verdicts are in the file.</summary>
    public async ValueTask DisposeAsync()
    {
        await application.StopAsync().ConfigureAwait(false);
        await application.DisposeAsync().ConfigureAwait(false);
    }

    static void Configure(KestrelServerOptions kestrel, JudgingOptions options, IPEndPoint place)
    {
        kestrel.AddServerHeader = false;
        kestrel.Listen(place, listen => listen.Protocols = HttpProtocols.Http1);
        var limits = kestrel.Limits;
        limits.MaxRequestBodySize = options.MaxBytes + PictureBody.FormBytes;
        limits.MaxConcurrentConnections = MostConnections;
        limits.RequestHeadersTimeout = grace;
        limits.MinRequestBodyDataRate = new(SlowestBytesPerSecond, grace);
    }

    // Signals are the program's own matter.
    sealed class EndedByOwner : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
