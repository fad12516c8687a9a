namespace MlPipelines;

/// <summary>Whose geometry and brightness Keras's ImageDataGenerator has; Keras had two that do not agree, each with faults.</summary>
public enum KerasCompatibility
{
    /// <summary>Turns, stretches and slants about the true middle of an image of any shape; the width shift moves columns;
    /// brightness is a factor, not rounded.</summary>
    Correct,

    /// <summary>
    /// As keras-preprocessing up to 1.1.2, in Keras up to 2.3 and TensorFlow up to 2.8: the middle is one pixel off,
    /// and brightness first stretches each image to 0–255.
    /// </summary>
    Classic,

    /// <summary>
    /// As Keras from 2.9 on: the width shift moves rows and the height shift columns, the middle is wrong unless the image is square, and
    /// brightness cuts pixels down to whole numbers.
    /// </summary>
    Current,
}
