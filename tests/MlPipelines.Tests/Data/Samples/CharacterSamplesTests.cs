using System.Security.Cryptography;
using MlPipelines.Imaging;

namespace MlPipelines.Tests.Data.Samples;

public sealed class CharacterSamplesTests : IDisposable
{
    readonly string root = Directory.CreateTempSubdirectory("characters-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void There_are_686_pictures_of_eight_unbalanced_classes()
    {
        Assert.Equal(686, CharacterSamples.Classes.Values.Sum());
        Assert.Equal(8, CharacterSamples.Classes.Count);
        Assert.True(CharacterSamples.Classes.Values.Max() > 3 * CharacterSamples.Classes.Values.Min());
        Assert.Contains("others", CharacterSamples.Classes.Keys);
    }

    [Fact]
    [Trait("Category", "Slow")]
    public void Two_sets_of_one_seed_are_equal_and_a_whole_one_is_left_alone()
    {
        var first = CharacterSamples.Create(Path.Combine(root, "a"));
        var second = CharacterSamples.Create(Path.Combine(root, "b"));
        Assert.Equal(Prints(first), Prints(second));
        Assert.Equal(686, Prints(first).Count);
        Assert.All(CharacterSamples.Classes,
            entry => Assert.Equal(entry.Value, Directory.GetFiles(Path.Combine(first, entry.Key), "*.jpg").Length));

        var aiko = Path.Combine(first, "aiko", "aiko_0001.jpg");
        Assert.Equal((128, 128), (Image.FromFile(aiko).Width, Image.FromFile(aiko).Height));
        var made = File.GetLastWriteTimeUtc(aiko);
        CharacterSamples.Create(first);
        Assert.Equal(made, File.GetLastWriteTimeUtc(aiko));

        File.Delete(aiko);
        CharacterSamples.Create(first);
        Assert.Equal(Prints(first), Prints(second));

        Assert.Contains("asked for seed 2", Assert.Throws<IOException>(() => CharacterSamples.Create(first, seed: 2)).Message);
        File.Delete(Path.Combine(second, ".characters"));
        File.WriteAllText(Path.Combine(second, "edda", "edda_0001.jpg"), "mine");
        Assert.Contains("edda_0001.jpg", Assert.Throws<IOException>(() => CharacterSamples.Create(second)).Message);
        Assert.Equal("mine", File.ReadAllText(Path.Combine(second, "edda", "edda_0001.jpg")));
        Assert.Equal(8, Directory.GetDirectories(second).Length);
    }

    [Fact]
    public void Every_picture_of_a_character_differs_and_so_does_every_seed()
    {
        var pictures = Enumerable.Range(1, 4).Select(number => CharacterSamples.Draw("cleo", number))
            .Append(CharacterSamples.Draw("cleo", 1, seed: 2)).Append(CharacterSamples.Draw("greta", 1))
            .Select(image => Convert.ToHexString(SHA256.HashData(image.Pixels)));
        Assert.Equal(6, pictures.Distinct().Count());
        Assert.Equal(CharacterSamples.Draw("others", 9).Pixels.ToArray(), CharacterSamples.Draw("others", 9).Pixels.ToArray());
        Assert.Contains("needs one of aiko, bruno", Assert.Throws<ArgumentException>(() => CharacterSamples.Draw("nobody", 1)).Message);
    }

    [Fact]
    public void The_culture_of_the_thread_does_not_matter()
    {
        var expected = CharacterSamples.Draw("finn", 3).Pixels.ToArray();
        var old = Thread.CurrentThread.CurrentCulture;
        try
        {
            var commas = (System.Globalization.CultureInfo)System.Globalization.CultureInfo.InvariantCulture.Clone();
            commas.NumberFormat.NumberDecimalSeparator = ",";
            Thread.CurrentThread.CurrentCulture = commas;
            Assert.Equal(expected, CharacterSamples.Draw("finn", 3).Pixels.ToArray());
        }
        finally
        {
            Thread.CurrentThread.CurrentCulture = old;
        }
    }

    static Dictionary<string, string> Prints(string folder) => Directory.GetFiles(folder, "*.jpg", SearchOption.AllDirectories)
        .ToDictionary(file => Path.GetRelativePath(folder, file), file => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file))));
}
