using System.Collections.Immutable;
using System.IO.Hashing;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.Runtime;
using MlPipelines.Execution;

[assembly: LoadableClass(typeof(ITransformer), typeof(SavedStep), null, typeof(SignatureLoadModel), "Step of MlPipelines",
    SavedStep.Signature)]

namespace MlPipelines.Interop;

/// <summary>Steps in ML.NET's model files: the version of this library, the step as text, the names of its streams,
/// and the streams with their sums.</summary>
/// <remarks>One loader stands for all steps, so that a new one needs no registration. Only members of families are made from the text,
/// by their names: types of this library, and the augmentations that programs derive.</remarks>
static class SavedStep
{
    /// <summary>The name under which ML.NET finds the loader; with the assembly's name it is part of every file.</summary>
    public const string Signature = "MlPipelinesStep";

    // Of the order in which the parts lie. What the text holds needs no number: each member has its name, and an unknown one is refused.
    const uint Version = 0x00010002;

    public static readonly JsonSerializerOptions Json = new()
    {
        Converters = { new FamilyConverter<Step>(), new PrimitiveTypeConverter(), new JsonStringEnumConverter(), new NestedFamilies() },
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        // A value that this version would not heed must not pass for one that it does.
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>The version of this library.</summary>
    public static string LibraryVersion { get; } =
        typeof(SavedStep).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    static VersionInfo Info => new(modelSignature: "MLPIPSTP", verWrittenCur: Version, verReadableCur: Version, verWeCanReadBack: Version,
        loaderAssemblyName: typeof(SavedStep).Assembly.GetName().Name!, loaderSignature: Signature);

    /// <exception cref="NotSupportedException">The step runs code of the program.</exception>
    public static void Save(ModelSaveContext context, Step step)
    {
        Internals.Check();
        if (step.ReasonNotToSave is { } reason)
            throw new NotSupportedException($"Save: {step.GetType().Name} runs this program's own code, which no file can hold. {reason}");
        context.CheckAtModel();
        context.SetVersionInfo(Info);
        // Create reads the strings in this order; streams are parts of their own in the zip, found by their names.
        context.SaveString(LibraryVersion);
        context.SaveString(JsonSerializer.Serialize<Step>(step, Json));
        var streams = KeptOutside.Takes(step) ? [] : step.Streams;
        // In the order of their names, so that equal steps are equal files.
        context.SaveString(string.Join('\n', streams.Keys.Order(StringComparer.Ordinal)));
        foreach (var (name, bytes) in streams.OrderBy(stream => stream.Key, StringComparer.Ordinal))
            context.SaveBinaryStream(name, writer =>
            {
                writer.Write(bytes.Length);
                writer.Write(XxHash3.HashToUInt64(bytes.Span));
                writer.Write(bytes.Span);
            });
    }

    /// <exception cref="InvalidDataException">The text or a stream is damaged, or of a newer version.</exception>
    static ITransformer Create(IHostEnvironment host, ModelLoadContext context)
    {
        Internals.Check();
        context.CheckAtModel(Info);
        var (version, text, names) = (context.LoadString(), context.LoadString(), context.LoadString());
        // A step with streams holds a network: its runtime loads on another thread while they are unpacked.
        if (names.Length > 0)
            OnnxRuntime.Begin();
        try
        {
            var streams = names.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .ToImmutableDictionary(name => name, name => Stream(context, name));
            var step = JsonSerializer.Deserialize<Step>(text, Json) ?? throw new InvalidDataException("is empty.");
            return KeptOutside.Given(step.WithStreams(streams)) with { Host = host };
        }
        catch (Exception exception)
            when (exception is InvalidDataException or JsonException or ArgumentException or NotSupportedException or EndOfStreamException)
        {
            throw new InvalidDataException($"{context.Directory ?? "model"}: the step that MlPipelines {version} saved there cannot be "
                + $"read by {LibraryVersion}: {exception.Message}", exception);
        }
    }

    static ReadOnlyMemory<byte> Stream(ModelLoadContext context, string name)
    {
        byte[]? bytes = null;
        if (!context.TryLoadBinaryStream(name, Read))
            throw new InvalidDataException($"its part '{name}' is missing. Fetch the file again.");
        return bytes;

        void Read(BinaryReader reader)
        {
            var length = reader.ReadInt32();
            if (length < 0)
                throw new InvalidDataException($"its part '{name}' is damaged. Fetch the file again.");
            var sum = reader.ReadUInt64();
            bytes = reader.ReadBytes(length);
            if (bytes.Length != length)
                throw new InvalidDataException($"its part '{name}' has {bytes.Length} of {length} bytes. Fetch the file again.");
            // .NET reads a zip without comparing its sums.
            if (XxHash3.HashToUInt64(bytes) != sum)
                throw new InvalidDataException($"its part '{name}' has other bytes than were saved. Fetch the file again.");
        }
    }
}
