
/// <summary>Single changes of one picture in memory, one core: --mode warp [--size 224] [--seconds 1].</summary>
static class WarpMode
{
    public static void Run(int side, double seconds)
    {
        foreach (var channels in new[] { 3, 1 })
        {
            var dice = Dice.For(1);
            var pixels = new byte[side * side * channels];
            foreach (ref var value in pixels.AsSpan())
                value = (byte)dice.Below(256);
            var image = Image.FromPixels(side, side, channels, pixels);
            var middle = (side - 1) / 2.0;
            var turn = AffineMap.Rotation(12).About(middle, middle);
            var seen = PerspectiveMap.ToCorners(side, side, (2, 3), (side - 3, 0), (side - 1, side - 4), (1, side - 2));
            var input = new NetworkInput(channels, side, side);
            (string, Func<Image>)[] changes =
            [
                ("turn, nearest fill", () => image.Affine(turn)),
                ("turn, constant", () => image.Affine(turn, fill: FillMode.Constant)),
                ("turn, reflect", () => image.Affine(turn, fill: FillMode.Reflect)),
                ("turn, wrap", () => image.Affine(turn, fill: FillMode.Wrap)),
                ("turn, nearest pixel", () => image.Affine(turn, Interpolation.Nearest)),
                ("shift", () => image.Affine(AffineMap.Translation(3, -2))),
                ("shift by part of a pixel", () => image.Affine(AffineMap.Translation(3.3, -2.2))),
                ("flip", () => image.Affine(new(-1, 0, side - 1, 0, 1, 0))),
                ("flip upside down", () => image.Affine(new(1, 0, 0, 0, -1, side - 1))),
                ("perspective", () => image.Perspective(seen)),
                ("erase", () => new Erase(new(side / 4, side / 4, side / 2, side / 2), 1, false).Apply(image)),
                ("erase, each pixel", () => new Erase(new(side / 4, side / 4, side / 2, side / 2), 1, true).Apply(image)),
                ("erase, timm", () => new Erase(new(side / 4, side / 4, side / 2, side / 2), 1, true, ErasingDefinition.Timm).Apply(image)),
                ("cutout", () => new Paint(side / 4, side / 4, side / 2, side / 2, default).Apply(image)),
                ("noise", () => new Noise(10, 1).Apply(image)),
            ];
            var planes = new float[input.Length];
            Windows.Alternate($"warp {side}x{side}x{channels}", seconds,
                [.. changes.Select(change => (change.Item1, new Func<int>(() => { change.Item2(); return 1; }))),
                    ("planes", () => { NetworkInput.Write(input.Content(image, "image"), planes); return 1; })]);
        }
    }
}
