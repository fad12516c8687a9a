using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using MlPipelines.Imaging;
using MlPipelines.Tests.Data.Sources;
using MlPipelines.Tests.Evaluation;

namespace MlPipelines.Tests.Reports.Pages;

/// <summary>The page of an evaluation, in a real browser.</summary>
[Trait("Category", "Slow")]
public sealed class EvaluationPageTests : IDisposable
{
    static readonly string[] hostile = ["<script>document.title='run'</script>", "<img src=x onerror=document.title='run'>",
        "\"></script><b>bold</b>"];

    readonly MLContext ml = new(1);
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Cells_open_their_pictures_and_columns_sort()
    {
        Save(Rows(60, ["cat", "dog", "fox"]), new()
        {
            Pipeline = new JsonObject { ["seed"] = 7 },
            Command = "mlpipe train",
            Findings = [new("DarkImages", Severity.Warning, ["a.jpg"], "dark", "look")],
            History = new(Epochs.Of(1, 1.5, 0.5), Epochs.Of(2, 1, 0.75)),
        });
        await using var browser = await Browser.Start(ColorScheme.Light, 1100);
        var page = await browser.Open(Address, "section");
        Assert.Equal(["Summary", "Curves", "Who is taken for whom", "Classes", "Mistakes", "Labels that are likely wrong", "Data",
            "How to repeat it"], await page.Locator("h2").AllTextContentsAsync());
        Assert.Equal(5, await page.Locator(".charts img").CountAsync());
        Assert.Equal("21 images are taken for another class.", await page.Locator("section:has(#pictures) > p").First.TextContentAsync());
        Assert.Equal(21, await Shown(page));
        await page.GetByRole(AriaRole.Button, new() { Name = "7 of cat taken for dog" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        Assert.Equal(7, await Shown(page));
        Assert.Equal("7 of 7 shown", await page.Locator("[role=status]").TextContentAsync());
        await page.GetByRole(AriaRole.Button, new() { Name = "of fox taken for fox" }).ClickAsync();
        Assert.Equal(12, await Shown(page));
        await page.GetByRole(AriaRole.Button, new() { Name = "all", Exact = true }).ClickAsync();
        Assert.Equal(21, await Shown(page));

        await page.GetByRole(AriaRole.Button, new() { Name = "class", Exact = true }).ClickAsync();
        Assert.Equal(["cat", "dog", "fox"], await Column(page, 1));
        await page.GetByRole(AriaRole.Button, new() { Name = "class", Exact = true }).ClickAsync();
        Assert.Equal(["fox", "dog", "cat"], await Column(page, 1));
        await page.GetByRole(AriaRole.Button, new() { Name = "recall" }).ClickAsync();
        var recalls = (await Column(page, 6)).Select(text => double.Parse(text.Split(' ')[0], CultureInfo.InvariantCulture));
        Assert.Equal(recalls.OrderDescending(), recalls);
        browser.AssertNothingSaid();
    }

    [Fact]
    public async Task Names_are_text_and_nothing_sticks_out_of_a_phone_s_screen()
    {
        Save(Rows(30, hostile), new() { Title = hostile[0], Command = hostile[2] });
        await using var browser = await Browser.Start(ColorScheme.Dark, 375);
        var page = await browser.Open(Address, "section");
        Assert.Equal(hostile[0], await page.TitleAsync());
        Assert.Equal(hostile.Order(StringComparer.Ordinal),
            (await page.Locator(".matrix tbody th").AllTextContentsAsync()).Order(StringComparer.Ordinal));
        Assert.Equal(0, await page.Locator("main script, td b, th b").CountAsync());
        Assert.Equal(375, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        browser.AssertNothingSaid();
    }

    [Fact]
    public async Task Five_thousand_mistakes_open_within_two_seconds()
    {
        Save(Rows(7503, ["cat", "dog", "fox"], row => row / 3 % 3 != 0), new());
        await using var browser = await Browser.Start(ColorScheme.Light, 1100);
        await (await browser.Blank()).CloseAsync();
        // What else the machine does makes an opening longer: the quickest says how long the page takes.
        var (page, quickest) = await Opened(browser);
        for (var again = 0; quickest > 2 && again < MostOpenings; again++)
        {
            await page.CloseAsync();
            (page, var seconds) = await Opened(browser);
            quickest = Math.Min(quickest, seconds);
        }
        Assert.InRange(quickest, 0, 2);
        Assert.InRange(await page.Locator("figure").CountAsync(), 1, 400);
        var before = await page.Locator("section:has(#pictures) figure").CountAsync();
        await page.EvaluateAsync("document.querySelector('section:has(#pictures) .gallery + div').scrollIntoView()");
        await page.WaitForFunctionAsync($"document.querySelectorAll('section:has(#pictures) figure').length > {before}");
        browser.AssertNothingSaid();
    }

    const int MostOpenings = 5;

    async Task<(IPage Page, double Seconds)> Opened(Browser browser)
    {
        var clock = Stopwatch.StartNew();
        var page = await browser.Open(Address, "figure");
        return (page, clock.Elapsed.TotalSeconds);
    }

    [Fact]
    public async Task Of_a_thousand_classes_those_that_are_confused_most_are_in_the_table()
    {
        string[] names = [.. Enumerable.Range(0, 1000).Select(of => $"class {of}")];
        Save(Rows(3000, names, row => row % 1000 < 30), new());
        await using var browser = await Browser.Start(ColorScheme.Light, 1100);
        var page = await browser.Open(Address, "figure");
        Assert.Equal(120, await page.Locator(".matrix tbody tr").CountAsync());
        Assert.Equal("3 of class 7 taken for class 8",
            await page.GetByRole(AriaRole.Button, new() { Name = "3 of class 7 taken for class 8" }).GetAttributeAsync("title"));
        await page.GetByText("These are the 120 of 1000 classes that are confused most.").WaitForAsync();
        browser.AssertNothingSaid();
    }

    [Fact]
    public void Pictures_in_an_archive_are_on_the_page()
    {
        var png = Image.FromPixels(8, 8, 3, [.. Enumerable.Range(0, 192).Select(i => (byte)i)]).Encode(".png");
        File.WriteAllBytes(folder.File("in.zip"), Packing.Zip(("cat/1.png", png)));
        Save(Scored.Files((folder.File("in.zip/cat/1.png"), "cat", "dog"), (folder.File("in.zip/cat/1.png"), "dog", "dog")), new());
        Assert.Contains($"\"picture\":\"data:image/png;base64,{Convert.ToBase64String(png)[..40]}",
            File.ReadAllText(folder.File("report.html")).Replace("\\u002B", "+"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_needs_no_other_file()
    {
        Save(Rows(30, ["cat", "dog", "fox"]), new());
        var text = File.ReadAllText(folder.File("report.html"));
        Assert.DoesNotContain("http:", text.Replace("http://www.w3.org/2000/svg", ""), StringComparison.Ordinal);
        Assert.DoesNotContain("https:", text, StringComparison.Ordinal);
        Assert.DoesNotContain("{{", text, StringComparison.Ordinal);
        Save(Rows(30, ["cat", "dog", "fox"]), new());
        Assert.Equal(text, File.ReadAllText(folder.File("report.html")));
    }

    Uri Address => new(folder.File("report.html"));

    void Save(IDataView scored, EvaluationPageOptions options) =>
        ml.MulticlassClassification.SavePage(scored, folder.File("report.html"), options, TestContext.Current.CancellationToken);

    // Of each class as many, of every nine rows three taken for the next class; the files are one.
    IDataView Rows(int count, string[] names, Func<long, bool>? isWrong = null)
    {
        Image.FromPixels(8, 8, 3, [.. Enumerable.Range(0, 192).Select(i => (byte)i)]).Save(folder.File("one.png"));
        isWrong ??= row => row / 3 % 3 == 0;
        return Scored.Rows(count, [.. names], row => names[row % names.Length], Predicted,
            row => [.. names.Select(name => name == Predicted(row) ? 0.6f + row % 7 * 0.05f : 0.1f)], _ => folder.File("one.png"));

        string Predicted(long row) => names[(row + (isWrong(row) ? 1 : 0)) % names.Length];
    }

    static async Task<int> Shown(IPage page) => await page.Locator("section:has(#pictures) figure").CountAsync();

    static async Task<IReadOnlyList<string>> Column(IPage page, int number) =>
        await page.Locator($"section:has(#classes) tbody td:nth-child({number})").AllTextContentsAsync();
}
