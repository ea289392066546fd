using System.Globalization;

namespace Gmm.Data;

/// <summary>The kinds of Thrift's compact protocol.</summary>
internal enum ThriftKind
{
    True = 1,
    False = 2,
    Byte = 3,
    Short = 4,
    Int = 5,
    Long = 6,
    Double = 7,
    Binary = 8,
    List = 9,
    Struct = 12,
}

/// <summary>Describes a field of a header.</summary>
/// <param name="Kind">Its kind; a number of any length for <see cref="ThriftKind.Int"/>.</param>
/// <param name="Item">Of a list, the kind of its items.</param>
/// <param name="Structure">The structure that it, or an item, is.</param>
internal sealed record ParquetField(ThriftKind Kind, ThriftKind Item, string? Structure)
{
    /// <summary>Tells whether what was written is of a kind.</summary>
    internal static bool Fits(ThriftKind written, ThriftKind kind) => kind switch
    {
        ThriftKind.Int => written is ThriftKind.Short or ThriftKind.Int or ThriftKind.Long,
        ThriftKind.True => written is ThriftKind.True or ThriftKind.False,
        _ => written == kind,
    };
}

/// <summary>
/// Names the fields of the structures in the headers of Parquet, as parquet.thrift of the format's specification does. Structures without fields, and fields
/// that are newer than this table, are not here.
/// </summary>
internal static class ParquetShapes
{
    /// <summary>The structure at the end of a file.</summary>
    internal const string Footer = "FileMetaData";

    /// <summary>The structure before each page.</summary>
    internal const string Page = "PageHeader";

    private static readonly string[] s_structures =
    [
        "FileMetaData 1:int 2:[SchemaElement] 3:int 4:[RowGroup] 5:[KeyValue] 6:text 7:[ColumnOrder] 8:EncryptionAlgorithm 9:text",
        "SchemaElement 1:int 2:int 3:int 4:text 5:int 6:int 7:int 8:int 9:int 10:LogicalType 11:int",
        "LogicalType 1:Empty 2:Empty 3:Empty 4:Empty 5:DecimalType 6:Empty 7:TimeType 8:TimeType 10:IntType 11:Empty 12:Empty 13:Empty 14:Empty 15:Empty "
            + "16:VariantType 17:GeographyType 18:GeographyType",
        "DecimalType 1:int 2:int",
        "TimeType 1:bool 2:TimeUnit",
        "TimeUnit 1:Empty 2:Empty 3:Empty",
        "IntType 1:byte 2:bool",
        "VariantType 1:byte",
        "GeographyType 1:text 2:int",
        "ColumnOrder 1:Empty",
        "RowGroup 1:[ColumnChunk] 2:int 3:int 4:[SortingColumn] 5:int 6:int 7:int",
        "SortingColumn 1:int 2:bool 3:bool",
        "ColumnChunk 1:text 2:int 3:ColumnMetaData 4:int 5:int 6:int 7:int 8:ColumnCryptoMetaData 9:text",
        "ColumnMetaData 1:int 2:[int] 3:[text] 4:int 5:int 6:int 7:int 8:[KeyValue] 9:int 10:int 11:int 12:Statistics 13:[PageEncodingStats] 14:int 15:int "
            + "16:SizeStatistics 17:GeospatialStatistics",
        "KeyValue 1:text 2:text",
        "Statistics 1:text 2:text 3:int 4:int 5:text 6:text 7:bool 8:bool",
        "PageEncodingStats 1:int 2:int 3:int",
        "SizeStatistics 1:int 2:[int] 3:[int]",
        "GeospatialStatistics 1:BoundingBox 2:[int]",
        "BoundingBox 1:double 2:double 3:double 4:double 5:double 6:double 7:double 8:double",
        "EncryptionAlgorithm 1:AesGcm 2:AesGcm",
        "AesGcm 1:text 2:text 3:bool",
        "ColumnCryptoMetaData 1:Empty 2:EncryptionWithColumnKey",
        "EncryptionWithColumnKey 1:[text] 2:text",
        "PageHeader 1:int 2:int 3:int 4:int 5:DataPageHeader 6:Empty 7:DictionaryPageHeader 8:DataPageHeaderV2",
        "DataPageHeader 1:int 2:int 3:int 4:int 5:Statistics",
        "DictionaryPageHeader 1:int 2:int 3:bool",
        "DataPageHeaderV2 1:int 2:int 3:int 4:int 5:int 6:int 7:bool 8:Statistics",
    ];

    private static readonly Dictionary<(string Structure, long Field), ParquetField> s_fields = s_structures.SelectMany(Fields).ToDictionary();

    /// <summary>Gives a field of a structure; null for one that is not known.</summary>
    internal static ParquetField? Find(string? structure, long field) => structure is null ? null : s_fields.GetValueOrDefault((structure, field));

    private static IEnumerable<KeyValuePair<(string, long), ParquetField>> Fields(string structure)
    {
        var words = structure.Split(' ');
        foreach (var word in words.Skip(1))
        {
            var (number, type) = (word[..word.IndexOf(':')], word[(word.IndexOf(':') + 1)..]);
            var item = type.Trim('[', ']');
            var kind = KindOf(item);
            var name = kind == ThriftKind.Struct ? item : null;
            yield return new((words[0], long.Parse(number, CultureInfo.InvariantCulture)),
                item == type ? new ParquetField(kind, default, name) : new ParquetField(ThriftKind.List, kind, name));
        }
    }

    private static ThriftKind KindOf(string type) => type switch
    {
        "bool" => ThriftKind.True,
        "byte" => ThriftKind.Byte,
        "int" => ThriftKind.Int,
        "double" => ThriftKind.Double,
        "text" => ThriftKind.Binary,
        _ => ThriftKind.Struct,
    };
}
