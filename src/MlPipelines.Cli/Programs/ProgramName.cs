using System.Reflection;
using System.Text.RegularExpressions;

namespace MlPipelines.Cli;

/// <summary>The name of a class that is written, which must be one that C# takes.</summary>
static partial class ProgramName
{
    static readonly HashSet<string> keywords =
    [
        "abstract", "as", "base", "bool", "break", "byte", "case", "catch", "char", "checked", "class", "const", "continue", "decimal",
        "default", "delegate", "do", "double", "else", "enum", "event", "explicit", "extern", "false", "finally", "fixed", "float", "for",
        "foreach", "goto", "if", "implicit", "in", "int", "interface", "internal", "is", "lock", "long", "namespace", "new", "null",
        "object", "operator", "out", "override", "params", "private", "protected", "public", "readonly", "ref", "return", "sbyte",
        "sealed", "short", "sizeof", "stackalloc", "static", "string", "struct", "switch", "this", "throw", "true", "try", "typeof",
        "uint", "ulong", "unchecked", "unsafe", "ushort", "using", "virtual", "void", "volatile", "while",
        "__arglist", "__makeref", "__reftype", "__refvalue",
        // By their context.
        "await", "dynamic", "extension", "field", "file", "nint", "notnull", "nuint", "partial", "record", "required", "scoped",
        "unmanaged", "var", "where", "yield",
    ];

    /// <summary>Names that the written program itself uses, or that the compiler gives.</summary>
    static readonly HashSet<string> taken =
    [
        "AppContext", "Architectures", "AugmentationText", "BatchSampling", "ClassificationReport", "ClassWeighting", "ColumnName",
        "ColumnNameAttribute", "Console", "Dense", "Guess", "IDataView", "ImageClassificationTrainer", "InvalidDataException",
        "IReadOnlyList", "Labels", "Lazy", "LinearHead", "MLContext", "Microsoft", "MlPipelines", "ModelPath", "MultilayerPerceptron",
        "NearestClassMean", "NearestNeighbours", "Network", "OneCycle", "Path", "Picture", "Predict", "PredictAllLabels", "Predictor",
        "Preprocessing", "PretrainedModel", "Program", "ReadOnlyMemory", "ResNet18", "ResizingKind", "Scores", "ServedModel", "System",
        "Train", "TrainingImages", "VBuffer", "WebApplication",
        "app", "args", "builder", "folder", "guess", "guesses", "labels", "model", "path", "predictor", "problem", "report", "rest",
    ];

    /// <summary>The name, if it is one.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static string Parse(string text) =>
        !Identifier().IsMatch(text) ? throw new FormatException($"got '{text}', needs a name of a class as C# takes it: letters, digits "
            + "and _, and no digit first, such as Flowers.")
        : keywords.Contains(text) || taken.Contains(text) || IsOfObject(text) ? throw new FormatException($"got '{text}', which "
            + $"{(keywords.Contains(text) ? "is a word of C#" : "the program itself uses")}. Take another, such as {text}Model.")
        : text;

    // Within the program's own class the name would mean the member.
    static bool IsOfObject(string text) => typeof(object).GetMember(text,
        BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic).Length > 0;

    [GeneratedRegex(@"^[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Nd}\p{Mn}\p{Mc}\p{Pc}]*\z")]
    private static partial Regex Identifier();
}
