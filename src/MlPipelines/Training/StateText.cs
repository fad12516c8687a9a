using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using MlPipelines.Networks;

namespace MlPipelines;

/// <summary>All that an object holds, as text: the fields of its type and of those it derives from, and what they hold in turn.</summary>
/// <remarks>So that a new property is part of it without being told, and objects with the same text behave alike.
/// Networks and views are named only.</remarks>
static class StateText
{
    const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    public static string Of(object? value)
    {
        var text = new StringBuilder();
        Write(text, value, new(ReferenceEqualityComparer.Instance));
        return text.ToString();
    }

    static void Write(StringBuilder text, object? value, HashSet<object> around)
    {
        switch (value)
        {
            case null:
                text.Append("null");
                break;
            // With its length, so that no text can pass for the end of one and the beginning of another.
            case string words:
                text.Append(CultureInfo.InvariantCulture, $"'{words.Length}:{words}'");
                break;
            case bool or char or Enum or Type:
                text.Append(value);
                break;
            case IFormattable number when value.GetType().IsPrimitive:
                text.Append(number.ToString(null, CultureInfo.InvariantCulture));
                break;
            case Network or IDataView:
                text.Append(value.GetType());
                break;
            case ImageClassifier model:
                text.Append(Convert.ToHexStringLower(SHA256.HashData(model.Onnx.Span)));
                break;
            case MlNetSchedule schedule:
                text.Append(schedule);
                break;
            // A program that is built anew has another id: its code may have changed.
            case Delegate code:
                text.Append(CultureInfo.InvariantCulture, $"{code.Method.Module.ModuleVersionId}/{code.Method.MetadataToken}");
                Write(text, code.Target, around);
                break;
            // In its own order. One that is sorted by hashes of strings differs from process to process, and must not be among options.
            case IEnumerable items:
                WriteAll(text, items, around);
                break;
            default:
                WriteFields(text, value, around);
                break;
        }
    }

    static void WriteAll(StringBuilder text, IEnumerable items, HashSet<object> around)
    {
        text.Append('[');
        // An immutable array that was never set cannot be gone through.
        if (items.GetType().GetProperty("IsDefault")?.GetValue(items) is not true)
            foreach (var item in items)
            {
                Write(text, item, around);
                text.Append(',');
            }
        text.Append(']');
    }

    static void WriteFields(StringBuilder text, object value, HashSet<object> around)
    {
        text.Append(value.GetType()).Append('{');
        // What holds itself is named only, where it comes again within itself.
        if (value.GetType().IsValueType || around.Add(value))
        {
            for (var type = value.GetType(); type is not null; type = type.BaseType)
                foreach (var field in type.GetFields(Own).OrderBy(field => field.Name, StringComparer.Ordinal))
                {
                    text.Append(field.Name).Append('=');
                    Write(text, field.GetValue(value), around);
                    text.Append(';');
                }
            around.Remove(value);
        }
        text.Append('}');
    }
}
