namespace CiDiff.Reports;

/// <summary>Phrases as plain text on one line; what is data in them is made visible and harmless.</summary>
internal static class PlainText
{
    public static string Of(Phrase phrase) =>
        string.Concat(phrase.Parts.Select(part => part.Kind switch
        {
            PhrasePartKind.Words => part.Text,
            PhrasePartKind.Name => VisibleText.ShowOuterSpaces(VisibleText.ForLog(VisibleText.Cut(part.Text, MarkdownText.NameLength))),
            _ => VisibleText.ForLog(part.Text.ReplaceLineEndings(" ").Trim()),
        }));

    /// <summary>A sentence from elsewhere; the backticks that mark code in it are dropped.</summary>
    public static string OfSentence(string sentence) =>
        VisibleText.ForLog(sentence.ReplaceLineEndings(" ").Trim().Replace("`", "", StringComparison.Ordinal));
}
