using Microsoft.Playwright;

namespace MlPipelines.Tests.Server;

/// <summary>The page in a real browser: Debian's chromium, or the one that MLPIPELINES_CHROMIUM names.</summary>
[Trait("Category", "Slow")]
public sealed class JudgingPageTests : ServedPictures
{
    [Fact]
    public async Task A_picture_is_chosen_judged_and_its_verdict_given_and_changed()
    {
        await using var browser = await Browser.Start(ColorScheme.Light, 1100);
        using var client = await Serve();
        var page = await browser.Open(client.BaseAddress!, "#model:not(:empty)");
        await page.GetByLabel("show which places speak for the answer").CheckAsync();
        await Choose(page, 1);
        Assert.Equal(4, await page.Locator("#scores li").CountAsync());
        await page.Locator("#heatPicture").WaitForAsync();
        Assert.Equal(12, await page.EvaluateAsync<int>("document.getElementById('heatPicture').naturalWidth"));

        await page.GetByRole(AriaRole.Button, new() { Name = "Yes, it is right" }).ClickAsync();
        await page.GetByText("It counts as right").WaitForAsync();
        await page.GetByText("1 of 1 right, 100.0 %").WaitForAsync();
        var other = await page.Locator("#class option").Nth(1).TextContentAsync();
        Assert.True(await page.Locator("#wrong").IsDisabledAsync());
        await page.Locator("#class").SelectOptionAsync(new[] { other! });
        await page.Locator("#wrong").ClickAsync();
        await page.GetByText("Changed: it counts as wrong").WaitForAsync();
        await page.GetByText("0 of 1 right, 0.0 %").WaitForAsync();
        Assert.Equal("1", await page.Locator("td.wrong").TextContentAsync());
        browser.AssertNothingSaid();
    }

    [Fact]
    public async Task Names_of_classes_and_files_are_text_and_nothing_of_them_runs()
    {
        await using var browser = await Browser.Start(ColorScheme.Dark, 375);
        using var client = await Serve(Model(labels: ["<script>document.title='run'</script>", "<img src=x onerror=document.title='run'>",
            "\"><b>bold</b>", new string('w', 200)]));
        var page = await browser.Open(client.BaseAddress!, "#model:not(:empty)");
        await page.Locator("#file").SetInputFilesAsync(new FilePayload
        {
            Name = "<img src=x onerror=document.title='run'>.png",
            MimeType = "image/png",
            Buffer = Picture(2)
        });
        await page.Locator("#result").WaitForAsync();
        foreach (var name in await page.Locator("#class option").AllTextContentsAsync())
            if (name != "choose…")
            {
                await page.Locator("#class").SelectOptionAsync(new[] { name });
                await page.Locator("#wrong").ClickAsync();
                await page.Locator("#thanks", new() { HasText = name }).WaitForAsync();
            }
        Assert.Equal("Judging pictures", await page.TitleAsync());
        Assert.Equal(0, await page.Locator("body b b, #tally img, #scores img, #scores script").CountAsync());
        // Nothing sticks out of a phone's screen.
        Assert.Equal(375, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        browser.AssertNothingSaid();
    }

    [Fact]
    public async Task What_is_no_picture_is_said_on_the_page_and_the_next_one_is_judged()
    {
        await using var browser = await Browser.Start(ColorScheme.Light, 800);
        using var client = await Serve(change: options => options with { MaxBytes = 5000 });
        var page = await browser.Open(client.BaseAddress!, "#model:not(:empty)");
        await page.Locator("#file").SetInputFilesAsync(Payload("no.png", [.. "no picture"u8]));
        await page.GetByText("begins with the text 'no picture'").WaitForAsync();
        await page.Locator("#file").SetInputFilesAsync(Payload("large.png", new byte[6000]));
        await page.GetByText("at most 5 kB are taken").WaitForAsync();
        Assert.False(await page.Locator("#result").IsVisibleAsync());
        await Choose(page, 3);
        await page.Locator("#picture").WaitForAsync();
    }

    [Fact]
    public async Task A_picture_is_dropped_onto_the_page()
    {
        await using var browser = await Browser.Start(ColorScheme.Light, 800);
        using var client = await Serve();
        var page = await browser.Open(client.BaseAddress!, "#model:not(:empty)");
        await page.EvaluateAsync("""
            picture => {
              const files = new DataTransfer();
              files.items.add(new File([Uint8Array.from(atob(picture), one => one.charCodeAt(0))], "dropped.png", { type: "image/png" }));
              const drop = new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true });
              document.getElementById("drop").dispatchEvent(drop);
            }
            """, Convert.ToBase64String(Picture(4)));
        await page.Locator("#name", new() { HasText = "dropped.png" }).WaitForAsync();
        browser.AssertNothingSaid();
    }

    [Fact]
    public async Task A_page_of_another_origin_can_neither_judge_nor_give_verdicts()
    {
        await using var browser = await Browser.Start(ColorScheme.Light, 800);
        using var client = await Serve();
        var judged = await Judge(client, Picture(1));
        var page = await browser.Blank();
        await page.EvaluateAsync("""
            async ([server, verdict]) => {
              for (const type of ["text/plain", "application/json", "application/octet-stream"])
                for (const path of ["verdict", "judge"])
                  for (const mode of ["no-cors", "cors"])
                    await fetch(server + path, { method: "POST", mode, headers: { "Content-Type": type }, body: verdict }).catch(() => 0);
              const form = document.createElement("form");
              form.method = "POST";
              form.action = server + "judge";
              form.enctype = "multipart/form-data";
              document.body.append(form);
              form.submit();
            }
            """, new[] { client.BaseAddress!.ToString(), Right(judged) });
        await page.GetByText("only pages of this server may send to it").WaitForAsync();
        var tally = await Tally(client);
        Assert.Equal((1, 0), ((int)tally[0]!["judged"]!, (int)tally[0]!["verdicts"]!));
    }

    static async Task Choose(IPage page, int number)
    {
        await page.Locator("#file").SetInputFilesAsync(Payload($"{number}.png", Picture(number)));
        await page.Locator("#result").WaitForAsync();
    }

    static FilePayload Payload(string name, byte[] bytes) => new() { Name = name, MimeType = "image/png", Buffer = bytes };
}
