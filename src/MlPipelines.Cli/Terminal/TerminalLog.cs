using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace MlPipelines.Cli;

/// <summary>What a server has to say while it runs, on the error stream; the same text no more often than now and then.</summary>
sealed class TerminalLog(Terminal terminal) : ILoggerProvider, ILogger
{
    static readonly TimeSpan silence = TimeSpan.FromSeconds(30);

    readonly Lock gate = new();
    string last = "";
    long said;

    public ILogger CreateLogger(string categoryName) => this;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= (terminal.Verbose ? LogLevel.Warning : LogLevel.Error);

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
            return;
        var text = exception is null || formatter(state, exception).Contains(exception.Message, StringComparison.Ordinal)
            ? formatter(state, exception) : $"{formatter(state, exception)} {ErrorMessage.Of(exception)}";
        lock (gate)
        {
            if (text == last && Stopwatch.GetElapsedTime(said) < silence)
                return;
            (last, said) = (text, Stopwatch.GetTimestamp());
            terminal.Error(terminal.Verbose && exception is not null ? $"{text} {exception}" : text);
        }
    }

    public void Dispose()
    {
    }
}
