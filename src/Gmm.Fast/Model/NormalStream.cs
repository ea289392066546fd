using Gmm.Fast.Internals;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Model;

/// <summary>
/// Draws standard normals by the polar method (Marsaglia and Bray, SIAM Review 6, 1964), which uses no sine: its bits differ between systems.
/// </summary>
internal sealed class NormalStream(Xoshiro256 uniforms)
{
    private double _left = double.NaN;

    public Xoshiro256 Uniforms => uniforms;

    public double Next()
    {
        if (!double.IsNaN(_left))
        {
            var value = _left;
            _left = double.NaN;
            return value;
        }
        double u, v, s;
        do
        {
            u = 2 * uniforms.NextDouble() - 1;
            v = 2 * uniforms.NextDouble() - 1;
            s = u * u + v * v;
        }
        while (s >= 1 || s == 0);
        var scale = Math.Sqrt(-2 * DoubleLanesScalar.Log(s) / s);
        _left = v * scale;
        return u * scale;
    }
}
