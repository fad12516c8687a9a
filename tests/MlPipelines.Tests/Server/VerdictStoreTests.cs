using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using MlPipelines.Cli;
using MlPipelines.Tests.Evaluation;

namespace MlPipelines.Tests.Server;

/// <summary>Verdicts in their file, and out of it.</summary>
public sealed class VerdictStoreTests : IDisposable
{
    static readonly ImmutableArray<string> classes = ["cat", "<script>", "a/b", "cat"];

    readonly TemporaryFolder folder = new();

    string Path => folder.File("verdicts.db");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_file_of_another_kind_is_refused_and_left_as_it_was()
    {
        Make(folder.File("other.db"), "CREATE TABLE other (a)");
        Make(folder.File("newer.db"), "PRAGMA application_id = 1296846934; PRAGMA user_version = 7; CREATE TABLE generation (a)");
        folder.With("text.db", "no database at all, but text of some length");
        AssertRefused<InvalidDataException>("other.db", "is a SQLite file of another program");
        AssertRefused<InvalidDataException>("newer.db", "holds verdicts in format 7, this version reads format 1");
        AssertRefused<InvalidDataException>("text.db", "is no SQLite file");
        Directory.CreateDirectory(folder.File("folder.db"));
        AssertRefused<IOException>("folder.db", "cannot be opened");
        AssertRefused<IOException>("missing/verdicts.db", "cannot be opened");
        Assert.Throws<FileNotFoundException>(() => VerdictStore.Open(Path));
    }

    [Fact]
    public void A_damaged_file_is_refused()
    {
        using (var store = VerdictStore.OpenOrCreate(Path, TimeProvider.System))
        {
            var generation = store.GenerationOf("hash", "model.onnx", classes);
            for (var number = 0; number < 400; number++)
                store.Add([new($"{number}", generation, 0, 1, null)]);
        }
        var bytes = File.ReadAllBytes(Path);
        bytes.AsSpan(5 * 4096, 3 * 4096).Fill(0xAA);
        File.WriteAllBytes(Path, bytes);
        AssertRefused<InvalidDataException>("verdicts.db", "is damaged");
    }

    [Fact]
    public void Another_list_of_classes_is_another_generation_and_the_same_is_the_same()
    {
        using var store = VerdictStore.OpenOrCreate(Path, TimeProvider.System);
        using var other = VerdictStore.OpenOrCreate(Path, TimeProvider.System);
        Assert.Equal([1, 2, 3, 1], (long[])[store.GenerationOf("h", "a.onnx", classes), other.GenerationOf("h", "a.onnx", ["x", "y"]),
            store.GenerationOf("g", "a.onnx", classes), other.GenerationOf("h", "renamed.onnx", classes)]);
    }

    [Fact]
    public void Of_two_classes_with_one_name_that_which_was_said_is_meant()
    {
        using var store = VerdictStore.OpenOrCreate(Path, TimeProvider.System);
        var generation = store.GenerationOf("h", "a.onnx", classes);
        store.Add([new("first", generation, 3, 1, null), new("second", generation, 1, 1, null)]);
        Assert.True(store.Answer("first", "cat")!.IsRight);
        Assert.Equal(("<script>", "cat", false), Parts(store.Answer("second", "cat")!));
        Assert.Null(store.Answer("third", "cat"));
        Assert.Equal([new(0, 1, 1), new(3, 3, 1)], Assert.Single(store.Tally()).Counts);
    }

    [Fact]
    public void Judgements_without_a_verdict_are_let_go_of_where_there_are_many()
    {
        using var store = VerdictStore.OpenOrCreate(Path, TimeProvider.System);
        var generation = store.GenerationOf("h", "a.onnx", classes);
        store.Add([new("kept", generation, 0, 1, null), new("gone", generation, 0, 1, null)]);
        store.Answer("kept", null);
        for (var part = 0; part < 101; part++)
            store.Add([.. Enumerable.Range(0, 1000).Select(number => new Judgement($"{part}-{number}", generation, 0, 1, null))]);
        Assert.Null(store.Answer("gone", null));
        Assert.NotNull(store.Answer("kept", "a/b"));
        Assert.NotNull(store.Answer("100-999", null));
        Assert.Equal(101_002, Assert.Single(store.Tally()).Judged);
    }

    [Fact]
    public void Verdicts_with_pictures_become_a_labelled_folder()
    {
        using (var store = VerdictStore.OpenOrCreate(Path, TimeProvider.System))
        {
            var (old, now) = (store.GenerationOf(new('a', 64), "a.onnx", classes), store.GenerationOf(new('b', 64), "b.onnx", classes));
            Add(store, "1", old, 0, [1], null);
            Add(store, "2", old, 0, [2], "a/b");
            Add(store, "3", now, 1, [3], null);
            Add(store, "4", now, 0, null, null);
            // Of the same picture as the first, said later.
            Add(store, "5", now, 0, [1], "<script>");
            store.Add([new("6", now, 0, 1, new(".png", new byte[] { 6 }))]);
        }
        var (exit, output, error) = Run("verdicts", Path, "--export", folder.File("all"));
        Assert.Equal((0, ""), (exit, error));
        Assert.Contains("3 images in 2 classes", output, StringComparison.Ordinal);
        Assert.Contains("1 verdicts are on pictures that were not kept", output, StringComparison.Ordinal);
        Assert.Contains("1 verdicts are on pictures that a later one is about too", output, StringComparison.Ordinal);
        Assert.Contains("<script> is in _script_", output, StringComparison.Ordinal);
        Assert.Equal(["_script_/3.png", "_script_/5.png", "a_b/2.png"], Files("all"));
        Assert.Equal(0, Run("verdicts", Path, "--export", folder.File("old"), "--generation", "1").Exit);
        Assert.Equal(["a_b/2.png", "cat/1.png"], Files("old"));

        Assert.Contains("holds something already", Run("verdicts", Path, "--export", folder.File("old")).Error, StringComparison.Ordinal);
        Assert.Contains("has no generation 9", Run("verdicts", Path, "--export", folder.File("x"), "--generation", "9").Error,
            StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.File("x")));
        Assert.Contains("has no generation 9", Run("verdicts", Path, "--generation", "9").Error, StringComparison.Ordinal);
        var told = Run("verdicts", Path);
        Assert.Equal("", told.Error);
        Assert.Contains("generation 2: b.onnx", told.Output, StringComparison.Ordinal);
        Assert.Contains("4 judged, 3 verdicts, 2 right: 66.7%", told.Output, StringComparison.Ordinal);
        Assert.Contains("actual \\ predicted", told.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_export_without_pictures_says_how_they_are_kept()
    {
        using (var store = VerdictStore.OpenOrCreate(Path, TimeProvider.System))
            Add(store, "1", store.GenerationOf("h", "a.onnx", classes), 0, null, null);
        var (exit, _, error) = Run("verdicts", Path, "--export", folder.File("none"));
        Assert.Equal(1, exit);
        Assert.Contains("holds 1 verdicts and no picture of any. Pictures are kept where the server is asked to (--keep-pictures)", error,
            StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.File("none")));
        Assert.Contains("not found, a file of verdicts is needed", Run("verdicts", folder.File("none.db")).Error, StringComparison.Ordinal);
    }

    static void Add(VerdictStore store, string id, long generation, int predicted, byte[]? picture, string? actual)
    {
        store.Add([new(id, generation, predicted, 1, picture is null ? null : new(".png", picture))]);
        store.Answer(id, actual);
    }

    static (string, string, bool) Parts(Verdict verdict) => (verdict.Predicted, verdict.Actual, verdict.IsRight);

    static (int Exit, string Output, string Error) Run(params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        return (CommandLine.Run(arguments, output, error, TestContext.Current.CancellationToken), output.ToString(), error.ToString());
    }

    IEnumerable<string> Files(string name) => Directory.GetFiles(folder.File(name), "*", SearchOption.AllDirectories)
        .Select(path => System.IO.Path.GetRelativePath(folder.File(name), path).Replace('\\', '/')).Order(StringComparer.Ordinal);

    static void Make(string path, string text)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }

    void AssertRefused<T>(string name, string said) where T : Exception
    {
        var before = File.Exists(folder.File(name)) ? File.ReadAllBytes(folder.File(name)) : null;
        var exception = Assert.Throws<T>(() => VerdictStore.OpenOrCreate(folder.File(name), TimeProvider.System));
        Assert.StartsWith($"{folder.File(name)}: {said}", exception.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.Exists(folder.File(name)) ? File.ReadAllBytes(folder.File(name)) : null);
    }
}
