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
                var set = pattern[(i + 1)..end];
                var isOthers = set[0] == '!';
                result.Append(isOthers ? "[^" : "[").Append(Regex.Replace(isOthers ? set[1..] : set, @"[\\\[\]^]", @"\$0")).Append(']');
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
}
