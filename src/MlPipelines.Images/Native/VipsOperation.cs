using System.Buffers;
using static MlPipelines.Native.VipsFunctions;

namespace MlPipelines.Native;

/// <summary>One operation of libvips by name: set its properties, then ask for an output.</summary>
/// <remarks>Bytes set as input are pinned, not copied: dispose the images made from them first.</remarks>
sealed unsafe class VipsOperation : IDisposable
{
    const nuint Boolean = 5 << 2, Int = 6 << 2, Double = 15 << 2, Text = 16 << 2;

    readonly string name;
    nint operation;
    MemoryHandle pinned;
    bool built;

    internal VipsOperation(string name)
    {
        _ = Vips.Version;
        this.name = name;
        operation = NewOperation(name);
        if (operation == 0)
            throw Vips.Failure(name);
    }

    /// <summary>Sets a whole number, or a value of an enumeration by its number.</summary>
    internal VipsOperation Set(string property, int value)
    {
        GValue box = default;
        InitValue(&box, Int);
        SetInt(&box, value);
        return Set(property, &box);
    }

    internal VipsOperation Set(string property, double value)
    {
        GValue box = default;
        InitValue(&box, Double);
        SetDouble(&box, value);
        return Set(property, &box);
    }

    internal VipsOperation Set(string property, bool value)
    {
        GValue box = default;
        InitValue(&box, Boolean);
        SetBoolean(&box, value ? 1 : 0);
        return Set(property, &box);
    }

    internal VipsOperation Set(string property, string value)
    {
        GValue box = default;
        InitValue(&box, Text);
        SetString(&box, value);
        return Set(property, &box);
    }

    internal VipsOperation Set(string property, VipsImage value)
    {
        using var hold = new VipsImage.Hold(value);
        GValue box = default;
        InitValue(&box, ImageType());
        SetObject(&box, hold.Pointer);
        return Set(property, &box);
    }

    /// <summary>Sets bytes, which stay where they are until this operation is disposed.</summary>
    internal VipsOperation Set(string property, ReadOnlyMemory<byte> value)
    {
        pinned.Dispose();
        pinned = value.Pin();
        var blob = NewBlob(0, pinned.Pointer, (nuint)value.Length);
        GValue box = default;
        InitValue(&box, BlobType());
        SetBoxed(&box, blob);
        ReleaseArea(blob);
        return Set(property, &box);
    }

    /// <summary>Runs the operation, once, and gives an output that is a picture.</summary>
    internal VipsImage Image(string output = "out")
    {
        Build();
        GValue box = default;
        InitValue(&box, ImageType());
        GetProperty(operation, output, &box);
        var image = DuplicateObject(&box);
        UnsetValue(&box);
        return new VipsImage(image);
    }

    /// <summary>Runs the operation, once, and copies an output that is bytes.</summary>
    internal byte[] Bytes(string output = "buffer")
    {
        Build();
        GValue box = default;
        InitValue(&box, BlobType());
        GetProperty(operation, output, &box);
        var start = BlobBytes(GetBoxed(&box), out var length);
        var bytes = new ReadOnlySpan<byte>(start, checked((int)length)).ToArray();
        UnsetValue(&box);
        return bytes;
    }

    public void Dispose()
    {
        if (operation != 0)
        {
            ReleaseOutputs(operation);
            Release(operation);
        }
        operation = 0;
        pinned.Dispose();
    }

    VipsOperation Set(string property, GValue* box)
    {
        SetProperty(operation, property, box);
        UnsetValue(box);
        return this;
    }

    void Build()
    {
        if (built)
            return;
        var done = VipsFunctions.Build(operation);
        if (done == 0)
            throw Vips.Failure(name);
        Release(operation);
        operation = done;
        built = true;
    }
}
