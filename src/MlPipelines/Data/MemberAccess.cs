using System.Linq.Expressions;
using System.Reflection;

namespace MlPipelines;

/// <summary>Reads and writes one member of an object whose class is known when the program runs.</summary>
static class MemberAccess
{
    public static Func<object, object?> Getter(Type type, string member)
    {
        var target = Expression.Parameter(typeof(object));
        return Expression.Lambda<Func<object, object?>>(
            Expression.Convert(Expression.PropertyOrField(Expression.Convert(target, type), member), typeof(object)), target).Compile();
    }

    /// <summary>Null when the member cannot be written to.</summary>
    public static Action<object, object>? Setter(Type type, string member)
    {
        var found = type.GetMember(member, BindingFlags.Public | BindingFlags.Instance)[0];
        if (found is PropertyInfo { SetMethod: not { IsPublic: true } } or FieldInfo { IsInitOnly: true })
            return null;
        var (target, value) = (Expression.Parameter(typeof(object)), Expression.Parameter(typeof(object)));
        return Expression.Lambda<Action<object, object>>(
            Expression.Assign(Expression.PropertyOrField(Expression.Convert(target, type), member), Expression.Convert(value, SchemaDefinition.ValueType(found))), target, value).Compile();
    }
}
