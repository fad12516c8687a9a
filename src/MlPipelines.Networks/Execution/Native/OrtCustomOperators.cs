using Microsoft.ML.OnnxRuntime;

namespace MlPipelines.Native;

/// <summary>The custom operators of one session, as ONNX Runtime knows them; must outlive the session.</summary>
sealed unsafe class OrtCustomOperators : IDisposable
{
    readonly OrtFunctions api = OrtFunctions.Current;
    readonly List<nint> operators = [];

    internal OrtCustomOperators(IReadOnlyList<CustomOperator> list)
    {
        nint domain;
        fixed (byte* name = Utf8.Bytes(CustomOperator.Domain))
            api.Check(api.CreateCustomOpDomain(name, &domain));
        Domain = domain;
        foreach (var operation in list)
        {
            var op = OrtCustomOp.Create(operation);
            operators.Add((nint)op);
            api.Check(api.CustomOpDomainAdd(domain, (nint)op), operation.Name);
        }
    }

    nint Domain { get; set; }

    /// <summary>Lets a session that is made with the options use the operators.</summary>
    internal void AddTo(SessionOptions options) => api.Check(api.AddCustomOpDomain(options.DangerousGetHandle(), Domain));

    public void Dispose()
    {
        if (Domain == 0)
            return;
        api.ReleaseCustomOpDomain(Domain);
        Domain = 0;
        foreach (var op in operators)
            OrtCustomOp.Free((OrtCustomOp*)op);
    }
}
