namespace MlPipelines.Networks;

/// <summary>Networks known by name. All but <see cref="SmallCnn"/> take images as they are given: put a <see cref="Rescaling"/> first where
/// pixels are 0 to 255 and the network was published for 0 to 1.</summary>
public static partial class Architectures
{
    /// <summary>Four convolutions and two dense layers for images of 32×32 pixels in colour; 1,250,858 parameters for 10 classes. Source:
    /// Keras 2.3.1, example cifar10_cnn.</summary>
    public static Sequential CifarCnn(int classes = 10) => new(
        new Conv2D(32, 3, Padding.Same, Activation.Relu), new Conv2D(32, 3, activation: Activation.Relu), new MaxPooling2D(2),
        new Dropout(0.25f),
        new Conv2D(64, 3, Padding.Same, Activation.Relu), new Conv2D(64, 3, activation: Activation.Relu), new MaxPooling2D(2),
        new Dropout(0.25f),
        new Flatten(), new Dense(512, Activation.Relu), new Dropout(0.5f), new Dense(classes, Activation.Softmax));

    /// <summary>Two convolutions and two dense layers for grey images of 28×28 pixels; 1,199,882 parameters for 10 classes. Source: Keras
    /// 2.3.1, example mnist_cnn.</summary>
    public static Sequential MnistCnn(int classes = 10) => new(
        new Conv2D(32, 3, activation: Activation.Relu), new Conv2D(64, 3, activation: Activation.Relu), new MaxPooling2D(2),
        new Dropout(0.25f),
        new Flatten(), new Dense(128, Activation.Relu), new Dropout(0.5f), new Dense(classes, Activation.Softmax));

    /// <summary>Two convolutions and three dense layers for grey images of 28×28 pixels; 223,434 parameters for 10 classes.</summary>
    public static Sequential SmallMnistCnn(int classes = 10) => new(
        new Conv2D(16, 3, Padding.Same, Activation.Relu), new MaxPooling2D(2), new Conv2D(32, 3, Padding.Same, Activation.Relu),
        new MaxPooling2D(2),
        new Flatten(), new Dense(128, Activation.Relu), new Dense(128, Activation.Relu), new Dense(classes, Activation.Softmax));

    /// <summary>One convolution of large filters, whose pictures are easily read, and two dense layers; 591,390 parameters for colour
    /// images of 32×32 pixels and 10 classes.</summary>
    public static Sequential SingleConvolutionCnn(int classes = 10) => new(
        new Conv2D(30, 5, activation: Activation.Relu), new MaxPooling2D(2), new Flatten(), new Dense(100, Activation.Relu),
        new Dense(classes, Activation.Softmax));

    /// <summary>The same with the mean of each feature map in place of all its values;
    /// 6,390 parameters for colour images of any size and 10 classes.</summary>
    public static Sequential SingleConvolutionPoolingCnn(int classes = 10) => new(
        new Conv2D(30, 5, activation: Activation.Relu), new MaxPooling2D(2), new GlobalAveragePooling2D(), new Dense(100, Activation.Relu),
        new Dense(classes, Activation.Softmax));

    /// <summary>The default for a folder of photographs, takes pixels from 0 to 255, made for 96 to 128 pixels a side: convolutions that
    /// halve the image four times, batch-normalised, with one residual block at the end. About a sixth of ResNet-18's work.</summary>
    /// <param name="classes">Number of classes.</param>
    /// <param name="width">Filters of the first stage; each further one has twice as many.</param>
    /// <param name="dropout">Fraction of the features that training leaves out before the last layer.</param>
    public static Sequential SmallCnn(int classes, int width = 32, float dropout = 0.2f) => new(
    [
        new Rescaling(1 / 127.5f, -1), .. Stage(width), .. Stage(2 * width), .. Stage(4 * width), .. Stage(8 * width),
        new Residual([Convolution(8 * width, 1), Normalized, Activation.Relu]),
        new GlobalAveragePooling2D(), new Dropout(dropout), new Dense(classes, Activation.Softmax),
    ]);

    static Layer[] Stage(int filters) => [Convolution(filters, 2), Normalized, Activation.Relu];

    // A few hundred steps have to be enough for the stored statistics to follow.
    static BatchNormalization Normalized => new(momentum: 0.9f);

    static Conv2D Convolution(int filters, int strides) =>
        new(filters, 3, Padding.Same, strides: strides, useBias: false) { KernelInitializer = new HeNormal() };
}
