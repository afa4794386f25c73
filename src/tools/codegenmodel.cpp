// SPDX-License-Identifier: MIT
#include "tools/codegenmodel.h"

#include "tools/codegentext.h"
#include "tools/codegentypes.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Tideline::Tools {

namespace {

class ModelGenerator
{
public:
    ModelGenerator(const CodegenInput &input, const ModelType &model) : m_input(input), m_model(model) { }

    [[nodiscard]] QString declaration() const;
    [[nodiscard]] QString definition() const;

private:
    [[nodiscard]] QString className() const { return m_input.names.type(m_model.name); }
    [[nodiscard]] QString name(const SchemaField &field) const { return m_input.names.member(m_model.name, field.name); }
    [[nodiscard]] QString name(const Relation &relation) const { return m_input.names.member(m_model.name, relation.name); }
    [[nodiscard]] QString member(const Relation &relation) const { return u"m_related"_s + capitalized(name(relation)); }
    [[nodiscard]] QString descriptionOf(const Relation &relation) const;
    [[nodiscard]] const ModelType &relatedModel(const Relation &relation) const;
    [[nodiscard]] QString relatedClass(const Relation &relation) const { return m_input.names.type(relatedModel(relation).name); }

    [[nodiscard]] QString properties() const;
    [[nodiscard]] QString tokens() const;
    [[nodiscard]] QString recordClass() const;
    [[nodiscard]] QString fieldsStruct() const;
    [[nodiscard]] QString keyParameters() const;
    [[nodiscard]] QString accessors() const;
    [[nodiscard]] QString relationAccessors() const;
    [[nodiscard]] QString signalDeclarations() const;
    [[nodiscard]] QString relationMembers() const;

    [[nodiscard]] QString keyDefinition() const;
    [[nodiscard]] QString notifyCases() const;
    [[nodiscard]] QString draftStatements() const;
    [[nodiscard]] QString relationCondition(const Relation &relation) const;
    [[nodiscard]] QString conditionDefinition(const Relation &relation) const;
    [[nodiscard]] QString queryDefinition(const Relation &relation) const;
    [[nodiscard]] QString objectDefinition(const Relation &relation) const;

    template<typename F>
    [[nodiscard]] QString eachField(F text) const
    {
        QString all;
        for (size_t i = 0; i < m_model.fields.size(); ++i)
            all += text(m_model.fields[i], QString::number(i));
        return all;
    }

    template<typename F>
    [[nodiscard]] QString eachRelation(F text) const
    {
        QString all;
        for (const Relation &relation : m_model.relations)
            all += text(relation);
        return all;
    }

    const CodegenInput &m_input;
    const ModelType &m_model;
};

QString ModelGenerator::descriptionOf(const Relation &relation) const
{
    return m_input.text.description(m_model.name + u'.' + relation.name);
}

/*! Of a many-to-many relation the other side, not the join model. */
const ModelType &ModelGenerator::relatedModel(const Relation &relation) const
{
    const auto target = m_input.schema.target(relation);
    if (relation.joinRelation.isEmpty())
        return *target;
    return *m_input.schema.target(*target->relation(relation.joinRelation));
}

// ---- declaration ----

QString ModelGenerator::properties() const
{
    const QString fields = eachField([this](const SchemaField &field, const QString &) {
        const QString write = field.readOnly ? QString() : u" WRITE set%1"_s.arg(capitalized(name(field)));
        return u"    Q_PROPERTY(%1 %2 READ %2Value%3 NOTIFY %2Changed FINAL)\n"_s.arg(propertyType(field.type).name, name(field), write);
    });
    const QString relations = eachRelation([this](const Relation &relation) {
        return relation.kind == Relation::Kind::HasMany
            ? u"    Q_PROPERTY(Tideline::LiveQuery *%1 READ %1Query CONSTANT FINAL)\n"_s.arg(name(relation))
            : u"    Q_PROPERTY(%2::%3 *%1 READ %1Object CONSTANT FINAL)\n"_s.arg(name(relation), m_input.space, relatedClass(relation));
    });
    return fields + relations;
}

QString ModelGenerator::tokens() const
{
    const QString fields = eachField([this](const SchemaField &field, const QString &number) {
        return comment(field.description, 4)
            + u"    static constexpr Tideline::Field<%1> %2{u\"%3\", %4};\n"_s
                  .arg(valueType(m_input.names, field.type), name(field), field.name, number);
    });
    const QString relations = eachRelation([this](const Relation &relation) {
        return comment(descriptionOf(relation), 4)
            + u"    static constexpr Tideline::RelationField %1{u\"%2\"};\n"_s.arg(name(relation), relation.name);
    });
    return fields + relations;
}

QString ModelGenerator::recordClass() const
{
    const QString getters = eachField([this](const SchemaField &field, const QString &number) {
        return comment(field.description, 8)
            + u"        [[nodiscard]] %1 %2() const { return field<%1>(%3); }\n"_s
                  .arg(accessorType(m_input.names, field.type), name(field), number);
    });
    const QString conditions = eachRelation([this](const Relation &relation) {
        return u"        /*! Which %2 records are related, for a query of them. */\n        [[nodiscard]] Tideline::Predicate %1() const;\n"_s
            .arg(name(relation), relatedClass(relation));
    });
    return uR"(    /*! An immutable snapshot of one record. */
    class Record : public Tideline::TypedRecord
    {
    public:
        using TypedRecord::TypedRecord;

%1%2    };
)"_s.arg(getters, conditions);
}

QString ModelGenerator::fieldsStruct() const
{
    const QString members = eachField([this](const SchemaField &field, const QString &) {
        return field.readOnly ? QString() : u"        std::optional<%1> %2 = {};\n"_s.arg(valueType(m_input.names, field.type), name(field));
    });
    return uR"(    /*! The fields of a new record: store.save(%1::Fields{...}). */
    struct Fields
    {
%2
        operator Tideline::TypedDraft() const;
    };
)"_s.arg(className(), members);
}

QString ModelGenerator::keyParameters() const
{
    QStringList parameters;
    for (const int index : m_model.primaryKey) {
        const SchemaField &field = m_model.fields[size_t(index)];
        parameters.append(parameter(valueType(m_input.names, field.type), name(field)));
    }
    return parameters.join(u", "_s);
}

QString ModelGenerator::accessors() const
{
    return eachField([this](const SchemaField &field, const QString &number) {
        const PropertyType type = propertyType(field.type);
        QString text = u"    [[nodiscard]] %1 %2Value() const { return %3; }\n"_s.arg(type.name, name(field), type.get.arg(number));
        if (!field.readOnly)
            text += u"    void set%1(%2) { %3; }\n"_s.arg(capitalized(name(field)), parameter(type.name, u"newValue"_s), type.set.arg(number));
        return text;
    });
}

QString ModelGenerator::relationAccessors() const
{
    return eachRelation([this](const Relation &relation) {
        return relation.kind == Relation::Kind::HasMany
            ? u"    [[nodiscard]] Tideline::LiveQuery *%1Query();\n"_s.arg(name(relation))
            : u"    [[nodiscard]] %2 *%1Object();\n"_s.arg(name(relation), relatedClass(relation));
    });
}

QString ModelGenerator::signalDeclarations() const
{
    return eachField([this](const SchemaField &field, const QString &) { return u"    void %1Changed();\n"_s.arg(name(field)); });
}

QString ModelGenerator::relationMembers() const
{
    return eachRelation([this](const Relation &relation) {
        return relation.kind == Relation::Kind::HasMany ? u"    Tideline::LiveQuery *%1 = nullptr;     // a child\n"_s.arg(member(relation))
                                                        : u"    %2 *%1 = nullptr;     // a child\n"_s.arg(member(relation), relatedClass(relation));
    });
}

QString ModelGenerator::declaration() const
{
    const QString head = comment(m_model.description, 0) + uR"(class %1 : public Tideline::ModelObject, public QQmlParserStatus
{
    Q_OBJECT
    Q_INTERFACES(QQmlParserStatus)
    QML_ELEMENT
%2
public:
    // For predicates and sort orders.
%3
%4
%5
    explicit %1(QObject *parent = nullptr);

    [[nodiscard]] static QString typeName() { return QStringLiteral("%6"); }
    [[nodiscard]] static QString keyOf(%7);

    void classBegin() override { }
    void componentComplete() override { Tideline::resolveStore(this); }

)"_s.arg(className(), properties(), tokens(), recordClass(), fieldsStruct(), m_model.name, keyParameters());
    const QString tail = uR"(%1%2
Q_SIGNALS:
%3
protected:
    void emitFieldChanged(int field) override;
)"_s.arg(accessors(), relationAccessors(), signalDeclarations());
    const QString members = m_model.relations.empty() ? QString() : u"\nprivate:\n"_s + relationMembers();
    return head + tail + members + u"};\n\n"_s;
}

// ---- definition ----

QString ModelGenerator::keyDefinition() const
{
    QStringList parts;
    for (const int index : m_model.primaryKey) {
        const SchemaField &field = m_model.fields[size_t(index)];
        parts.append(u"Tideline::ValueTraits<%1>::toValue(%2)"_s.arg(valueType(m_input.names, field.type), name(field)));
    }
    return u"QString %1::keyOf(%2)\n{\n    return Tideline::keyFromParts({%3});\n}\n"_s.arg(className(), keyParameters(), parts.join(u",\n        "_s));
}

QString ModelGenerator::notifyCases() const
{
    return eachField([this](const SchemaField &field, const QString &number) {
        return u"    case %1: Q_EMIT %2Changed(); break;\n"_s.arg(number, name(field));
    });
}

QString ModelGenerator::draftStatements() const
{
    return eachField([this](const SchemaField &field, const QString &number) {
        return field.readOnly ? QString() : u"    if (%1)\n        draft.set(%2, Tideline::ValueTraits<%3>::toValue(*%1));\n"_s
            .arg(name(field), number, valueType(m_input.names, field.type));
    });
}

/*! That \a relation leads from a record to its target, or of a many-to-many relation to a record of the join model. */
QString ModelGenerator::relationCondition(const Relation &relation) const
{
    const auto target = m_input.schema.target(relation);
    QStringList parts;
    for (size_t i = 0; i < relation.targetFields.size(); ++i) {
        parts.append(u"Tideline::Predicate::compare(u\"%1\"_s, Tideline::Predicate::Operator::Eq, {record().value(%2)})"_s
                         .arg(target->fields[size_t(relation.targetFields[i])].name, QString::number(relation.localFields[i])));
    }
    return parts.join(u"\n        && "_s);
}

QString ModelGenerator::conditionDefinition(const Relation &relation) const
{
    QString condition = relationCondition(relation);
    if (!relation.joinRelation.isEmpty()) {
        const std::vector<Relation> &back = relatedModel(relation).relations;
        const auto way = std::find_if(back.begin(), back.end(), [&](const Relation &other) {
            return other.target == relation.target && !other.joinRelation.isEmpty();
        });
        Q_ASSERT(way != back.end());
        condition = u"Tideline::Predicate::related(u\"%1\"_s,\n        %2)"_s.arg(way->name, condition);
    }
    return u"Tideline::Predicate %1::Record::%2() const\n{\n    return %3;\n}\n\n"_s.arg(className(), name(relation), condition);
}

QString ModelGenerator::queryDefinition(const Relation &relation) const
{
    return uR"(Tideline::LiveQuery *%1::%2Query()
{
    if (!%3)
        %3 = Tideline::relatedQuery(this, u"%4"_s);
    return %3;
}

)"_s.arg(className(), name(relation), member(relation), relation.name);
}

QString ModelGenerator::objectDefinition(const Relation &relation) const
{
    return uR"(%5 *%1::%2Object()
{
    if (!%3) {
        %3 = new %5(this);
        Tideline::followRelated(this, u"%4"_s, %3);
    }
    return %3;
}

)"_s.arg(className(), name(relation), member(relation), relation.name, relatedClass(relation));
}

QString ModelGenerator::definition() const
{
    const QString relations = eachRelation([this](const Relation &relation) {
        return conditionDefinition(relation)
            + (relation.kind == Relation::Kind::HasMany ? queryDefinition(relation) : objectDefinition(relation));
    });
    return uR"(// ---- %1 ----

%1::%1(QObject *parent) : ModelObject(%2::schema(), typeName(), parent) { }

%3
void %1::emitFieldChanged(int field)
{
    switch (field) {
%4    }
    ModelObject::emitFieldChanged(field);
}

%1::Fields::operator Tideline::TypedDraft() const
{
    Tideline::TypedDraft draft(%2::schema().model(typeName()));
%5    return draft;
}

%6)"_s.arg(className(), m_input.space, keyDefinition(), notifyCases(), draftStatements(), relations);
}

} // namespace

QString modelDeclaration(const CodegenInput &input, const ModelType &model)
{
    return ModelGenerator(input, model).declaration();
}

QString modelDefinition(const CodegenInput &input, const ModelType &model)
{
    return ModelGenerator(input, model).definition();
}

} // namespace Tideline::Tools
