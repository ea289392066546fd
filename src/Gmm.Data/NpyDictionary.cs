namespace Gmm.Data;

/// <summary>Holds the three entries of the Python dictionary in a .npy header, each exactly once, in any order.</summary>
/// <param name="Descr">The dtype, or null when it is not a string: a structured type.</param>
/// <param name="FortranOrder">Column-major.</param>
/// <param name="Shape">Sizes; one too large for a long is <see cref="long.MaxValue"/>.</param>
/// <param name="ShapeText">The shape as written.</param>
internal sealed record NpyDictionary(string? Descr, bool FortranOrder, IReadOnlyList<long> Shape, string ShapeText)
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
                            // The rest may be nested to any depth; it is refused whatever it says.
                            return new NpyDictionary(null, false, [], "");
                        }

                        descr = String();
                        hasDescr = descr is not null;
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

            return descr is null || fortranOrder is null || shape is null || !_rest.IsWhiteSpace()
                ? null
                : new NpyDictionary(descr, fortranOrder.Value, shape, shapeText);
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
