using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Gmm.Fast.Internals;

/// <summary>
/// Carries fields to a stream, or back from it. One list of fields serves both directions, so what is written and what is read cannot differ.
/// Numbers lie in the byte order of the machine.
/// </summary>
internal sealed class StateCarrier
{
    private readonly Stream _stream;
    private readonly long _end;

    private StateCarrier(Stream stream, bool isReading, long end) => (_stream, IsReading, _end) = (stream, isReading, end);

    /// <summary>Whether fields receive what was written.</summary>
    public bool IsReading { get; }

    /// <summary>Makes a carrier that writes.</summary>
    public static StateCarrier To(Stream stream) => new(stream, isReading: false, long.MaxValue);

    /// <summary>Makes a carrier that reads, up to a place in the stream.</summary>
    public static StateCarrier From(Stream stream, long end) => new(stream, isReading: true, end);

    /// <summary>Carries numbers whose count both sides know.</summary>
    public void Carry<T>(Span<T> values)
        where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(values);
        if (!IsReading)
        {
            _stream.Write(bytes);
            return;
        }
        if (bytes.Length > _end - _stream.Position) Throw.InvalidModel("the content ends too early");
        _stream.ReadExactly(bytes);
    }

    /// <summary>Carries one number.</summary>
    public void Carry<T>(ref T value)
        where T : unmanaged => Carry(new Span<T>(ref value));

    /// <summary>Carries an array with its length; null stays null.</summary>
    public void Carry<T>(ref T[]? values)
        where T : unmanaged
    {
        const int Null = -1;
        var length = values?.Length ?? Null;
        Carry(ref length);
        if (IsReading)
        {
            if (length < Null || (long)length * Unsafe.SizeOf<T>() > _end - _stream.Position) Throw.InvalidModel("the content ends too early");
            values = length == Null ? null : new T[length];
        }
        Carry(values.AsSpan());
    }

    /// <summary>Carries text; null stays null.</summary>
    public void Carry(ref string? text)
    {
        var characters = text?.ToCharArray();
        Carry(ref characters);
        text = characters is null ? null : new string(characters);
    }

    /// <summary>Carries a list, item by item.</summary>
    /// <param name="list">Receives as many items as were written.</param>
    /// <param name="carry">Carries one item: takes it, or gives it.</param>
    public void Carry<T>(List<T> list, Func<T?, T> carry)
    {
        var count = list.Count;
        Carry(ref count);
        if (IsReading) list.Clear();
        for (var i = 0; i < count; i++)
        {
            var item = carry(IsReading ? default : list[i]);
            if (IsReading) list.Add(item);
        }
    }
}
