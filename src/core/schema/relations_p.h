// SPDX-License-Identifier: MIT
#pragma once

#include "core/schema/schemacontext_p.h"

namespace Tideline {

// A relation while it is being resolved: first what the text says, then the names of the fields.
struct RelationDraft
{
    ModelDraft *owner = nullptr;
    ModelDraft *target = nullptr;
    const GraphQL::FieldDefinition *field = nullptr;
    const GraphQL::Directive *directive = nullptr;
    Relation::Kind kind = Relation::Kind::BelongsTo;
    QStringList fields;
    QStringList references;
    QString indexName;
    int limit = 100;

    QStringList local;                  // resolved: rows of the target whose remote fields
    QStringList remote;                 // equal these local ones
    QString foreignKeyIndex;            // index to be made on the target

    [[nodiscard]] Place place() const;
    [[nodiscard]] QString name() const;             // "Blog.posts"
    [[nodiscard]] bool usesCounterpart() const      // the other side says where the key is
    {
        return kind == Relation::Kind::BelongsTo && fields.isEmpty() && references.isEmpty();
    }
};

class RelationBuilder
{
public:
    explicit RelationBuilder(SchemaContext &context) : m_context(context) { }

    void build();

private:
    void collect();
    void collectField(ModelDraft &draft, const GraphQL::FieldDefinition &field);
    void collectRelation(ModelDraft &draft, const GraphQL::FieldDefinition &field, const GraphQL::Directive &directive,
                         ModelDraft &target);
    void checkPairs();
    void checkAmbiguity();
    void resolve(RelationDraft &relation);
    void resolveFields(RelationDraft &relation);
    void resolveReferences(RelationDraft &relation);
    void resolveDefaults(RelationDraft &relation);
    void resolveByIndex(RelationDraft &relation);
    void makeForeignKey(ModelDraft &holder, const ModelDraft &keyOwner, const RelationDraft &relation, QStringList &names);
    [[nodiscard]] bool checkNames(const RelationDraft &relation, const ModelDraft &draft, const QStringList &names);
    [[nodiscard]] bool checkCount(const RelationDraft &relation, const ModelDraft &keyOwner, qsizetype given, const QString &what);
    [[nodiscard]] bool checkTypes(const RelationDraft &relation, bool idIsString);
    void checkOtherReferences(const RelationDraft &relation);
    void finish(const RelationDraft &relation);
    void checkCircles();
    [[nodiscard]] RelationDraft *counterpartOf(const RelationDraft &relation);
    void add(const Place &place, const QString &text);

    SchemaContext &m_context;
    std::vector<RelationDraft> m_relations;
};

[[nodiscard]] QStringList keyNames(const ModelDraft &draft);

} // namespace Tideline
