namespace Gmm.Data.Tests;

/// <summary>Options and streams that cannot be are refused where they are made.</summary>
public class OptionTests
{
    [Fact]
    public void ValuesThatNoEnumerationHasAreRefused()
    {
        Refused("Missing", "Missing is 9; Error, Drop or Keep is required.", () => new TableOptions { Missing = (TableMissing)9 });
        Refused("Missing", "Missing is -1; Error, Drop or Keep is required.", () => TableOptions() with { Missing = (TableMissing)(-1) });
        Refused("Header", "Header is 9; Auto, Yes or No is required.", () => new TableOptions { Header = (TableHeader)9 });
        Assert.Equal((TableMissing.Keep, TableHeader.No), (new TableOptions { Missing = TableMissing.Keep }.Missing, new TableOptions { Header = TableHeader.No }.Header));

        static TableOptions TableOptions() => new();

        static void Refused(string parameter, string message, Func<object> make)
        {
            var e = Assert.Throws<ArgumentOutOfRangeException>(make);
            Assert.Equal((parameter, message), (e.ParamName, e.Message.Split(" (Parameter")[0]));
        }
    }

    [Fact]
    public void AStreamOfNoRowsHasAReceiverAllTheSame()
    {
        Assert.Equal("Fill", Assert.Throws<ArgumentNullException>(() => new RowStream(0, 1, null, null!)).ParamName);
        Assert.Equal("Fill", Assert.Throws<ArgumentNullException>(() => new RowStream(0, 1, null, _ => { }) with { Fill = null! }).ParamName);
    }
}
