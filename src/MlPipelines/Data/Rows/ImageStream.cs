namespace MlPipelines;

/// <summary>Marks a member of a row's class that is a <see cref="Stream"/> with the bytes of an image's file, from where it stands to its
/// end.</summary>
/// <remarks>A stream that can seek is put back where it stood; any other is read once. Who opened it closes it.</remarks>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class ImageStreamAttribute : DataViewTypeAttribute
{
    /// <inheritdoc/>
    public override void Register() => DataViewTypeManager.Register(new ImageStreamDataViewType(), typeof(Stream), this);

    /// <inheritdoc/>
    public override bool Equals(DataViewTypeAttribute? other) => other is ImageStreamAttribute;

    /// <inheritdoc/>
    public override int GetHashCode() => typeof(ImageStreamAttribute).GetHashCode();
}

/// <summary>The type of a column of streams, each with the bytes of an image's file.</summary>
public sealed class ImageStreamDataViewType : StructuredDataViewType
{
    /// <summary>The type; all of them are equal.</summary>
    public ImageStreamDataViewType() : base(typeof(Stream)) { }

    /// <inheritdoc/>
    public override bool Equals(DataViewType? other) => other is ImageStreamDataViewType;

    /// <inheritdoc/>
    public override int GetHashCode() => typeof(ImageStreamDataViewType).GetHashCode();

    /// <inheritdoc/>
    public override string ToString() => "ImageStream";

    /// <summary>The bytes from where a stream stands to its end.</summary>
    /// <exception cref="InvalidDataException">There is no stream, or nothing is left in it.</exception>
    internal static byte[] Read(Stream? stream, string name)
    {
        if (stream is null)
            throw new InvalidDataException($"{name}: has no stream, the bytes of an image's file are needed.");
        var start = stream.CanSeek ? stream.Position : 0;
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        if (stream.CanSeek)
            stream.Position = start;
        return bytes.Length > 0 ? bytes.ToArray()
            : throw new InvalidDataException($"{name}: its stream is at its end, the bytes of an image's file are needed. Set it back to "
                + "its start; one that cannot seek is read once.");
    }
}
