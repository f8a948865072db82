using System.Text.Json;
using CiDiff.Warehouses;

namespace CiDiff.Diffing;

/// <summary>What a statement of the join strategy is to answer.</summary>
/// <param name="Rows">About which rows.</param>
/// <param name="Columns">Which columns are compared.</param>
/// <param name="Samples">How many keys of each kind are wanted.</param>
/// <param name="CountsDistinct">Whether the keys of added and removed rows may repeat, so that they have to be counted.</param>
internal sealed record JoinQuestion(KeyedRows Rows, IReadOnlyList<ColumnPlan> Columns, int Samples, bool CountsDistinct)
{
    /// <summary>Only numbers are wanted, and most rows differ.</summary>
    public bool IsOfNumbersOnly { get; init; }

    /// <summary>Few rows differ, so that those may be held in memory. Where the warehouse can, both sides are counted in the pass that joins them then.</summary>
    /// <remarks>Only of rows without a null in a key of one column that is unique on both sides: otherwise the pass does not see each row once.</remarks>
    public bool IsOfFewDifferences { get; init; }
}

/// <summary>The one statement that counts what differs: a full outer join on the key.</summary>
/// <remarks>In one of three shapes. Where the warehouse has an aggregate that keeps the first rows, everything is counted in one go. Otherwise the rows
/// that differ are set aside with their key and one flag per column, which evaluates every comparison at most once a row; what is
/// the same is never passed on. Where they are few, an aggregate gathers them that also counts all rows, and no side has to be read again for that. Where
/// that is most rows, and no key is wanted, everything is counted in one go, too.</remarks>
internal sealed class JoinStatement
{
    private static readonly string[] FirstRows = ["first_added", "first_removed", "first_changed"];

    private const string Flag = "boolean";

    private readonly JoinQuestion _question;
    private readonly SqlDialect _dialect;
    private readonly SelectList _list;
    private readonly KeyTotals? _totals;
    private readonly int? _joined;
    private readonly int? _matched;
    private readonly int _added;
    private readonly int _removed;
    private readonly int _changed;
    private readonly int? _distinctAdded;
    private readonly int? _distinctRemoved;
    private readonly IReadOnlyList<int> _changedColumns;
    private readonly IReadOnlyList<int> _keys;
    private readonly int? _someChanged;

    public JoinStatement(JoinQuestion question)
    {
        _question = question;
        _dialect = Key.Pair.Dialect;
        _list = new SelectList(_dialect);
        var gathers = question.IsOfFewDifferences ? Gathered : null;
        if (gathers is null)
        {
            _totals = new KeyTotals(Key.Pair, question.Rows, _list);
        }
        else
        {
            _joined = _list.AddColumn("cidiff_joined", "joined");
        }

        var countsAll = question.IsOfNumbersOnly || _dialect.FirstRows(Key.Joined, IsAdded, 1) is not null;
        var counts = countsAll ? CountedAtOnce() : CountedFromDifferences();
        if (countsAll)
        {
            _matched = _list.AddColumn("differences", "matched");
        }

        _added = _list.AddColumn("differences", "added");
        _removed = _list.AddColumn("differences", "removed");
        _changed = _list.AddColumn("differences", "changed");
        if (question.CountsDistinct)
        {
            _distinctAdded = _list.AddColumn("differences", "added_keys");
            _distinctRemoved = _list.AddColumn("differences", "removed_keys");
        }

        _changedColumns = [.. question.Columns.Select((_, index) => _list.AddColumn("differences", $"changed{index}"))];
        _keys = question.Samples == 0 || question.IsOfNumbersOnly ? [] : countsAll
            ? [
                .. FirstRows.Select(name => _list.Add(
                    name, _dialect.FirstRowsText(_dialect.Sql($"differences.{new ColumnName(name)}"), Key.Columns.Count, Key.Texts))),
            ]
            : [
                _list.Add("first_added", FirstDiffering("added", _dialect.Sql($"is_added"))),
                _list.Add("first_removed", FirstDiffering("removed", _dialect.Sql($"is_removed"))),
                _list.Add("first_changed", FirstDiffering("changed", _dialect.Sql($"not is_added and not is_removed"))),
            ];

        if (Spread is { } spread)
        {
            _someChanged = _list.Add("some_changed", countsAll
                ? _dialect.FirstRowsText(
                    _dialect.Sql($"differences.some_changed"), Key.Columns.Count + 1, fields => [_dialect.Text(fields[0]), .. Key.Texts(fields.Skip(1))])
                : SomeDiffering(spread));
        }

        var columns = question.Columns.Select(column => column.Pair).Concat(Key.Pair.NullRateColumns).ToList();
        var with = countsAll ? question.Rows.With(columns) : question.Rows.With(columns, gathers ?? [_dialect.Sql($"cidiff_differences as (\n{Differences}\n)")]);
        Sql = _dialect.Sql($"""
            {with}select
                {_list.Sql}
            from {_totals?.From ?? _dialect.Sql($"cidiff_joined")}
            cross join (
            {counts}
            ) as differences
            """);
    }

    /// <summary>The statement.</summary>
    public SqlText Sql { get; }

    private TableKey Key => _question.Rows.Key;

    private DiffSide Base => Key.Pair.Sides.Base;

    private DiffSide Head => Key.Pair.Sides.Head;

    // A row of a full join that has no partner has nulls for the partner's key; rows whose own key has nulls are none of the statement's business.
    private SqlText IsAdded => _dialect.Sql($"{Key.Forms[0].Base} is null");

    private SqlText IsRemoved => _dialect.Sql($"{Key.Forms[0].Head} is null");

    private IReadOnlyList<SqlText> Differ => [.. _question.Columns.Select(Key.Pair.Differ)];

    private SqlText AnyDiffers => Differ.Count == 0 ? _dialect.Sql($"false") : SqlText.Join("\n    or ", Differ);

    private SqlText Join
    {
        get
        {
            var ofBase = _question.Rows.Of(Base, _question.Columns.Select(column => column.Pair.Base));
            var ofHead = _question.Rows.Of(Head, _question.Columns.Select(column => column.Pair.Head));
            return _dialect.Sql($"""
                (
                {ofBase}
                ) as {Base.Row}
                full outer join (
                {ofHead}
                ) as {Head.Row} on {Key.Matches}
                """);
        }
    }

    // What is set aside of a row that differs.
    private IReadOnlyList<GatheredColumn> SetAside =>
    [
        new(IsAdded, _dialect.Sql($"is_added"), Flag),
        new(IsRemoved, _dialect.Sql($"is_removed"), Flag),
        .. Key.Joined.Zip(Key.Names, (value, name) => new GatheredColumn(value, name, Key.Columns[0].Types.Base.Name)),
        .. Differ.Select((differ, index) => new GatheredColumn(differ, _dialect.Sql($"d{index}"), Flag)),
    ];

    private SqlText IsDifference => _dialect.Sql($"{IsAdded}\n    or {IsRemoved}\n    or {AnyDiffers}");

    private SqlText Differences
    {
        get
        {
            var list = SqlText.Join(",\n    ", SetAside.Select(column => _dialect.Sql($"{column.Value} as {column.Name}")));
            return _dialect.Sql($"select\n    {list}\nfrom {Join}\nwhere {IsDifference}");
        }
    }

    /// <summary>The same rows, gathered in the pass that counts all; null where nothing gathers them.</summary>
    private IReadOnlyList<SqlText>? Gathered
    {
        get
        {
            // The key's type has to be named: what the catalog calls it is a name in SQL for these only.
            if (Key is not { Columns: [{ Types: { Base: { Family: TypeFamily.Integer or TypeFamily.Uuid } type, Head: var other } }], Pair.NullRateColumns.Count: 0 } || type != other)
            {
                return null;
            }

            var columns = SetAside;
            return _dialect.Gather(columns, IsDifference) is not { } gather
                ? null
                :
                [
                    _dialect.Sql($"cidiff_joined as (\nselect\n    count(*) as joined,\n    {gather} as differing\nfrom {Join}\n)"),
                    _dialect.Sql($"""
                        cidiff_differences as (
                        select gathered.*
                        from cidiff_joined
                        cross join {_dialect.Gathered(_dialect.Sql($"cidiff_joined.differing"), columns)}
                        )
                        """),
                ];
        }
    }

    /// <summary>Asks it.</summary>
    public async Task<JoinCounts> AskAsync(DiffSession session, CancellationToken cancellationToken) =>
        Read(await session.RowAsync(Sql, cancellationToken));

    /// <summary>Reads the statement's one row.</summary>
    public JoinCounts Read(IReadOnlyList<object?> row) => new(
        _totals?.Read(row) ?? new(Without(row, _added), Without(row, _removed)),
        _matched is { } matched ? Row.Count(row, matched) : null,
        Row.Count(row, _added),
        Row.Count(row, _removed),
        Row.Count(row, _changed),
        Row.Count(row, _distinctAdded ?? _added),
        Row.Count(row, _distinctRemoved ?? _removed),
        [.. _changedColumns.Select(place => Row.Count(row, place))],
        (_keys.Count == 0 ? JoinKeys.None : new(Row.Texts(row, _keys[0]), Row.Texts(row, _keys[1]), Row.Texts(row, _keys[2]))) with
        {
            SomeChanged = _someChanged is { } place ? Row.Texts(row, place) : [],
        });

    // A side has all rows of the join but those that only the other one has.
    private SideTotals Without(IReadOnlyList<object?> row, int other)
    {
        var rows = Row.Count(row, _joined!.Value) - Row.Count(row, other);
        return new SideTotals(rows, rows, []);
    }

    private SqlText CountedAtOnce()
    {
        var isMatched = _dialect.Sql($"not ({IsAdded}) and not ({IsRemoved})");
        var isChanged = _dialect.Sql($"{isMatched} and ({AnyDiffers})");
        var list = new SelectList(_dialect);
        list.Add("matched", _dialect.CountIf(isMatched));
        list.Add("added", _dialect.CountIf(IsAdded));
        list.Add("removed", _dialect.CountIf(IsRemoved));
        list.Add("changed", _dialect.CountIf(isChanged));
        AddDistinct(list, SqlText.Join(", ", Key.Forms.Select(form => form.Head)), SqlText.Join(", ", Key.Forms.Select(form => form.Base)), IsAdded, IsRemoved);
        foreach (var (index, differ) in Differ.Index())
        {
            list.Add($"changed{index}", _dialect.CountIf(_dialect.Sql($"{isMatched} and {differ}")));
        }

        if (_question is { Samples: > 0, IsOfNumbersOnly: false })
        {
            list.Add("first_added", _dialect.FirstRows([.. Key.Forms.Select(form => form.Head)], IsAdded, _question.Samples)!);
            list.Add("first_removed", _dialect.FirstRows([.. Key.Forms.Select(form => form.Base)], IsRemoved, _question.Samples)!);
            list.Add("first_changed", _dialect.FirstRows([.. Key.Forms.Select(form => form.Base)], isChanged, _question.Samples)!);
        }

        if (Spread is not null)
        {
            list.Add("some_changed", _dialect.FirstRows(
                [Fingerprint.Key(Key)!.Base, .. Key.Forms.Select(form => form.Base)], isChanged, ChangeAttribution.MostKeys)!);
        }

        return _dialect.Sql($"select\n    {list.Sql}\nfrom {Join}");
    }

    private SqlText CountedFromDifferences()
    {
        var isChanged = _dialect.Sql($"not is_added and not is_removed");
        var names = SqlText.Join(", ", Key.Names);
        var list = new SelectList(_dialect);
        list.Add("added", _dialect.CountIf(_dialect.Sql($"is_added")));
        list.Add("removed", _dialect.CountIf(_dialect.Sql($"is_removed")));
        list.Add("changed", _dialect.CountIf(isChanged));
        AddDistinct(list, names, names, _dialect.Sql($"is_added"), _dialect.Sql($"is_removed"));
        foreach (var (index, _) in _question.Columns.Index())
        {
            list.Add($"changed{index}", _dialect.CountIf(_dialect.Sql($"{isChanged} and d{index}")));
        }

        return _dialect.Sql($"select\n    {list.Sql}\nfrom cidiff_differences");
    }

    private void AddDistinct(SelectList list, SqlText addedKey, SqlText removedKey, SqlText isAdded, SqlText isRemoved)
    {
        if (_question.CountsDistinct)
        {
            list.Add("added_keys", _dialect.CountDistinctIf(addedKey, isAdded));
            list.Add("removed_keys", _dialect.CountDistinctIf(removedKey, isRemoved));
        }
    }

    /// <summary>An order of keys that has nothing to do with what is in a row, so that the first ones stand for all; null when nobody wants it, or there is
    /// none.</summary>
    private SqlText? Spread
    {
        get
        {
            if (_question.IsOfNumbersOnly || !Key.Pair.Rules.Attribution || Key.Pair.Rules.IsOverBudget || Fingerprint.Key(Key) is null)
            {
                return null;
            }

            return Key.Columns.Zip(Key.Names).Aggregate((SqlText?)null, (hash, column) => _dialect.Hash(column.Second, column.First.Types, hash));
        }
    }

    private SqlText SomeDiffering(SqlText spread)
    {
        var names = SqlText.Join(", ", Key.Names);
        var hash = new ColumnName("spread");
        var rows = _dialect.AllRows([_dialect.Text(_dialect.Sql($"{hash}")), .. Key.Texts(Key.Names)], _dialect.Sql($"{hash}, {names}"));
        return _dialect.Sql($"""
            (
            select {rows}
            from (
            select {spread} as {hash}, {names}
            from cidiff_differences
            where not is_added and not is_removed
            order by {hash}, {names}
            limit {ChangeAttribution.MostKeys}
            ) as some_rows
            )
            """);
    }

    // Not looked for where there are none, because looking for none takes as long as looking for many.
    private SqlText FirstDiffering(string count, SqlText condition)
    {
        var names = SqlText.Join(", ", Key.Names);
        var rows = _dialect.AllRows([.. Key.Texts(Key.Names)], names);
        return _dialect.Sql($"""
            case when differences.{new ColumnName(count)} > 0 then (
            select {rows}
            from (
            select {names} from cidiff_differences where {condition} order by {names} limit {_question.Samples}
            ) as first_rows
            ) end
            """);
    }
}

/// <summary>What a <see cref="JoinStatement"/> answers.</summary>
/// <param name="Totals">Both sides by themselves.</param>
/// <param name="Matched">Pairs of rows with the same key, more than there are rows when keys repeat; null when not counted.</param>
/// <param name="Added">Rows only in head.</param>
/// <param name="Removed">Rows only in base.</param>
/// <param name="Changed">Pairs that differ.</param>
/// <param name="DistinctAdded">Keys of the added rows.</param>
/// <param name="DistinctRemoved">Keys of the removed rows.</param>
/// <param name="ChangedColumns">Pairs that differ, per column.</param>
/// <param name="Keys">The first keys of each kind.</param>
internal sealed record JoinCounts(
    Sides<SideTotals> Totals,
    long? Matched,
    long Added,
    long Removed,
    long Changed,
    long DistinctAdded,
    long DistinctRemoved,
    IReadOnlyList<long> ChangedColumns,
    JoinKeys Keys);

/// <summary>Keys of sample rows, as the texts of their key forms, in key order.</summary>
internal sealed record JoinKeys(
    IReadOnlyList<IReadOnlyList<string?>> Added, IReadOnlyList<IReadOnlyList<string?>> Removed, IReadOnlyList<IReadOnlyList<string?>> Changed)
{
    /// <summary>None.</summary>
    public static readonly JoinKeys None = new([], [], []);

    /// <summary>Keys of changed rows that stand for all of them: a hash before each, in the order of which they are the first ones. Bounded; empty when
    /// nobody wanted them.</summary>
    public IReadOnlyList<IReadOnlyList<string?>> SomeChanged { get; init; } = [];

    /// <summary>Every key.</summary>
    public IReadOnlyList<IReadOnlyList<string?>> All => [.. Added, .. Removed, .. Changed];
}

/// <summary>Reads values of a row.</summary>
internal static class Row
{
    /// <summary>A count.</summary>
    public static long Count(IReadOnlyList<object?> row, int place) => Convert.ToInt64(row[place], System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>What <see cref="SqlDialect.AllRows"/> or <see cref="SqlDialect.FirstRows"/> gave.</summary>
    public static IReadOnlyList<IReadOnlyList<string?>> Texts(IReadOnlyList<object?> row, int place)
    {
        // Nothing shorter holds a key.
        if (row[place] is not string { Length: > 2 } text)
        {
            return [];
        }

        using var document = JsonDocument.Parse(text);
        return document.RootElement.ValueKind == JsonValueKind.Array
            ? [.. document.RootElement.EnumerateArray().Select(item => item.EnumerateArray().Select(value => value.GetString()).ToList())]
            : [];
    }
}
