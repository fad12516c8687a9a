using MlPipelines.Tests.Data;

namespace MlPipelines.Tests.MlNet;

/// <summary>ML.NET's own code in a pipeline: mapped columns, rows filtered by a predicate, rows as objects, and a mapping that a saved pipeline finds by its contract.</summary>
[Trait("Category", "Runtime")]
public sealed class CustomMappingTests
{
    class Photo
    {
        public string Path { get; set; } = "";
        public float Width { get; set; }
        public float Height { get; set; }
    }

    class Format
    {
        public string Orientation { get; set; } = "";
        public float AspectRatio { get; set; }
    }

    class Described : Photo
    {
        public string Orientation { get; set; } = "";

        [ColumnName("AspectRatio")]
        public float Ratio { get; set; }
    }

    [CustomMappingFactoryAttribute("Describe")]
    class DescribeFactory : CustomMappingFactory<Photo, Format>
    {
        public static void Describe(Photo input, Format output)
        {
            output.AspectRatio = input.Width / input.Height;
            output.Orientation = output.AspectRatio >= 1 ? "landscape" : "portrait";
        }

        public override Action<Photo, Format> GetMapping() => Describe;
    }

    static readonly Photo[] photos = [new() { Path = "a", Width = 4, Height = 2 }, new() { Path = "b", Width = 1, Height = 2 }, new() { Path = "c", Width = 3, Height = 3 }, new() { Path = "thumb", Width = 0.1f, Height = 0.1f }];

    [Fact]
    public void The_program_maps_filters_and_lists()
    {
        var mlContext = new MLContext();
        var data = mlContext.Data.LoadFromEnumerable(photos);
        var filtered = mlContext.Data.FilterByCustomPredicate<Photo>(data, photo => photo.Width < 1);
        var pipeline = mlContext.Transforms.CustomMapping<Photo, Format>(DescribeFactory.Describe, contractName: null);
        var transformedData = pipeline.Fit(filtered).Transform(filtered);
        var rows = mlContext.Data.CreateEnumerable<Described>(transformedData, reuseRowObject: true).Select(row => $"{row.Path} {row.Orientation} {row.Ratio}").ToArray();
        Assert.Equal(["a landscape 2", "b portrait 0.5", "c landscape 1"], rows);
        Assert.Equal(3, mlContext.Data.CreateEnumerable<Described>(transformedData, reuseRowObject: false).Distinct().Count());
        Assert.Single(mlContext.Data.CreateEnumerable<Described>(transformedData, reuseRowObject: true).Distinct());
    }

    [Fact]
    public void A_contract_brings_the_code_back_when_the_pipeline_is_loaded()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "model.zip");
        var mlContext = new MLContext();
        var data = mlContext.Data.LoadFromEnumerable(photos);
        var pipeline = mlContext.Transforms.CustomMapping(new DescribeFactory().GetMapping(), contractName: "Describe").Append(mlContext.Transforms.CopyColumns("Copy", "Orientation"));
        mlContext.Model.Save(pipeline.Fit(data), data.Schema, path);

        var other = new MLContext();
        Assert.Equal($"{path}: the pipeline runs code that a program calls 'Describe', known are none. Mark a class derived from CustomMappingFactory with [CustomMappingFactory(\"Describe\")], and call ComponentCatalog.RegisterAssembly before loading.",
            Assert.Throws<InvalidDataException>(() => other.Model.Load(path)).Message);
        other.ComponentCatalog.RegisterAssembly(typeof(DescribeFactory).Assembly);
        var loaded = other.Model.Load(path, out var schema);
        Assert.Equal(["Path", "Width", "Height"], schema.Select(column => column.Name));
        Assert.Equal(["landscape", "portrait", "landscape", "landscape"], loaded.Transform(data).GetColumn<string>("Copy"));
        other.Model.Save(loaded, schema, path);
        Assert.Equal(["landscape", "portrait"], other.Model.Load(path).Transform(data).GetColumn<string>("Copy").Take(2));
    }

    [Fact]
    public void Without_a_contract_a_pipeline_is_not_saved()
    {
        var mlContext = new MLContext();
        var data = mlContext.Data.LoadFromEnumerable(photos);
        var model = mlContext.Transforms.CustomMapping<Photo, Format>(DescribeFactory.Describe).Fit(data);
        Assert.Contains("Give it a contractName", Assert.Throws<NotSupportedException>(() => mlContext.Model.Save(model, data.Schema, "no.zip")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_may_be_named_by_a_definition()
    {
        var mlContext = new MLContext();
        var data = mlContext.Data.LoadFromEnumerable(photos);
        var renamed = SchemaDefinition.Create(typeof(Format)).With("Orientation", "Way");
        var view = mlContext.Transforms.CustomMapping<Photo, Format>(DescribeFactory.Describe, null, SchemaDefinition.Create(typeof(Photo)).With("Width", "Height"), renamed).Fit(data).Transform(data);
        Assert.Equal(["Path", "Width", "Height", "Way", "AspectRatio"], view.Schema.Select(column => column.Name));
        Assert.All(view.GetColumn<float>("AspectRatio"), ratio => Assert.Equal(1, ratio));
    }
}
