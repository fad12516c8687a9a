using MlPipelines.Graphs;

namespace MlPipelines.Autodiff.Rules;

/// <summary>Where a Resize node reads along one axis. Source: ONNX operator Resize, opset 13.</summary>
sealed class Sampling(Node node, int from, int to, float scale)
{
    readonly string mode = node.Attributes.Text("mode", "nearest");
    readonly string coordinates = node.Attributes.Text("coordinate_transformation_mode", "half_pixel");
    readonly string nearest = node.Attributes.Text("nearest_mode", "round_prefer_floor");

    public void Weigh(int place, Action<int, float> weigh)
    {
        var x = Coordinate(place);
        if (mode == "nearest")
        {
            weigh(Math.Clamp(Nearest(x), 0, from - 1), 1);
            return;
        }
        if (mode != "linear")
            throw node.Error($"mode '{mode}' has no gradient, needs nearest or linear.");
        var low = (int)MathF.Floor(x);
        weigh(Math.Clamp(low, 0, from - 1), 1 - (x - low));
        weigh(Math.Clamp(low + 1, 0, from - 1), x - low);
    }

    float Coordinate(int place) => coordinates switch
    {
        "half_pixel" => (place + 0.5f) / scale - 0.5f,
        "pytorch_half_pixel" => to > 1 ? (place + 0.5f) / scale - 0.5f : 0,
        "asymmetric" => place / scale,
        "align_corners" => to > 1 ? place * (float)(from - 1) / (to - 1) : 0,
        _ => throw node.Error($"coordinate_transformation_mode '{coordinates}' has no gradient, needs half_pixel, pytorch_half_pixel, "
            + "asymmetric or align_corners."),
    };

    int Nearest(float x) => nearest switch
    {
        "floor" => (int)MathF.Floor(x),
        "ceil" => (int)MathF.Ceiling(x),
        "round_prefer_ceil" => (int)MathF.Floor(x + 0.5f),
        _ => (int)MathF.Ceiling(x - 0.5f),
    };
}
