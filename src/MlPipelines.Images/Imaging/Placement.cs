namespace MlPipelines.Imaging;

/// <summary>Which part of a picture goes to which part of the size wanted.</summary>
/// <param name="Source">Part of the picture that is shown, in its pixels, fractions allowed.</param>
/// <param name="Left">Where it begins in the result.</param>
/// <param name="Top">Where it begins in the result.</param>
/// <param name="Width">How wide it is in the result.</param>
/// <param name="Height">How high it is in the result.</param>
readonly record struct Placement(Box Source, int Left, int Top, int Width, int Height)
{
    internal static Placement For(int fromWidth, int fromHeight, int width, int height, ResizingKind kind, Anchor anchor)
    {
        var (across, down) = (width / (double)fromWidth, height / (double)fromHeight);
        switch (kind)
        {
            case ResizingKind.IsoPad:
                var least = Math.Min(across, down);
                var (innerWidth, innerHeight) = (Rounded(fromWidth * least, width), Rounded(fromHeight * least, height));
                return new(new(0, 0, fromWidth, fromHeight), (width - innerWidth) / 2, (height - innerHeight) / 2, innerWidth, innerHeight);
            case ResizingKind.IsoCrop:
                var most = Math.Max(across, down);
                var (cutWidth, cutHeight) = (Math.Min(fromWidth, width / most), Math.Min(fromHeight, height / most));
                var left = anchor switch { Anchor.Left => 0, Anchor.Right => 1, _ => 0.5 } * (fromWidth - cutWidth);
                var top = anchor switch { Anchor.Top => 0, Anchor.Bottom => 1, _ => 0.5 } * (fromHeight - cutHeight);
                return new(new(left, top, cutWidth, cutHeight), 0, 0, width, height);
            case ResizingKind.Fill:
                return new(new(0, 0, fromWidth, fromHeight), 0, 0, width, height);
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, "Resize: needs IsoPad, IsoCrop or Fill.");
        }
    }

    /// <summary>How many source pixels make one of the result, along the axis where they are fewest.</summary>
    internal double Reduction => Math.Min(Source.Width / Width, Source.Height / Height);

    static int Rounded(double size, int most) => Math.Clamp((int)Math.Round(size), 1, most);
}

/// <summary>A rectangle in pixels, fractions allowed.</summary>
readonly record struct Box(double Left, double Top, double Width, double Height)
{
    internal Box Scaled(double across, double down) => new(Left * across, Top * down, Width * across, Height * down);
}
