using System.CommandLine;
using System.Globalization;
using System.Net;

namespace MlPipelines.Cli;

/// <summary>mlpipe serve MODEL.</summary>
static class ServeCommand
{
    const int DefaultPort = 8080, RateForOthers = 20;

    public static Command Create(Terminal terminal) => new SettingsCommand<Settings>("serve",
        "Judges pictures over HTTP and counts what users say of the judgements, until Ctrl+C.", new(), settings => Run(terminal, settings))
    {
        new ModelOptions<Settings>(settings => settings.Model, (settings, model) => settings with { Model = model }),
        {
            OptionKinds.Number("--port", "The port; 0 takes any that is free.", DefaultPort, 0, IPEndPoint.MaxPort),
            (settings, port) => settings with { Port = port }
        },
        {
            OptionKinds.Parsed<IPAddress?>("--host", "The address that it listens at; this machine alone without it. 0.0.0.0 or [::] opens "
                + "it to all who reach this machine.", "ADDRESS", AddressOf),
            (settings, host) => host is null ? settings : settings with { Host = host }
        },
        {
            OptionKinds.Texts("--allow-host", "A name, beside localhost and this machine's, by which browsers may call it; may be given "
                + "several times.", "NAME"),
            (settings, names) => settings with { Judging = settings.Judging with { AllowedHosts = [.. names] } }
        },
        {
            OptionKinds.Output("--verdicts", "The SQLite file of judgements and verdicts; it is made where it is missing.", "FILE",
                new JudgingOptions().Verdicts),
            (settings, file) => settings with { Judging = settings.Judging with { Verdicts = file!.Path } }
        },
        {
            new Option<bool>("--keep-pictures") { Description = "Keep the pictures in that file too, as they came; 'mlpipe verdicts' "
                + "writes those with a verdict as a labelled folder." },
            (settings, keep) => settings with { Judging = settings.Judging with { KeepPictures = keep } }
        },
        {
            OptionKinds.Number("--max-bytes", "The most bytes of a picture's file.", (int)new JudgingOptions().MaxBytes, 1, 1 << 30),
            (settings, most) => settings with { Judging = settings.Judging with { MaxBytes = most } }
        },
        {
            OptionKinds.Number("--max-pixels", "The most pixels of a picture.", (int)new JudgingOptions().MaxPixels, 1, 1 << 29),
            (settings, most) => settings with { Judging = settings.Judging with { MaxPixels = most } }
        },
        {
            OptionKinds.OptionalNumber("--rate", "The most requests a second of one address, 0 for any number; without it any number from "
                + $"this machine alone, {RateForOthers} where it is opened to others.", 0),
            (settings, rate) => settings with { Rate = rate }
        },
    };

    static int Run(Terminal terminal, Settings settings)
    {
        var ml = terminal.Context(seed: 0);
        var model = settings.Model.Load(terminal, ml, out _);
        return Serve(terminal, settings, ServedModel.Of(model, settings.Model.FilePath)).GetAwaiter().GetResult();
    }

    static async Task<int> Serve(Terminal terminal, Settings settings, ServedModel model)
    {
        var isOpen = !IPAddress.IsLoopback(settings.Host);
        var judging = settings.Judging with
        {
            RequestsPerSecond = settings.Rate switch { null => isOpen ? RateForOthers : null, 0 => null, var rate => rate },
        };
        using var log = new TerminalLog(terminal);
        var server = await JudgingServer.Start(model, judging, new(settings.Host, settings.Port), log, terminal.Cancellation)
            .ConfigureAwait(false);
        await using (server.ConfigureAwait(false))
        {
            terminal.Line(string.Create(CultureInfo.InvariantCulture, $"serving: {DisplayText.Visible(model.Name)} at {server.Address}"));
            terminal.Line($"verdicts: {DisplayText.Visible(Path.GetFullPath(judging.Verdicts))}, "
                + $"pictures are {(judging.KeepPictures ? "kept" : "not kept")}");
            if (isOpen)
                terminal.Error($"warning: open to all who reach {settings.Host} of this machine, without password or encryption: they "
                    + "judge pictures, give verdicts and read the tally.");
            var ended = new TaskCompletionSource();
            using var signal = terminal.Cancellation.Register(ended.SetResult);
            await ended.Task.ConfigureAwait(false);
        }
        terminal.Line("ended");
        return ExitCode.Success;
    }

    static IPAddress? AddressOf(string text) => text.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback
        : IPAddress.TryParse(text, out var address) ? address
        : throw new FormatException($"got '{text}', needs localhost or an address of this machine, such as 0.0.0.0 for all of them.");

    sealed record Settings
    {
        public ModelFile Model { get; init; } = new();
        public int Port { get; init; }
        public IPAddress Host { get; init; } = IPAddress.Loopback;
        public int? Rate { get; init; }
        public JudgingOptions Judging { get; init; } = new();
    }
}
