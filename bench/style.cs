#:package Microsoft.CodeAnalysis.CSharp
#:property AssemblyName=MlPipelines.Bench.Style
#:property PublishAot=false
#:property GenerateDocumentationFile=false
#:property EnforceCodeStyleInBuild=false
// Measures of the C# sources below a folder, without bin and obj: lengths, parameters, comments, public types.
// dotnet run -c Release bench/style.cs [FOLDER, else src]
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

const int manyParameters = 7, longLine = 140, longerLine = 160;

var folder = args.Length > 0 ? args[0] : "src";
if (!Directory.Exists(folder))
{
    Console.Error.WriteLine($"style: {folder} is no folder, a folder of C# sources is needed.");
    return 1;
}
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var files = Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
    .Where(path => !Path.GetRelativePath(folder, path).Split('/', '\\').Any(part => part is "bin" or "obj"))
    .Order(StringComparer.Ordinal).Select(path => (Path: path, Lines: File.ReadAllLines(path))).ToArray();
if (files.Length == 0)
{
    Console.Error.WriteLine($"style: {folder} holds no .cs file.");
    return 1;
}
// A file-based program begins with directives that only its own build knows.
var parsing = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview).WithFeatures([new("FileBasedProgram", "true")]);
var roots = files.Select(file => CSharpSyntaxTree.ParseText(string.Join('\n', file.Lines), parsing).GetRoot()).ToArray();
var nodes = roots.SelectMany(root => root.DescendantNodes()).ToArray();

var fileLines = Sorted(files.Select(file => file.Lines.Length));
var functionLines = Sorted(nodes.Select(Body).OfType<SyntaxNode>().Select(Lines));
var many = nodes.Count(node => Parameters(node) >= manyParameters);
var widths = Sorted(files.SelectMany(file => file.Lines).Select(line => line.Length));
var comments = roots.Sum(CommentLines);
var types = nodes.Where(node => node is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax)
    .GroupBy(FullName, StringComparer.Ordinal).ToArray();
var open = types.Where(parts => parts.Any(part => ((MemberDeclarationSyntax)part).Modifiers.Any(SyntaxKind.PublicKeyword)))
    .Select(parts => parts.Key).ToHashSet(StringComparer.Ordinal);

Row("files' lines, median / p90 / most", $"{At(fileLines, 0.5)} / {At(fileLines, 0.9)} / {At(fileLines, 1)}");
Row("functions' lines, p99 / most", functionLines.Length == 0 ? "–" : $"{At(functionLines, 0.99)} / {At(functionLines, 1)}");
Row($"functions with {manyParameters} or more parameters", $"{many} of {nodes.Count(node => Parameters(node) >= 0)}");
Row($"lines over {longLine} characters", Share(widths.Count(width => width > longLine), widths.Length));
Row($"lines over {longerLine} characters", $"{Share(widths.Count(width => width > longerLine), widths.Length)}, longest {widths[^1]}");
Row("lines with plain comments", Share(comments, widths.Length));
Row("public types", $"{types.Count(parts => IsPublic(parts.First(), open))} of {types.Length}");
return 0;

static void Row(string name, string value) => Console.WriteLine($"| {name} | {value} |");

static string Share(int part, int whole) => $"{100.0 * part / whole:0.0} % ({part:N0} of {whole:N0})";

static int[] Sorted(IEnumerable<int> numbers) => [.. numbers.Order()];

// The nearest rank: so much of all numbers is not larger.
static int At(int[] sorted, double share) => sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];

// Of functions that have one; braces count, the signature does not.
static SyntaxNode? Body(SyntaxNode node) => node switch
{
    BaseMethodDeclarationSyntax method => (SyntaxNode?)method.Body ?? method.ExpressionBody,
    LocalFunctionStatementSyntax local => (SyntaxNode?)local.Body ?? local.ExpressionBody,
    _ => null,
};

static int Lines(SyntaxNode node) =>
    node.GetLocation().GetLineSpan() is var span ? span.EndLinePosition.Line - span.StartLinePosition.Line + 1 : 0;

// Methods, constructors and operators, local functions, and types with a list of their own; −1 for all else.
static int Parameters(SyntaxNode node) => node switch
{
    BaseMethodDeclarationSyntax method => method.ParameterList.Parameters.Count,
    LocalFunctionStatementSyntax local => local.ParameterList.Parameters.Count,
    TypeDeclarationSyntax { ParameterList: { } list } => list.Parameters.Count,
    _ => -1,
};

// Lines that hold a comment, whole or in part, which is no documentation.
static int CommentLines(SyntaxNode root) => root.DescendantTrivia()
    .Where(trivia => trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) || trivia.IsKind(SyntaxKind.MultiLineCommentTrivia))
    .SelectMany(trivia => trivia.GetLocation().GetLineSpan() is var span
        ? Enumerable.Range(span.StartLinePosition.Line, span.EndLinePosition.Line - span.StartLinePosition.Line + 1) : [])
    .Distinct().Count();

// The parts of one type have one name.
static string FullName(SyntaxNode node) => string.Join('.', node.AncestorsAndSelf().Reverse().Select(part => part switch
{
    BaseNamespaceDeclarationSyntax name => name.Name.ToString(),
    TypeDeclarationSyntax type => $"{type.Identifier.Text}`{type.TypeParameterList?.Parameters.Count ?? 0}",
    BaseTypeDeclarationSyntax type => type.Identifier.Text,
    DelegateDeclarationSyntax type => $"{type.Identifier.Text}`{type.TypeParameterList?.Parameters.Count ?? 0}",
    _ => null,
}).OfType<string>());

// As others see it: within types that are public too, by whichever of their parts says so.
static bool IsPublic(SyntaxNode node, HashSet<string> open) => node.AncestorsAndSelf()
    .Where(part => part is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax).All(part => open.Contains(FullName(part)));
