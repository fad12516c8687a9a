using MlPipelines.Graphs.Onnx.Wire;
using MlPipelines.Tensors;

namespace MlPipelines.Graphs.Onnx;

/// <summary>ONNX message → graph.</summary>
sealed class ModelReader
{
    public const int OldestOpset = 7, NewestOpset = 25;

    readonly ModelProto model;
    readonly string file;
    readonly Origin origin;
    readonly TensorReader tensors;
    readonly Dictionary<NodeProto, int> opsets;
    readonly Dictionary<string, Value> values = new(StringComparer.Ordinal);
    readonly Dictionary<string, NodeProto> producers = new(StringComparer.Ordinal);

    public ModelReader(ModelProto model, string file, string? folder)
    {
        (this.model, this.file, tensors) = (model, file, new TensorReader(file, folder));
        opsets = LocalFunctions.Inline(model, file);
        var opset = OpsetOf(model.OpsetImport);
        if (opsets.Values.Append(opset).Where(one => one is < OldestOpset or > NewestOpset).ToArray() is [var other, ..])
            throw new InvalidDataException($"{file}: is written in ONNX operator set {other}, needs {OldestOpset} to {NewestOpset}. "
                + "Convert it with the onnx package's version converter.");
        origin = new(file, opset);
        if (model.Graph.Output.Count == 0)
            throw new InvalidDataException($"{file}: the graph has no outputs, needs at least one. Export it again.");
    }

    /// <summary>The version of ONNX's own operators among those that are imported; 0 where there is none.</summary>
    public static int OpsetOf(IEnumerable<OperatorSetIdProto> imports) => imports.Where(import => IsStandard(import.Domain))
        .Select(import => (int)Math.Clamp(import.Version, 0, int.MaxValue)).DefaultIfEmpty(0).Max();

    /// <param name="choose">Chooses one of the outputs named, or another value, as the only output; null for all outputs.</param>
    public OnnxModel Read(Func<IReadOnlyList<string>, string>? choose)
    {
        var graph = model.Graph;
        var labels = new ClassLabelNodes(graph);
        string[] outputs = choose is null ? [.. graph.Output.Select(output => output.Name).Distinct(StringComparer.Ordinal)]
            : [labels.ScoresOf(choose(labels.Outputs()))];
        var quantised = Quantisation.Remove(graph, file, tensors);
        if (model.ProducerName != ModelWriter.Producer)
            SharedTensors.Part(graph, tensors);
        var stored = graph.Initializer.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        Value[] inputs = [.. graph.Input.Where(input => !stored.Contains(input.Name)).Select(Input)];
        foreach (var input in inputs)
            Declare(input.Name, input);
        Register(graph);
        if (outputs.FirstOrDefault(output => !values.ContainsKey(output) && !producers.ContainsKey(output)) is { } missing)
            throw new InvalidDataException(graph.Output.Any(output => output.Name == missing)
                ? $"{file}: nothing computes the output '{missing}'. Export it again."
                : $"{file}: has no value '{missing}', its outputs are {string.Join(", ", graph.Output.Select(output => output.Name))}. "
                    + "Name one of them, or what a layer gives.");
        foreach (var output in outputs)
        {
            Compute(output);
            if (!values.ContainsKey(output))
                throw new GraphException(NameOf(producers[output]), $"does not compute its output '{output}' here. Name another value.");
        }
        return new(new Graph(inputs, outputs.Select(output => (output, values[output]))),
            model.MetadataProps.GroupBy(entry => entry.Key)
            .ToDictionary(entries => entries.Key, entries => entries.Last().Value, StringComparer.Ordinal))
        {
            Warnings = quantised is null ? [] : [quantised],
        };
    }

    // Who computes which value, and what is stored.
    void Register(GraphProto graph)
    {
        var uses = new Uses(graph);
        foreach (var node in graph.Node)
            foreach (var output in node.Output.Where(output => output.Length > 0))
                if (!producers.TryAdd(output, node))
                    throw new GraphException(NameOf(node),
                        $"its output '{output}' is also computed by {NameOf(producers[output])}; a value is computed once.");
        foreach (var tensor in graph.Initializer.Where(tensor => !IsText(tensor)))
            Declare(tensor.Name,
                uses.Leaf(tensor.Name, tensors.Read(tensor), model.ProducerName == ModelWriter.Producer ? tensor.DocString : null));
        foreach (var node in graph.Node.Where(node => node is { OpType: "Constant", Output: [{ Length: > 0 }] } && IsStandard(node.Domain)
            && !node.Attribute.Any(attribute => attribute.T is { } tensor && IsText(tensor))))
        {
            // What a node holds is a weight only if it can have been learnt; exporters write the ones
            // and zeros of a normalisation by groups so.
            var content = Content(node);
            Declare(node.Output[0],
                uses.Leaf(node.Output[0], content, SharedTensors.IsOneNumber(content) ? ModelWriter.ConstantNote : null));
        }
    }

    /// <summary>Builds all that a value depends on, without recursion, so that a deep or hostile file cannot exhaust the stack.</summary>
    void Compute(string wanted)
    {
        var path = new HashSet<NodeProto>(ReferenceEqualityComparer.Instance);
        var stack = new Stack<NodeProto>();
        void Enter(string name, string user)
        {
            if (!producers.TryGetValue(name, out var producer))
                throw model.Graph.Initializer.FirstOrDefault(tensor => tensor.Name == name && IsText(tensor)) is { } text
                    ? tensors.Unreadable(text) : new GraphException(user,
                    $"needs '{name}', which no node computes and which is neither an input nor stored in {file}.");
            if (!path.Add(producer))
                throw new GraphException(NameOf(producer), $"depends on its own output '{name}'; a graph has no cycles.");
            stack.Push(producer);
        }

        if (!values.ContainsKey(wanted))
            Enter(wanted, $"{file}, output '{wanted}'");
        while (stack.TryPeek(out var node))
        {
            if (node.Input.FirstOrDefault(input => input.Length > 0 && !values.ContainsKey(input)) is { } missing)
            {
                Enter(missing, NameOf(node));
                continue;
            }
            if (BranchOf(node) is { } branch)
                Splice(node, branch);
            else
                Build(node);
            path.Remove(stack.Pop());
            if (stack.Count == 0 && !values.ContainsKey(wanted) && producers[wanted] != node)
                // What stands in the place of an If.
                Enter(wanted, NameOf(node));
        }
    }

    // The graph that an If chooses, where its condition follows from sizes alone; null for other nodes.
    GraphProto? BranchOf(NodeProto node) => node is { OpType: "If", Input: [var condition] } && IsStandard(node.Domain)
        && values[condition].Folded is { Shape.Length: 1 } known && Folding.Numbers(known) is [var choice]
        ? node.Attribute.FirstOrDefault(attribute => attribute.Name == (choice == 1 ? "then_branch" : "else_branch"))?.G : null;

    // The branch's nodes among the others, and what it gives as what the If gives.
    void Splice(NodeProto node, GraphProto branch)
    {
        var own = branch.Node.SelectMany(inner => inner.Output).Concat(branch.Initializer.Select(tensor => tensor.Name))
            .ToHashSet(StringComparer.Ordinal);
        string Renamed(string name) => own.Contains(name) ? $"{node.Output[0]}/{name}" : name;
        NodeProto[] inner = [.. branch.Node.Select(inside => NodeCopy.Of(inside, Renamed))];
        var spliced = new GraphProto { Node = { inner }, Initializer = { branch.Initializer.Select(tensor => tensor.Clone()) } };
        foreach (var tensor in spliced.Initializer)
            tensor.Name = Renamed(tensor.Name);
        foreach (var (original, copy) in branch.Node.Zip(inner))
            opsets[copy] = opsets.GetValueOrDefault(original, OpsetOf(node));
        foreach (var output in node.Output.Where(output => output.Length > 0))
            producers.Remove(output);
        spliced.Node.Add(node.Output.Zip(branch.Output).Where(pair => pair.First.Length > 0).Select(pair => new NodeProto
        {
            OpType = "Identity",
            Name = node.Name,
            Input = { Renamed(pair.Second.Name) },
            Output = { pair.First },
        }));
        model.Graph.Node.Add(spliced.Node);
        Register(spliced);
    }

    int OpsetOf(NodeProto node) => opsets.GetValueOrDefault(node, origin.Opset);

    void Build(NodeProto node)
    {
        if (!IsStandard(node.Domain) && node.Domain != Operator.OwnDomain && !MlOperators.IsRead(node))
            throw new GraphException(NameOf(node),
                $"{file} uses operator '{node.OpType}' of the domain '{node.Domain}', which is not read here. Export the model in ONNX's "
                    + $"own operators{Before(node)}.");
        var name = node.Name.Length > 0 ? node.Name : node.Output.FirstOrDefault(output => output.Length > 0) ?? node.OpType;
        var source = new Source(node.OpType, name, [.. node.Input.Select(input => input.Length == 0 ? null : values[input])],
            AttributesOf(node), [.. node.Output], origin with { Opset = OpsetOf(node) });
        var results = node.Domain == ClassLabelNodes.Domain ? MlOperators.Results(source) : source.Results();
        for (var i = 0; i < node.Output.Count; i++)
            if (i < results.Count && node.Output[i].Length > 0)
                values[node.Output[i]] = results[i];
        if (node.Output.Skip(results.Count).FirstOrDefault(output => output.Length > 0 && IsUsed(output)) is { } absent)
            throw source.Error($"its output '{absent}' is used, but only the first {results.Count} of its outputs are computed here.");
    }

    string Before(NodeProto node) =>
        node.Input.FirstOrDefault(producers.ContainsKey) is { } value ? $", or read it only up to here: {Source.UpTo(value)}" : "";

    bool IsUsed(string name) =>
        model.Graph.Output.Any(output => output.Name == name) || model.Graph.Node.Any(node => node.Input.Contains(name));

    Value Input(ValueInfoProto input)
    {
        if (input.Type?.TensorType is not { Shape: { } shape } type)
            throw new GraphException($"input '{input.Name}'",
                $"has no shape in {file}, needs one such as [batch,channels,height,width]. Export it with its shape.");
        if (!TensorReader.IsRead((ElementType)type.ElemType))
            throw new GraphException($"input '{input.Name}'",
                $"has element type {type.ElemType} in {file}, which is not read here; needs numbers of 8 bits or more.");
        if (shape.Dim.FirstOrDefault(size => size.DimValue > int.MaxValue) is { } large)
            throw new GraphException($"input '{input.Name}'",
                $"has an axis of {large.DimValue} in {file}, needs at most {int.MaxValue}. Fetch or export it again.");
        // Zero and negative sizes stand for any, as some exporters write it.
        return Value.Input(input.Name,
            [.. shape.Dim.Select(size => size.DimValue is > 0 and <= int.MaxValue ? (int)size.DimValue : Shape.Unknown)],
            TensorReader.Single((ElementType)type.ElemType));
    }

    Tensor Content(NodeProto node)
    {
        foreach (var attribute in node.Attribute)
            switch (attribute.Name)
            {
                case "value" when attribute.T is not null: return tensors.Read(attribute.T);
                case "value_float": return Tensor.Scalar(attribute.F);
                case "value_floats": return Tensor.Vector<float>([.. attribute.Floats]);
                case "value_int": return Tensor.Scalar(attribute.I);
                case "value_ints": return Tensor.Vector<long>([.. attribute.Ints]);
            }
        throw new GraphException(NameOf(node),
            $"holds {string.Join(", ", node.Attribute.Select(attribute => attribute.Name).DefaultIfEmpty("nothing"))}, needs numbers.");
    }

    Attributes AttributesOf(NodeProto node)
    {
        var attributes = Attributes.None;
        foreach (var attribute in node.Attribute)
            attributes = attributes.With(attribute.Name, attribute.Type switch
            {
                AttributeProto.Types.AttributeType.Float => attribute.F,
                AttributeProto.Types.AttributeType.Int => attribute.I,
                AttributeProto.Types.AttributeType.String => attribute.S.ToStringUtf8(),
                AttributeProto.Types.AttributeType.Floats => attribute.Floats.ToArray(),
                AttributeProto.Types.AttributeType.Ints => attribute.Ints.ToArray(),
                AttributeProto.Types.AttributeType.Strings => attribute.Strings.Select(text => text.ToStringUtf8()).ToArray(),
                AttributeProto.Types.AttributeType.Tensor when attribute.T is not null => tensors.Read(attribute.T),
                AttributeProto.Types.AttributeType.Graph
                or AttributeProto.Types.AttributeType.Graphs => throw new GraphException(NameOf(node),
                    $"its attribute '{attribute.Name}' is a graph of its own, which {file} chooses or repeats when it runs; that is not "
                        + $"read here. Export the model for one size of image, so that nothing is left to choose{Before(node)}."),
                _ => throw new GraphException(NameOf(node),
                    $"its attribute '{attribute.Name}' is a {attribute.Type}, which is not read here; needs numbers, texts or tensors."),
            });
        return attributes;
    }

    // Names of classes; what computes with them is not read, but may stand behind what is.
    static bool IsText(TensorProto tensor) => (ElementType)tensor.DataType == ElementType.String;

    void Declare(string name, Value value)
    {
        if (!values.TryAdd(name, value))
            throw new GraphException($"value '{name}'", $"is declared twice in {file}; names are unique.");
    }

    static bool IsStandard(string domain) => domain is "" or "ai.onnx";

    static string NameOf(NodeProto node) => $"{(node.Name.Length > 0 ? node.Name : node.Output.FirstOrDefault() ?? "")} ({node.OpType})";
}
