using System.Text;
using System.Text.RegularExpressions;

namespace Gmm.Cli;

/// <summary>Tells which names a pattern fits, as in a shell: * any text, ? one character, [a-c] one of these and [!a-c] one of the others.</summary>
internal sealed class NamePattern(string pattern)
{
    private readonly Regex _regex = new(Expression(pattern), RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.Singleline);

    /// <summary>Tells whether the pattern fits a whole name. Hidden files need a pattern that begins with a point.</summary>
    public bool Fits(string name) => (name[0] != '.' || pattern[0] == '.') && _regex.IsMatch(name);

    private static string Expression(string pattern)
    {
        var result = new StringBuilder(@"\A");
        for (var i = 0; i < pattern.Length; i++)
        {
            // A bracket at the beginning of a set is one of its characters; one without an end stands for itself.
            var end = pattern[i] == '[' && i + 2 < pattern.Length ? pattern.IndexOf(']', i + (pattern[i + 1] == '!' ? 3 : 2)) : -1;
            if (end > 0)
            {
                result.Append(Set(pattern[(i + 1)..end]));
                i = end;
            }
            else
            {
                result.Append(pattern[i] switch
                {
                    '*' => ".*",
                    '?' => ".",
                    var other => Regex.Escape(other.ToString()),
                });
            }
        }
        return result.Append(@"\z").ToString();
    }

    // A range that ends before it begins holds nothing.
    private static string Set(string set)
    {
        var isOthers = set[0] == '!';
        var result = new StringBuilder();
        for (var i = isOthers ? 1 : 0; i < set.Length; i++)
        {
            var isRange = i + 2 < set.Length && set[i + 1] == '-';
            if (!isRange) result.Append(One(set[i]));
            else if (set[i] <= set[i + 2]) result.Append(One(set[i])).Append('-').Append(One(set[i + 2]));
            if (isRange) i += 2;
        }
        if (result.Length == 0) return isOthers ? "." : @"[^\s\S]";
        return $"[{(isOthers ? "^" : "")}{result}]";

        static string One(char c) => c is '\\' or '[' or ']' or '^' or '-' ? $@"\{c}" : c.ToString();
    }
}
