using System.Text;
using FsCheck.Fluent;
using MlPipelines.Tests.Evaluation;

namespace MlPipelines.Tests;

public sealed class SafeFileNameTests
{
    [Theory]
    [InlineData("photo.jpg", "photo.jpg")]
    [InlineData("../../etc/passwd", "__.._etc_passwd")]
    [InlineData("a/b\\c:d", "a_b_c_d")]
    [InlineData("..", "_")]
    [InlineData("", "_")]
    [InlineData(".hidden", "_hidden")]
    [InlineData("con", "_con")]
    [InlineData("NUL.txt", "_NUL.txt")]
    [InlineData("trailing. ", "trailing")]
    [InlineData("a\nb\u202Egpj.exe", "a_b_gpj.exe")]
    [InlineData("käse 猫.png", "käse 猫.png")]
    public void Text_becomes_a_name(string text, string name) => Assert.Equal(name, SafeFileName.Of(text));

    [Fact]
    public void Long_names_are_cut_by_bytes_between_characters_and_keep_their_extension()
    {
        var name = SafeFileName.Of(new string('猫', 200) + ".jpeg", 100);
        Assert.InRange(Encoding.UTF8.GetByteCount(name), 97, 100);
        Assert.EndsWith("猫.jpeg", name, StringComparison.Ordinal);
    }

    [Fact]
    public void No_text_leaves_its_folder()
    {
        using var folder = new TemporaryFolder();
        FsCheck.Check.QuickThrowOnFailure(Prop.ForAll<string>(text =>
        {
            var name = SafeFileName.Of(text ?? "");
            return Path.GetDirectoryName(Path.GetFullPath(Path.Combine(folder.Path, name))) == folder.Path && name.Length > 0;
        }));
    }
}
