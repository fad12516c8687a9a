using System.CommandLine;
using System.CommandLine.Invocation;
using System.Diagnostics.CodeAnalysis;

namespace MlPipelines.Cli;

/// <summary>The command line: parses, runs one command, and says how it went.</summary>
public static class CommandLine
{
    /// <summary>Exit codes.</summary>
    public const int Success = 0, Failure = 1, Misuse = 2;

    /// <summary>Runs one command.</summary>
    /// <returns>0 for success, 1 for failure (also when stopped by Ctrl+C), 2 for misuse.</returns>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever goes wrong becomes one line and an exit code here, and nowhere else.")]
    public static int Run(string[] args, TextWriter output, TextWriter error, CancellationToken cancellation = default)
    {
        var verbose = new Option<bool>("--verbose") { Description = "Say what happens on the way, and show the stack of an error.", Recursive = true };
        var terminal = new Terminal(output, error, cancellation);
        var root = new RootCommand("Image classification: a labelled folder in, a trained model and its mistakes out.")
        {
            TrainCommand.Create(terminal),
            EvaluateCommand.Create(terminal),
            PredictCommand.Create(terminal),
            QuickstartCommand.Create(terminal),
            verbose,
        };
        // A file name that begins with @ is a file name.
        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is ParseErrorAction)
        {
            foreach (var problem in parsed.Errors)
                terminal.Error(problem.Message);
            error.WriteLine($"Run 'mlpipe {parsed.CommandResult.Command.Name switch { var name when parsed.CommandResult.Command is RootCommand => "", var name => $"{name} " }}--help' for what is needed.");
            return Misuse;
        }
        terminal.Verbose = parsed.GetValue(verbose);
        try
        {
            return parsed.Invoke(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            terminal.Error("Stopped.");
            return Failure;
        }
        catch (Exception exception)
        {
            terminal.Error(Message(exception));
            if (terminal.Verbose)
                error.WriteLine(exception);
            return Failure;
        }
    }

    static string Message(Exception exception) => exception switch
    {
        ArgumentException { ParamName: { } name } => exception.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal),
        AggregateException { InnerExceptions: [var only] } => Message(only),
        _ => exception.Message,
    };
}
