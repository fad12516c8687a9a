using Microsoft.Extensions.Logging;
using Microsoft.ML.Runtime;

namespace MlPipelines;

/// <summary>What ML.NET and this library tell, for programs that log with Microsoft.Extensions.Logging.</summary>
public static class LoggingVerbs
{
    /// <summary>Hands what is told on <see cref="MLContext.Log"/> to a logger: traces, information, warnings and errors as such, each with
    /// its source.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="logger">Takes it; which levels count is its own affair.</param>
    /// <returns>Ends it when it is disposed of.</returns>
    /// <example><code>using var told = ml.LogTo(loggers.CreateLogger("MlPipelines"));</code></example>
    public static IDisposable LogTo(this MLContext ml, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(ml);
        ArgumentNullException.ThrowIfNull(logger);
        ml.Log += Tell;
        return new Listening(() => ml.Log -= Tell);

        void Tell(object? sender, LoggingEventArgs told)
        {
            if (LevelOf(told.Kind) is var level && logger.IsEnabled(level))
                logger.Log(level, default, new LoggedMessage(told.Source, told.RawMessage), null,
                    static (message, _) => message.ToString());
        }
    }

    static LogLevel LevelOf(ChannelMessageKind kind) => kind switch
    {
        ChannelMessageKind.Error => LogLevel.Error,
        ChannelMessageKind.Warning => LogLevel.Warning,
        ChannelMessageKind.Info => LogLevel.Information,
        _ => LogLevel.Trace,
    };

    readonly record struct LoggedMessage(string Source, string Text)
    {
        public override string ToString() => $"{Source}: {Text}";
    }

    sealed class Listening(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
