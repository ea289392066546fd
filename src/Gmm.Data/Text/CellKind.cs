namespace Gmm.Data.Text;

/// <summary>Tells what a cell of a text is.</summary>
internal enum CellKind : byte
{
    /// <summary>Nothing, or spaces.</summary>
    Empty,

    /// <summary>A marker of a missing value.</summary>
    Missing,

    /// <summary>A number, also one that is not finite.</summary>
    Number,

    /// <summary>A number in a form that is not accepted: thousands separators, or the other decimal separator.</summary>
    ForeignNumber,

    /// <summary>A date or a time.</summary>
    Date,

    /// <summary>True or false.</summary>
    Truth,

    /// <summary>Any other text that begins like a number, as a damaged number does.</summary>
    NumberLike,

    /// <summary>Any other text.</summary>
    Text,
}
