using Microsoft.Data.Sqlite;

namespace MlPipelines;

/// <summary>The SQLite file that verdicts lie in: opened, checked and made.</summary>
static class VerdictDatabase
{
    const int Version = 1;

    // 'MLPV', by which SQLite files tell programs apart.
    const int ApplicationId = 0x4D4C5056;

    const int BusySeconds = 10;

    const string Tables = """
        CREATE TABLE generation (
          number INTEGER PRIMARY KEY AUTOINCREMENT, model TEXT NOT NULL, classes TEXT NOT NULL, name TEXT NOT NULL, since TEXT NOT NULL,
          judged INTEGER NOT NULL DEFAULT 0, UNIQUE (model, classes));
        CREATE TABLE judgement (
          number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, generation INTEGER NOT NULL REFERENCES generation,
          predicted INTEGER NOT NULL, score REAL NOT NULL, judged TEXT NOT NULL, actual INTEGER, answered TEXT);
        CREATE TABLE picture (
          judgement INTEGER PRIMARY KEY REFERENCES judgement ON DELETE CASCADE, extension TEXT NOT NULL, content BLOB NOT NULL);
        CREATE INDEX pending ON judgement (number) WHERE actual IS NULL;
        CREATE INDEX verdict ON judgement (generation, actual, predicted) WHERE actual IS NOT NULL;
        """;

    /// <summary>Checks the file, or makes it, and gives what connections to it are opened with.</summary>
    /// <exception cref="FileNotFoundException">There is none, and none is to be made.</exception>
    /// <exception cref="InvalidDataException">It is of another program or format, or damaged; the message names it.</exception>
    /// <exception cref="IOException">It cannot be opened or written.</exception>
    public static string Prepare(string path, bool create)
    {
        if (!create && !File.Exists(path))
            throw new FileNotFoundException(
                $"{path}: {(Directory.Exists(path) ? "is a folder" : "not found")}, a file of verdicts is needed. Check the path.", path);
        var text = new SqliteConnectionStringBuilder
        {
            DataSource = Path.GetFullPath(path),
            Mode = create ? SqliteOpenMode.ReadWriteCreate : SqliteOpenMode.ReadWrite,
            ForeignKeys = true,
            DefaultTimeout = BusySeconds,
        }.ToString();
        Naming(path, () =>
        {
            using var connection = new SqliteConnection(text);
            connection.Open();
            CheckOrCreate(connection, path);
            return true;
        });
        return text;
    }

    /// <summary>Does something with the file; what SQLite says is wrong with it names it.</summary>
    public static T Naming<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException exception)
        {
            throw Named(path, exception);
        }
    }

    static Exception Named(string path, SqliteException exception)
    {
        const int logic = 1, busy = 5, readOnly = 8, inputOutput = 10, corrupt = 11, full = 13, cannotOpen = 14, notADatabase = 26;
        return exception.SqliteErrorCode switch
        {
            notADatabase => new InvalidDataException($"{path}: is no SQLite file, one of verdicts is needed. Name another.", exception),
            corrupt => Damaged(path, exception.Message),
            busy => new IOException($"{path}: another program has held it for {BusySeconds} s. End that, or name another file.", exception),
            readOnly => new IOException($"{path}: may not be written. Name another file.", exception),
            full => new IOException($"{path}: cannot be written, the disk is full. Make room.", exception),
            cannotOpen => new IOException($"{path}: cannot be opened. Is its folder there, and may it be written?", exception),
            inputOutput => new IOException($"{path}: cannot be read or written: {exception.Message}", exception),
            logic => new IOException($"{path}: is no longer what it was ({exception.Message.TrimEnd('.')}). Was it replaced while it was "
                + "used? Start again.", exception),
            _ => exception,
        };
    }

    static InvalidDataException Damaged(string path, string found) => new($"{path}: is damaged ({found.TrimEnd('.')}). Restore a copy, or "
        + "name another file; 'sqlite3 FILE .recover' saves what can be read.");

    static void CheckOrCreate(SqliteConnection connection, string path)
    {
        using (var begun = connection.BeginTransaction(deferred: false))
        {
            var (application, version) = (Number(connection, "PRAGMA application_id"), Number(connection, "PRAGMA user_version"));
            var isEmpty = Number(connection, "SELECT count(*) FROM sqlite_master") == 0;
            if (application == 0 && version == 0 && isEmpty)
                Execute(connection, $"{Tables} PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Version};");
            else if (application != ApplicationId)
                throw new InvalidDataException($"{path}: is a SQLite file of another program, one of verdicts is needed. Name another.");
            else if (version != Version)
                throw new InvalidDataException($"{path}: holds verdicts in format {version}, this version reads format {Version}. Use the "
                    + "version that wrote it, or name another file.");
            else if (Text(connection, "PRAGMA quick_check(1)") is not "ok" and var found)
                throw Damaged(path, found);
            begun.Commit();
        }
        // Readers and writers of several processes go on beside each other, and a process that is killed leaves the file whole.
        Execute(connection, "PRAGMA journal_mode = WAL");
    }

    public static void Execute(SqliteConnection connection, string text)
    {
        using var command = Command(connection, text);
        command.ExecuteNonQuery();
    }

    public static long Number(SqliteConnection connection, string text, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var command = Command(connection, text, values);
        return (long)command.ExecuteScalar()!;
    }

    static string Text(SqliteConnection connection, string text)
    {
        using var command = Command(connection, text);
        return (string)command.ExecuteScalar()!;
    }

    public static SqliteCommand Command(SqliteConnection connection, string text,
        params ReadOnlySpan<(string Name, object? Value)> values)
    {
        var command = connection.CreateCommand();
        command.CommandText = text;
        foreach (var (name, value) in values)
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        return command;
    }
}
