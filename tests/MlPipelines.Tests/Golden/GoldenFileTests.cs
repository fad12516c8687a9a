using MlPipelines.Tensors;

namespace MlPipelines.Tests.Golden;

public sealed class GoldenFileTests
{
    [Theory, MemberData(nameof(GoldenFile.GradientNames), MemberType = typeof(GoldenFile))]
    public void A_gradient_has_the_shape_of_its_input_and_an_upstream_gradient_that_of_its_output(string name)
    {
        var golden = GoldenFile.Gradient(name);

        Assert.Equal(golden.Differentiable.Select(i => golden.Inputs[i]!.Sizes), golden.Gradients.Select(gradient => gradient.Sizes));
        Assert.Equal(golden.Outputs.Length, golden.Dy.Length);
        Assert.All(golden.Outputs.Zip(golden.Dy), pair => Assert.True(pair.Second is null || pair.Second.Sizes == pair.First.Sizes));
        Assert.All(golden.Gradients.Concat(golden.Outputs),
            tensor => Assert.Equal(tensor.Sizes.Length, tensor.ToTensor().Elements<float>().Length));
    }

    [Fact]
    public void Attributes_keep_their_type()
    {
        var gemm = GoldenFile.Gradient("gemm_transposed_both").TypedAttributes();
        var pool = GoldenFile.Gradient("max_pool_same_upper").TypedAttributes();

        Assert.Equal(1.5f, gemm["alpha"]);
        Assert.Equal(1L, gemm["transA"]);
        Assert.Equal(0f, GoldenFile.Gradient("gemm_beta_zero").TypedAttributes()["beta"]);
        Assert.Equal("SAME_UPPER", pool["auto_pad"]);
        Assert.Equal(new long[] { 3, 3 }, pool["kernel_shape"]);
    }

    [Fact]
    public void Inputs_become_tensors_of_their_own_type()
    {
        var where = GoldenFile.Gradient("where_same_shape");
        var gather = GoldenFile.Gradient("gather_rows");

        Assert.Equal([true, false, true, false, false, true], where.Inputs[0]!.ToTensor().Elements<bool>());
        Assert.Equal([2L, 0, 2], gather.Inputs[1]!.ToTensor().Elements<long>());
        Assert.Null(GoldenFile.Gradient("resize_nearest_2").Inputs[1]);
        Assert.Equal(Shape.Scalar, GoldenFile.Gradient("gemm_scalar_c").Inputs[2]!.Sizes);
    }

    [Theory, MemberData(nameof(GoldenFile.LossNames), MemberType = typeof(GoldenFile))]
    public void A_loss_over_the_batch_is_the_weighted_mean_of_its_samples(string name)
    {
        var golden = GoldenFile.Loss(name);
        var weighted =
            golden.Labels.Values.Zip(golden.PerSample.Values, (label, loss) => loss * (golden.ClassWeights?.Values[(int)label] ?? 1));

        Assert.Equal(golden.MeanOverBatch.Loss, weighted.Average(), 1e-6 * (1 + golden.MeanOverBatch.Loss));
        Assert.Equal(0, golden.MeanOverBatch.Gradient.Values.Sum(), 1e-6);
    }

    [Theory, MemberData(nameof(GoldenFile.TrajectoryNames), MemberType = typeof(GoldenFile))]
    public void A_trajectory_moves_against_its_first_gradient(string name)
    {
        var golden = GoldenFile.Trajectory(name);
        // SGD's L2 is part of the gradient; it outweighs the smallest one.
        var l2 = golden.Rule == "sgd" && golden.Hyperparameters.TryGetValue("weight_decay", out var decay) ? decay.GetDouble() : 0;

        Assert.Equal(10, golden.Weights.Length);
        // Muon's step goes down as a whole; single weights may go up.
        var slopes = golden.Start.Select((start, i) => (golden.Weights[0][i] - start) * (golden.Gradients[0][i] + l2 * start)).ToArray();
        Assert.True(slopes.Sum() < 0);
        if (golden.Rule != "muon")
            Assert.All(slopes[..5], slope => Assert.True(slope < 0));
    }

    [Fact]
    public void The_network_learns_its_batch()
    {
        var steps = GoldenFile.Network.Steps;

        Assert.True(steps[3].Loss < steps[2].Loss && steps[2].Loss < steps[1].Loss);
        Assert.Equal(steps[0].Weights.Keys.Order(), steps[1].Gradients!.Keys.Order());
        Assert.Equal(0.999, GoldenFile.Optimizers.Known[0].Weights[0]);
    }

    [Fact]
    public void A_difference_is_infinite_for_what_cannot_be_compared()
    {
        var golden = new GoldenTensor([2], "float32", [1, -3]);

        Assert.Equal(0.5, golden.Difference([1, -1]));
        Assert.Equal(double.PositiveInfinity, golden.Difference([1]));
        Assert.Equal(double.PositiveInfinity, golden.Difference([1, float.NaN]));
    }
}
