using MlPipelines.Imaging;
using MlPipelines.Networks;

namespace MlPipelines.Tests.Evaluation;

/// <summary>Pairs that are confused, labels that are doubted, and the images of the greatest loss.</summary>
public sealed class MistakesTests : IDisposable
{
    readonly MLContext ml = new(1);
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Pairs_are_counted_and_the_most_frequent_comes_first()
    {
        var matrix = new NamedConfusionMatrix(["cat", "dog", "fox"], [0, 0, 0, 1, 1, 2, 2, 2, 2], [1, 1, 0, 0, 1, 0, 0, 2, 2]);
        Assert.Equal([new("cat", "dog", 2, 2 / 3.0), new("fox", "cat", 2, 0.5), new("dog", "cat", 1, 0.5)], matrix.MostConfused());
        Assert.Equal("dog", Assert.Single(matrix.MostConfused(1)).Predicted);
        Assert.Empty(new NamedConfusionMatrix(["cat"], [0], [0]).MostConfused());
        Assert.Throws<ArgumentOutOfRangeException>(() => matrix.MostConfused(-1));
    }

    [Fact]
    public void A_label_is_doubted_where_another_class_is_surer_than_its_own_rows_are_on_the_whole()
    {
        // Means of the labels' own scores, by hand: cat (0.9 + 0.8 + 0.2) / 3 = 0.633, dog (0.7 + 0.9 + 0.4) / 3 = 0.667.
        float[][] scores = [[0.9f, 0.1f], [0.8f, 0.2f], [0.2f, 0.8f], [0.3f, 0.7f], [0.1f, 0.9f], [0.6f, 0.4f]];
        string[] labels = ["cat", "cat", "cat", "dog", "dog", "dog"];
        var data = Scored.Rows(6, Scored.Classes, row => labels[row], row => scores[row][0] > 0.5 ? "cat" : "dog", row => scores[row],
            row => $"{row}.jpg");
        // The last row is taken for a cat, but less surely than cats are.
        Assert.Equal([new(2, "2.jpg", "cat", "dog", 0.2f, 0.8f)], ml.MulticlassClassification.FindLabelErrors(data));
    }

    [Fact]
    public void Most_of_the_labels_that_were_changed_are_found()
    {
        var dice = Dice.For(3);
        int[] truth = [.. Enumerable.Range(0, 400).Select(_ => dice.Below(4))];
        var changed = Enumerable.Range(0, 400).Where(row => row % 20 == 0).ToHashSet();
        string[] names = ["a", "b", "c", "d"];
        var scores = truth.Select(of =>
        {
            float[] raw = [.. Enumerable.Range(0, 4).Select(_ => (float)Math.Exp(dice.Unit()))];
            raw[of] *= 8;
            return Array.ConvertAll(raw, score => score / raw.Sum());
        }).ToArray();
        var data = Scored.Rows(400, [.. names], row => names[changed.Contains((int)row) ? (truth[row] + 1) % 4 : truth[row]],
            row => names[Array.IndexOf(scores[row], scores[row].Max())], row => scores[row], row => $"{row}");
        var found = ml.MulticlassClassification.FindLabelErrors(data).Select(error => (int)error.Id).ToHashSet();
        Assert.True(found.Count(changed.Contains) >= 0.5 * changed.Count, $"{found.Count(changed.Contains)} of {changed.Count}");
        Assert.True(found.Count(changed.Contains) >= 0.9 * found.Count, $"{found.Count(changed.Contains)} of {found.Count} found");
    }

    [Fact]
    public void Doubted_labels_are_copied_and_listed()
    {
        LikelyLabelError error = new(2, folder.With("in/2.jpg", "two"), "cat", "dog", 0.25f, 0.5f);
        ml.MulticlassClassification.SaveLabelErrors([error], folder.File("out"));
        ml.MulticlassClassification.SaveLabelErrors([error], folder.File("out"));
        Assert.Equal("two", File.ReadAllText(folder.File("out/cat_to_dog_2.jpg")));
        Assert.Equal(["path,label,likely,score of label,score of likely", $"{folder.File("in/2.jpg")},cat,dog,0.25,0.5"],
            File.ReadAllLines(folder.File("out/label_errors.csv")));
        Assert.Throws<ArgumentException>(() =>
            ml.MulticlassClassification.SaveLabelErrors([error with { Path = null }], folder.File("out")));
    }

    [Fact, Trait("Category", "Runtime")]
    public void The_greatest_losses_come_first_on_the_sheet()
    {
        var files = Enumerable.Range(0, 3).Select(Picture).ToArray();
        float[] right = [0.9f, 0.05f, 0.6f];
        var data = Scored.Rows(3, Scored.Classes, _ => "cat", row => right[row] > 0.5 ? "cat" : "dog",
            row => [right[row], 1 - right[row]], row => files[row]);
        var saved = ml.MulticlassClassification.SaveTopLosses(data, folder.File("top.png"), count: 2, size: 32);
        Assert.Empty(saved.Skipped);
        var colours = Colours(Image.FromFile(folder.File("top.png")));
        Assert.Contains((byte)(50 + 1), colours);
        Assert.Contains((byte)(50 + 2), colours);
        Assert.DoesNotContain((byte)50, colours);
        Assert.Throws<ArgumentException>(() => ml.MulticlassClassification.SaveTopLosses(data, folder.File("top.txt")));
    }

    [Fact, Trait("Category", "Runtime")]
    public void The_nearest_images_that_were_learnt_from_come_first()
    {
        using var explainer = new NetworkExplainer(new Sequential(new Input(2, 2, 3), new GlobalAveragePooling2D(), new Dense(2)));
        var learnt = MadeUp.Pictures([Colour(9, 0, 0), Colour(0, 9, 0), Colour(8, 1, 0)], ["red", "green", "reddish"]);
        var found = explainer.FindNeighbours([Colour(200, 0, 0), Colour(0, 100, 0)], learnt, count: 2);
        Assert.Equal(["red", "reddish"], found[0].Select(one => one.Label));
        Assert.Equal("green", found[1][0].Label);
        Assert.Equal(1, found[0][0].Similarity, 1e-5);
        Assert.Equal((0, null), (found[0][0].Place, found[0][0].Path));
        Assert.Empty(explainer.FindNeighbours([], learnt));
    }

    static Image Colour(byte red, byte green, byte blue) =>
        Image.FromPixels(2, 2, 3, [.. Enumerable.Repeat((byte[])[red, green, blue], 4).SelectMany(pixel => pixel)]);

    string Picture(int number)
    {
        Image.FromPixels(4, 4, 3, [.. Enumerable.Repeat((byte)(50 + number), 48)]).Save(folder.File($"{number}.png"));
        return folder.File($"{number}.png");
    }

    static HashSet<byte> Colours(Image image) => [.. image.ToRgb().Pixels.ToArray().Chunk(3)
        .Where(pixel => pixel[0] == pixel[1] && pixel[1] == pixel[2]).GroupBy(pixel => pixel[0]).Where(group => group.Count() >= 32 * 32)
        .Select(group => group.Key)];
}
