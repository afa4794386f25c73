// SPDX-License-Identifier: MIT
#include "tools/codegenvalues.h"

#include "tools/codegentext.h"
#include "tools/codegentypes.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Tideline::Tools {

namespace {

QString qualified(const CodegenInput &input, const QString &type)
{
    return input.space + u"::"_s + input.names.type(type);
}

// ---- enums ----

QString enumDeclaration(const CodegenInput &input, const EnumType &type)
{
    QString values;
    for (const QString &value : type.values) {
        values += comment(input.text.description(type.name + u'.' + value), 4);
        values += u"    %1,\n"_s.arg(input.names.member(type.name, value));
    }
    return comment(type.description, 0) + u"enum class %1 {\n%2};\nQDebug operator<<(QDebug debug, %1 value);\n\n"_s.arg(input.names.type(type.name), values);
}

QString enumBodies(const CodegenInput &input, const EnumType &type)
{
    QStringList toCases;
    QStringList fromCases;
    for (const QString &value : type.values) {
        const QString enumerator = u"::"_s + qualified(input, type.name) + u"::"_s + input.names.member(type.name, value);
        toCases.append(u"    case %1: return Value(u\"%2\"_s);"_s.arg(enumerator, value));
        fromCases.append(u"    if (text == u\"%2\")\n        return %1;"_s.arg(enumerator, value));
    }
    return uR"(Tideline::Value Tideline::ValueTraits<%1>::toValue(%1 value)
{
    switch (value) {
%2    }
    return {};
}

%1 Tideline::ValueTraits<%1>::fromValue(const Value &value)
{
    const QString text = value.toText();
%3    return {};
}

QDebug %4::operator<<(QDebug debug, %5 value)
{
    const QDebugStateSaver saver(debug);
    debug.noquote() << Tideline::ValueTraits<%5>::toValue(value).toText();
    return debug;
}

)"_s.arg(qualified(input, type.name), lines(toCases), lines(fromCases), input.space, input.names.type(type.name));
}

QString valuesGadget(const CodegenInput &input, const EnumType &type)
{
    QStringList properties;
    QStringList getters;
    for (const QString &value : type.values) {
        const QString name = input.names.member(type.name, value);
        properties.append(u"    Q_PROPERTY(QString %1 READ %1 CONSTANT FINAL)"_s.arg(name));
        getters.append(u"    [[nodiscard]] QString %1() const { return QStringLiteral(\"%2\"); }"_s.arg(name, value));
    }
    const QString first = type.values.constFirst();
    return uR"(/*! The values of %1 for QML: %2.%1.%3 is "%4". */
class %5
{
    Q_GADGET
    QML_ANONYMOUS
%6
public:
%7};

)"_s.arg(input.names.type(type.name), input.space, input.names.member(type.name, first), first, input.names.valuesOf(type.name),
         lines(properties), lines(getters));
}

// ---- embedded types ----

QString embeddedDeclaration(const CodegenInput &input, const EmbeddedType &type)
{
    QString members;
    for (const SchemaField &field : type.fields) {
        members += comment(field.description, 4);
        members += u"    %1 %2 = {};\n"_s.arg(accessorType(input.names, field.type), input.names.member(type.name, field.name));
    }
    return comment(type.description, 0)
        + u"struct %1\n{\n%2\n    friend bool operator==(const %1 &, const %1 &) = default;\n};\n\n"_s.arg(input.names.type(type.name), members);
}

QString embeddedBodies(const CodegenInput &input, const EmbeddedType &type)
{
    QStringList to;
    QStringList from;
    for (const SchemaField &field : type.fields) {
        const QString member = input.names.member(type.name, field.name);
        to.append(u"    members.append({u\"%1\"_s, ValueTraits<decltype(value.%2)>::toValue(value.%2)});"_s.arg(field.name, member));
        from.append(u"    result.%2 = ValueTraits<decltype(result.%2)>::fromValue(value.member(u\"%1\"));"_s.arg(field.name, member));
    }
    return uR"(Tideline::Value Tideline::ValueTraits<%1>::toValue(const %1 &value)
{
    Value::Object members;
%2    return Value(std::move(members));
}

%1 Tideline::ValueTraits<%1>::fromValue(const Value &value)
{
    ::%1 result;
%3    return result;
}

)"_s.arg(qualified(input, type.name), lines(to), lines(from));
}

QString traits(const QString &type, const QString &argument)
{
    return uR"(template<>
struct Tideline::ValueTraits<%1>
{
    [[nodiscard]] static Value toValue(%2);
    [[nodiscard]] static %1 fromValue(const Value &value);
};

)"_s.arg(type, argument);
}

void appendBehindItsMembers(const Schema &schema, const EmbeddedType &type, QStringList &seen, std::vector<const EmbeddedType *> &order)
{
    if (seen.contains(type.name))
        return;
    seen.append(type.name);
    for (const SchemaField &field : type.fields) {
        if (field.type.kind == FieldType::Kind::Embedded)
            appendBehindItsMembers(schema, *schema.embeddedType(field.type.name), seen, order);
    }
    order.push_back(&type);
}

} // namespace

QString enumDeclarations(const CodegenInput &input)
{
    QString text;
    for (const EnumType &type : input.schema.enumTypes())
        text += enumDeclaration(input, type);
    return text;
}

QString enumValuesForQml(const CodegenInput &input)
{
    QString text;
    for (const EnumType &type : input.schema.enumTypes())
        text += valuesGadget(input, type);
    return text;
}

QString embeddedDeclarations(const CodegenInput &input)
{
    QStringList seen;
    std::vector<const EmbeddedType *> order;
    for (const EmbeddedType &type : input.schema.embeddedTypes())
        appendBehindItsMembers(input.schema, type, seen, order);
    QString text;
    for (const EmbeddedType *type : order)
        text += embeddedDeclaration(input, *type);
    return text;
}

QString traitsDeclarations(const CodegenInput &input)
{
    QString text;
    for (const EnumType &type : input.schema.enumTypes())
        text += traits(qualified(input, type.name), qualified(input, type.name) + u" value"_s);
    for (const EmbeddedType &type : input.schema.embeddedTypes())
        text += traits(qualified(input, type.name), u"const %1 &value"_s.arg(qualified(input, type.name)));
    return text;
}

QString traitsDefinitions(const CodegenInput &input)
{
    QString text;
    for (const EnumType &type : input.schema.enumTypes())
        text += enumBodies(input, type);
    for (const EmbeddedType &type : input.schema.embeddedTypes())
        text += embeddedBodies(input, type);
    return text;
}

static bool contains(const Schema &schema, const EmbeddedType &type, const QString &wanted, QStringList &seen)
{
    if (seen.contains(type.name))
        return false;
    seen.append(type.name);
    return std::any_of(type.fields.begin(), type.fields.end(), [&](const SchemaField &field) {
        return field.type.kind == FieldType::Kind::Embedded
            && (field.type.name == wanted || contains(schema, *schema.embeddedType(field.type.name), wanted, seen));
    });
}

QStringList circles(const Schema &schema, const SchemaText &text)
{
    QStringList problems;
    for (const EmbeddedType &type : schema.embeddedTypes()) {
        for (const SchemaField &field : type.fields) {
            QStringList seen;
            const bool circle = field.type.kind == FieldType::Kind::Embedded && !(field.type.list && field.type.name == type.name)
                && (field.type.name == type.name || contains(schema, *schema.embeddedType(field.type.name), type.name, seen));
            if (circle) {
                const QString path = type.name + u'.' + field.name;
                problems.append(text.place(path)
                                + u": Field \"%1\" makes \"%2\" contain itself, which a value in C++ cannot. "
                                  "A list of its own type it may have: write [%2!]."_s.arg(path, type.name));
            }
        }
    }
    return problems;
}

} // namespace Tideline::Tools
