using Google.Protobuf;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Graphs.Onnx.Wire;
using MlPipelines.Tensors;

namespace MlPipelines.Tests.Graphs.Onnx;

public class TensorReaderTests
{
    static TensorProto Stored(ElementType type, params long[] shape)
    {
        var tensor = new TensorProto { Name = "t", DataType = (int)type };
        tensor.Dims.Add(shape);
        return tensor;
    }

    static Tensor Read(TensorProto tensor, string? folder = null) => new TensorReader("m.onnx", folder).Read(tensor);

    static string Refusal(TensorProto tensor, string? folder = null) =>
        Assert.Throws<InvalidDataException>(() => Read(tensor, folder)).Message;

    static TensorProto External(string location, params (string Key, string Value)[] more)
    {
        var tensor = Stored(ElementType.Float, 2);
        tensor.DataLocation = TensorProto.Types.DataLocation.External;
        tensor.ExternalData.Add(more.Prepend(("location", location))
            .Select(entry => new StringStringEntryProto { Key = entry.Item1, Value = entry.Item2 }));
        return tensor;
    }

    [Theory]
    [InlineData(ElementType.UInt8), InlineData(ElementType.Int8), InlineData(ElementType.UInt16), InlineData(ElementType.Int16),
    InlineData(ElementType.Int32), InlineData(ElementType.Bool)]
    public void Small_integers_are_stored_one_by_one(ElementType type)
    {
        var stored = Stored(type, 2);
        stored.Int32Data.Add(
            [1, type == ElementType.Bool ? 0 : type is ElementType.Int8 or ElementType.Int16 or ElementType.Int32 ? -2 : 200]);
        var tensor = Read(stored);
        Assert.Equal(type, tensor.Type);
        Assert.Equal(type switch
        {
            ElementType.Bool => "0100",
            ElementType.UInt8 => "01C8",
            ElementType.Int8 => "01FE",
            ElementType.UInt16 => "0100C800",
            ElementType.Int16 => "0100FEFF",
            _ => "01000000FEFFFFFF",
        }, Convert.ToHexString(tensor.Bytes.Span));
    }

    [Fact]
    public void Wide_integers_are_stored_in_their_own_fields()
    {
        var (signed, unsigned, half) = (Stored(ElementType.Int64, 1), Stored(ElementType.UInt64, 1), Stored(ElementType.UInt32, 1));
        signed.Int64Data.Add(-5);
        unsigned.Uint64Data.Add(ulong.MaxValue);
        half.Uint64Data.Add(7);
        Assert.Equal(-5, Read(signed).Elements<long>()[0]);
        Assert.Equal(ulong.MaxValue, Read(unsigned).Elements<ulong>()[0]);
        Assert.Equal(7u, Read(half).Elements<uint>()[0]);
    }

    [Fact]
    public void Floating_point_numbers_of_any_width_become_single()
    {
        var wide = Stored(ElementType.Double, 1);
        wide.DoubleData.Add(0.1);
        Assert.Equal([0.1f], Read(wide).Elements<float>().ToArray());
        var half = Stored(ElementType.Float16, 2);
        half.RawData = ByteString.CopyFrom(0x00, 0x3C, 0x00, 0xC0);
        Assert.Equal([1f, -2f], Read(half).Elements<float>().ToArray());
        var brain = Stored(ElementType.BFloat16, 1);
        brain.Int32Data.Add(0x3FC0);
        Assert.Equal([1.5f], Read(brain).Elements<float>().ToArray());
    }

    [Fact]
    public void A_wrong_number_of_bytes_is_refused()
    {
        var stored = Stored(ElementType.Float, 3);
        stored.RawData = ByteString.CopyFrom(new byte[8]);
        Assert.Equal("m.onnx: tensor 't' holds 8 bytes, its shape [3] of Float needs 12.", Refusal(stored));
    }

    [Theory]
    [InlineData(-1), InlineData(1L << 40)]
    public void An_impossible_size_is_refused(long size) =>
        Assert.Equal($"m.onnx: tensor 't' has an axis of size {size}, needs 0 to 2147483647.", Refusal(Stored(ElementType.Float, size)));

    [Fact]
    public void A_size_beyond_all_memory_is_refused_before_anything_is_allocated() =>
        Assert.Contains("which is more than memory holds", Refusal(Stored(ElementType.Float, int.MaxValue, int.MaxValue, int.MaxValue)),
            StringComparison.Ordinal);

    [Theory]
    [InlineData((ElementType)17), InlineData(ElementType.String), InlineData(ElementType.Undefined)]
    public void A_type_that_is_no_number_is_refused(ElementType type) =>
        Assert.Equal($"m.onnx: tensor 't' has element type {(int)type}, which is not read here; needs numbers of 8 bits or more.",
            Refusal(Stored(type, 1)));

    [Fact]
    public void Numbers_may_lie_in_a_file_beside_the_model()
    {
        using var folder = new Folder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "weights"));
        File.WriteAllBytes(Path.Combine(folder.Path, "weights", "w.bin"), [9, 9, 9, 9, 0, 0, 0x80, 0x3F, 0, 0, 0, 0x40]);
        Assert.Equal([1f, 2f], Read(External("weights/w.bin", ("offset", "4"), ("length", "8")), folder.Path).Elements<float>().ToArray());
    }

    [Theory]
    [InlineData("../w.bin"), InlineData("a/../../w.bin"), InlineData("..\\w.bin"), InlineData("/etc/hostname"), InlineData("C:\\w.bin")]
    public void Nothing_outside_the_models_folder_is_read(string location)
    {
        using var folder = new Folder();
        Assert.Equal($"m.onnx: tensor 't' lies in '{location}', which may be outside the model's folder; needs a file inside it.",
            Refusal(External(location), folder.Path));
    }

    [Fact]
    public void A_link_that_leaves_the_models_folder_is_refused()
    {
        using var folder = new Folder();
        using var elsewhere = new Folder();
        var secret = Path.Combine(elsewhere.Path, "w.bin");
        File.WriteAllBytes(secret, new byte[8]);
        File.CreateSymbolicLink(Path.Combine(folder.Path, "w.bin"), secret);
        Assert.Equal("m.onnx: tensor 't' lies in 'w.bin', a link that leaves the model's folder; needs a file inside it.",
            Refusal(External("w.bin"), folder.Path));
    }

    [Fact]
    public void A_missing_or_short_file_is_named()
    {
        using var folder = new Folder();
        Assert.Equal("m.onnx: tensor 't' lies in 'w.bin', which is not beside the model. Put it there.",
            Refusal(External("w.bin"), folder.Path));
        File.WriteAllBytes(Path.Combine(folder.Path, "w.bin"), new byte[7]);
        Assert.Equal("m.onnx: tensor 't' needs 8 bytes; 'w.bin' has 7 bytes, of which 8 from place 0 are meant.",
            Refusal(External("w.bin"), folder.Path));
        Assert.Equal("m.onnx: tensor 't' has the external offset '-4', needs a number.",
            Refusal(External("w.bin", ("offset", "-4")), folder.Path));
    }

    [Fact]
    public void Bytes_alone_have_no_folder_to_look_in() =>
        Assert.Equal("m.onnx: tensor 't' lies in another file, 'w.bin'; read the model by its path so that it can be found.",
            Refusal(External("w.bin")));
}
