using CiDiff.Bench;

// dotnet run -c Release --project tests/CiDiff.Bench -- NAME [--runs N] [name=value ...]
if (args is [DuckDbBenchmark.QueryVerb, var file, var head])
{
    DuckDbBenchmark.Query(file, head);
    return 0;
}

var benchmarks = typeof(IBenchmark).Assembly.GetTypes()
    .Where(type => type.IsAssignableTo(typeof(IBenchmark)) && !type.IsInterface)
    .Select(type => (IBenchmark)Activator.CreateInstance(type)!)
    .OrderBy(benchmark => benchmark.Name, StringComparer.Ordinal)
    .ToList();

if (args.Length == 0 || benchmarks.Find(benchmark => benchmark.Name == args[0]) is not { } chosen)
{
    Console.WriteLine("usage: dotnet run -c Release --project tests/CiDiff.Bench -- NAME [name=value ...]");
    Console.WriteLine();
    foreach (var benchmark in benchmarks)
    {
        Console.WriteLine($"  {benchmark.Name,-12} {benchmark.Description}");
    }

    return args.Length == 0 ? 0 : 2;
}

await chosen.RunAsync(BenchArguments.Parse(args[1..]));
return 0;
