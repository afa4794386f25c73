// SPDX-License-Identifier: MIT
#include "server/feed/portraits.h"

#include <set>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

namespace {

// What the bytes of one portrait depend on.
class Description
{
public:
    Description(const PreparedDocument::Operation &operation, const ReadContext &context)
        : m_operation(operation), m_context(context), m_rights(context.bindings, operation.identity) { }

    [[nodiscard]] QByteArray text();
    [[nodiscard]] bool hasRelations() const noexcept { return m_hasRelations; }

private:
    void addFields(const SelectionPlan &selection);
    void addField(const PlannedField &field);
    void addRights(const FieldBinding &binding);
    void addVariables(const GraphQL::Value &value);

    const PreparedDocument::Operation &m_operation;
    const ReadContext &m_context;
    CallerRights m_rights;
    std::set<QString> m_variables;
    std::set<QString> m_reached;
    bool m_hasRelations = false;
};

QByteArray Description::text()
{
    const PlannedField &root = m_operation.plan->root->fields.front();
    const ModelBinding &model = *m_context.bindings.of(*root.definition).model;
    m_reached.insert(u"root "_s + m_rights.fields(model).digest());
    for (const SelectionPlan *selection : root.selections)
        addFields(*selection);
    JsonWriter writer;
    writer.integer(qint64(quintptr(m_operation.plan.get())));
    for (const QString &name : m_variables)
        writer.value(m_operation.variables.value(name));
    for (const QString &reached : m_reached)
        writer.text(reached);
    writer.text(m_operation.identity.deniedFields.join(u' '));
    return writer.take();
}

void Description::addFields(const SelectionPlan &selection)
{
    for (const PlannedField &field : selection.fields)
        addField(field);
}

void Description::addField(const PlannedField &field)
{
    for (const GraphQL::Argument &argument : field.node->arguments)
        addVariables(argument.value);
    addRights(m_context.bindings.of(*field.definition));
    for (const SelectionPlan *selection : field.selections)
        addFields(*selection);
}

void Description::addRights(const FieldBinding &binding)
{
    if (binding.role == FieldRole::Relation) {
        m_hasRelations = true;
        const ModelBinding &target = m_context.bindings.of(*m_context.schema.target(binding.model->model->relations[size_t(binding.index)]));
        m_reached.insert(u"%1 %2 %3 %4"_s.arg(target.model->name, m_rights.rows(target, Access::Get).digest(),
                                              m_rights.rows(target, Access::List).digest(), m_rights.fields(target).digest()));
    }
    if (binding.rules)
        m_reached.insert(u"%1 %2"_s.arg(quintptr(binding.rules)).arg(binding.rules->grant(m_operation.identity, Access::Read).isEverybody()));
}

void Description::addVariables(const GraphQL::Value &value)
{
    if (const auto *variable = std::get_if<GraphQL::Variable>(&value.node)) {
        m_variables.insert(variable->name.value);
    } else if (const auto *list = std::get_if<GraphQL::ListValue>(&value.node)) {
        for (const GraphQL::Value &element : list->values)
            addVariables(element);
    } else if (const auto *object = std::get_if<GraphQL::ObjectValue>(&value.node)) {
        for (const GraphQL::ObjectField &field : object->fields)
            addVariables(field.value);
    }
}

} // namespace

Portrait portraitOf(const PreparedDocument::Operation &operation, const ReadContext &context)
{
    Description description(operation, context);
    const QByteArray key = description.text();
    return {operation, key, description.hasRelations()};
}

} // namespace Tideline::Server
