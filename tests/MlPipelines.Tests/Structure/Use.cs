using Microsoft.CodeAnalysis;

namespace MlPipelines.Tests.Structure;

/// <summary>A place that uses something.</summary>
/// <param name="File">The file, as a path from src/.</param>
/// <param name="Line">The line, from one.</param>
/// <param name="Symbol">What is used: a type or a member of one.</param>
/// <param name="DeclaredIn">The file that declares it, as a path from src/; null where a package does.</param>
sealed record Use(string File, int Line, ISymbol Symbol, string? DeclaredIn)
{
    /// <summary>The assembly that declares it.</summary>
    public string? Assembly => Symbol.ContainingAssembly?.Name;

    /// <summary>Whether only friends of its assembly may use it.</summary>
    public bool IsInternal
    {
        get
        {
            for (var symbol = Symbol; symbol is not null and not INamespaceSymbol; symbol = symbol.ContainingSymbol)
                if (symbol.DeclaredAccessibility is Accessibility.Internal or Accessibility.ProtectedAndInternal or Accessibility.Private)
                    return true;
            return false;
        }
    }

    public override string ToString() =>
        $"src/{File}:{Line} uses {Symbol.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat)}";
}
