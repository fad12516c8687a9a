namespace MlPipelines;

/// <summary>Size of an image in pixels.</summary>
public readonly record struct ImageSize(int Width, int Height)
{
    /// <summary>The middle of the image, where pixel centres have whole coordinates.</summary>
    internal double MiddleX => (Width - 1) / 2.0;

    /// <inheritdoc cref="MiddleX"/>
    internal double MiddleY => (Height - 1) / 2.0;
}

/// <summary>A part of an image, in whole pixels.</summary>
/// <param name="Left">Its first column.</param>
/// <param name="Top">Its first row.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
public readonly record struct PixelRectangle(int Left, int Top, int Width, int Height)
{
    /// <summary>Whether it has pixels, and all of them lie in an image of that size.</summary>
    internal bool LiesIn(ImageSize size) => Width > 0 && Height > 0 && Left + Width <= size.Width && Top + Height <= size.Height;
}
