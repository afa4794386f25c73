// SPDX-License-Identifier: MIT
#pragma once

#include "core/schema/schema.h"

#include <QtCore/QStringList>

#include <optional>
#include <vector>

namespace Tideline {

class ValueConversion;

/*! What becomes of the tables of one schema under another. A value that says and does nothing else; printed by describe(). */
class EvolutionPlan
{
public:
    // Where a field's values come from.
    struct FieldStep
    {
        int from = -1;                      // field of the older model; -1: nowhere
        bool sure = false;                  // every value has a place: expression
        QString expression;                 // SQL over the older columns
    };

    struct ModelStep
    {
        std::shared_ptr<const ModelType> older;     // null: the model is new
        std::shared_ptr<const ModelType> newer;     // null: it is gone
        std::vector<FieldStep> fields;              // one for each field of newer
        std::vector<int> gone;                      // fields of older without a place
        bool rebuilds = false;                      // a new table takes the place of the older one
        bool rekeys = false;                        // records have other keys
        bool refetches = false;                     // the backend knows values that the rows lack
        bool demands = false;                       // rows may lack a value that they need

        [[nodiscard]] int target(int olderField) const noexcept;        // in newer; -1: gone
        [[nodiscard]] int target(const QString &name) const;            // of a field of older, or of a still older model
        [[nodiscard]] bool changes() const noexcept;
    };

    // A foreign key whose values have to be looked up, because the records it leads to have other keys now.
    struct Link
    {
        int holder = 0;                             // steps, by index
        int parent = 0;
        std::vector<int> from;                      // fields of the older holder
        std::vector<int> to;                        // fields of the newer one
    };

    EvolutionPlan(const Schema &older, const Schema &newer);

    [[nodiscard]] const std::vector<ModelStep> &steps() const noexcept { return m_steps; }
    [[nodiscard]] const std::vector<Link> &links() const noexcept { return m_links; }
    [[nodiscard]] const ModelStep *stepOf(const QString &model) const;  // that has taken over what was noted under this name
    [[nodiscard]] QStringList describe() const;                         // a sentence for each change

private:
    void matchModels();
    void matchFields(ModelStep &step);
    void matchRelations(const ModelStep &step);
    void matchLink(const ModelStep &holder, const ModelStep &parent, const Relation &now, const Relation &before, bool holdsKey);
    void finish(ModelStep &step, const ValueConversion &conversion);
    [[nodiscard]] int indexOf(const std::shared_ptr<const ModelType> &newer) const;

    const Schema m_older;
    const Schema m_newer;
    std::vector<ModelStep> m_steps;                 // those of newer by number, then what is gone
    std::vector<Link> m_links;
};

} // namespace Tideline
