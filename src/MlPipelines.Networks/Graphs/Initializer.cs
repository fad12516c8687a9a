using MlPipelines.Tensors;

namespace MlPipelines.Graphs;

/// <summary>How a parameter starts.</summary>
public abstract record Initializer
{
    /// <summary>The starting values, float32.</summary>
    /// <param name="shape">Shape of the parameter.</param>
    /// <param name="dice">Dice that belong to this parameter alone.</param>
    public abstract Tensor Draw(Shape shape, Dice dice);

    /// <summary>The values, where they are fixed and not drawn; else null.</summary>
    public virtual Tensor? Content => null;

    /// <summary>Starts as the tensor given: a stored or trained weight.</summary>
    public static Initializer Fixed(Tensor tensor) => new Stored(tensor);

    sealed record Stored(Tensor Tensor) : Initializer
    {
        public override Tensor? Content => Tensor;
        public override Tensor Draw(Shape shape, Dice dice) => Tensor;
    }
}
