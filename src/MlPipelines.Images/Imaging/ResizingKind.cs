namespace MlPipelines;

/// <summary>How a picture is fitted into a size of another shape.</summary>
public enum ResizingKind
{
    /// <summary>Keeps the shape; the whole picture lies in the middle, the bars beside it are black.</summary>
    IsoPad = 0,

    /// <summary>Keeps the shape; covers the whole size and cuts off what sticks out, on the sides that the anchor leaves.</summary>
    IsoCrop = 1,

    /// <summary>Stretches the picture to the size.</summary>
    Fill = 2,
}

/// <summary>The part of a picture that is kept when it is cropped.</summary>
public enum Anchor
{
    /// <summary>The right end.</summary>
    Right = 0,
    /// <summary>The left end.</summary>
    Left = 1,
    /// <summary>The upper end.</summary>
    Top = 2,
    /// <summary>The lower end.</summary>
    Bottom = 3,
    /// <summary>The middle.</summary>
    Center = 4,
}
