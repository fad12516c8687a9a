using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace MlPipelines;

/// <summary>Epochs as a file that TensorBoard reads, a folder a run: loss and accuracy of what is learnt from and of what is watched,
/// learning rate, images a second.</summary>
/// <remarks>Its bytes are records of length, masked CRC-32C, message and again its sum; messages are TensorFlow's Event in protocol
/// buffers. Source: tensorflow/core/lib/io/record_writer.h, tensorflow/core/util/event.proto, summary.proto. Each epoch is written at once,
/// so that it is seen while training goes on; a run that goes on appends behind the last whole record, so that one which was cut short
/// hides none.</remarks>
public sealed class TensorBoardLog : IProgress<EpochMetrics>, IDisposable
{
    const string FileVersion = "brain.Event:2";

    readonly string path;
    readonly FileStream file;
    readonly TimeProvider clock;

    /// <param name="folder">Folder of the run; it is made where there is none.</param>
    /// <param name="clock">Tells when an epoch was; null for the system's.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public TensorBoardLog(string folder, TimeProvider? clock = null)
    {
        this.clock = clock ?? TimeProvider.System;
        // TensorBoard knows such files by 'tfevents' in their names.
        path = Path.Combine(Check.Named(folder), "events.out.tfevents.mlpipelines");
        try
        {
            Directory.CreateDirectory(folder);
            file = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(exception);
        }
        try
        {
            file.SetLength(EndOfWholeRecords());
            if (file.Length == 0)
                Write(new Message().Double(1, Now).Text(3, FileVersion));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    IOException Unwritable(Exception cause) =>
        new($"{path}: cannot be written: {cause.Message.TrimEnd('.')}. Make room, or choose another folder.", cause);

    // The length of a record, its sum, and the message's sum.
    const int LengthBytes = 8, SumBytes = 4;

    long EndOfWholeRecords()
    {
        var end = 0L;
        Span<byte> length = stackalloc byte[LengthBytes];
        while (file.ReadAtLeast(length, LengthBytes, throwOnEndOfStream: false) == LengthBytes)
        {
            var next = end + LengthBytes + SumBytes + BinaryPrimitives.ReadInt64LittleEndian(length) + SumBytes;
            if (next <= end || next > file.Length)
                break;
            end = file.Seek(next, SeekOrigin.Begin);
        }
        file.Seek(end, SeekOrigin.Begin);
        return end;
    }

    double Now => clock.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0;

    /// <summary>Adds an epoch.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Report(EpochMetrics value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var summary = new Message();
        foreach (var (tag, number) in (ReadOnlySpan<(string, double?)>)
        [
            ("loss/train", value.Loss), ("accuracy/train", value.Accuracy), ("loss/validation", value.ValidationLoss),
            ("accuracy/validation", value.ValidationAccuracy), ("learning_rate", value.LearningRate),
            ("images_per_second", value.Seconds > 0 ? value.Samples / value.Seconds : null),
        ])
            if (number is { } known && double.IsFinite(known))
                summary.Nested(1, new Message().Text(1, tag).Float(2, (float)known));
        Write(new Message().Double(1, Now).Number(2, (ulong)value.Epoch).Nested(5, summary));
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => file.Dispose();

    // A record is written whole or not at all: what comes behind a torn one cannot be read.
    void Write(Message message)
    {
        var begin = file.Position;
        var content = message.Bytes;
        Span<byte> length = stackalloc byte[LengthBytes], sumOfLength = stackalloc byte[SumBytes], sum = stackalloc byte[SumBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)content.Length);
        try
        {
            file.Write([.. length, .. Masked(length, sumOfLength), .. content, .. Masked(content, sum)]);
        }
        catch (IOException exception)
        {
            file.SetLength(begin);
            throw Unwritable(exception);
        }
    }

    static Span<byte> Masked(ReadOnlySpan<byte> bytes, Span<byte> sum)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
            crc = BitOperations.Crc32C(crc, value);
        BinaryPrimitives.WriteUInt32LittleEndian(sum, BitOperations.RotateRight(~crc, 15) + 0xa282ead8);
        return sum;
    }

    /// <summary>A message of protocol buffers.</summary>
    sealed class Message
    {
        const int Varint = 0, Fixed64 = 1, Delimited = 2, Fixed32 = 5;

        readonly List<byte> bytes = [];

        public ReadOnlySpan<byte> Bytes => CollectionsMarshal.AsSpan(bytes);

        public Message Number(int field, ulong value) => Key(field, Varint).Base128(value);

        public Message Double(int field, double value)
        {
            Span<byte> content = stackalloc byte[8];
            BinaryPrimitives.WriteDoubleLittleEndian(content, value);
            return Key(field, Fixed64).Raw(content);
        }

        public Message Float(int field, float value)
        {
            Span<byte> content = stackalloc byte[4];
            BinaryPrimitives.WriteSingleLittleEndian(content, value);
            return Key(field, Fixed32).Raw(content);
        }

        public Message Text(int field, string value) => Content(field, Encoding.UTF8.GetBytes(value));

        public Message Nested(int field, Message value) => Content(field, value.Bytes);

        Message Content(int field, ReadOnlySpan<byte> content) => Key(field, Delimited).Base128((ulong)content.Length).Raw(content);

        Message Key(int field, int kind) => Base128((ulong)(field << 3 | kind));

        Message Base128(ulong value)
        {
            for (; value >= 0x80; value >>= 7)
                bytes.Add((byte)(value | 0x80));
            bytes.Add((byte)value);
            return this;
        }

        Message Raw(ReadOnlySpan<byte> content)
        {
            bytes.AddRange(content);
            return this;
        }
    }
}
