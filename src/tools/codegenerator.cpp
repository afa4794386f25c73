// SPDX-License-Identifier: MIT
#include "tools/codegenerator.h"

#include "tools/codegentypes.h"

using namespace Qt::StringLiterals;

namespace Tideline::Tools {

namespace {

QString lines(const QStringList &list)
{
    return list.join(u'\n') + (list.isEmpty() ? u""_s : u"\n"_s);
}

/*! Text as a C++ literal: raw strings in pieces that every compiler takes. */
QString rawLiteral(const QString &text)
{
    constexpr qsizetype pieceSize = 12'000;
    QString literal;
    for (qsizetype at = 0; at < text.size() || at == 0; at += pieceSize)
        literal += u"    uR\"tideline("_s + text.mid(at, pieceSize) + u")tideline\"\n"_s;
    return literal;
}

// ---- enums and embedded types ----

QString enumDeclaration(const EnumType &type)
{
    QStringList values;
    for (const QString &value : type.values)
        values.append(u"    %1,"_s.arg(identifier(value)));
    return u"enum class %1 {\n%2};\nQ_ENUM_NS(%1)\n\n"_s.arg(type.name, lines(values));
}

QString enumTraits(const EnumType &type, const QString &space)
{
    return uR"(template<>
struct Tideline::ValueTraits<%1::%2>
{
    [[nodiscard]] static Value toValue(%1::%2 value);
    [[nodiscard]] static %1::%2 fromValue(const Value &value);
};

)"_s.arg(space, type.name);
}

QString enumTraitsBody(const EnumType &type, const QString &space)
{
    QStringList toCases;
    QStringList fromCases;
    for (const QString &value : type.values) {
        toCases.append(u"    case %1::%2::%3: return Value(u\"%4\"_s);"_s.arg(space, type.name, identifier(value), value));
        fromCases.append(u"    if (text == u\"%4\")\n        return %1::%2::%3;"_s.arg(space, type.name, identifier(value), value));
    }
    return uR"(Tideline::Value Tideline::ValueTraits<%1::%2>::toValue(%1::%2 value)
{
    switch (value) {
%3    }
    return {};
}

%1::%2 Tideline::ValueTraits<%1::%2>::fromValue(const Value &value)
{
    const QString text = value.toText();
%4    return {};
}

)"_s.arg(space, type.name, lines(toCases), lines(fromCases));
}

QString embeddedDeclaration(const EmbeddedType &type)
{
    QStringList members;
    for (const SchemaField &field : type.fields)
        members.append(u"    %1 %2 = {};"_s.arg(accessorType(field.type), identifier(field.name)));
    return u"struct %1\n{\n%2\n    friend bool operator==(const %1 &, const %1 &) = default;\n};\n\n"_s.arg(type.name, lines(members));
}

QString embeddedTraitsBody(const EmbeddedType &type, const QString &space)
{
    QStringList to;
    QStringList from;
    for (const SchemaField &field : type.fields) {
        to.append(u"    members.append({u\"%1\"_s, ValueTraits<%2>::toValue(value.%3)});"_s
                      .arg(field.name, accessorType(field.type), identifier(field.name)));
        from.append(u"    result.%3 = ValueTraits<%2>::fromValue(value.member(u\"%1\"));"_s
                        .arg(field.name, accessorType(field.type), identifier(field.name)));
    }
    return uR"(Tideline::Value Tideline::ValueTraits<%1::%2>::toValue(const %1::%2 &value)
{
    Value::Object members;
%3    return Value(std::move(members));
}

%1::%2 Tideline::ValueTraits<%1::%2>::fromValue(const Value &value)
{
    %1::%2 result;
%4    return result;
}

)"_s.arg(space, type.name, lines(to), lines(from));
}

QString embeddedTraits(const EmbeddedType &type, const QString &space)
{
    return uR"(template<>
struct Tideline::ValueTraits<%1::%2>
{
    [[nodiscard]] static Value toValue(const %1::%2 &value);
    [[nodiscard]] static %1::%2 fromValue(const Value &value);
};

)"_s.arg(space, type.name);
}

/*! Embedded types, those that others contain first. */
std::vector<EmbeddedType> inOrder(const std::vector<EmbeddedType> &types)
{
    std::vector<EmbeddedType> ordered;
    std::vector<EmbeddedType> waiting = types;
    while (!waiting.empty()) {
        const size_t before = waiting.size();
        std::erase_if(waiting, [&](const EmbeddedType &type) {
            const bool blocked = std::any_of(type.fields.begin(), type.fields.end(), [&](const SchemaField &field) {
                return field.type.kind == FieldType::Kind::Embedded && field.type.name != type.name
                    && std::any_of(waiting.begin(), waiting.end(), [&](const EmbeddedType &other) { return other.name == field.type.name; });
            });
            if (!blocked)
                ordered.push_back(type);
            return !blocked;
        });
        if (waiting.size() == before) {     // types that contain each other
            ordered.insert(ordered.end(), waiting.begin(), waiting.end());
            break;
        }
    }
    return ordered;
}

// ---- model types ----

class ModelGenerator
{
public:
    ModelGenerator(const Schema &schema, const ModelType &model, const QString &space)
        : m_schema(schema), m_model(model), m_space(space)
    {
    }

    [[nodiscard]] QString declaration() const;
    [[nodiscard]] QString definition() const;

private:
    [[nodiscard]] QString properties() const;
    [[nodiscard]] QString tokens() const;
    [[nodiscard]] QString accessors() const;
    [[nodiscard]] QString relationAccessors() const;
    [[nodiscard]] QString signalDeclarations() const;
    [[nodiscard]] QString relationMembers() const;
    [[nodiscard]] QString recordClass() const;
    [[nodiscard]] QString fieldsStruct() const;
    [[nodiscard]] QString relationDefinitions() const;
    [[nodiscard]] QString notifyCases() const;
    [[nodiscard]] QString draftStatements() const;
    [[nodiscard]] QString relationCondition(const Relation &relation) const;

    template<typename F>
    [[nodiscard]] QString eachField(F line) const
    {
        QStringList list;
        for (size_t i = 0; i < m_model.fields.size(); ++i)
            list.append(line(m_model.fields[i], int(i)));
        list.removeAll(QString());
        return lines(list);
    }

    template<typename F>
    [[nodiscard]] QString eachRelation(F line) const
    {
        QStringList list;
        for (const Relation &relation : m_model.relations)
            list.append(line(relation));
        return lines(list);
    }

    const Schema &m_schema;
    const ModelType &m_model;
    QString m_space;
};

QString ModelGenerator::properties() const
{
    const QString fields = eachField([](const SchemaField &field, int) {
        const PropertyType type = propertyType(field.type);
        const QString name = identifier(field.name);
        if (field.readOnly)
            return u"    Q_PROPERTY(%1 %2 READ %2Value NOTIFY %2Changed FINAL)"_s.arg(type.name, name);
        return u"    Q_PROPERTY(%1 %2 READ %2Value WRITE set%3 NOTIFY %2Changed FINAL)"_s.arg(type.name, name, capitalized(name));
    });
    const QString relations = eachRelation([this](const Relation &relation) {
        const QString name = identifier(relation.name);
        return relation.kind == Relation::Kind::HasMany
            ? u"    Q_PROPERTY(Tideline::LiveQuery *%1 READ %1Query CONSTANT FINAL)"_s.arg(name)
            : u"    Q_PROPERTY(%2::%3 *%1 READ %1Object CONSTANT FINAL)"_s.arg(name, m_space, relation.target);
    });
    return fields + relations;
}

QString ModelGenerator::tokens() const
{
    const QString fields = eachField([](const SchemaField &field, int number) {
        return u"    static constexpr Tideline::Field<%1> %2{u\"%3\", %4};"_s
            .arg(valueType(field.type), identifier(field.name), field.name, QString::number(number));
    });
    const QString relations = eachRelation([](const Relation &relation) {
        return u"    static constexpr Tideline::RelationField %1{u\"%2\"};"_s.arg(identifier(relation.name), relation.name);
    });
    return fields + relations;
}

QString ModelGenerator::accessors() const
{
    return eachField([](const SchemaField &field, int number) {
        const PropertyType type = propertyType(field.type);
        const QString name = identifier(field.name);
        const QString index = QString::number(number);
        QString text = u"    [[nodiscard]] %1 %2Value() const { return %3; }"_s.arg(type.name, name, type.get.arg(index));
        if (!field.readOnly) {
            text += u"\n    void set%1(%2value) { %3; }"_s.arg(
                capitalized(name), type.byReference ? u"const %1 &"_s.arg(type.name) : type.name + u' ', type.set.arg(index));
        }
        return text;
    });
}

QString ModelGenerator::relationAccessors() const
{
    return eachRelation([](const Relation &relation) {
        const QString name = identifier(relation.name);
        return relation.kind == Relation::Kind::HasMany ? u"    [[nodiscard]] Tideline::LiveQuery *%1Query();"_s.arg(name)
                                                        : u"    [[nodiscard]] %2 *%1Object();"_s.arg(name, relation.target);
    });
}

QString ModelGenerator::signalDeclarations() const
{
    return eachField([](const SchemaField &field, int) { return u"    void %1Changed();"_s.arg(identifier(field.name)); });
}

QString ModelGenerator::relationMembers() const
{
    return eachRelation([](const Relation &relation) {
        const QString name = capitalized(relation.name);
        return relation.kind == Relation::Kind::HasMany ? u"    Tideline::LiveQuery *m_related%1 = nullptr;     // a child"_s.arg(name)
                                                        : u"    %2 *m_related%1 = nullptr;     // a child"_s.arg(name, relation.target);
    });
}

QString ModelGenerator::recordClass() const
{
    const QString getters = eachField([](const SchemaField &field, int number) {
        return u"        [[nodiscard]] %1 %2() const { return Tideline::ValueTraits<%1>::fromValue(m_data.value(%3)); }"_s
            .arg(accessorType(field.type), identifier(field.name), QString::number(number));
    });
    const QString conditions = eachRelation([](const Relation &relation) {
        return u"        [[nodiscard]] Tideline::Predicate %1() const;      // which %2 records are related"_s
            .arg(identifier(relation.name), relation.target);
    });
    return uR"(    // An immutable snapshot of one record.
    class Record
    {
    public:
        Record() = default;
        explicit Record(Tideline::Record data) : m_data(std::move(data)) { }

        [[nodiscard]] bool isNull() const { return m_data.isNull(); }
        [[nodiscard]] QString key() const { return m_data.key(); }
        [[nodiscard]] Tideline::SyncState syncState() const { return m_data.state(); }
        [[nodiscard]] const Tideline::Record &data() const { return m_data; }
%1%2
        template<typename T>
        [[nodiscard]] Tideline::Draft with(const Tideline::Field<T> &field, const std::type_identity_t<T> &value) const
        {
            return Tideline::Draft(m_data).with(field.index(), Tideline::ValueTraits<T>::toValue(value));
        }

        friend bool operator==(const Record &a, const Record &b) { return a.m_data == b.m_data; }

    private:
        Tideline::Record m_data;
    };
)"_s.arg(getters, conditions);
}

QString ModelGenerator::fieldsStruct() const
{
    const QString members = eachField([](const SchemaField &field, int) {
        return field.readOnly ? QString()
                              : u"        std::optional<%1> %2 = {};"_s.arg(valueType(field.type), identifier(field.name));
    });
    return u"    // The fields of a new record: save(%1::Fields{...}).\n    struct Fields\n    {\n%2\n        operator Tideline::Draft() const;\n    };\n"_s
        .arg(m_model.name, members);
}

QString ModelGenerator::declaration() const
{
    const QString head = uR"(class %1 : public Tideline::ModelObject, public QQmlParserStatus
{
    Q_OBJECT
    Q_INTERFACES(QQmlParserStatus)
    QML_ELEMENT
%2
public:
    explicit %1(QObject *parent = nullptr);

    [[nodiscard]] static QString typeName() { return u"%1"_s; }

    void classBegin() override { }
    void componentComplete() override { Tideline::resolveStore(this); }

%3
%4
%5
)"_s.arg(m_model.name, properties(), tokens(), recordClass(), fieldsStruct());
    const QString tail = uR"(%1%2
Q_SIGNALS:
%3
protected:
    void emitFieldChanged(int field) override;
)"_s.arg(accessors(), relationAccessors(), signalDeclarations());
    const QString members = m_model.relations.empty() ? QString() : u"\nprivate:\n"_s + relationMembers();
    return head + tail + members + u"};\n\n"_s;
}

QString ModelGenerator::relationCondition(const Relation &relation) const
{
    const auto target = m_schema.target(relation);
    QStringList parts;
    for (size_t i = 0; i < relation.targetFields.size(); ++i) {
        parts.append(u"Tideline::Predicate::compare(u\"%1\"_s, Tideline::Predicate::Operator::Eq, {m_data.value(%2)})"_s
                         .arg(target->fields[size_t(relation.targetFields[i])].name, QString::number(relation.localFields[i])));
    }
    return parts.join(u"\n        && "_s);
}

QString ModelGenerator::relationDefinitions() const
{
    return eachRelation([this](const Relation &relation) {
        const QString name = identifier(relation.name);
        const QString member = u"m_related"_s + capitalized(relation.name);
        const QString condition = u"Tideline::Predicate %1::Record::%2() const\n{\n    return %3;\n}\n"_s
                                      .arg(m_model.name, name, relationCondition(relation));
        if (relation.kind == Relation::Kind::HasMany) {
            return condition
                + u"\nTideline::LiveQuery *%1::%2Query()\n{\n    if (!%3)\n        %3 = Tideline::relatedQuery(this, u\"%4\"_s);\n    return %3;\n}\n"_s
                      .arg(m_model.name, name, member, relation.name);
        }
        return condition
            + u"\n%5 *%1::%2Object()\n{\n    if (!%3) {\n        %3 = new %5(this);\n        Tideline::followRelated(this, u\"%4\"_s, %3);\n    }\n    return %3;\n}\n"_s
                  .arg(m_model.name, name, member, relation.name, relation.target);
    });
}

QString ModelGenerator::notifyCases() const
{
    return eachField([](const SchemaField &field, int number) {
        return u"    case %1: Q_EMIT %2Changed(); break;"_s.arg(QString::number(number), identifier(field.name));
    });
}

QString ModelGenerator::draftStatements() const
{
    return eachField([](const SchemaField &field, int number) {
        if (field.readOnly)
            return QString();
        return u"    if (%1)\n        draft.set(%2, Tideline::ValueTraits<%3>::toValue(*%1));"_s
            .arg(identifier(field.name), QString::number(number), valueType(field.type));
    });
}

QString ModelGenerator::definition() const
{
    return uR"(%1::%1(QObject *parent) : ModelObject(%2::schema(), typeName(), parent) { }

void %1::emitFieldChanged(int field)
{
    switch (field) {
%3    }
    ModelObject::emitFieldChanged(field);
}

%1::Fields::operator Tideline::Draft() const
{
    Tideline::Draft draft(%2::schema().model(typeName()));
%4    return draft;
}

%5
)"_s.arg(m_model.name, m_space, notifyCases(), draftStatements(), relationDefinitions());
}

// ---- files ----

QString headerText(const Schema &schema, const CodegenOptions &options)
{
    QString forward;
    QString models;
    for (const auto &model : schema.models()) {
        forward += u"class %1;\n"_s.arg(model->name);
        models += ModelGenerator(schema, *model, options.name).declaration();
    }
    QString types;
    QString traits;
    for (const EnumType &type : schema.enumTypes()) {
        types += enumDeclaration(type);
        traits += enumTraits(type, options.name);
    }
    for (const EmbeddedType &type : inOrder(schema.embeddedTypes())) {
        types += embeddedDeclaration(type);
        traits += embeddedTraits(type, options.name);
    }
    const QString head = uR"(// Generated from %1. Changes here are lost.
#pragma once

#include <client/live/related.h>
#include <core/data/field.h>
#include <plugin/storescope.h>

#include <QtQml/QQmlParserStatus>
#include <QtQml/qqmlregistration.h>

#include <optional>
#include <type_traits>

namespace %2 {

Q_NAMESPACE
using namespace Qt::StringLiterals;

[[nodiscard]] Tideline::Schema schema();

%3
%4} // namespace %2

%5namespace %2 {

)"_s.arg(options.schemaFile, options.name, forward, types, traits);
    const QString tail = uR"(// The schema for QML: %1.schema
class SchemaSource : public QObject
{
    Q_OBJECT
    QML_NAMED_ELEMENT(%1)
    QML_SINGLETON
    Q_PROPERTY(Tideline::Schema schema READ schema CONSTANT FINAL)

public:
    using QObject::QObject;
    [[nodiscard]] Tideline::Schema schema() const { return %1::schema(); }
};

} // namespace %1
)"_s.arg(options.name);
    return head + models + tail;
}

QString sourceText(const Schema &schema, const CodegenOptions &options)
{
    QString models;
    for (const auto &model : schema.models())
        models += ModelGenerator(schema, *model, options.name).definition();
    QString traits;
    for (const EnumType &type : schema.enumTypes())
        traits += enumTraitsBody(type, options.name);
    for (const EmbeddedType &type : inOrder(schema.embeddedTypes()))
        traits += embeddedTraitsBody(type, options.name);
    return uR"(// Generated from %1. Changes here are lost.
#include "%2.h"

using namespace Qt::StringLiterals;

%3namespace %4 {

Tideline::Schema schema()
{
    static const Tideline::Schema parsed = Tideline::Schema::parse(QString::fromUtf16(
%5    ), u"%1"_s).value();
    return parsed;
}

%6} // namespace %4
)"_s.arg(options.schemaFile, options.baseName, traits, options.name, rawLiteral(schema.source()), models);
}

} // namespace

QList<GeneratedFile> generateCode(const Schema &schema, const CodegenOptions &options)
{
    return {{options.baseName + u".h"_s, headerText(schema, options)},
            {options.baseName + u".cpp"_s, sourceText(schema, options)}};
}

} // namespace Tideline::Tools
