using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace MlPipelines.Tests.Structure;

/// <summary>What the names of one file mean.</summary>
static class UsesOfFile
{
    public static IEnumerable<Use> Find(string file, SemanticModel model) =>
        from node in model.SyntaxTree.GetRoot().DescendantNodes()
        from symbol in Meant(node, model)
        let line = node.GetLocation().GetLineSpan().StartLinePosition.Line + 1
        select new Use(file, line, SourceCode.AsShipped(symbol), DeclaredIn(symbol, file));

    static IEnumerable<ISymbol> Meant(SyntaxNode node, SemanticModel model)
    {
        var symbol = node switch
        {
            SimpleNameSyntax { Parent: QualifiedNameSyntax or MemberAccessExpressionSyntax } name when IsOuter(name, model) => null,
            SimpleNameSyntax or BaseObjectCreationExpressionSyntax or ConstructorInitializerSyntax => Bound(node, model),
            ElementAccessExpressionSyntax or BinaryExpressionSyntax or PrefixUnaryExpressionSyntax => Bound(node, model),
            BaseMethodDeclarationSyntax declared => (model.GetDeclaredSymbol(declared) as IMethodSymbol)?.OverriddenMethod,
            _ => null,
        };
        if (symbol is IMethodSymbol method)
            symbol = method.ReducedFrom ?? method;
        symbol = symbol?.OriginalDefinition;
        var isMember = symbol is IMethodSymbol { MethodKind: not MethodKind.LocalFunction } or IPropertySymbol or IFieldSymbol
            or IEventSymbol;
        if (symbol is not null && (isMember || symbol is INamedTypeSymbol))
            yield return symbol;
    }

    // The outer type of a nested one is but a part of its name.
    static bool IsOuter(SimpleNameSyntax name, SemanticModel model)
    {
        SyntaxNode whole = name.Parent is QualifiedNameSyntax qualified && qualified.Right == name ? qualified : name;
        return whole.Parent is QualifiedNameSyntax or MemberAccessExpressionSyntax
            && Bound(whole.Parent, model) is INamedTypeSymbol { ContainingType: { } outer }
            && SymbolEqualityComparer.Default.Equals(outer.OriginalDefinition, Bound(name, model)?.OriginalDefinition);
    }

    static ISymbol? Bound(SyntaxNode node, SemanticModel model)
    {
        var info = model.GetSymbolInfo(node);
        return info.Symbol ?? info.CandidateSymbols.FirstOrDefault();
    }

    // A type in parts counts as declared beside whoever uses it, if one of them is.
    static string? DeclaredIn(ISymbol symbol, string file)
    {
        var files = symbol.Locations.Where(place => place.IsInSource).Select(place => place.SourceTree!.FilePath).ToArray();
        return files.FirstOrDefault(one => Path.GetDirectoryName(one) == Path.GetDirectoryName(file))
            ?? files.FirstOrDefault(one => Room.Of(one) == Room.Of(file)) ?? files.FirstOrDefault();
    }
}
