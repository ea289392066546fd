namespace Gmm.Data.Text;

/// <summary>Says how the cells of a text are separated and how its numbers are written.</summary>
/// <param name="Separator">Between the cells; a space stands for runs of spaces and tabs.</param>
/// <param name="HasDecimalComma">Whether ',' is the decimal separator.</param>
internal sealed record TextDialect(char Separator, bool HasDecimalComma)
{
    /// <summary>In this order where two fit equally well.</summary>
    private static readonly char[] s_separators = [',', ';', '\t', '|', ' '];

    /// <summary>Gives what a message calls the separator.</summary>
    internal static string NameOf(char separator) => separator switch
    {
        ' ' => "spaces",
        '\t' => "tabs",
        _ => $"'{separator}'",
    };

    /// <summary>Decides from the start of a text what the options leave open.</summary>
    /// <param name="text">The text.</param>
    /// <param name="place">The start of an error message.</param>
    /// <param name="options">What is known.</param>
    /// <param name="rows">The cells of the start.</param>
    internal static TextDialect Of(TextSource text, string place, TableOptions options, out SampleRows rows)
    {
        var hint = Hint(text.Sample);
        var separator = options.Separator ?? hint;
        var candidates = (separator is { } known ? [known] : s_separators)
            .Where(candidate => separator is not null || candidate is ',' or ' ' || Array.IndexOf(text.Sample, (byte)candidate) >= 0)
            .Select(candidate => Score(new SampleRows(text, place, candidate, options), options));

        // Where tabs make rows of one length and all the numbers that runs of spaces make, empty cells are between them.
        var scored = candidates.ToList();
        var tabs = scored.Find(candidate => candidate.Rows.Separator == '\t');
        if (tabs is { Rows.Width: > 1, Share: 1 })
        {
            scored.RemoveAll(candidate => candidate.Rows.Separator == ' ' && candidate.Numbers <= tabs.Numbers);
        }

        // What makes as many cells of the first row as of the others is no accident.
        if (scored.Exists(candidate => candidate.IsClean))
        {
            scored.RemoveAll(candidate => !candidate.Fits);
        }

        var best = scored.MaxBy(candidate => (Math.Round(candidate.Score, 9), candidate.Rows.Width))!;
        rows = best.Rows;
        return new TextDialect(best.Rows.Separator, best.HasDecimalComma);
    }

    /// <summary>Reads the line by which a spreadsheet says the separator.</summary>
    private static char? Hint(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOfAny((byte)'\n', (byte)'\r');
        var line = CellReader.Trim(end < 0 ? text : text[..end]).Trim((byte)'"');
        return line.Length == 5 && System.Text.Ascii.EqualsIgnoreCase(line[..4], "sep="u8) && TableOptions.IsSeparator((char)line[4]) ? (char)line[4] : null;
    }

    /// <summary>
    /// Says how well a separator fits: the share of records that have the usual number of cells, times the share of their cells that are numbers or
    /// dates. Text that hides another separator counts against it.
    /// </summary>
    private static Candidate Score(SampleRows rows, TableOptions options)
    {
        var (records, filled, points, commas, others, texts, foreign, quoted) = (0, 0, 0, 0, 0.0, 0, 0, 0);
        for (var i = rows.First; i < rows.Records.Count; i++)
        {
            if (rows.Records[i].Count != rows.Width)
            {
                continue;
            }

            records++;
            foreach (var cell in rows.Cells(i))
            {
                filled += cell.Kind == CellKind.Empty ? 0 : 1;
                points += cell.Kind == CellKind.Number ? 1 : 0;
                commas += cell.CommaKind == CellKind.Number ? 1 : 0;
                foreign += cell is { Kind: CellKind.ForeignNumber, CommaKind: CellKind.ForeignNumber } ? 1 : 0;
                others += cell.Kind is CellKind.Date or CellKind.Truth or CellKind.Missing ? DateWorth : 0;
                texts += cell.HidesSeparator ? 1 : 0;
                quoted += cell is { IsQuoted: true, IsWhole: false, CommaKind: CellKind.Number } && cell.Kind != CellKind.Number ? 1 : 0;
            }
        }

        // Where nothing else separates cells, a comma does: one column of decimal commas needs to be told from rows of unequal length.
        var mayHaveComma = rows.Separator != ',' && (rows.Width > 1 || options.Separator is not null || rows.First > 0);

        // Beside commas between the cells, a decimal comma stands in quotes.
        if (rows.Separator == options.DecimalSeparator && options.Separator is null && quoted == 0)
        {
            return new Candidate(rows, true, double.NegativeInfinity, 0, 0, 0);
        }

        var hasComma = options.DecimalSeparator is { } given ? given == ',' : mayHaveComma && commas > points;
        var known = Math.Max((hasComma ? commas : points) + foreign + others - texts, 0) / Math.Max(filled, 1);
        var share = records / (double)Math.Max(rows.Records.Count - rows.First, 1);
        return new Candidate(rows, hasComma, share * (known + (rows.Width > 1 ? WidthWorth : 0)), share, hasComma ? commas : points, texts);
    }

    /// <summary>Holds how well a separator fits.</summary>
    /// <param name="Rows">The cells that it makes.</param>
    /// <param name="HasDecimalComma">How numbers would be written.</param>
    /// <param name="Score">The larger, the better.</param>
    /// <param name="Share">The share of records that have the usual number of cells.</param>
    /// <param name="Numbers">How many cells are numbers.</param>
    /// <param name="Hidden">How many texts hold another separator.</param>
    private sealed record Candidate(SampleRows Rows, bool HasDecimalComma, double Score, double Share, int Numbers, int Hidden)
    {
        private const double NearlyAll = 0.9;

        /// <summary>Whether the first record has as many cells as nearly all.</summary>
        internal bool Fits => Share >= NearlyAll && Rows.Width > 1 && Rows.Records[Rows.First].Count == Rows.Width;

        /// <summary>Whether the cells also have numbers and, where sentences have the separator too, hide no other.</summary>
        internal bool IsClean => Fits && Numbers > 0 && (Rows.Separator is not (',' or ' ') || Hidden == 0);
    }

    /// <summary>A date is a better cell than a text, and a number a better one than a date.</summary>
    private const double DateWorth = 0.8;

    /// <summary>Where no cell is a number, a separator that is there is better than one that is not.</summary>
    private const double WidthWorth = 0.01;
}
