namespace Risk.Application.Ports;

/// <summary>Receives every item that was put, after it is committed and in the order of the commits of its key. Feeds <c>FanOutChanges</c>.</summary>
public interface IChangeFeed
{
    void Publish(IReadOnlyList<Item> changed);
}
