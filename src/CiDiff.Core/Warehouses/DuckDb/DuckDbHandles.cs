using System.Runtime.InteropServices;

namespace CiDiff.Warehouses.DuckDb;

/// <summary>An open database instance. Connections keep the instance alive inside the library.</summary>
internal sealed class DuckDbDatabaseHandle(nint database) : SafeHandle(database, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        DuckDbNative.duckdb_close(ref handle);
        return true;
    }
}

/// <summary>A connection. A safe handle because an interrupt comes from another thread than the query.</summary>
internal sealed class DuckDbConnectionHandle(nint connection) : SafeHandle(connection, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        DuckDbNative.duckdb_disconnect(ref handle);
        return true;
    }
}

/// <summary>A column's type.</summary>
internal sealed class DuckDbTypeHandle(nint type) : SafeHandle(type, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        DuckDbNative.duckdb_destroy_logical_type(ref handle);
        return true;
    }
}
