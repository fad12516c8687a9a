using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace MlPipelines.Tests.Structure;

/// <summary>Measures of the text that have a limit.</summary>
public sealed class StyleTests
{
    const int LongestLine = 140, LongestFunction = 60, MostParameters = 6;

    // Whose parameters have their names and their order from elsewhere.
    static readonly Dictionary<string, string> takeMore = new()
    {
        ["Op.Normalizations.BatchNormalization"] = "ONNX's five inputs and two attributes",
        ["ImageDataCatalog.Splits.TrainValidationTestSplit"] = "ML.NET's TrainTestSplit, with a second fraction",
        ["CrossValidation.CrossValidateByClass"] = "ML.NET's CrossValidate, with a column to stratify by",
        ["ImageStepsCatalog.LoadImages"] = "ML.NET's LoadImages and ResizeImages in one",
        ["ImageDataGenerator.Fit.Fit"] = "Keras's fit, with how images are read",
    };

    static ImmutableArray<(string File, SyntaxNode Root)> Sources { get; } =
    [
        .. from project in SourceCode.Projects
           from file in SourceCode.Files(project)
           select (file, CSharpSyntaxTree.ParseText(Repository.Read($"src/{file}")).GetRoot()),
    ];

    [Fact]
    public void No_line_is_too_long() => AssertNone(
        from path in Repository.Sources
        from line in File.ReadLines(path).Index()
        where line.Item.Length > LongestLine
        select $"{Path.GetRelativePath(Repository.Root, path)}:{line.Index + 1} has {line.Item.Length} characters");

    [Fact]
    public void No_function_is_too_long() => AssertNone(
        from function in Functions()
        let lines = function.Body.GetText().Lines.Count - 1
        where lines > LongestFunction
        select $"{function} has {lines} lines");

    [Fact]
    public void No_function_takes_many_parameters()
    {
        var many = Functions().Where(function => function.Parameters > MostParameters).ToArray();
        AssertNone(many.Where(function => !takeMore.ContainsKey(function.Name)).Select(function => function.ToString()));
        Assert.Empty(takeMore.Keys.Except(many.Select(function => function.Name)));
    }

    static void AssertNone(IEnumerable<string> found)
    {
        var all = found.ToArray();
        Assert.True(all.Length == 0, $"{all.Length}:\n{string.Join('\n', all.Take(100))}");
    }

    static IEnumerable<Function> Functions() =>
        from source in Sources
        from node in source.Root.DescendantNodes()
        let parameters = node switch
        {
            BaseMethodDeclarationSyntax method => method.ParameterList.Parameters.Count,
            LocalFunctionStatementSyntax local => local.ParameterList.Parameters.Count,
            TypeDeclarationSyntax { ParameterList: { } list } => list.Parameters.Count,
            _ => -1,
        }
        where parameters >= 0
        select new Function(source.File, node, parameters);

    sealed record Function(string File, SyntaxNode Node, int Parameters)
    {
        public string Name => $"{System.IO.Path.GetFileNameWithoutExtension(File)}.{Node switch
        {
            MethodDeclarationSyntax method => method.Identifier.Text,
            LocalFunctionStatementSyntax local => local.Identifier.Text,
            TypeDeclarationSyntax type => type.Identifier.Text,
            ConstructorDeclarationSyntax constructor => constructor.Identifier.Text,
            _ => Node.Kind().ToString(),
        }}";

        public SyntaxNode Body => Node switch
        {
            BaseMethodDeclarationSyntax { Body: { } body } => body,
            BaseMethodDeclarationSyntax { ExpressionBody: { } body } => body,
            LocalFunctionStatementSyntax { Body: { } body } => body,
            LocalFunctionStatementSyntax { ExpressionBody: { } body } => body,
            _ => SyntaxFactory.IdentifierName("none"),
        };

        public override string ToString() => $"src/{File}: {Name}";
    }
}
