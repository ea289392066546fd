using Gmm.Fast;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Gmm.MLNet;

/// <summary>Holds the rows of a view in memory, as points in floats. A fit reads them many times and from several threads; a cursor goes forward once.</summary>
internal sealed class RowPoints : PointSource<float>
{
    // Rows of a view are seldom counted before they are read, so they come in pieces, and nothing is copied as they grow.
    private const int NumbersOfPiece = 1 << 20;

    private readonly List<float[]> _pieces = [];
    private readonly List<double>? _weights;
    private readonly int _pieceRows;

    private RowPoints(int dimension, bool isWeighted)
    {
        Dimension = dimension;
        _pieceRows = Math.Max(1, NumbersOfPiece / dimension);
        if (isWeighted) _weights = [];
    }

    public override long PointCount => Count;

    public override int Dimension { get; }

    public override bool HasWeights => _weights is not null;

    private int Count { get; set; }

    /// <summary>Reads all rows of a view, in its order.</summary>
    /// <exception cref="ArgumentException">A column is missing or of another type.</exception>
    public static RowPoints Read(IDataView view, string features, string? weights)
    {
        CheckName(features);
        var column = Column(view.Schema, features);
        if (column.Type is not VectorDataViewType { IsKnownSize: true } vector || vector.ItemType != NumberDataViewType.Single)
            throw new ArgumentException($"column {features} is {column.Type}; a vector of floats of a known size is required");
        var weight = weights is null ? (DataViewSchema.Column?)null : Column(view.Schema, weights);
        if (weight is { } given && given.Type != NumberDataViewType.Single)
            throw new ArgumentException($"column {weights} is {given.Type}; floats are required");

        var points = new RowPoints(vector.Size, weight is not null);
        using var cursor = view.GetRowCursor(weight is { } second ? [column, second] : [column]);
        var readFeatures = cursor.GetGetter<VBuffer<float>>(column);
        var readWeight = weight is { } third ? cursor.GetGetter<float>(third) : null;
        VBuffer<float> row = default;
        while (cursor.MoveNext())
        {
            readFeatures(ref row);
            row.CopyTo(points.Next());
            if (readWeight is null) continue;
            float value = 0;
            readWeight(ref value);
            points._weights!.Add(value);
        }
        return points;
    }

    /// <summary>Throws if <see cref="Read(IDataView, string, string?)"/> could not read the columns of a schema, with the same words.</summary>
    /// <exception cref="ArgumentException">A column is missing or of another type.</exception>
    public static void Check(SchemaShape schema, string features, string? weights)
    {
        CheckName(features);
        if (Column(schema, features) is not { Kind: SchemaShape.Column.VectorKind.Vector, IsKey: false } vector || vector.ItemType != NumberDataViewType.Single)
            throw new ArgumentException($"column {features} is {Kind(Column(schema, features))}; a vector of floats of a known size is required");
        if (weights is null) return;
        if (Column(schema, weights) is not { Kind: SchemaShape.Column.VectorKind.Scalar, IsKey: false } scalar || scalar.ItemType != NumberDataViewType.Single)
            throw new ArgumentException($"column {weights} is {Kind(Column(schema, weights))}; floats are required");
    }

    public override ReadOnlySpan<float> Read(long first, int count, Span<float> scratch)
    {
        var (piece, row) = Math.DivRem((int)first, _pieceRows);
        if (row + count <= _pieceRows) return _pieces[piece].AsSpan(row * Dimension, count * Dimension);
        for (var done = 0; done < count; row = 0, piece++)
        {
            var rows = Math.Min(count - done, _pieceRows - row);
            _pieces[piece].AsSpan(row * Dimension, rows * Dimension).CopyTo(scratch[(done * Dimension)..]);
            done += rows;
        }
        return scratch[..(count * Dimension)];
    }

    public override void ReadWeights(long first, Span<double> weights)
    {
        if (_weights is null) base.ReadWeights(first, weights);
        else System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_weights).Slice((int)first, weights.Length).CopyTo(weights);
    }

    private static DataViewSchema.Column Column(DataViewSchema schema, string name) => schema.GetColumnOrNull(name)
        ?? throw Missing(name, schema.Select(column => column.Name));

    private static SchemaShape.Column Column(SchemaShape schema, string name) => schema.Any(column => column.Name == name)
        ? schema.First(column => column.Name == name) : throw Missing(name, schema.Select(column => column.Name));

    // As ML.NET writes types of columns.
    private static string Kind(SchemaShape.Column column)
    {
        var item = column.IsKey ? $"Key<{column.ItemType}>" : $"{column.ItemType}";
        return column.Kind switch
        {
            SchemaShape.Column.VectorKind.Scalar => item,
            SchemaShape.Column.VectorKind.Vector => $"Vector<{item}>",
            _ => $"Vector<{item}, *>",
        };
    }

    private static void CheckName(string features)
    {
        if (GaussianMixtureColumns.All.Contains(features))
            throw new ArgumentException($"the column of features is {features}, which a mixture adds; another name is required");
    }

    private static ArgumentException Missing(string name, IEnumerable<string> names) => new($"there is no column {name}; the columns are {string.Join(", ", names)}");

    private Span<float> Next()
    {
        var row = Count++ % _pieceRows;
        if (row == 0) _pieces.Add(new float[_pieceRows * Dimension]);
        return _pieces[^1].AsSpan(row * Dimension, Dimension);
    }
}
