using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using MlPipelines.Graphs;
using MlPipelines.Imaging;
using MlPipelines.Networks;
using MlPipelines.Tests.Data;

namespace MlPipelines.Tests;

/// <summary>What a program derives: bright dots at random.</summary>
public sealed record Sparkle(float Share = 0.1f) : ImageAugmentation
{
    public override ImageChange Draw(ref Dice dice, ImageSize size) => ImageChange.None;
}

/// <summary>And a layer of its own.</summary>
public record Halving(float By = 2) : Layer
{
    protected override Value Apply(Value x) => x / By;
}

public sealed class CatalogTests
{
    [Fact]
    public void Every_member_is_found_by_its_name() =>
        Assert.All(Catalog<Augmentation>.Members, member => Assert.Equal(member.Value, Catalog<Augmentation>.Find(member.Key)));

    [Theory]
    [InlineData("")]
    [InlineData("Augmentation")]
    [InlineData("ImageAugmentation")]
    [InlineData("Image")]
    [InlineData("Sparkle")]
    [InlineData("MlPipelines.Tests.Halving")]
    [InlineData("System.String")]
    [InlineData("RandomFlip, MlPipelines.Images")]
    [InlineData("RandomFlip[")]
    [InlineData("RandomFlip*")]
    [InlineData("randomflip")]
    public void What_is_no_member_is_refused_with_the_names_there_are(string name) =>
        Assert.Matches($"^Augmentation: got '{System.Text.RegularExpressions.Regex.Escape(name)}', needs one of .*RandomFlip",
            Assert.Throws<InvalidDataException>(() => Catalog<Augmentation>.Find(name)).Message);

    [Theory]
    [InlineData("model.zip")]
    [InlineData("model.onnx")]
    public void An_augmentation_that_a_program_derives_is_saved_and_found_again(string file)
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext(1);
        var pictures = MadeUp.Pictures([Image.FromPixels(2, 2, 3, new byte[12])]);
        var step = ml.Transforms.AugmentImages("Image", new RandomFlip(), new Sparkle(0.25f)).Fit(pictures);
        var path = Path.Combine(folder.Path, file);
        if (file.EndsWith(".zip", StringComparison.Ordinal))
            ml.Model.Save(step, null, path);
        else
            ml.Model.SaveAsOnnx(step, path);
        var loaded = Assert.IsType<ImageAugmentingTransformer>(new MLContext(1).Model.LoadModel(path).Steps().Single());
        Assert.Equal<Augmentation>([new RandomFlip(), new Sparkle(0.25f)], loaded.Augmentations);
    }

    [Fact]
    public void A_layer_that_a_program_derives_is_found_again_in_the_text_of_a_network()
    {
        var network = new Sequential(new Halving(4), new Flatten(), new Dense(2));
        var again = Assert.IsType<Sequential>(Network.FromJson(network.ToJson()));
        Assert.Equal(network.Layers, again.Layers);
        Assert.Contains("MlPipelines.Tests.Halving", network.ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_without_a_namespace_is_not_taken_for_one_of_the_library()
    {
        var theirs = Loaded("Programs", "public sealed record RandomFlip : MlPipelines.ImageAugmentation { "
            + "public override MlPipelines.ImageChange Draw(ref MlPipelines.Dice dice, MlPipelines.ImageSize size) => null!; }")
            .GetType("RandomFlip")!;
        Assert.Equal("global::RandomFlip", Catalog<Augmentation>.NameOf(theirs));
        Assert.Equal(theirs, Catalog<Augmentation>.Find("global::RandomFlip"));
        Assert.Equal(typeof(RandomFlip), Catalog<Augmentation>.Find("RandomFlip"));
    }

    [Fact]
    public void A_name_that_two_assemblies_have_is_an_error_that_names_both_and_no_other_suffers()
    {
        const string Source = "namespace Weather; public record Fog : MlPipelines.Networks.Layer { "
            + "protected override MlPipelines.Graphs.Value Apply(MlPipelines.Graphs.Value x) => x; }";
        Assembly[] both = [Loaded("North", Source), Loaded("South", Source)];
        var error = Assert.Throws<InvalidDataException>(() => Catalog<Layer>.Find("Weather.Fog"));
        Assert.StartsWith("Layer: got 'Weather.Fog', which is in ", error.Message, StringComparison.Ordinal);
        Assert.Contains("North", error.Message, StringComparison.Ordinal);
        Assert.Contains("South", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Catalog<Layer>.Others, other => other.Key == "Weather.Fog");
        GC.KeepAlive(both);
    }

    [Fact]
    public void Types_made_while_the_program_runs_are_passed_over()
    {
        var module = AssemblyBuilder.DefineDynamicAssembly(new("Made"), AssemblyBuilderAccess.RunAndCollect).DefineDynamicModule("Made");
        var type = module.DefineType("Made", TypeAttributes.Public, typeof(Halving));
        var body = type.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, []).GetILGenerator();
        body.Emit(OpCodes.Ldarg_0);
        body.Emit(OpCodes.Ldc_R4, 2f);
        body.Emit(OpCodes.Call, typeof(Halving).GetConstructor([typeof(float)])!);
        body.Emit(OpCodes.Ret);
        var made = type.CreateType();
        Assert.DoesNotContain(Catalog<Layer>.Others, other => other.Key.Contains("Made", StringComparison.Ordinal));
        Assert.Throws<InvalidDataException>(() => Catalog<Layer>.Find("global::Made"));
        GC.KeepAlive(made);
    }

    [Fact]
    public void What_no_file_can_hold_is_refused_when_it_is_saved()
    {
        var ml = new MLContext(1);
        void Save(Augmentation augmentation)
        {
            var pictures = MadeUp.Pictures([Image.FromPixels(2, 2, 3, new byte[12])]);
            using var file = new MemoryStream();
            ml.Model.Save(ml.Transforms.AugmentImages("Image", augmentation).Fit(pictures), null, file);
        }
        Assert.Contains("is generic", Assert.Throws<NotSupportedException>(() => Save(new Storm<int>())).Message, StringComparison.Ordinal);
        Assert.Contains("has a property 'kind'", Assert.Throws<NotSupportedException>(() => Save(new Season("spring"))).Message,
            StringComparison.Ordinal);
    }

    sealed record Storm<T>(T? Wind = default) : ImageAugmentation
    {
        public override ImageChange Draw(ref Dice dice, ImageSize size) => ImageChange.None;
    }

    sealed record Season(string Kind) : ImageAugmentation
    {
        public override ImageChange Draw(ref Dice dice, ImageSize size) => ImageChange.None;
    }

    static Assembly Loaded(string name, string source)
    {
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path));
        using var file = new MemoryStream();
        var made = CSharpCompilation.Create(name, [CSharpSyntaxTree.ParseText(source)], references,
            new(OutputKind.DynamicallyLinkedLibrary))
            .Emit(file);
        Assert.True(made.Success, string.Join('\n', made.Diagnostics));
        file.Position = 0;
        return new AssemblyLoadContext(name, isCollectible: true).LoadFromStream(file);
    }
}
