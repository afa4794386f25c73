// SPDX-License-Identifier: MIT
#pragma once

#include "core/schema/schema.h"
#include "tools/schematext.h"

#include <QtCore/QHash>

namespace Tideline::Tools {

/*
    What the names of a schema are in generated C++ and in QML:

    - Types begin with a capital, members with a small letter: item -> Item, Name -> name, SKU -> sku.
    - Underscores before a type or an enum's value go to its end: _Draft -> Draft_.
    - What C++, QML, a common macro or the generated class needs itself gets an underscore: class -> class_, key -> key_.

    Everything else stays as it is. What is the same after that, or begins with a digit, is a problem.
*/
class Names
{
public:
    Names(const Schema &schema, const QString &space);

    [[nodiscard]] QString type(const QString &type) const { return m_names.value(type); }
    [[nodiscard]] QString member(const QString &type, const QString &member) const { return m_names.value(type + u'.' + member); }
    [[nodiscard]] QString valuesOf(const QString &enumType) const { return type(enumType) + QStringLiteral("Values"); }   // the names for QML

    /*! Each as "schema.graphql:3:5: what is wrong and what to do". */
    [[nodiscard]] QStringList problems(const SchemaText &text) const;

private:
    struct Problem
    {
        QString path;
        QString text;
    };
    class Scope;

    void nameTypes(const Schema &schema, const QString &space);
    void nameType(Scope &scope, const QString &name);
    void nameValues(const EnumType &type);
    void nameMembers(const EmbeddedType &type);
    void nameMembers(const ModelType &type);

    QHash<QString, QString> m_names;        // by path
    QList<Problem> m_problems;
};

[[nodiscard]] QString capitalized(const QString &name);        // "sku" -> "Sku"

/*! Why \a name cannot be the namespace of the classes, a type in QML and, in small letters, a header; empty: it can. */
[[nodiscard]] QString spaceProblem(const QString &name);

} // namespace Tideline::Tools
