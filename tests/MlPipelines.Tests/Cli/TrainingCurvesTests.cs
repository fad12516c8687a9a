using MlPipelines.Cli;
using Spectre.Console;
using Terminal = MlPipelines.Cli.Terminal;

namespace MlPipelines.Tests.Cli;

/// <summary>Curves of a training on a terminal that is made up.</summary>
public sealed class TrainingCurvesTests
{
    const string ClearToEnd = "\u001b[K";

    static string Shown(int width, int height = 40, bool ansi = true, bool unicode = true, bool json = false, int epochs = 3,
        bool color = false)
    {
        using var screen = new StringWriter();
        var console = AnsiConsole.Create(new()
        {
            Ansi = ansi ? AnsiSupport.Yes : AnsiSupport.No,
            Interactive = InteractionSupport.Yes,
            ColorSystem = color ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(screen),
        });
        (console.Profile.Width, console.Profile.Height, console.Profile.Capabilities.Unicode) = (width, height, unicode);
        var (terminal, curves) = (new Terminal(screen, screen, TestContext.Current.CancellationToken, screen: console)
        {
            WritesJson = json,
        }, new TrainingCurves());
        terminal.Watch("training", epochs, bar =>
        {
            for (var epoch = 1; epoch <= epochs; epoch++)
            {
                curves.Add(Epochs.Of(epoch, 1.0 / epoch, 1 - 0.5 / epoch, 2.0 / epoch, 0.5 - 0.25 / epoch));
                terminal.Line($"epoch {epoch}");
            }
            return 0;
        }, curves: curves);
        return screen.ToString();
    }

    // What stays once the bar is gone.
    static string[] Left(string shown) =>
        [.. shown[(shown.LastIndexOf('\u001b') + 1)..].Split('\n').Select(line => line.TrimEnd())];

    [Fact]
    public void On_a_wide_terminal_they_are_side_by_side_and_stay()
    {
        var left = Left(Shown(80));
        Assert.Contains("⠒⠒ training  ⠂⠂ validation", left[0], StringComparison.Ordinal);
        Assert.StartsWith("loss  ⠒⠒ 0.333  ⠂⠂ 0.667", left[1], StringComparison.Ordinal);
        Assert.EndsWith("accuracy  ⠒⠒ 83.3%  ⠂⠂ 41.7%", left[1], StringComparison.Ordinal);
        Assert.StartsWith(" 2.00 ", left[2], StringComparison.Ordinal);
        Assert.All(left, line => Assert.InRange(DisplayText.Width(line), 0, 80));
        Assert.Equal(8, left.Count(line => line.Length > 0));
    }

    [Fact]
    public void On_a_narrow_one_they_are_one_above_the_other()
    {
        var left = Left(Shown(20));
        Assert.EndsWith("⠒⠒ training", left[0], StringComparison.Ordinal);
        Assert.Equal(["⠂⠂ validation", "loss"], left[1..3]);
        Assert.Equal("accuracy", left[9]);
        Assert.All(left[1..], line => Assert.InRange(DisplayText.Width(line), 0, 20));
        Assert.Equal(16, left.Count(line => line.Length > 0));
        Assert.All([Shown(19), Shown(20, height: 12)], shown => Assert.DoesNotContain("accuracy", shown, StringComparison.Ordinal));
    }

    [Fact]
    public void Where_there_is_no_Unicode_they_are_ASCII()
    {
        var left = Left(Shown(70, unicode: false));
        Assert.All(left, line => Assert.All(line, letter => Assert.InRange(letter, ' ', '~')));
        Assert.StartsWith("loss  * 0.333  o 0.667", left[1], StringComparison.Ordinal);
    }

    [Fact]
    public void They_are_drawn_while_it_learns_and_lines_clear_what_they_are_written_over()
    {
        var shown = Shown(80);
        Assert.True(shown.Split("validation").Length > 2, "drawn at the end alone");
        Assert.Contains($"epoch 2{ClearToEnd}", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void Colours_are_those_of_the_two_series_and_none_are_written_where_none_are_wanted()
    {
        Assert.DoesNotContain("m⠒⠒ training", Shown(80), StringComparison.Ordinal);
        var colored = Shown(80, color: true);
        Assert.Contains("m⠒⠒ training\u001b[0m", colored, StringComparison.Ordinal);
        Assert.Contains("m⠂⠂ validation\u001b[0m", colored, StringComparison.Ordinal);
    }

    [Fact]
    public void Elsewhere_than_on_a_terminal_that_moves_its_cursor_there_are_none()
    {
        Assert.DoesNotContain("validation", Shown(80, ansi: false), StringComparison.Ordinal);
        Assert.DoesNotContain("validation", Shown(80, json: true), StringComparison.Ordinal);
    }

    [Fact]
    public void One_epoch_leaves_none() => Assert.DoesNotContain("training", string.Concat(Left(Shown(80, epochs: 1))),
        StringComparison.Ordinal);

    [Fact]
    public void Another_training_begins_anew()
    {
        var curves = new TrainingCurves();
        foreach (var epoch in new[] { 1, 2, 3, 1, 2 })
            curves.Add(Epochs.Of(epoch, 1, 0.5));
        Assert.Equal(2, curves.Count);
        curves.Clear();
        Assert.Equal(0, curves.Count);
    }

    [Theory]
    [InlineData(true, null, null, null, null)]
    [InlineData(true, null, null, "en_GB.UTF-8", "xterm")]
    [InlineData(true, null, "C.utf8", "C", "xterm")]
    [InlineData(false, null, null, "C", "xterm")]
    [InlineData(false, "POSIX", null, "en_GB.UTF-8", "xterm")]
    [InlineData(false, "", "de_DE.ISO-8859-1", null, "xterm")]
    [InlineData(false, null, null, "en_GB.UTF-8", "linux")]
    public void A_terminal_shows_what_its_locale_says(bool expected, string? all, string? type, string? lang, string? term) =>
        Assert.Equal(expected, TerminalCharacters.AreUnicode(name => name switch
        {
            "LC_ALL" => all,
            "LC_CTYPE" => type,
            "LANG" => lang,
            "TERM" => term,
            _ => null,
        }));
}
