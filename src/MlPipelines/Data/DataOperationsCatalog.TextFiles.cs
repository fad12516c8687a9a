namespace MlPipelines;

public sealed partial class DataOperationsCatalog
{
    /// <summary>Loads a text file of cells as rows of your own class, whose members are marked with <see cref="LoadColumnAttribute"/>. Lists of images are better read by <see cref="LoadFromCsv"/>, which looks whether they are there.</summary>
    /// <param name="path">The file, in UTF-8.</param>
    /// <param name="separatorChar">What stands between cells.</param>
    /// <param name="hasHeader">Whether the first line is passed over.</param>
    /// <param name="allowQuoting">Whether cells may be in double quotes, with separators and line ends in them.</param>
    /// <param name="trimWhitespace">Whether spaces around a cell are left out.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="ArgumentException">A member does not say which column it is.</exception>
    /// <remarks>A line with too few cells, or a cell that is no number where one is needed, is reported as file:line when it is read. An empty cell is NaN for a float.</remarks>
    public IDataView LoadFromTextFile<TInput>(string path, char separatorChar = '\t', bool hasHeader = false, bool allowQuoting = false, bool trimWhitespace = false) where TInput : class
    {
        if (!File.Exists(Check.Named(path)))
            throw new FileNotFoundException($"{path}: not found, a text file of cells is needed. Check the path.", path);
        var rows = allowQuoting ? TextTable<TInput>.Unquote(path, separatorChar) : TextTable<TInput>.Split(path, separatorChar);
        return new TextTable<TInput>(path, rows.Skip(hasHeader ? 1 : 0).Select(row => trimWhitespace ? (row.Line, Array.ConvertAll(row.Cells, cell => cell.Trim())) : row)).ToView();
    }
}
