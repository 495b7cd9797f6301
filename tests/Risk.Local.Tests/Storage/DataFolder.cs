namespace Risk.Local.Tests.Storage;

/// <summary>A folder of one test, deleted with it.</summary>
internal sealed class DataFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("risk-test-").FullName;

    public string Items => File("items.db");

    public string Log => File("log.db");

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
