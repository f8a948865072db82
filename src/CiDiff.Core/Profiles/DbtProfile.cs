using CiDiff.Warehouses;

namespace CiDiff.Profiles;

/// <summary>One output of one profile, rendered.</summary>
/// <param name="Name">The profile's name.</param>
/// <param name="Target">The output's name.</param>
/// <param name="Path">The profiles.yml it is from; full path.</param>
/// <param name="Connection">How to reach the warehouse.</param>
/// <param name="Warnings">What the output asks for and CiDiff does not do, one sentence each; empty for nothing.</param>
public sealed record DbtProfile(string Name, string Target, string Path, ConnectionSettings Connection, IReadOnlyList<string> Warnings);
