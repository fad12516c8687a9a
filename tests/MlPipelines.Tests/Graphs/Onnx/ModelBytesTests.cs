using Google.Protobuf;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Graphs.Onnx.Wire;
using MlPipelines.Networks;

namespace MlPipelines.Tests.Graphs.Onnx;

/// <summary>Files read in place are what protobuf's own reader makes of them.</summary>
public class ModelBytesTests
{
    static readonly byte[] file = OnnxFile.Write(new Sequential(new Conv2D(8, 3), new BatchNormalization(), Activation.Relu,
        new GlobalAveragePooling2D(), new Dense(4)).Build(9, 9, 3).Initialize(3),
        new Dictionary<string, string> { ["made by"] = "a test" });

    [Fact]
    public void A_model_read_in_place_equals_one_that_is_copied()
    {
        var model = ModelBytes.Parse(file);
        Assert.Equal(ModelProto.Parser.ParseFrom(file), model);
        var tensor = model.Graph.Initializer.First(each => each.Dims.Count == 4);
        Assert.True(file.AsSpan().Overlaps(tensor.RawData.Span));
    }

    [Fact]
    public void Parts_of_an_array_and_models_in_two_parts_are_read_as_well()
    {
        // Protobuf joins messages that follow each other; the second one's tensors come behind those of the first.
        byte[] twice = [.. file, .. file];
        Assert.Equal(ModelProto.Parser.ParseFrom(twice), ModelBytes.Parse(twice));
        Assert.Equal(ModelProto.Parser.ParseFrom(file), ModelBytes.Parse(new ReadOnlyMemory<byte>(twice, file.Length, file.Length)));
    }

    [Fact]
    public void What_is_damaged_is_read_or_refused_as_protobuf_does()
    {
        var dice = Dice.For(5);
        var refused = 0;
        for (var trial = 0; trial < 3000; trial++)
        {
            var bytes = file.ToArray();
            for (var changes = 1 + dice.Below(3); changes > 0; changes--)
                bytes[dice.Below(bytes.Length)] = (byte)dice.Below(256);
            bytes = bytes[..(trial % 3 == 0 ? dice.Below(bytes.Length) : bytes.Length)];
            var (expected, actual) = (Outcome(() => ModelProto.Parser.ParseFrom(bytes)), Outcome(() => ModelBytes.Parse(bytes)));
            refused += expected is null ? 1 : 0;
            Assert.Equal(expected, actual);
        }
        Assert.InRange(refused, 300, 2700);

        static ModelProto? Outcome(Func<ModelProto> read)
        {
            try
            {
                return read();
            }
            catch (InvalidProtocolBufferException)
            {
                return null;
            }
        }
    }

    [Fact]
    public void Texts_are_read_without_the_graph()
    {
        using var stream = new Counting(file);
        Assert.Equal("a test", OnnxMetadata.Read(stream)["made by"]);
        Assert.InRange(stream.BytesRead, 1, 100);
    }

    sealed class Counting(byte[] bytes) : MemoryStream(bytes)
    {
        public int BytesRead { get; private set; }

        public override int Read(Span<byte> buffer) => Counted(base.Read(buffer));
        public override int Read(byte[] buffer, int offset, int count) => Counted(base.Read(buffer, offset, count));

        public override int ReadByte()
        {
            BytesRead++;
            return base.ReadByte();
        }

        int Counted(int count)
        {
            BytesRead += count;
            return count;
        }
    }
}
