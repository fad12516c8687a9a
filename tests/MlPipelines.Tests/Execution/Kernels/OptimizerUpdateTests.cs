using MlPipelines.Execution.Kernels;

namespace MlPipelines.Tests.Execution.Kernels;

/// <summary>Three steps from weights of 1 against numbers computed with Keras and Caffe,
/// in the vector part and in the tail alike.</summary>
public class OptimizerUpdateTests
{
    const int Count = 37;
    static readonly float[] Gradients = [.1f, -.2f, 1e-4f];

    [Theory]
    [InlineData(false, .0, .01, .999, 1.0001, 1.001089)]
    [InlineData(true, .0, .01, .9981, 1.00109, 1.0019791)]
    [InlineData(false, .004, .001, .999896, .9999984004, 1.0000864608)]
    public void Sgd_takes_its_first_steps(bool nesterov, double decay, double rate, double first, double second, double third) =>
        Follow([first, second, third],
            (_, g, from, to) =>
                new SgdUpdate((float)rate, .9f, nesterov, (float)decay).Run(from[0], g, from[1], to[0], to[1], Trial.Workers(2)));

    [Theory]
    [InlineData(false, .9996837732, .9999694868, .9999693362)]
    [InlineData(true, .9996837880, .9999694994, .9999693488)]
    public void RmsProp_takes_its_first_steps(bool inside, double first, double second, double third) =>
        Follow([first, second, third], (t, g, from, to) =>
            new RmsPropUpdate((float)(1e-4 / (inside ? 1 : 1 + 1e-6 * t)), .9f, 1e-7f, inside, 0).Run(from[0], g, from[1], to[0], to[1],
                Trial.Workers(2)));

    [Fact]
    public void Adam_takes_its_first_steps() =>
        Follow([.9990000316, .9993661300, .9996488392], (t, g, from, to) =>
            Buffers(g, from, to).Run(
                new AdamUpdate((float)(1e-3 * Math.Sqrt(1 - Math.Pow(.999, t + 1)) / (1 - Math.Pow(.9, t + 1))), .9f, .999f, 1e-7f, 0, 0),
                Trial.Workers(2)));

    [Fact]
    public void Decoupled_decay_takes_its_share_of_the_weights_besides_the_step_of_adam() =>
        Follow([.9990000316 - .25], (_, g, from, to) =>
            Buffers(g, from, to).Run(new AdamUpdate((float)(1e-3 * Math.Sqrt(1 - .999) / (1 - .9)), .9f, .999f, 1e-7f, 0, .25f),
                Trial.Workers(2)));

    [Fact]
    public void Adadelta_takes_its_first_steps() =>
        Follow([.9985859278, 1.0003836679, 1.0003824365], (_, g, from, to) =>
            Buffers(g, from, to).Run(new AdadeltaUpdate(1, .95f, 1e-7f, 0), Trial.Workers(2)));

    static TwoStateBuffers Buffers(float[] gradient, float[][] from, float[][] to) => new()
    {
        Weights = from[0],
        Gradient = gradient,
        First = from[1],
        Second = from[2],
        NewWeights = to[0],
        NewFirst = to[1],
        NewSecond = to[2],
    };

    static void Follow(double[] expected, Action<int, float[], float[][], float[][]> step)
    {
        float[][] from = [Enumerable.Repeat(1f, Count).ToArray(), new float[Count], new float[Count]];
        for (var t = 0; t < expected.Length; t++)
        {
            float[][] to = [new float[Count], new float[Count], new float[Count]];
            step(t, Enumerable.Repeat(Gradients[t], Count).ToArray(), from, to);
            Assert.All(to[0], w => Assert.Equal(expected[t], w, 2e-7));
            from = to;
        }
    }
}
