namespace Gmm.Onnx;

/// <summary>Names the element types of the points and scores of an ONNX model, and those it computes with.</summary>
public enum OnnxPrecision
{
    /// <summary>Doubles throughout: the scores of the engine, up to rounding.</summary>
    Double,

    /// <summary>
    /// Floats throughout, for speed, and for runtimes and devices without doubles. Means keep the digits that a float does not hold; a parameter whose
    /// size no float has is an error.
    /// </summary>
    Single,

    /// <summary>Floats in and out, and doubles between: the scores of the engine, rounded to floats.</summary>
    Mixed,
}
