namespace MlPipelines.Interop;

/// <summary>While a model is written into or read from an ONNX file, its network is the file
/// itself and not part of the saved chain.</summary>
static class KeptOutside
{
    // ML.NET's Save and Load call a step's own on the thread that they are called on, and hand nothing through to it.
    [ThreadStatic]
    static Place? place;

    sealed record Place(IOnnxModel? Model, ReadOnlyMemory<byte> Onnx);

    /// <summary>Leaves out the network of that step while <paramref name="save"/> runs on this thread.</summary>
    public static void Without(IOnnxModel? model, Action save) => During(new(model, default), () =>
    {
        save();
        return true;
    });

    /// <summary>Gives the network to the step that was saved without one while <paramref name="load"/> runs on this thread.</summary>
    public static T With<T>(ReadOnlyMemory<byte> onnx, Func<T> load) => During(new(null, onnx), load);

    public static bool Takes(Step step) => place is { Model: { } model } && ReferenceEquals(model, step);

    public static Step Given(Step step) =>
        place is { Onnx.Length: > 0 } given && step is IOnnxModel { Onnx.Length: 0 } model ? model.WithOnnx(given.Onnx) : step;

    static T During<T>(Place now, Func<T> work)
    {
        var before = place;
        place = now;
        try
        {
            return work();
        }
        finally
        {
            place = before;
        }
    }
}
