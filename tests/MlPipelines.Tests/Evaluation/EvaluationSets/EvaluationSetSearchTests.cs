using System.Globalization;

namespace MlPipelines.Tests.Evaluation.EvaluationSets;

/// <summary>Whether the search tells what is there from what was only chosen.</summary>
public sealed class EvaluationSetSearchTests
{
    const int Pictures = 800, Size = 80;

    readonly MLContext ml = new(1);

    static EvaluationSetOptions Options => new() { Pictures = Size, RandomSets = 400, NearDuplicates = null, Seed = 3 };

    [Fact]
    public void What_equal_members_differ_by_is_chance_and_is_said_to_be()
    {
        var report = Find([.. Members("alpha", _ => 0.3), .. Members("beta", _ => 0.3), .. Members("gamma", _ => 0.3)]);
        var directed = report.Sets.Single(set => set.Name == "directed");
        // Flattered where it was found, and no more than random sets where it was not.
        Assert.True(directed.Searched.Spread > 1.5 * directed.Searched.RandomInterval.Upper);
        Assert.InRange(directed.HeldOut!.Spread, 0, directed.HeldOut.RandomInterval.Upper);
        Assert.All(report.Sets, set => Assert.NotEqual(SetVerdict.Holds, set.Verdict));
        Assert.StartsWith("No set holds", report.Finding, StringComparison.Ordinal);
    }

    [Fact]
    public void A_group_of_pictures_on_which_one_type_fails_is_found_and_holds_on_what_was_held_out()
    {
        var report = Find([.. Members("alpha", _ => 0.3), .. Members("beta", picture => DarkAndLight.IsDark(picture) ? 0.6 : 0.15)]);
        var directed = report.Sets.Single(set => set.Name == "directed");
        Assert.Equal(SetVerdict.Holds, directed.Verdict);
        Assert.True(directed.HeldOut!.Interval.Lower > directed.HeldOut.RandomInterval.Lower);
        var kind = report.Sets[1];
        Assert.Contains(kind.Name, new[] { "little-brightness", "little-brightness-at-the-margin", "little-contrast" });
        Assert.Equal(SetVerdict.Holds, kind.Verdict);
        Assert.True(kind.HeldOut!.Spread > 0.2);
        // Drawn from pictures that the directed set could not be made of.
        Assert.Empty(kind.Pictures.Select(picture => picture.Row).Intersect(directed.Pictures.Select(picture => picture.Row)));
    }

    [Fact]
    public void Types_that_differ_in_skill_alone_give_sets_that_differ_in_difficulty_alone()
    {
        static double Error(AskedPicture picture, double skill) =>
            1 / (1 + Math.Exp(skill - 4 * (Dice.For(17, DarkAndLight.Number(picture)).Unit() - 0.5)));
        var report = Find([.. Members("alpha", picture => Error(picture, 0.2)), .. Members("beta", picture => Error(picture, 1.2))]);
        Assert.All(report.Sets, set => Assert.NotEqual(SetVerdict.Holds, set.Verdict));
        Assert.True(report.Sets[0].HeldOut!.IsOnlyDifficulty);
    }

    [Fact]
    public void The_same_seed_gives_the_same_sets_whatever_the_order_of_the_threads()
    {
        EvaluationMember[] Three() => [.. Members("alpha", _ => 0.3), .. Members("beta", _ => 0.2)];
        var (first, second) = (Find(Three()), Find(Three()));
        Assert.Equal(first.Sets.Select(set => set.Finding), second.Sets.Select(set => set.Finding));
        Assert.Equal(first.Sets[0].Pictures, second.Sets[0].Pictures);
        Assert.Equal(first.Draws.SelectMany(set => set.Pictures), second.Draws.SelectMany(set => set.Pictures));
        Assert.All(first.Sets.Concat(first.Draws), set =>
            Assert.All(set.Pictures.CountBy(picture => picture.Label), one => Assert.Equal(Size / DarkAndLight.Classes, one.Value)));
    }

    [Fact]
    public void Without_anything_held_out_the_directed_set_is_not_said_to_hold()
    {
        var report = Find([DarkAndLight.Member("alpha", 1, _ => 0.3), DarkAndLight.Member("beta", 1, _ => 0.3)]);
        Assert.Equal(SetVerdict.NotTried, report.Sets[0].Verdict);
        Assert.EndsWith("nothing was held out to try it on.", report.Sets[0].Finding, StringComparison.Ordinal);
        // A kind of pictures is tried on other pictures all the same.
        Assert.Equal("with pictures held out", report.Sets[1].Trial);
        Assert.NotEqual(SetVerdict.NotTried, report.Sets[1].Verdict);
    }

    [Fact]
    public void A_third_of_the_members_of_a_type_is_held_out_unless_somebody_says_which()
    {
        var members = Enumerable.Range(1, 6).Select(seed => new MadeUpMember($"a{seed}", Right) { Type = "a" })
            .Append(new("b1", Right) { Type = "b" }).ToArray();
        Assert.Equal(["a5", "a6"], Find(members).Members.Where(member => member.IsHeldOut).Select(member => member.Name));
        members[0] = new("a1", Right) { Type = "a", IsHeldOut = true };
        Assert.Equal(["a1"], Find(members).Members.Where(member => member.IsHeldOut).Select(member => member.Name));
    }

    [Fact]
    public void Pictures_without_an_answer_are_in_no_set_and_answers_that_are_no_class_are_counted()
    {
        var gaps = new MadeUpMember("gaps", picture => DarkAndLight.Number(picture) % 5 == 0 ? new(null, "lost") : Right(picture));
        var odd = new MadeUpMember("odd", picture => DarkAndLight.Number(picture) % 8 == 1 ? new("zebra") : Right(picture));
        // Ours is taken where something else is said first.
        var wide = new MadeUpMember("wide", picture =>
            new("zebra") { Classes = ["zebra", DarkAndLight.Label(picture)], Probabilities = new[] { 0.6f, 0.4f } });
        var report = Find([gaps, odd, wide]);
        Assert.Equal((Pictures / 5, "lost"), (report.Members[0].Unanswered, report.Members[0].Failure));
        Assert.Equal(Pictures / 5, report.LeftOut.Count(picture => picture.Reason == "gaps gives no answer"));
        Assert.Equal(Pictures / 8, report.Members[1].Unmapped["zebra"]);
        Assert.Equal((1, 0), (report.Members[2].Accuracy.Value, report.Members[2].Unmapped.Count));
        Assert.DoesNotContain(report.Sets.SelectMany(set => set.Pictures), picture => picture.Row % 5 == 0);
    }

    [Fact]
    public void Copies_and_contradictions_are_left_out()
    {
        var images = Enumerable.Range(0, 60)
            .Select(number => MlPipelines.Imaging.Image.FromPixels(8, 8, 3, Pixels(number < 50 ? number : number - 50)))
            .ToArray();
        // The last ten are copies; of five of them in another class.
        var labels = images.Select((_, number) => $"class {(number < 55 ? number % 2 : (number + 1) % 2)}").ToArray();
        var report = ml.FindEvaluationSets(MadeUp.Pictures(images, labels), [Constant("x"), Constant("y")],
            new() { Pictures = 4, RandomSets = 100, LeavesOutDoubtfulLabels = false });
        Assert.Equal(45, report.PictureCount);
        Assert.Equal(5, report.LeftOut.Count(picture => picture.Reason.StartsWith("it looks like row", StringComparison.Ordinal)));
        Assert.Equal(10, report.LeftOut.Count(picture => picture.Reason.Contains("of another class", StringComparison.Ordinal)));

        static MadeUpMember Constant(string name) => new(name, _ => new("class 0"));

        static byte[] Pixels(int number)
        {
            var (dice, pixels) = (Dice.For(number), new byte[192]);
            dice.Bytes(pixels);
            return pixels;
        }
    }

    [Fact]
    public void Too_few_members_names_that_are_none_and_answers_about_something_else_are_errors()
    {
        Assert.Contains("of 1 type without those held out", Refused(new MadeUpMember("a", Right)), StringComparison.Ordinal);
        Assert.Equal("2 members are called 'a'. Give each a name of its own.",
            Refused(new MadeUpMember("a", Right), new MadeUpMember("a", Right)));
        Assert.StartsWith("b: names 'zebra', none of the classes 'class 0', 'class 1'", Refused(new MadeUpMember("a", Right),
            new MadeUpMember("b", _ => new("zebra"))), StringComparison.Ordinal);
        Assert.StartsWith($"b: gave no answer to any of {Pictures} pictures: gone.", Refused(new MadeUpMember("a", Right),
            new MadeUpMember("b", _ => new(null, "gone"))), StringComparison.Ordinal);
        Assert.Contains("Ask for fewer pictures.",
            Assert.Throws<InvalidDataException>(() => ml.FindEvaluationSets(DarkAndLight.Pictures(Pictures),
            [new MadeUpMember("a", Right), new MadeUpMember("b", Right)], Options with { Pictures = 2000 })).Message,
                StringComparison.Ordinal);
    }

    [Fact]
    public void Kept_answers_are_not_asked_for_again_and_a_line_that_was_cut_short_is_passed_over()
    {
        using var folder = new TemporaryFolder();
        MadeUpMember Member() => new("kept", picture => DarkAndLight.Number(picture) == 7 ? new(null, "lost")
            : new("class 1") { Classes = ["class 1", "class 2"], Probabilities = new[] { 0.75f, 0.25f } })
        { Kept = "one" };
        var pictures = Enumerable.Range(0, 9).Select(number => new AskedPicture($"row {number}", $"{number}") { Open = () => null! })
            .ToArray();
        var (first, second) = (Member(), Member());
        var before = new AnswerStore(folder.Path).Answers(first, pictures, default).ToArray();
        var file = Directory.GetFiles(folder.Path).Single();
        File.WriteAllText(file, File.ReadAllText(file) + "{\"picture\":\"7\",\"cl");
        var after = new AnswerStore(folder.Path).Answers(second, pictures, default).ToArray();
        Assert.Equal((9, 1), (first.Asked, second.Asked));
        Assert.Equal(before.Select(answer => (answer.Class, answer.ProbabilityOf("class 2"))),
            after.Select(answer => (answer.Class, answer.ProbabilityOf("class 2"))));
    }

    [Fact]
    public void A_folder_holds_each_set_its_table_and_a_page_without_markup_of_names()
    {
        using var folder = new TemporaryFolder();
        const string hostile = "<img src=x onerror=alert(1)>\"'&";
        var report = Find([DarkAndLight.Member("alpha", 1, _ => 0.3), new MadeUpMember(hostile, picture =>
            DarkAndLight.Number(picture) % 9 == 0 ? new("</table><script>x") : Right(picture))]);
        var saved = report.Save(folder.File("sets"));
        var page = File.ReadAllText(saved.Page);
        Assert.DoesNotContain("<img src=x", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http", page, StringComparison.Ordinal);
        Assert.Equal(report.Sets.Length, saved.Sets.Length);
        foreach (var (set, path) in report.Sets.Zip(saved.Sets))
        {
            Assert.Equal(set.Pictures.Length, Directory.GetFiles(path, "*.png", SearchOption.AllDirectories).Length);
            var rows = File.ReadAllLines($"{path}.csv");
            Assert.Equal(set.Pictures.Length + 1, rows.Length);
            Assert.True(File.Exists(Path.Combine(path, rows[1].Split(',')[0])));
        }
        Assert.Contains("holds something already", Assert.Throws<IOException>(() => report.Save(folder.File("sets"))).Message,
            StringComparison.Ordinal);
        Assert.Equal(report.LeftOut.Length + 1, File.ReadAllLines(folder.File("sets/left_out.csv")).Length);
        Assert.Equal(2 + report.Members.Length - 1, File.ReadAllLines(folder.File("sets/members.csv")).Length);
    }

    [Fact]
    public void Filters_change_what_a_member_sees_and_what_its_answers_are_kept_by()
    {
        var image = MlPipelines.Imaging.Image.FromPixels(4, 3, 3,
            [.. Enumerable.Range(0, 36).Select(i => (byte)(i % 12 < 6 ? 0 : i % 3 == 0 ? 255 : 0))]);
        var picture = new AskedPicture("a", "digest") { Open = () => image, Path = "a.png" };
        AskedPicture Seen(PictureFilter filter) => new MadeUpMember("m", Right) { Filter = filter }.Seen(picture);
        Assert.Same(picture, Seen(PictureFilter.None));
        Assert.All([PictureFilter.Grey, PictureFilter.Blur, PictureFilter.Edges], filter =>
        {
            Assert.Equal(($"digest {filter.ToString().ToLower(CultureInfo.InvariantCulture)}", (string?)null),
                (Seen(filter).Digest, Seen(filter).Path));
            Assert.Equal((4, 3, 3), (Seen(filter).Image.Width, Seen(filter).Image.Height, Seen(filter).Image.Channels));
        });
        // Red on the right has the grey level 76; Sobel of that step is 4 × 76, halved.
        Assert.Equal([0, 0, 0, 0, 0, 0, 76, 76, 76, 76, 76, 76], Seen(PictureFilter.Grey).Image.Pixels[..12].ToArray());
        Assert.Equal([0, 152, 152, 0], Seen(PictureFilter.Edges).Image.Pixels[..12].ToArray().Where((_, i) => i % 3 == 0));
    }

    EvaluationSetReport Find(IEnumerable<EvaluationMember> members) =>
        ml.FindEvaluationSets(DarkAndLight.Pictures(Pictures), members, Options);

    string Refused(params EvaluationMember[] members) => Assert.Throws<InvalidDataException>(() => Find(members)).Message;

    static MemberAnswer Right(AskedPicture picture) => new(DarkAndLight.Label(picture));

    // Four to search with, four held out.
    static IEnumerable<EvaluationMember> Members(string type, Func<AskedPicture, double> errors) =>
        Enumerable.Range(1, 8).Select(seed => DarkAndLight.Member(type, seed, errors, seed > 4));
}
