using System.Text.RegularExpressions;
using Microsoft.ML.OnnxRuntime;

namespace MlPipelines.Native;

/// <summary>ONNX Runtime refused, failed or was not found; the message carries its own text.</summary>
public sealed partial class NativeException : Exception
{
    const string Mark = "[ErrorCode:";

    // In the order of ONNX Runtime's numbers (OrtErrorCode); the managed package tells a code by its name only.
    static readonly string[] Codes =
    [
        "Ok", "Fail", "InvalidArgument", "NoSuchFile", "NoModel", "EngineError", "RuntimeException", "InvalidProtobuf", "ModelLoaded",
        "NotImplemented", "InvalidGraph", "ShapeInferenceNotRegistered", "RequirementNotRegistered",
    ];

    /// <summary>An error with that text.</summary>
    public NativeException(string message) : base(message)
    {
    }

    /// <summary>An error of the native library.</summary>
    public NativeException(string message, int code) : base(message) => Code = code;

    /// <summary>An error with its cause.</summary>
    public NativeException(string message, Exception inner) : base(message, inner)
    {
    }

    /// <summary>ONNX Runtime's own error code; 0 where it gives none.</summary>
    public int Code { get; }

    /// <summary>What the managed package says, as "where: text" with its code apart.</summary>
    internal static NativeException From(OnnxRuntimeException error, string where)
    {
        var end = error.Message.IndexOf(']', StringComparison.Ordinal);
        return error.Message.StartsWith(Mark, StringComparison.Ordinal) && end > 0
            ? new($"{where}: {Plain(error.Message[(end + 1)..].Trim())}",
                Math.Max(Array.IndexOf(Codes, error.Message[Mark.Length..end]), 0))
            : new($"{where}: {Plain(error.Message)}");
    }

    // A failing node, without the place in ONNX Runtime's own source that noticed it.
    static string Plain(string text) => SourcePlace().Replace(FailingNode().Replace(text, "${name} (${operator}): "), "");

    [GeneratedRegex(@"^Non-zero status code returned while running (?<operator>\w+) node\. Name:'(?<name>.*?)(_nchwc)?' Status Message: ")]
    private static partial Regex FailingNode();

    [GeneratedRegex(@"/onnxruntime_src/\S+:\d+ .*?\)( const)? ")]
    private static partial Regex SourcePlace();
}
