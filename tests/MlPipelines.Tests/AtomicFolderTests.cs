namespace MlPipelines.Tests;

public sealed class AtomicFolderTests : IDisposable
{
    readonly Data.TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void What_a_killed_process_left_is_taken_away()
    {
        folder.Write($".{Guid.NewGuid():N}.part/train/a/1.jpg");
        folder.Write($".{Guid.NewGuid():N}.part/.in-use");
        Assert.True(AtomicFolder.IsFree(folder.Path));
        AtomicFolder.Write(folder.Path, aside => Directory.CreateDirectory(Path.Combine(aside, "b")));
        Assert.Equal(["b"], Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void What_another_is_writing_stays_and_what_is_not_its_own_too()
    {
        AtomicFolder.Write(folder.Path, aside =>
        {
            Assert.False(AtomicFolder.IsFree(folder.Path));
            AtomicFolder.Write(folder.Path, other => Directory.CreateDirectory(Path.Combine(other, "b")));
            return Directory.CreateDirectory(Path.Combine(aside, "a"));
        });
        Assert.Equal(["a", "b"], Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.False(AtomicFolder.IsFree(folder.Path));
        using var other = new Data.TemporaryFolder();
        other.Write(".mine.part/a/1.jpg");
        Assert.False(AtomicFolder.IsFree(other.Path));
    }

    [Fact]
    public void One_folder_among_others_takes_away_what_killed_processes_left_and_nothing_else()
    {
        folder.Write($".{Guid.NewGuid():N}.part/whole/pipeline.json");
        folder.Write($".{Guid.NewGuid():N}.part/.in-use");
        Directory.CreateDirectory(Path.Combine(folder.Path, $".{Guid.NewGuid():N}.part"));
        folder.Write(".mine.part/a");
        var held = folder.Write($".{Guid.NewGuid():N}.part/.in-use");
        using (new FileStream(held, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            var made = AtomicFolder.WriteOne(folder.Path, ["mine", "run"], aside => File.WriteAllText(Path.Combine(aside, "a"), "b"));
            Assert.Equal(Path.Combine(folder.Path, "mine"), made);
            Assert.Equal([Path.GetFileName(Path.GetDirectoryName(held)!), ".mine.part", "mine"], Names());
        }
        Assert.Equal("run", Path.GetFileName(AtomicFolder.WriteOne(folder.Path, ["mine", "run"], _ => { })));
        Assert.Equal([".mine.part", "mine", "run"], Names());
        Assert.Throws<TimeoutException>(() => AtomicFolder.WriteOne(folder.Path, ["third"], _ => throw new TimeoutException()));
        Assert.Equal([".mine.part", "mine", "run"], Names());
    }

    [Fact]
    public void Many_at_once_take_each_other_for_no_leftovers()
    {
        const int many = 40;
        var made = new string[many];
        Parallel.For(0, many, new ParallelOptions { MaxDegreeOfParallelism = 16 }, number => made[number] = AtomicFolder.WriteOne(
            folder.Path, Enumerable.Range(1, many).Select(name => $"{name}"), aside => File.WriteAllText(Path.Combine(aside, "a"), "b")));
        Assert.Equal(many, made.Distinct().Count());
        Assert.All(made, one => Assert.Equal("b", File.ReadAllText(Path.Combine(one, "a"))));
        Assert.Equal(many, Directory.GetFileSystemEntries(folder.Path).Length);
    }

    string[] Names() => [.. Directory.GetFileSystemEntries(folder.Path).Select(entry => Path.GetFileName(entry))
        .Order(StringComparer.Ordinal)];
}
