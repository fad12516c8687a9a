using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Diagnostics.CodeAnalysis;

namespace MlPipelines.Cli;

/// <summary>The command line: parses, runs one command, and says how it went.</summary>
public static class CommandLine
{
    /// <summary>Runs one command.</summary>
    /// <returns>0 for success, 1 for failure (also when stopped by Ctrl+C), 2 for misuse.</returns>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever goes wrong becomes one line and an exit code here, and nowhere else.")]
    public static int Run(string[] args, TextWriter output, TextWriter error, CancellationToken cancellation = default)
    {
        var verbose = new Option<bool>("--verbose")
        {
            Description = "Say what happens on the way, and show the stack of an error.",
            Recursive = true,
        };
        var terminal = new Terminal(output, error, cancellation);
        var root = new RootCommand("Image classification: a labelled folder in, a trained model and its mistakes out.")
        {
            TrainCommand.Create(terminal),
            EvaluateCommand.Create(terminal),
            PredictCommand.Create(terminal),
            QuickstartCommand.Create(terminal),
            AugmentCommand.Create(terminal),
            DatasetCommand.Create(terminal),
            ModelsCommand.Create(terminal),
            verbose,
        };
        // A file name that begins with @ is a file name.
        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is ParseErrorAction || Misspelt(parsed).Any())
        {
            foreach (var problem in Problems(parsed))
                terminal.Error(problem);
            error.WriteLine($"Run '{string.Join(' ', Words(parsed.CommandResult))} --help' for what is needed.");
            return ExitCode.Misuse;
        }
        terminal.Verbose = parsed.GetValue(verbose);
        using var decoding = Imaging.DecodingCancellation.By(cancellation);
        try
        {
            return parsed.Invoke(new InvocationConfiguration
            {
                Output = output,
                Error = error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            });
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            terminal.Error("Stopped.");
            return ExitCode.Failure;
        }
        catch (Exception exception)
        {
            Report(terminal, error, parsed, exception);
            return ExitCode.Failure;
        }
        finally
        {
            Finish(terminal);
        }
    }

    static IEnumerable<string> Words(CommandResult result) =>
        result.Parent is CommandResult parent ? Words(parent).Append(result.Command.Name) : ["mlpipe"];

    static void Finish(Terminal terminal)
    {
        try
        {
            terminal.Finish();
        }
        catch (IOException)
        {
            // As below.
        }
    }

    static void Report(Terminal terminal, TextWriter error, ParseResult parsed, Exception exception)
    {
        try
        {
            terminal.Error(ModelInWork.Named(parsed, exception, ErrorMessage.Of(exception)));
            if (terminal.Verbose)
                error.WriteLine(exception);
        }
        catch (IOException)
        {
            // The error stream itself cannot be written; the exit code still tells.
        }
    }

    /// <summary>What looks like an option and was taken for a file; after -- everything is a file.</summary>
    static IEnumerable<string> Misspelt(ParseResult parsed)
    {
        var given = parsed.CommandResult.Command.Arguments.SelectMany(argument => parsed.GetResult(argument)?.Tokens ?? []).ToHashSet();
        return parsed.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash)
            .Where(token => token.Value is ['-', _, ..] && given.Any(value => ReferenceEquals(value, token))).Select(token => token.Value);
    }

    static IEnumerable<string> Problems(ParseResult parsed)
    {
        if (Misspelt(parsed).ToArray() is [_, ..] misspelt)
            return misspelt.Select(option => $"Unrecognized option '{option}'. If it is a file, write './{option}'.");
        var arguments = parsed.CommandResult.Command.Arguments;
        var missing = arguments.Where(argument => (parsed.GetResult(argument)?.Tokens.Count ?? 0) < argument.Arity.MinimumNumberOfValues)
            .ToArray();
        return missing.Select(argument => $"{parsed.CommandResult.Command.Name}: {argument.Name} is missing: {argument.Description}")
            .Concat(parsed.Errors.Where(problem => problem.SymbolResult is not ArgumentResult { Argument: var argument }
                || !missing.Contains(argument)).Select(problem => problem.Message))
            .Distinct();
    }
}
