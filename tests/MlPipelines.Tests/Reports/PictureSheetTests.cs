using MlPipelines.Imaging;
using MlPipelines.Tests.Evaluation;
using MlPipelines.Tests.Imaging;

namespace MlPipelines.Tests.Reports;

public sealed class PictureSheetTests
{
    [Fact]
    public void Pictures_stand_in_rows_pixel_by_pixel()
    {
        Image[] pictures = [.. Enumerable.Range(0, 5).Select(number => Pictures.Noise(10 + number, 12, number))];
        var sheet = new PictureSheet("title",
            new SheetRow("one", "", [.. pictures.Take(3).Select(picture => new SheetPicture(picture, "x"))]),
            new SheetRow("two", "3 images", [.. pictures.Skip(3).Select(picture => new SheetPicture(picture))])).Render();

        var places = pictures.Select(picture => Assert.Single(sheet.Places(picture))).ToArray();
        Assert.Equal(places.Take(3).OrderBy(place => place.Left), places.Take(3));
        Assert.Equal([1, 1],
            places.Take(3).Select(place => place.Top).Distinct().Concat(places.Skip(3).Select(place => place.Top).Distinct())
            .Select(_ => 1));
        Assert.True(places[3].Top >= places[0].Top + 12);
    }

    [Fact]
    public void Small_pictures_are_magnified_to_whole_squares_and_grey_ones_are_grey()
    {
        var grey = Pictures.Noise(6, 4, 1).ToGrayscale();
        var sheet = new PictureSheet("", new SheetRow("", "", new SheetPicture(grey, "", 4))).Render();
        Assert.Single(sheet.Places(grey.Magnified(4)));
        Assert.Equal(3, sheet.Channels);
    }

    [Theory]
    [InlineData("</svg><script>alert(1)</script>&amp;\"'")]
    [InlineData("猫と犬 кошка قطة 🐈")]
    [InlineData("\u202e\0\u0007\ud800\n\n\r\n\uffff")]
    [InlineData("a word that is much longer than all else: "
        + "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn")]
    public void No_text_breaks_the_sheet_or_covers_a_picture(string text)
    {
        var picture = Pictures.Noise(40, 30, 7);
        var sheet = new PictureSheet(text, new SheetRow(text, text, new SheetPicture(picture, text)), new SheetRow(text, text)).Render();
        Assert.Single(sheet.Places(picture));
        Assert.InRange(sheet.Width, 200, 700);
        Assert.InRange(sheet.Height, 100, 300);
    }

    [Fact]
    public void Text_is_written_beside_above_and_below()
    {
        static int Ink(string title, string heading, string note, string caption)
        {
            var sheet = new PictureSheet(title,
                new SheetRow(heading, note, new SheetPicture(Pictures.Paint(120, 60, (_, _) => Colour.White), caption))).Render();
            return sheet.Pixels.ToArray().Count(value => value < 128);
        }
        var nothing = Ink("", "", "", "");
        Assert.Equal(0, nothing);
        Assert.All([Ink("title", "", "", ""), Ink("", "heading", "", ""), Ink("", "", "note of it", ""), Ink("", "", "", "caption of it")],
            ink => Assert.InRange(ink, 50, 5000));
    }

    [Fact]
    public void What_was_drawn_by_many_augmentations_is_written_in_full()
    {
        static Image Sheet(int odd) => new PictureSheet("",
            new SheetRow("", "", new SheetPicture(Pictures.Paint(128, 60, (_, _) => Colour.White),
            string.Join(", ", Enumerable.Range(0, 20).Select(place => place == odd ? "zoomed x1.1" : "turned -10°"))))).Render();
        Assert.Equal(20, Enumerable.Range(0, 20).Select(odd => Convert.ToHexString(Sheet(odd).Pixels)).Distinct().Count());
    }

    [Fact]
    public void A_sheet_that_would_fill_the_memory_is_refused_before_it_is_drawn()
    {
        var picture = new SheetPicture(Pictures.Noise(8, 8, 1), "", 400);
        var error = Assert.Throws<InvalidDataException>(() =>
            new PictureSheet("", [.. Enumerable.Range(0, 9).Select(_ => new SheetRow("", "", picture, picture))]).Render());
        Assert.Equal("Sheet: would be 6440×28904 pixels, at most 67,108,864 in all and 32,000 across are drawn. Ask for fewer or smaller "
            + "pictures.", error.Message);
        Assert.Throws<InvalidDataException>(() => new PictureSheet("", new SheetRow("", "", [.. Enumerable.Repeat(picture, 10)])).Render());
    }

    [Fact]
    public void A_sheet_is_saved_by_its_extension_and_no_other_than_png_and_jpg()
    {
        using var folder = new TemporaryFolder();
        var sheet = new PictureSheet("title", new SheetRow("", "", new SheetPicture(Pictures.Noise(20, 20, 1))));
        var saved = sheet.Save(folder.File("new/sheet.png"));
        Assert.Equal(saved.Pixels.ToArray(), Image.FromFile(folder.File("new/sheet.png")).Pixels.ToArray());
        Assert.Equal(saved.Width, Image.FromBytes(sheet.Render().Encode(".jpg")).Width);
        sheet.Save(folder.File("sheet.JPG"));
        Assert.Equal([0xff, 0xd8], File.ReadAllBytes(folder.File("sheet.JPG"))[..2]);
        Assert.Contains("got the extension '.svg', needs .png or .jpg.",
            Assert.Throws<ArgumentException>(() => sheet.Save("sheet.svg")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_sheet_is_a_sheet() => Assert.InRange(new PictureSheet("nothing").Render().Width, 200, 300);

    [Theory]
    [InlineData("one two three", 7, 3, "one two", "three")]
    [InlineData("one two three four", 5, 2, "one", "tw…ur")]
    [InlineData("abcdefgh", 5, 3, "ab…gh")]
    [InlineData("a\nb", 5, 3, "a", "b")]
    [InlineData("  ", 5, 3)]
    public void Text_is_broken_at_spaces_and_shortened_at_its_end(string text, int columns, int most, params string[] lines) =>
    Assert.Equal(lines, WrappedText.Lines(text, columns, most));
}
