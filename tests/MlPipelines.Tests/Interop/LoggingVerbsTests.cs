using Microsoft.Extensions.Logging;

namespace MlPipelines.Tests.Interop;

public sealed class LoggingVerbsTests
{
    [Fact]
    public void What_a_context_tells_reaches_the_logger_until_it_is_disposed_of()
    {
        var (ml, logger) = (new MLContext(1), new Listing());
        using (ml.LogTo(logger))
            ml.Data.Host().Warn("Balance", "one class is small");
        ml.Data.Host().Warn("Balance", "and another");
        Assert.Equal((LogLevel.Warning, "Balance: one class is small"),
            Assert.Single(logger.Lines, line => line.Item1 >= LogLevel.Warning));
    }

    sealed class Listing : ILogger
    {
        public List<(LogLevel, string)> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) => Lines.Add((logLevel, formatter(state, exception)));
    }
}
