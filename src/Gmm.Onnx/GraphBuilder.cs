using System.Runtime.InteropServices;
using Gmm.Onnx.Schema;
using Google.Protobuf;

namespace Gmm.Onnx;

/// <summary>Adds operators, constants, inputs and outputs to an ONNX graph. Values are known by their names.</summary>
/// <param name="name">The name of the graph.</param>
/// <param name="real">The element type of <see cref="Real"/> constants.</param>
internal sealed class GraphBuilder(string name, TensorProto.Types.DataType real)
{
    private const string Batch = "N";

    private readonly GraphProto _graph = new() { Name = name };

    /// <summary>The element type of constants: FLOAT or DOUBLE.</summary>
    public TensorProto.Types.DataType ElementType => real;

    /// <summary>Gives the model of the graph: operator set 17, which needs version 8 of the format.</summary>
    public ModelProto ToModel(string description) => new()
    {
        IrVersion = 8,
        ProducerName = "Gmm.Fast",
        ProducerVersion = typeof(GraphBuilder).Assembly.GetName().Version!.ToString(3),
        DocString = description,
        OpsetImport = { new OperatorSetIdProto { Domain = "", Version = 17 } },
        Graph = _graph,
    };

    /// <summary>Adds points or another input.</summary>
    /// <param name="input">The name.</param>
    /// <param name="type">The element type.</param>
    /// <param name="lengths">The shape; null for the number of points, which is known when the model runs.</param>
    /// <param name="description">What it is, for people.</param>
    public string Input(string input, TensorProto.Types.DataType type, int?[] lengths, string description)
    {
        _graph.Input.Add(Value(input, type, lengths, description));
        return input;
    }

    /// <summary>Makes a value of the graph an output.</summary>
    /// <param name="output">The name of the value.</param>
    /// <param name="type">The element type.</param>
    /// <param name="lengths">The shape; null for the number of points, which is known when the model runs.</param>
    /// <param name="description">What it is, for people.</param>
    public void Output(string output, TensorProto.Types.DataType type, int?[] lengths, string description) =>
        _graph.Output.Add(Value(output, type, lengths, description));

    /// <summary>Adds a constant of the graph's element type.</summary>
    /// <param name="constant">The name.</param>
    /// <param name="values">The numbers, row-major.</param>
    /// <param name="lengths">The shape.</param>
    public string Real(string constant, ReadOnlySpan<double> values, params ReadOnlySpan<int> lengths)
    {
        byte[] bytes;
        if (real == TensorProto.Types.DataType.Double)
        {
            bytes = MemoryMarshal.AsBytes(values).ToArray();
        }
        else
        {
            var singles = new float[values.Length];
            for (var i = 0; i < singles.Length; i++) singles[i] = (float)values[i];
            bytes = MemoryMarshal.AsBytes(singles.AsSpan()).ToArray();
        }
        return Constant(constant, real, bytes, lengths);
    }

    /// <summary>Adds a vector of whole numbers, as operators take axes.</summary>
    public string Whole(string constant, params ReadOnlySpan<long> values) =>
        Constant(constant, TensorProto.Types.DataType.Int64, MemoryMarshal.AsBytes(values).ToArray(), values.Length);

    /// <summary>Adds an operator with one result, and gives the result's name.</summary>
    /// <param name="operation">The operator.</param>
    /// <param name="result">The name of the result, and of the node.</param>
    /// <param name="inputs">The names of its inputs.</param>
    /// <param name="attributes">Its attributes.</param>
    public string Node(string operation, string result, ReadOnlySpan<string> inputs, params ReadOnlySpan<AttributeProto> attributes)
    {
        var node = new NodeProto { OpType = operation, Name = result, Output = { result } };
        foreach (var input in inputs) node.Input.Add(input);
        foreach (var attribute in attributes) node.Attribute.Add(attribute);
        _graph.Node.Add(node);
        return result;
    }

    /// <summary>Adds a conversion to another element type, and gives the result's name.</summary>
    public string Cast(string value, string result, TensorProto.Types.DataType type) => Node("Cast", result, [value], Number("to", (long)type));

    /// <summary>Makes an attribute that is one number.</summary>
    public static AttributeProto Number(string attribute, long value) =>
        new() { Name = attribute, Type = AttributeProto.Types.AttributeType.Int, I = value };

    /// <summary>Makes an attribute that is a list of numbers.</summary>
    public static AttributeProto Numbers(string attribute, params ReadOnlySpan<long> values)
    {
        var made = new AttributeProto { Name = attribute, Type = AttributeProto.Types.AttributeType.Ints };
        foreach (var value in values) made.Ints.Add(value);
        return made;
    }

    private string Constant(string constant, TensorProto.Types.DataType type, byte[] littleEndian, params ReadOnlySpan<int> lengths)
    {
        if (!BitConverter.IsLittleEndian) throw new PlatformNotSupportedException("a processor with little-endian numbers is required");
        var tensor = new TensorProto { Name = constant, DataType = (int)type, RawData = UnsafeByteOperations.UnsafeWrap(littleEndian) };
        foreach (var length in lengths) tensor.Dims.Add(length);
        _graph.Initializer.Add(tensor);
        return constant;
    }

    private static ValueInfoProto Value(string name, TensorProto.Types.DataType type, int?[] lengths, string description)
    {
        var shape = new TensorShapeProto();
        foreach (var length in lengths)
        {
            shape.Dim.Add(length is { } known
                ? new TensorShapeProto.Types.Dimension { DimValue = known }
                : new TensorShapeProto.Types.Dimension { DimParam = Batch });
        }
        return new ValueInfoProto
        {
            Name = name,
            DocString = description,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = shape } },
        };
    }
}
