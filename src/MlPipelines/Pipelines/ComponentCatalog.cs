using System.Reflection;

namespace MlPipelines;

/// <summary>Code of the program that saved pipelines may name.</summary>
public sealed class ComponentCatalog
{
    readonly Dictionary<string, ICustomMappingFactory> factories = new(StringComparer.Ordinal);
    readonly Lock gate = new();

    /// <summary>Registers the public and internal classes of an assembly that are marked with <see cref="CustomMappingFactoryAttribute"/>.</summary>
    /// <exception cref="ArgumentException">A marked class is no factory or has no constructor without arguments, or two have one name.</exception>
    public void RegisterAssembly(Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        foreach (var type in assembly.GetTypes())
            if (type.GetCustomAttribute<CustomMappingFactoryAttribute>() is { } mark)
                Register(mark.ContractName, type);
    }

    void Register(string contractName, Type type)
    {
        if (type.IsAbstract || !typeof(ICustomMappingFactory).IsAssignableFrom(type) || type.GetConstructor(Type.EmptyTypes) is null)
            throw new ArgumentException($"{type.Name}: is marked as the custom mapping '{contractName}', which needs a class that derives from CustomMappingFactory and has a constructor without arguments.");
        lock (gate)
        {
            if (factories.TryGetValue(contractName, out var other) && other.GetType() != type)
                throw new ArgumentException($"{type.Name}: is marked as the custom mapping '{contractName}', as {other.GetType().Name} is. Give one of them another name.");
            factories[contractName] = (ICustomMappingFactory)Activator.CreateInstance(type)!;
        }
    }

    /// <exception cref="InvalidDataException">Nothing is registered under that name.</exception>
    internal ITransformer Create(string contractName)
    {
        lock (gate)
            return factories.TryGetValue(contractName, out var factory) ? factory.Create(contractName)
                : throw new InvalidDataException($"the pipeline runs code that a program calls '{contractName}', known are {(factories.Count == 0 ? "none" : string.Join(", ", factories.Keys))}. Mark a class derived from CustomMappingFactory with [CustomMappingFactory(\"{contractName}\")], and call ComponentCatalog.RegisterAssembly before loading.");
    }
}

/// <summary>Marks the class that makes a custom mapping, so that a loaded pipeline finds it.</summary>
/// <param name="contractName">The name that CustomMapping was given.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class CustomMappingFactoryAttribute(string contractName) : Attribute
{
    public string ContractName { get; } = Check.Named(contractName);
}

/// <summary>Makes a custom mapping.</summary>
public interface ICustomMappingFactory
{
    ITransformer Create(string contractName);
}
