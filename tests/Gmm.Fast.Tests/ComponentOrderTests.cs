using Gmm.TestKit;

namespace Gmm.Fast.Tests;

/// <summary>Checks the numbers that components get.</summary>
public class ComponentOrderTests
{
    [Theory]
    [ClassData(typeof(EveryType))]
    public void AFitMaySortItsComponents(string type)
    {
        var problem = Blobs.Build(seed: 12, n: 300, d: 2, k: 4, type, separation: 6);
        var plain = MixtureFit.Fit(new Points(problem.Data, 2), problem.Options(5));
        foreach (var order in (ComponentOrder[])[ComponentOrder.ByWeight, ComponentOrder.ByMean(1), ComponentOrder.AsFound])
        {
            var fit = MixtureFit.Fit(new Points(problem.Data, 2), problem.Options(5) with { Order = order });
            Assert.Equal(order.Of(plain.Model), fit.StartComponents);
            Assert.Equal([0, 1, 2, 3], order.Of(fit.Model));
            Measures.SameBits(plain.Model.Reorder([.. fit.StartComponents]), fit.Model);
            Measures.SameBits(plain.Trace, fit.Trace, "trace");
            for (var k = 0; k < 4; k++) Assert.Equal(plain.Components[fit.StartComponents[k]], fit.Components[k]);
            Assert.Equal(fit.StartComponents.ToList().IndexOf(plain.Model.Label([1, 2])), fit.Model.Label([1, 2]));
            using var stream = new MemoryStream();
            fit.Save(stream);
            stream.Position = 0;
            Assert.Equal(fit.StartComponents, FitResult.Load(stream)!.StartComponents);
        }
        Assert.Equal([.. plain.Model.Weights.ToArray().OrderDescending()], ComponentOrder.ByWeight.Of(plain.Model).Select(k => plain.Model.Weights[k]));
    }

    [Fact]
    public void ComponentsThatAreTakenOutLeaveTheOthersTheirNumbersOfTheStart()
    {
        double[] data = [.. Enumerable.Repeat(5.0, 20), .. Enumerable.Range(0, 40).Select(i => 0.1 * i)];
        var start = new GaussianMixture(CovarianceType.Diagonal, 1, [0.5, 0.25, 0.25], [5, 1, 3], [0.001, 1, 1]);
        var fit = MixtureFit.Fit(
            new Points(data, 1),
            new FitOptions { Components = 3, CovarianceType = CovarianceType.Diagonal, InitialModel = start, Regularization = 0, OnCollapse = CollapsePolicy.Drop, MaxIterations = 5 });
        Assert.Equal(0, Assert.Single(fit.Recoveries).Component);
        Assert.Equal([1, 2], fit.StartComponents);
        Assert.EndsWith("; its number is that of the start", fit.Warnings[0].Message);
    }

    [Fact]
    public void WhatIsNoOrderIsRefused()
    {
        var model = new GaussianMixture(CovarianceType.Diagonal, 1, [0.5, 0.5], [-2, 2], [1, 1]);
        Assert.StartsWith("order has 1 values; one per component = 2 are required", Assert.Throws<ArgumentException>(() => model.Reorder([0])).Message);
        Assert.StartsWith("order[1] is 0; every component from 0 to 1 is required once", Assert.Throws<ArgumentException>(() => model.Reorder([0, 0])).Message);
        Assert.StartsWith("order[0] is 2; every", Assert.Throws<ArgumentException>(() => model.Reorder([2, 0])).Message);
        Assert.StartsWith("dimension is 1; 0 to 0 is required", Assert.Throws<ArgumentOutOfRangeException>(() => ComponentOrder.ByMean(1).Of(model)).Message);
        Assert.StartsWith("dimension is -1; at least 0 is required", Assert.Throws<ArgumentOutOfRangeException>(() => ComponentOrder.ByMean(-1)).Message);
        var options = new FitOptions { Components = 1, Order = ComponentOrder.ByMean(1) };
        Assert.StartsWith("Order is 1; a dimension from 0 to 0 is required", Assert.Throws<ArgumentOutOfRangeException>(() => MixtureFit.Fit(new Points([1.0, 2], 1), options)).Message);
    }
}
