using System.Reflection;
using System.Reflection.Emit;
using System.Text.RegularExpressions;

namespace Gmm.Fast.Tests;

/// <summary>
/// Checks that folders of the engine use each other in one direction only, as compiled: base types, fields, signatures and every instruction of every
/// method. A type lies in the folder of its namespace; a public type, whose namespace is Gmm.Fast, in the folder of the file that has its name.
/// </summary>
public class LayeringTests
{
    private const string Root = "";

    // Folders of one entry may use each other.
    private static readonly string[][] s_order =
    [
        ["Internals"], ["Simd"], ["Linalg"], ["Points"], ["Blocks"], ["Kernels"], ["Families", "Model"], ["Em"], ["Scoring", "Starts", "Serialization"], [Root],
    ];

    private static readonly Dictionary<short, OpCode> s_opCodes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    private static readonly Assembly s_engine = typeof(GaussianMixture).Assembly;

    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(Engine, "*.cs", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(Engine, file).Replace('\\', '/'))
        .Where(file => !file.StartsWith("obj/", StringComparison.Ordinal) && !file.StartsWith("bin/", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal)];

    private static string Engine => Path.Combine(Repository.Root, "src", "Gmm.Fast");

    [Fact]
    public void TypesUseOnlyFoldersBeforeTheirs()
    {
        var types = s_engine.GetTypes().Where(type => type.Namespace?.StartsWith("Gmm.Fast", StringComparison.Ordinal) == true).ToArray();
        Assert.True(types.Length > 200);
        var (wrong, uses) = (new SortedSet<string>(StringComparer.Ordinal), 0);
        foreach (var type in types)
        {
            foreach (var used in Used(type).Where(used => used.Assembly == s_engine && used.Namespace?.StartsWith("Gmm.Fast", StringComparison.Ordinal) == true))
            {
                uses++;
                var (from, to) = (Folder(type), Folder(used));
                if (from != to && Rank(to) >= Rank(from) && !(Rank(to) == Rank(from) && s_order[Rank(from)].Length > 1 && from != Root))
                    wrong.Add($"{type.Name} in {from} uses {used.Name} in {to}");
            }
        }
        Assert.True(uses > 1_000, $"only {uses} uses were found");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void EveryPublicTypeIsInTheRootNamespace() => Assert.All(s_engine.GetExportedTypes(), type => Assert.Equal("Gmm.Fast", type.Namespace));

    [Theory]
    [MemberData(nameof(Files))]
    public void OnlySimdNamesAWidth(string file)
    {
        if (file.StartsWith("Simd/", StringComparison.Ordinal)) return;
        Assert.DoesNotMatch(@"Vector(64|128|256|512)|Avx|AdvSimd|\b(128|256|512)\b", File.ReadAllText(Path.Combine(Engine, file)));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void OnlyTheTableOfFamiliesAsksForATypeOfCovariance(string file)
    {
        if (file is "Families/FamilyTable.cs" or "Families/CovarianceType.cs") return;
        Assert.DoesNotMatch(@"case CovarianceType\.|CovarianceType\.\w+ =>|(==|!=| is) (not )?CovarianceType\.", File.ReadAllText(Path.Combine(Engine, file)));
    }

    // Names of nested types begin with that of the outermost.
    private static string Folder(Type type)
    {
        while (type.DeclaringType is { } outer) type = outer;
        if (type.Namespace != "Gmm.Fast") return type.Namespace!["Gmm.Fast.".Length..];
        var name = type.Name.Split('`')[0];
        var file = Files.Select(row => row.Data).FirstOrDefault(file => Path.GetFileName(file).Split('.')[0] == name)
            ?? Files.Select(row => row.Data).Single(file => Declares(name).IsMatch(File.ReadAllText(Path.Combine(Engine, file))));
        return Path.GetDirectoryName(file)!;
    }

    private static Regex Declares(string name) => new($@"^public .*\b(class|struct|enum|interface|delegate \w+) {name}\b", RegexOptions.Multiline);

    private static int Rank(string folder)
    {
        var rank = Array.FindIndex(s_order, folders => folders.Contains(folder));
        Assert.True(rank >= 0, $"{folder} has no place in the order");
        return rank;
    }

    private static IEnumerable<Type> Used(Type type)
    {
        const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        IEnumerable<Type?> named =
        [
            type.BaseType, .. type.GetInterfaces(), .. type.GetFields(All).Select(field => field.FieldType),
            .. type.GetGenericArguments().SelectMany(argument => argument.IsGenericParameter ? argument.GetGenericParameterConstraints() : []),
            .. type.GetMethods(All).Cast<MethodBase>().Concat(type.GetConstructors(All)).SelectMany(Used),
        ];
        return named.OfType<Type>().SelectMany(Parts).Distinct();
    }

    private static IEnumerable<Type> Used(MethodBase method)
    {
        IEnumerable<Type> named = method.GetParameters().Select(parameter => parameter.ParameterType);
        if (method is MethodInfo { ReturnType: var result }) named = named.Append(result);
        if (method.IsGenericMethodDefinition) named = named.Concat(method.GetGenericArguments().SelectMany(argument => argument.GetGenericParameterConstraints()));
        if (method.GetMethodBody() is not { } body) return named;
        return named.Concat(body.LocalVariables.Select(local => local.LocalType)).Concat(Instructions(method, body.GetILAsByteArray()!));
    }

    // The types that instructions name, by themselves or with a member.
    private static List<Type> Instructions(MethodBase method, byte[] code)
    {
        var types = new List<Type>();
        var typeArguments = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null;
        var methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : null;
        for (var at = 0; at < code.Length;)
        {
            var opCode = code[at] == 0xFE ? s_opCodes[(short)(0xFE00 | code[at + 1])] : s_opCodes[code[at]];
            at += opCode.Size;
            switch (opCode.OperandType)
            {
                case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType:
                    var member = method.Module.ResolveMember(BitConverter.ToInt32(code, at), typeArguments, methodArguments)!;
                    if (member is Type named) types.Add(named);
                    if (member.DeclaringType is { } declaring) types.Add(declaring);
                    if (member is MethodInfo { IsGenericMethod: true } generic) types.AddRange(generic.GetGenericArguments());
                    at += 4;
                    break;
                case OperandType.InlineNone: break;
                case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar: at++; break;
                case OperandType.InlineVar: at += 2; break;
                case OperandType.InlineI8 or OperandType.InlineR: at += 8; break;
                case OperandType.InlineSwitch: at += 4 + 4 * BitConverter.ToInt32(code, at); break;
                default: at += 4; break;
            }
        }
        return types;
    }

    private static IEnumerable<Type> Parts(Type type)
    {
        if (type.HasElementType) return Parts(type.GetElementType()!);
        if (type.IsGenericParameter) return [];
        return type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts).Append(type.GetGenericTypeDefinition()) : [type];
    }
}
