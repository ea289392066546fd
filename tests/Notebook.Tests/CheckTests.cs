namespace Notebook.Tests;

public class CheckTests
{
    [Fact]
    public void ANumberThatDiffersIsMarked()
    {
        var check = Check.Rounded("weight", "0.301", 0.30151, 3);
        Assert.False(check.Agrees);
        Assert.Equal("0.302", check.Ours);
        Assert.Equal("5.1e-4", check.Difference);
        Assert.Equal("differs in 1 of 2", Check.Verdict([check, Check.Text("log", "a", "a")]));
    }

    [Fact]
    public void HalfAUnitOfTheLastPrintedDigitAgrees()
    {
        Assert.True(Check.Rounded("weight", "0.301", 0.3014999, 3).Agrees);
        Assert.True(Check.Rounded("weight", "0.301", 0.3015, 3).Agrees);
        Assert.False(Check.Rounded("weight", "0.301", 0.3004, 3).Agrees);
    }

    [Fact]
    public void AllDigitsMean12OfThem()
    {
        Assert.True(Check.AllDigits("weight", "0.3007102300609823", 0.30071023006098).Agrees);
        Assert.False(Check.AllDigits("weight", "0.3007102300609823", 0.30071023007).Agrees);
    }

    [Fact]
    public void AShareOfTheValueMayDiffer()
    {
        Assert.True(Check.Within("density", "2.5e-7", 2.50002e-7, "g9", 1e-5).Agrees);
        Assert.False(Check.Within("density", "2.5e-7", 2.50003e-7, "g9", 1e-5).Agrees);
    }
}
