using System.Diagnostics;

namespace MlPipelines.Tests.Packaging;

/// <summary>Runs programs and gives what they print.</summary>
static class Dotnet
{
    /// <summary>Runs `dotnet` and expects exit code 0.</summary>
    public static Task<string> Run(string folder, params string[] arguments) => RunProgram("dotnet", folder, arguments);

    /// <summary>Runs a program and expects exit code 0.</summary>
    public static async Task<string> RunProgram(string program, string folder, params string[] arguments)
    {
        using var process = Process.Start(Command(program, folder, arguments))!;
        var cancellation = TestContext.Current.CancellationToken;
        var error = process.StandardError.ReadToEndAsync(cancellation);
        var output = await process.StandardOutput.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        Assert.True(process.ExitCode == 0,
            $"{program} {string.Join(' ', arguments)}: exit code {process.ExitCode}.\n{output}\n{await error}");
        return output;
    }

    /// <summary>Starts `dotnet`, and leaves it running.</summary>
    public static Process Start(string folder, params string[] arguments) => Process.Start(Command("dotnet", folder, arguments))!;

    /// <summary>Where a server listens, as it says.</summary>
    public static async Task<Uri> ListeningAt(Process server)
    {
        const string said = "Now listening on: ";
        while (await server.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
            if (line.IndexOf(said, StringComparison.Ordinal) is >= 0 and var at)
                return new(line[(at + said.Length)..]);
        throw new InvalidOperationException($"the server ended: {await server.StandardError.ReadToEndAsync()}");
    }

    static ProcessStartInfo Command(string program, string folder, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // What `dotnet test` sets for itself would lead astray; servers that outlive the command would hold its output open.
        var own = start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase));
        foreach (var name in own.ToArray())
            start.Environment.Remove(name);
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["UseSharedCompilation"] = "false";
        start.Environment["DOTNET_NOLOGO"] = "1";
        return start;
    }
}
