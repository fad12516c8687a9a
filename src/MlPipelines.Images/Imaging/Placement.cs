namespace MlPipelines.Imaging;

/// <summary>Which part of a picture goes to which part of the size wanted.</summary>
/// <param name="Source">Part of the picture that is shown, in its pixels, fractions allowed.</param>
/// <param name="Target">Where it is shown in the result.</param>
readonly record struct Placement(Box Source, PixelRectangle Target)
{
    internal static Placement For(ImageSize from, ImageSize to, ResizingKind kind, Anchor anchor)
    {
        var (fromWidth, fromHeight, width, height) = (from.Width, from.Height, to.Width, to.Height);
        var (across, down) = (width / (double)fromWidth, height / (double)fromHeight);
        switch (kind)
        {
            case ResizingKind.IsoPad:
                var least = Math.Min(across, down);
                var (innerWidth, innerHeight) = (Rounded(fromWidth * least, width), Rounded(fromHeight * least, height));
                return new(new(0, 0, fromWidth, fromHeight),
                    new((width - innerWidth) / 2, (height - innerHeight) / 2, innerWidth, innerHeight));
            case ResizingKind.IsoCrop:
                var most = Math.Max(across, down);
                var (cutWidth, cutHeight) = (Math.Min(fromWidth, width / most), Math.Min(fromHeight, height / most));
                var left = anchor switch { Anchor.Left => 0, Anchor.Right => 1, _ => 0.5 } * (fromWidth - cutWidth);
                var top = anchor switch { Anchor.Top => 0, Anchor.Bottom => 1, _ => 0.5 } * (fromHeight - cutHeight);
                return new(new(left, top, cutWidth, cutHeight), new(0, 0, width, height));
            case ResizingKind.Fill:
                return new(new(0, 0, fromWidth, fromHeight), new(0, 0, width, height));
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, "Resize: needs IsoPad, IsoCrop or Fill.");
        }
    }

    /// <summary>How many source pixels make one of the result, along the axis where they are fewest.</summary>
    internal double Reduction => Math.Min(Source.Width / Target.Width, Source.Height / Target.Height);

    static int Rounded(double size, int most) => Math.Clamp((int)Math.Round(size), 1, most);
}

/// <summary>A rectangle in pixels, fractions allowed.</summary>
readonly record struct Box(double Left, double Top, double Width, double Height)
{
    internal Box Scaled(double across, double down) => new(Left * across, Top * down, Width * across, Height * down);
}
