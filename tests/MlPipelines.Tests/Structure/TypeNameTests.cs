using MlPipelines.Imaging;
using MlPipelines.Networks;

namespace MlPipelines.Tests.Structure;

/// <summary>A program that uses ML.NET and this library has both in scope.</summary>
public sealed class TypeNameTests
{
    // Kept on purpose, each with the reason.
    static readonly string[] shared =
    [
        "Tensor", // Microsoft.ML.OnnxRuntime.Tensors, which none needs who has networks of ours; System.Numerics.Tensors has it too.
    ];

    [Fact]
    public void A_public_type_has_the_name_of_none_in_ML_NET()
    {
        var theirs = Directory.EnumerateFiles(AppContext.BaseDirectory, "Microsoft.ML*.dll")
            .Select(path => System.Reflection.Assembly.Load(Path.GetFileNameWithoutExtension(path)))
            .SelectMany(assembly => assembly.GetExportedTypes()).Where(type => !type.IsNested).ToLookup(type => Plain(type.Name));
        Assert.All([nameof(MLContext), .. shared], name =>
            Assert.True(theirs.Contains(name), $"{name}: no type of ML.NET has this name any more. Take it off the list."));
        var same = new[] { typeof(Check), typeof(Network), typeof(Image), typeof(ImageClassificationTrainer) }
            .SelectMany(type => type.Assembly.GetExportedTypes())
            .Where(type => !type.IsNested && theirs.Contains(Plain(type.Name)) && !shared.Contains(Plain(type.Name)))
            .Select(type => $"{type} and {string.Join(", ", theirs[Plain(type.Name)])}").ToArray();
        Assert.True(same.Length == 0, $"{string.Join('\n', same)}\nA program can name neither without its namespace. Rename ours.");
    }

    static string Plain(string name) => name.Split('`')[0];
}
