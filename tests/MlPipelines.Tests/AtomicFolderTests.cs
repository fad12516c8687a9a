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
}
