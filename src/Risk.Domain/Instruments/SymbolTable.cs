using System.Text;

namespace Risk.Domain.Instruments;

/// <summary>
/// Gives each known symbol a small stable index, so that a tick carries a number and the hot path never touches text.
/// Append-only: an index, once given, keeps its meaning for the life of the table. One writer, any number of readers.
/// </summary>
public sealed class SymbolTable
{
    private readonly Lock writing = new();
    private volatile State state = new([], new Dictionary<string, int>(StringComparer.Ordinal));

    public int Count => state.Symbols.Length;

    public Symbol this[int index] => state.Symbols[index];

    /// <summary>The index of the symbol, given now if it had none.</summary>
    public int Add(Symbol symbol)
    {
        lock (writing)
        {
            var old = state;
            if (old.Indexes.TryGetValue(symbol.Text, out var known)) return known;
            var indexes = new Dictionary<string, int>(old.Indexes, StringComparer.Ordinal) { [symbol.Text] = old.Symbols.Length };
            state = new State([.. old.Symbols, symbol], indexes);
            return old.Symbols.Length;
        }
    }

    public void AddRange(IEnumerable<Symbol> symbols)
    {
        lock (writing)
        {
            var indexes = new Dictionary<string, int>(state.Indexes, StringComparer.Ordinal);
            var list = new List<Symbol>(state.Symbols);
            foreach (var symbol in symbols)
                if (indexes.TryAdd(symbol.Text, list.Count)) list.Add(symbol);
            state = new State([.. list], indexes);
        }
    }

    public bool TryFind(Symbol symbol, out int index) => state.Indexes.TryGetValue(symbol.Text, out index);

    /// <summary>Finds a symbol by its exact UTF-8 bytes, without allocating.</summary>
    public bool TryFind(ReadOnlySpan<byte> utf8, out int index)
    {
        index = -1;
        if (utf8.Length is 0 or > Symbol.MaxLength || !Ascii.IsValid(utf8)) return false;
        Span<char> text = stackalloc char[Symbol.MaxLength];
        var length = Encoding.ASCII.GetChars(utf8, text);
        return state.ByText.TryGetValue(text[..length], out index);
    }

    private sealed class State(Symbol[] symbols, Dictionary<string, int> indexes)
    {
        public Symbol[] Symbols { get; } = symbols;
        public Dictionary<string, int> Indexes { get; } = indexes;
        public Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> ByText { get; } = indexes.GetAlternateLookup<ReadOnlySpan<char>>();
    }
}
