using System.Text.RegularExpressions;

namespace MlPipelines.Tests.Structure;

/// <summary>Projects are walls, folders rooms; what a name means counts, not how it is written.</summary>
[Trait("Category", "Slow")]
public sealed partial class RoomTests
{
    static readonly string[] withInternals = ["Microsoft.ML.Core", "Microsoft.ML.Data", "Microsoft.ML.StandardTrainers"];

    [Theory]
    [InlineData("MlPipelines.Foundation", "")]
    [InlineData("MlPipelines.Networks", "MlPipelines.Foundation")]
    [InlineData("MlPipelines.Images", "MlPipelines.Foundation")]
    [InlineData("MlPipelines", "MlPipelines.Images MlPipelines.Networks")]
    [InlineData("MlPipelines.ResNet18", "MlPipelines")]
    [InlineData("MlPipelines.Mpi", "MlPipelines")]
    [InlineData("MlPipelines.Server", "MlPipelines")]
    [InlineData("MlPipelines.Cli", "MlPipelines MlPipelines.Mpi MlPipelines.ResNet18 MlPipelines.Server")]
    public void A_project_references_its_neighbours_below(string project, string neighbours)
    {
        var references = Reference().Matches(Repository.Read($"src/{project}/{project}.csproj")).Select(match => match.Groups[1].Value);
        Assert.Equal(neighbours, string.Join(' ', references.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void The_readme_has_every_room_in_its_order_and_no_other()
    {
        Assert.Equal(SourceCode.Projects.SelectMany(SourceCode.Files).Select(Room.Of).Distinct().Order(), Room.Order.Order());
        Assert.Equal(SourceCode.Projects, Room.Order.Select(room => room.Split('/')[0]).Distinct());
    }

    [Fact]
    public void A_room_uses_those_before_it_and_no_other()
    {
        var upward = SourceCode.Uses.Where(use => use.DeclaredIn is { } file && Place(file) > Place(use.File));
        AssertNone(upward.DistinctBy(use => (use.File, use.DeclaredIn)),
            "what stands behind it in the order of docs/architecture.md. Move one of the two files, or what they share to a room before "
                + "both.");
    }

    [Fact]
    public void What_is_internal_in_ML_NET_is_used_in_Interop_alone() =>
        AssertOnlyIn("MlPipelines/Interop", use => use.IsInternal && withInternals.Contains(use.Assembly),
            "an internal of ML.NET. Give Interop a member that does it.");

    [Fact]
    public void ONNX_Runtime_is_used_in_Execution_alone() =>
        AssertOnlyIn("MlPipelines.Networks/Execution", use => use.Assembly == "Microsoft.ML.OnnxRuntime",
            "ONNX Runtime. Use Session and what is beside it.");

    [Fact]
    public void Libvips_is_used_in_Imaging_alone() =>
        AssertOnlyIn("MlPipelines.Images/Imaging", use => use.Assembly == "NetVips", "libvips. Use Image and what is beside it.");

    static int Place(string file) => Room.Order.IndexOf(Room.Of(file));

    static void AssertOnlyIn(string room, Func<Use, bool> isKept, string advice)
    {
        var uses = SourceCode.Uses.Where(isKept).ToLookup(use => Room.Of(use.File) == room);
        Assert.True(uses[true].Any(), $"{room}: nothing in it uses {advice} Has it moved? Tell this test where to.");
        AssertNone(uses[false], $"{advice} It belongs in {room}.");
    }

    static void AssertNone(IEnumerable<Use> uses, string advice)
    {
        var found = uses.Select(use => $"{use}{(use.DeclaredIn is { } file ? $" of src/{file}" : "")}").Distinct().ToArray();
        Assert.True(found.Length == 0, $"{string.Join('\n', found.Take(20))}\n{found.Length} uses of {advice}");
    }

    [GeneratedRegex(@"<ProjectReference Include=""[^""]*?([\w.]+)\.csproj""")]
    private static partial Regex Reference();
}
