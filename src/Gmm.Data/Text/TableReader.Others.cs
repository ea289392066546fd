using System.Text;

namespace Gmm.Data.Text;

// Finds rows that are no points: a header that stands again, sums and means.
internal sealed partial class TableReader
{
    // Rows at either end that may be sums or means; as many labels are looked at, since more are categories.
    private const int FirstLabels = 8;
    private const int LastLabels = 10;
    private const int MostLabels = 16;
    private const int LongestLabel = 24;

    private static readonly string[] s_sumWords =
    [
        "Total", "Totals", "Grand total", "Sum", "Sums", "Subtotal", "Sub-total", "Mean", "Means", "Average", "Averages", "Avg", "Median", "Summe", "Gesamt",
        "Gesamtsumme", "Insgesamt", "Zwischensumme", "Mittelwert", "Mittel", "Durchschnitt", "Total g\u00E9n\u00E9ral", "Total general", "Sous-total", "Somme",
        "Moyenne", "Suma", "Media", "Promedio", "Totale", "Somma", "Totaal", "Gemiddelde",
    ];

    // What describe() of pandas and summary() of R print; one of them alone may be a category.
    private static readonly string[] s_describedWords =
        ["count", "mean", "std", "sd", "min", "25%", "50%", "75%", "max", "median", "Min.", "1st Qu.", "3rd Qu.", "Max."];

    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> s_sums = Lookup(s_sumWords);
    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> s_described = Lookup(s_describedWords);

    // By first byte, the lengths in bytes of the words that begin with it: few cells need more than this.
    private static readonly int[] s_lengths = Lengths([.. s_sumWords, .. s_describedWords]);

    private readonly List<(long Row, long Line, string Label)> _labels = [];
    private long _watched;
    private bool _endsInSum;
    private long _headers;
    private long _firstHeader;

    // A column whose name no point can have, by which a header that stands again is found; -1 for none.
    private readonly int _probe;
    private readonly byte[] _probeName;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    private static HashSet<string>.AlternateLookup<ReadOnlySpan<char>> Lookup(string[] words) =>
        new HashSet<string>(words, StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    private static int[] Lengths(string[] words)
    {
        var lengths = new int[byte.MaxValue + 1];
        foreach (var word in words)
        {
            foreach (var first in (char[])[char.ToUpperInvariant(word[0]), char.ToLowerInvariant(word[0])])
            {
                lengths[first] |= 1 << Encoding.UTF8.GetByteCount(word);
            }
        }

        return lengths;
    }

    private (int Column, byte[] Name) Probe()
    {
        if (_layout.Names is { } names)
        {
            foreach (var column in _wanted)
            {
                var name = Encoding.UTF8.GetBytes(names[column]);
                if (_cells.KindOf(name, out _) >= CellKind.Truth)
                {
                    return (column, name);
                }
            }
        }

        return (-1, []);
    }

    /// <summary>Tells whether the row is the header once more, with a byte order mark or without.</summary>
    private bool IsHeaderAgain()
    {
        var names = _layout.Names!;
        var shift = _layout.HasRowNames && _reader.FieldCount == _layout.Width - 1 ? 1 : 0;
        var column = _probe - shift;
        if (column < 0 || column >= _reader.FieldCount)
        {
            return false;
        }

        var cell = _reader.GetSpan(column);
        if (cell.IsEmpty || (cell[0] != _probeName[0] && (char.IsAsciiLetterOrDigit((char)cell[0]) || cell[0] is (byte)'-' or (byte)'.')))
        {
            return false;
        }

        cell = CellReader.Trim(cell);
        if (cell.StartsWith(ByteOrderMark))
        {
            cell = cell[ByteOrderMark.Length..].Trim((byte)'"');
        }

        if (!cell.SequenceEqual(_probeName))
        {
            return false;
        }

        var texts = _rows.Texts();
        for (var i = 0; i < Math.Max(texts.Length, names.Length - shift); i++)
        {
            var text = i >= texts.Length ? "" : i == 0 ? texts[0].TrimStart('\uFEFF').Trim('"') : texts[i];
            if (text != (i + shift < names.Length ? names[i + shift] : ""))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Notes a row that is used, and whose label is that of a sum or a mean.</summary>
    private void WatchLabel(int column, ReadOnlySpan<double> row)
    {
        var at = _watched++;
        var cell = _reader.GetSpan(column).Trim(" \t"u8).TrimEnd(" :"u8);
        if (cell.Length is 0 or > LongestLabel || (s_lengths[cell[0]] & (1 << cell.Length)) == 0 || _labels.Count > MostLabels)
        {
            return;
        }

        Span<char> buffer = stackalloc char[LongestLabel];
        ReadOnlySpan<char> label = buffer[..Encoding.UTF8.GetChars(cell, buffer)];
        if (!s_sums.Contains(label) && !s_described.Contains(label))
        {
            return;
        }

        var isDropped = false;
        foreach (var value in row)
        {
            isDropped |= double.IsNaN(value) && _options.Missing == TableMissing.Drop;
        }

        if (!isDropped)
        {
            _labels.Add((at, _rows.Line, label.ToString()));
        }
    }

    /// <summary>Warns of rows at the ends of the table whose labels are those of sums or means.</summary>
    private void TellLabels()
    {
        if (_labels.Count > MostLabels)
        {
            return;
        }

        var described = _labels.Select(label => label.Label).Where(s_described.Set.Contains).Distinct(StringComparer.OrdinalIgnoreCase).Count();
        var found = _labels.Where(label => (label.Row < FirstLabels || label.Row >= _watched - LastLabels)
            && (s_sums.Contains(label.Label) || described > 1)).ToList();
        if (found.Count == 0 || (_endsInSum && found.Count == 1 && found[0].Row == _watched - 1))
        {
            return;
        }

        var labels = string.Join(", ", found.Select(label => ErrorText.Quoted(label.Label)));
        _notes.Add(new TableNote(TableNoteKind.Warning, found.Count == 1
            ? FormattableString.Invariant($"{TextLayout.At(_place, found[0].Line)}: the row is labeled {labels} and is used; take it out if it is no row of its own")
            : FormattableString.Invariant($"{_place}: lines {string.Join(", ", found.Select(label => label.Line))} are labeled {labels} and are used; ")
                + "take them out if they are no rows of their own"));
    }
}
