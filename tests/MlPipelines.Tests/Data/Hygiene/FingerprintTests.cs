using System.Text.Json;
using MlPipelines.Imaging;
using MlPipelines.Tests.Imaging;

namespace MlPipelines.Tests.Data.Hygiene;

public sealed class FingerprintTests
{
    sealed record Golden(Hashed[] Hashes, Blurred[] Blurs);

    sealed record Hashed(string Name, int[] Grey, string Hash);

    sealed record Blurred(string Name, int Width, int[] Grey, double Blur);

    static readonly Lazy<Golden> golden = new(() => JsonSerializer.Deserialize<Golden>(
        File.ReadAllText(Path.Combine(Repository.Root, "tests", "golden", "hygiene.json")), JsonSerializerOptions.Web)!);

    public static TheoryData<string> Hashes() => [.. golden.Value.Hashes.Select(row => row.Name)];

    public static TheoryData<string> Blurs() => [.. golden.Value.Blurs.Select(row => row.Name)];

    [Theory, MemberData(nameof(Hashes))]
    public void The_hash_is_that_of_SciPys_cosine_transform(string name)
    {
        var row = golden.Value.Hashes.Single(row => row.Name == name);
        Assert.Equal(row.Hash, Fingerprint.Of(Grey(32, row.Grey)).Hash.ToString("b64"));
    }

    [Theory, MemberData(nameof(Blurs))]
    public void Blur_is_that_of_NumPy(string name)
    {
        var row = golden.Value.Blurs.Single(row => row.Name == name);
        Assert.Equal(row.Blur, Blurriness.Of(Grey(row.Width, row.Grey)), 1e-9);
    }

    [Fact]
    public void A_blurred_picture_is_blurrier_and_a_small_or_plain_one_is_not_judged()
    {
        var sharp = Pictures.Noise(80, 64, 1);
        Assert.InRange(Blurriness.Of(sharp), 0, 0.3);
        Assert.InRange(Blurriness.Of(sharp.Blur(3)), 0.5, 1);
        Assert.Equal(double.NaN, Blurriness.Of(Pictures.Noise(63, 80, 1)));
        Assert.Equal(double.NaN, Blurriness.Of(Pictures.Paint(80, 80, (_, _) => Pictures.Red)));
    }

    [Fact]
    public void A_picture_resized_saved_again_or_made_lighter_mostly_looks_alike()
    {
        var names = CharacterSamples.Classes.Keys.ToArray();
        bool LooksAlike(int number)
        {
            var dice = Dice.For(number);
            var picture = CharacterSamples.Draw(names[dice.Below(names.Length)], number);
            var changed = picture.Resize(60 + dice.Below(341), 60 + dice.Below(341), ResizingKind.Fill)
                .AdjustBrightness((float)dice.Uniform(0.85, 1.1));
            var (a, b) = (Fingerprint.Of(picture), Fingerprint.Of(Image.FromBytes(changed.Encode(".jpg", 30 + dice.Below(66)))));
            return a.Distance(b) <= new NearDuplicates().Distance && a.Correlation(b) >= new NearDuplicates().Correlation;
        }
        Assert.InRange(Enumerable.Range(1, 60).Count(LooksAlike), 56, 60);
    }

    [Fact]
    public void Other_pictures_of_the_same_character_do_not_look_alike()
    {
        var prints = Enumerable.Range(1, 40).Select(number => Fingerprint.Of(CharacterSamples.Draw("aiko", number))).ToArray();
        Assert.Empty(from i in Enumerable.Range(0, prints.Length)
                     from j in Enumerable.Range(i + 1, prints.Length - i - 1)
                     where prints[i].Distance(prints[j]) <= 6 && prints[i].Correlation(prints[j]) >= 0.98
                     select (i, j));
    }

    [Fact]
    public void Correlation_is_that_of_Pearson_and_blind_to_contrast_but_not_to_colour()
    {
        var (a, b) = (Pictures.Noise(16, 16, 1), Pictures.Noise(16, 16, 2));
        var (x, y) = (Centred(a), Centred(b));
        var pearson = Dot(x, y) / Math.Sqrt(Dot(x, x) * Dot(y, y));
        Assert.Equal(pearson, Fingerprint.Of(a).Correlation(Fingerprint.Of(b)), 1e-12);

        var half = Image.FromPixels(16, 16, 3, [.. a.Pixels.ToArray().Select(value => (byte)(value / 2 + 40))]);
        Assert.InRange(Fingerprint.Of(a).Correlation(Fingerprint.Of(half)), 0.9999, 1);
        var (red, blue) = (Pictures.Paint(16, 16, (x, _) => x < 8 ? Pictures.Red : Pictures.White),
            Pictures.Paint(16, 16, (x, _) => x < 8 ? Pictures.Blue : Pictures.White));
        Assert.InRange(Fingerprint.Of(red).Correlation(Fingerprint.Of(blue)), -1, 0.6);
    }

    [Fact]
    public void A_plain_picture_looks_like_none()
    {
        Assert.True(Fingerprint.Of(Pictures.Paint(40, 30, (_, _) => Pictures.Red)).IsPlain);
        Assert.True(Fingerprint.Of(Pictures.Paint(40, 30, (x, y) => (x + y) % 2 == 0 ? Pictures.White : new(254, 255, 253))).IsPlain);
        Assert.False(Fingerprint.Of(Pictures.Quarters(40, 30)).IsPlain);
    }

    static double[] Centred(Image image)
    {
        var means = Enumerable.Range(0, 3).Select(c => image.Pixels.ToArray().Where((_, i) => i % 3 == c).Average(value => value))
            .ToArray();
        return [.. image.Pixels.ToArray().Select((value, i) => value - means[i % 3])];
    }

    static double Dot(double[] a, double[] b) => a.Zip(b, (p, q) => p * q).Sum();

    static Image Grey(int width, int[] grey) => Image.FromPixels(width, grey.Length / width, 1, [.. grey.Select(value => (byte)value)]);
}
