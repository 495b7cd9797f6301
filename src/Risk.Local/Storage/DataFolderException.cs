namespace Risk.Local.Storage;

/// <summary>The data folder can't be used. The message says what is wrong and what to do; the program shows it and stops.</summary>
public sealed class DataFolderException : Exception
{
    public DataFolderException()
    {
    }

    public DataFolderException(string message)
        : base(message)
    {
    }

    public DataFolderException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>Nothing is wrong with it: another process of this program holds it.</summary>
    public bool IsInUse { get; init; }
}
