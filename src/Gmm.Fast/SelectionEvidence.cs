namespace Gmm.Fast;

/// <summary>Grades how clear a choice is, in the words of Kass and Raftery (Bayes factors, JASA 90, 1995).</summary>
public enum SelectionEvidence
{
    /// <summary>The second best is about as good.</summary>
    NotWorthMentioning,

    /// <summary>Something speaks for the best.</summary>
    Positive,

    /// <summary>Much speaks for the best.</summary>
    Strong,

    /// <summary>The second best is out of the question.</summary>
    VeryStrong,
}
