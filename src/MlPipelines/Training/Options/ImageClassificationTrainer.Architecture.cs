namespace MlPipelines;

public sealed partial class ImageClassificationTrainer
{
    /// <summary>Networks by ML.NET's names; each stands for a published one that has learnt ImageNet's classes.</summary>
    public enum Architecture
    {
        /// <summary>ResNet-101 v2 at 224×224.</summary>
        ResnetV2101,

        /// <summary>Inception v3; no file of it is in the catalogue.</summary>
        InceptionV3,

        /// <summary>MobileNet v2 at 224×224.</summary>
        MobilenetV2,

        /// <summary>ResNet-50 v2 at 224×224.</summary>
        ResnetV250,
    }
}
