namespace Gmm.Data;

/// <summary>Holds the three entries of the Python dictionary in a .npy header, each exactly once, in any order.</summary>
/// <param name="Descr">The dtype, or null when it is structured.</param>
/// <param name="Fields">The fields of a structured dtype; null for another one, and for one whose fields have fields.</param>
/// <param name="FortranOrder">Column-major.</param>
/// <param name="Shape">Sizes; one too large for a long is <see cref="long.MaxValue"/>.</param>
/// <param name="ShapeText">The shape as written.</param>
internal sealed record NpyDictionary(string? Descr, IReadOnlyList<NpyField>? Fields, bool FortranOrder, IReadOnlyList<long> Shape, string ShapeText)
{
    /// <summary>Parses a header; null when the text is anything else.</summary>
    internal static NpyDictionary? Parse(string text)
    {
        var scanner = new Scanner(text);
        return scanner.Dictionary();
    }

    private ref struct Scanner(ReadOnlySpan<char> text)
    {
        private ReadOnlySpan<char> _rest = text;

        internal NpyDictionary? Dictionary()
        {
            string? descr = null;
            List<NpyField>? fields = null;
            bool? fortranOrder = null;
            List<long>? shape = null;
            var shapeText = "";
            var hasDescr = false;
            if (!Skip('{'))
            {
                return null;
            }

            while (!Skip('}'))
            {
                var key = String();
                if (key is null || !Skip(':'))
                {
                    return null;
                }

                switch (key)
                {
                    case "descr" when !hasDescr:
                        if (Peek() is '[' or '(')
                        {
                            fields = Fields();
                            if (fields is null)
                            {
                                // The rest may be nested to any depth; it is refused whatever it says.
                                return new NpyDictionary(null, null, false, [], "");
                            }
                        }
                        else
                        {
                            descr = String();
                        }

                        hasDescr = descr is not null || fields is not null;
                        break;
                    case "fortran_order" when fortranOrder is null:
                        fortranOrder = Boolean();
                        break;
                    case "shape" when shape is null:
                        var start = _rest.TrimStart();
                        shape = Tuple();
                        shapeText = start[..^_rest.Length].ToString();
                        break;
                    default:
                        return null;
                }

                if (!Skip(',') && Peek() != '}')
                {
                    return null;
                }
            }

            return !hasDescr || fortranOrder is null || shape is null || !_rest.IsWhiteSpace()
                ? null
                : new NpyDictionary(descr, fields, fortranOrder.Value, shape, shapeText);
        }

        /// <summary>Reads [('x', '&lt;f8'), ('v', '&lt;f4', (3,)), (('title', 'y'), '|u1')]; null for anything else.</summary>
        private List<NpyField>? Fields()
        {
            var fields = new List<NpyField>();
            if (!Skip('['))
            {
                return null;
            }

            while (!Skip(']'))
            {
                if (!Skip('('))
                {
                    return null;
                }

                var name = Skip('(') ? String() is not null && Skip(',') && String() is { } second && Skip(')') ? second : null : String();
                if (name is null || !Skip(',') || String() is not { } descr)
                {
                    return null;
                }

                var items = 1L;
                if (Skip(',') && Peek() == '(')
                {
                    if (Tuple() is not { } shape)
                    {
                        return null;
                    }

                    items = shape.Aggregate(1L, (product, size) => size == 0 || product <= long.MaxValue / size ? product * size : long.MaxValue);
                }

                if (!Skip(')') || (!Skip(',') && Peek() != ']'))
                {
                    return null;
                }

                fields.Add(new NpyField(name, descr, items));
            }

            return fields;
        }

        private char Peek()
        {
            _rest = _rest.TrimStart();
            return _rest.IsEmpty ? '\0' : _rest[0];
        }

        private bool Skip(char expected)
        {
            if (Peek() != expected || _rest.IsEmpty)
            {
                return false;
            }

            _rest = _rest[1..];
            return true;
        }

        private string? String()
        {
            var quote = Peek();
            if (quote is not ('\'' or '"'))
            {
                return null;
            }

            var length = _rest[1..].IndexOf(quote);
            if (length < 0)
            {
                return null;
            }

            var value = _rest.Slice(1, length).ToString();
            _rest = _rest[(length + 2)..];
            return value;
        }

        private bool? Boolean()
        {
            Peek();
            foreach (var value in (ReadOnlySpan<bool>)[true, false])
            {
                if (_rest.StartsWith(value ? "True" : "False"))
                {
                    _rest = _rest[(value ? 4 : 5)..];
                    return value;
                }
            }

            return null;
        }

        private List<long>? Tuple()
        {
            if (!Skip('('))
            {
                return null;
            }

            var items = new List<long>();
            while (!Skip(')'))
            {
                Peek();
                var digits = _rest.IndexOfAnyExceptInRange('0', '9');
                if (digits <= 0)
                {
                    return null;
                }

                items.Add(long.TryParse(_rest[..digits], out var item) ? item : long.MaxValue);
                _rest = _rest[digits..];

                // Python 2 wrote its long integers with a suffix.
                Skip('L');
                if (!Skip(',') && Peek() != ')')
                {
                    return null;
                }
            }

            return items;
        }
    }
}
