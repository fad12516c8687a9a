using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Brings images to one size.</summary>
public sealed class ImageResizingEstimator(ImageResizingTransformer transformer) : TrivialEstimator<ImageResizingTransformer>(transformer)
{
    /// <summary>The resize kinds under the name that ML.NET's programs use.</summary>
    public static class ResizingKind
    {
        public const Imaging.ResizingKind IsoPad = Imaging.ResizingKind.IsoPad, IsoCrop = Imaging.ResizingKind.IsoCrop, Fill = Imaging.ResizingKind.Fill;
    }

    /// <summary>The anchors under the name that ML.NET's programs use.</summary>
    public static class Anchor
    {
        public const Imaging.Anchor Right = Imaging.Anchor.Right, Left = Imaging.Anchor.Left, Top = Imaging.Anchor.Top, Bottom = Imaging.Anchor.Bottom, Center = Imaging.Anchor.Center;
    }
}

/// <summary>Brings images to one size, antialiased.</summary>
/// <param name="OutputColumn">Column of the resized images.</param>
/// <param name="InputColumn">Column of the images.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Resizing">How an image of another shape is fitted in.</param>
/// <param name="CropAnchor">The part that IsoCrop keeps.</param>
public sealed record ImageResizingTransformer(string OutputColumn, string InputColumn, int Width, int Height, ResizingKind Resizing = ResizingKind.IsoCrop, Anchor CropAnchor = Anchor.Center) : RowTransformer
{
    public int Width { get; } = Check.AtLeast(Width, 1);
    public int Height { get; } = Check.AtLeast(Height, 1);

    protected override IEnumerable<MappedColumn> Map(DataViewSchema input)
    {
        var column = Needs<ImageDataViewType>(input, InputColumn, "an image").Index;
        yield return new(OutputColumn, new ImageDataViewType(Height, Width), row => ((Image)row.GetValue(column)).ResizeLater(Width, Height, Resizing, CropAnchor));
    }
}
