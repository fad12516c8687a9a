using Microsoft.Playwright;

namespace MlPipelines.Tests;

/// <summary>A browser, Debian's chromium or the one that MLPIPELINES_CHROMIUM names, and what its pages said that they should
/// not.</summary>
sealed class Browser : IAsyncDisposable
{
    const int Seconds = 20;

    readonly List<string> said = [];
    readonly IPlaywright playwright;
    readonly IBrowser browser;
    readonly IBrowserContext context;

    Browser(IPlaywright playwright, IBrowser browser, IBrowserContext context) =>
        (this.playwright, this.browser, this.context) = (playwright, browser, context);

    public static async Task<Browser> Start(ColorScheme colours, int width)
    {
        var chromium = Environment.GetEnvironmentVariable("MLPIPELINES_CHROMIUM") ?? "/usr/bin/chromium";
        Assert.SkipUnless(File.Exists(chromium), $"There is no browser at {chromium}. Install chromium, or set MLPIPELINES_CHROMIUM.");
        var playwright = await Playwright.CreateAsync();
        // Root, as whom tests run in containers, has no sandbox.
        var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = chromium, Args = ["--no-sandbox"] });
        var context = await browser.NewContextAsync(new()
        {
            ColorScheme = colours,
            ViewportSize = new() { Width = width, Height = 800 }
        });
        context.SetDefaultTimeout(1000 * Seconds);
        return new(playwright, browser, context);
    }

    public Task<IPage> Blank() => context.NewPageAsync();

    /// <summary>The page there, when it shows something that <paramref name="until"/> selects.</summary>
    public async Task<IPage> Open(Uri address, string until)
    {
        var page = await Blank();
        page.Console += (_, message) => said.Add($"{message.Type}: {message.Text}");
        page.PageError += (_, error) => said.Add(error);
        page.Dialog += (_, dialog) => said.Add(dialog.Message);
        await page.GotoAsync(address.ToString());
        await page.Locator(until).First.WaitForAsync();
        return page;
    }

    public void AssertNothingSaid() => Assert.Empty(said);

    public async ValueTask DisposeAsync()
    {
        await context.DisposeAsync();
        await browser.DisposeAsync();
        playwright.Dispose();
    }
}
