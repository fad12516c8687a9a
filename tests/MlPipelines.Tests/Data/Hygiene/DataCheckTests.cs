using MlPipelines.Tests.Imaging;

namespace MlPipelines.Tests.Data.Hygiene;

public sealed class DataCheckTests
{
    static readonly DataSurvey clean = Surveys.Of(Surveys.Clean());

    /// <summary>For each check a set with the one thing that it looks for.</summary>
    static readonly Dictionary<string, DataSurvey> faulty = new()
    {
        [nameof(BlurryImages)] = clean.With(7, image => image with { Blurriness = 0.7 }),
        [nameof(CroppedImages)] = Surveys.Of(Surveys.Clean().Select(image => image with { Width = 100, Height = 300 })),
        [nameof(DarkImages)] = clean.With(7, image => image with { Tones = image.Tones with { High = 60 } }),
        [nameof(DecoderRemarks)] = clean.With(7, image => image with { DecoderRemark = "Corrupt JPEG data: 2 extraneous bytes" }),
        [nameof(DifferingParts)] = Surveys.Of(
            [.. Surveys.Clean(), .. Surveys.Clean(60, "test").Select(image => image with { JpegQuality = 50 })]),
        [nameof(ExactDuplicates)] = clean.With(7,
            image => image with { Digest = clean.Images[9].Digest, Fingerprint = clean.Images[9].Fingerprint }),
        [nameof(GreyImages)] = clean.With(7, image => image with { Tones = image.Tones with { Saturation = 0 } }),
        [nameof(IgnoredFiles)] = clean with { Ignored = [new("train/cat/notes.txt", "'.txt' is no image format read here")] },
        [nameof(LightImages)] = clean.With(7, image => image with { Tones = image.Tones with { Low = 250 } }),
        [nameof(LowInformationImages)] = clean.With(7, image => image with { Tones = image.Tones with { Entropy = 0.5 } }),
        [nameof(MissingClasses)] = Surveys.Of([.. Surveys.Clean(), .. Surveys.Clean(20, "test").Where(image => image.Label == "cat")]),
        [nameof(NearDuplicates)] = clean.With(7, image => image with { Fingerprint = clean.Images[9].Fingerprint }),
        [nameof(OddAspectRatios)] = clean.With(7, image => image with { Width = 600, Height = 150 }),
        [nameof(OddSizes)] = clean.With(7, image => image with { Width = 2000, Height = 1500 }),
        [nameof(Shortcuts)] = Surveys.Of(Surveys.Clean()
            .Select(image => image.Label == "cat" ? image with { Width = 210, Height = 160 } : image)),
        [nameof(SimilarClassNames)] = clean.With(7, image => image with { Label = "Cat " }),
        [nameof(TinyImages)] = clean.With(7, image => image with { Width = 9, Height = 7 }),
        [nameof(UnreadableImages)] = clean with
        { Unreadable = [new(5, "train/cat/broken.jpg", "train/cat/broken.jpg: JPEG ends early. Fetch it again.")] },
        [nameof(WrongExtensions)] = clean.With(7, image => image with { Format = "PNG" }),
    };

    public static TheoryData<string> Checks() => [.. DataCheck.All.Select(check => check.GetType().Name)];

    static DataCheck Named(string name) => DataCheck.All.Single(check => check.GetType().Name == name);

    [Fact]
    public void A_clean_set_has_no_findings() => Assert.Empty(DataCheck.All.SelectMany(check => check.Find(clean)));

    [Fact]
    public void A_set_of_nothing_has_no_findings() => Assert.Empty(DataCheck.All.SelectMany(check => check.Find(new([], [], [], []))));

    [Theory, MemberData(nameof(Checks))]
    public void Every_check_finds_what_it_is_for_and_says_what_to_do(string name)
    {
        var finding = Assert.Single(Named(name).Find(faulty[name]));
        Assert.NotEmpty(finding.Found);
        Assert.EndsWith(".", finding.Advice, StringComparison.Ordinal);
        Assert.All(finding.Paths, path => Assert.DoesNotContain(path, finding.Found, StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Checks))]
    public void A_check_of_one_blemish_is_not_set_off_by_another(string name)
    {
        // A tiny image is an odd size too, a class's own size is a size, and a missing or renamed class and a copy are what they are.
        string[] related = name is nameof(OddSizes) ? [nameof(TinyImages)] : [];
        foreach (var (other, survey) in faulty.Where(one => one.Key != name && !related.Contains(one.Key)))
            Assert.True(!Named(name).Find(survey).Any(),
                $"{name} finds {Named(name).Find(survey).FirstOrDefault()?.Found} where there is {other}");
    }

    [Fact]
    public void What_more_than_a_tenth_of_the_set_has_is_said_once()
    {
        DataSurvey Dark(int count) =>
            Surveys.Of(Surveys.Clean(200).Select((image, i) => i < count ? image with { Tones = image.Tones with { High = 60 } } : image));
        Assert.Equal(20, new DarkImages().Find(Dark(20)).Count());
        var finding = Assert.Single(new DarkImages().Find(Dark(21)));
        Assert.Empty(finding.Paths);
        Assert.StartsWith("21 of 200 are dark images", finding.Found, StringComparison.Ordinal);
    }

    [Fact]
    public void A_grey_set_has_no_grey_images_that_stand_out() =>
        Assert.Empty(
            new GreyImages().Find(Surveys.Of(Surveys.Clean().Select(image => image with { Tones = image.Tones with { Saturation = 0 } }))));

    [Fact]
    public void Copies_in_two_classes_are_worse_than_in_one_and_in_two_parts_are_said_apart()
    {
        var copy = Surveys.Image(1);
        var survey = Surveys.Of(copy, copy with { Path = "b.jpg" }, copy with { Path = "c.jpg", Label = "dog" },
            copy with { Path = "d.jpg", Part = "test" });

        var findings = new ExactDuplicates().Find(survey).ToArray();

        Assert.Equal(["SharedImages", "ConflictingLabels", "Duplicates"], findings.Select(finding => finding.Kind));
        Assert.Equal([Severity.Error, Severity.Error, Severity.Warning], findings.Select(finding => finding.Severity));
        Assert.Equal([copy.Path, "b.jpg"], findings[2].Paths);
        Assert.Equal([copy.Path, "b.jpg", "c.jpg", "d.jpg"], findings[0].Paths);
        Assert.Empty(new NearDuplicates().Find(survey));
    }

    [Fact]
    public void Look_alikes_in_two_parts_and_classes_are_warned_of_and_copies_counted_once()
    {
        var one = Surveys.Image(1);
        var survey = Surveys.Of(one, one with { Path = "copy.jpg" },
            one with { Path = "other.jpg", Digest = "other", Label = "dog", Part = "test" });

        var findings = new NearDuplicates().Find(survey).ToArray();

        Assert.Equal([("NearSharedImages", Severity.Warning), ("NearConflictingLabels", Severity.Warning)],
            findings.Select(finding => (finding.Kind, finding.Severity)));
        Assert.All(findings, finding => Assert.Equal([one.Path, "other.jpg"], finding.Paths));
    }

    [Fact]
    public void The_search_for_look_alikes_equals_a_plain_one()
    {
        // Pictures that change a little from one to the next, so that there are chains.
        var prints = Enumerable.Range(0, 300)
            .Select(i =>
                Fingerprint.Of(Pictures.Paint(16, 16,
                    (x, y) => new((byte)(128 + 100 * Math.Sin(x * (1 + i / 30 * 0.2) + i % 30 * 0.05)), (byte)(y * 15),
                        (byte)Dice.For(i / 30, x, y).Below(256))))).ToArray();
        var parents = Enumerable.Range(0, prints.Length).ToArray();
        for (var i = 0; i < prints.Length; i++)
            for (var j = 0; j < i; j++)
                if (prints[i].Distance(prints[j]) <= 6 && prints[i].Correlation(prints[j]) >= 0.98)
                    parents = [.. parents.Select(parent => parent
                        == Math.Max(parents[i], parents[j]) ? Math.Min(parents[i], parents[j]) : parent)];
        var expected = parents.Index().GroupBy(row => row.Item, row => row.Index).Where(group => group.Count() > 1)
            .Select(group => group.ToArray()).ToArray();

        Assert.NotEmpty(expected);
        Assert.Equal(expected, NearDuplicateGroups.Groups([.. prints], 6, 0.98, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Chance_is_not_taken_for_a_shortcut()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var dice = Dice.For(seed, 99);
            var survey = Surveys.Of(Enumerable.Range(1, 60)
                .Select(number =>
                    Surveys.Image(number, $"class {dice.Below(4)}") with
                    {
                        Width = 100 + dice.Below(100),
                        Height = 100 + dice.Below(100),
                        HasExif = dice.Chance(0.5)
                    }));
            Assert.Empty(new Shortcuts().Find(survey));
        }
    }

    [Fact]
    public void A_shortcut_needs_enough_images_and_names_class_figure_and_feature()
    {
        DataSurvey Set(int each) =>
            Surveys.Of(Surveys.Clean(each * 2).Select(image => image.Label == "cat" ? image with { JpegQuality = 50 } : image));
        Assert.Empty(new Shortcuts().Find(Set(15)));
        var finding = Assert.Single(new Shortcuts().Find(Set(30)));
        Assert.Equal("class 'cat': JPEG quality below 67.5 holds for 100% of it and 0% of the others: balanced accuracy 1.00",
            finding.Found);
        Assert.Equal(Severity.Warning, finding.Severity);
    }

    [Fact]
    public void Light_and_background_of_a_class_are_only_advice()
    {
        var survey = Surveys.Of(Surveys.Clean()
            .Select(image => image.Label == "cat" ? image with { Tones = image.Tones with { Border = 250 } } : image));
        var finding = Assert.Single(new Shortcuts().Find(survey));
        Assert.Equal(("VisibleShortcuts", Severity.Advice), (finding.Kind, finding.Severity));
        Assert.Contains("brightness of the margin above", finding.Found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1, 0.98)]
    [InlineData(33, 0.98)]
    [InlineData(6, 1.1)]
    [InlineData(6, double.NaN)]
    public void Thresholds_out_of_range_are_refused(int distance, double correlation) =>
    Assert.Throws<ArgumentOutOfRangeException>(() => new NearDuplicates(distance, correlation));

    [Fact]
    public void A_check_replaces_the_one_of_its_kind()
    {
        var options = new DataCheckOptions().With(new NearDuplicates(3));
        Assert.Equal(DataCheck.All.Length, options.Checks.Length);
        Assert.Equal(3, options.Checks.OfType<NearDuplicates>().Single().Distance);
    }
}
