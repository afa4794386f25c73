// SPDX-License-Identifier: MIT
#pragma once

#include "server/resolvers/callerrights.h"
#include "server/resolvers/mutation.h"
#include "server/resolvers/pagetoken.h"
#include "server/resolvers/relatives.h"
#include "server/storage/commitorder.h"
#include "server/storage/readsession.h"

namespace Tideline::Server {

struct ReadOptions
{
    qint64 deltaTtlMs = 0;
    bool removesEarly = false;                      // tombstones go before the journal does
    int defaultLimit = 100;
    int maxLimit = 1000;
    qsizetype maxRecords = 100'000;                 // of one request, all levels together
};

// What reading needs of the service; shared by all requests.
struct ReadContext
{
    const Schema &schema;
    const TypeSystem &types;
    const Layout &layout;
    const Bindings &bindings;
    const CommitOrder &order;
    TokenSeal seal;
    ReadOptions options;
};

/*
    Resolves, for one caller, the fields of models, connections and embedded types from one state of the database, that of the
    first read. Relations are read once per field and level for all parents.

    What the caller may not see (section 7 of the protocol): a query of a model that is closed to him, and getX of a record that is not
    his, are Unauthorized; lists, syncs and connections leave such records out; a relation that leads to one is null, without
    an error, since one hidden parent must not cost a device the sync of all children. Nor may it cost the child: where the relation
    must not be null it shows the parent's key (glimpse.h), which is what DataStore clients ask of a parent; with AppSync
    the child is null there, and clients skip it or take a mutation for failed. A field that is not his is null and
    Unauthorized. Index queries find records only by fields of theirs that he may read.

    AppSync has null for protected fields in every answer to a mutation, since its subscribers get that answer. Here each subscriber's
    selection is resolved from the record for himself, so a mutation's answer has what the caller may read. The rest
    is null there without an error, which clients would take for a failed mutation, and fields that must not be null stay.
*/
class ModelResolver final : public Resolver
{
public:
    ModelResolver(const ReadContext &context, Connection &connection, const Identity &identity);

    // The answers of a mutation's root fields, by the plan's field numbers.
    void setOutcomes(const std::vector<std::pair<int, MutationOutcome>> &outcomes) { m_outcomes = &outcomes; }
    // What was read for several answers together.
    void setRelatives(const Relatives &relatives) { m_relatives = &relatives; }
    // What a subscription's root field shows.
    void setChanged(const Record &record) { m_changed = record; }

    // What the database failed with last, whatever the answer says of it.
    [[nodiscard]] const Error &databaseError() const noexcept { return m_session.error(); }

    void resolve(const FieldCall &call, std::span<const Source *const> parents, std::span<Resolved> results) override;
    [[nodiscard]] ResolvedLeaf leaf(const FieldCall &call, const Source &parent) override;

private:
    struct Page;
    struct Wanted                                   // what a level asks for, each tuple once, and which parents want it
    {
        std::vector<std::vector<Value>> tuples;
        QHash<QString, std::vector<size_t>> parents;    // by keyFromParts() of the tuple
    };

    void resolveReadable(const FieldCall &call, const FieldBinding &binding, std::span<const Source *const> parents,
                         std::span<Resolved> results);
    void withhold(const FieldCall &call, const FieldBinding &binding, std::span<const Source *const> parents, std::span<Resolved> results) const;
    void resolveAll(const FieldCall &call, const FieldBinding &binding, std::span<const Source *const> parents, std::span<Resolved> results);
    [[nodiscard]] bool isSilent(const FieldDefinition &field) const;
    [[nodiscard]] ResolvedLeaf column(const FieldBinding &binding, const Record &record) const;
    [[nodiscard]] Resolved root(const FieldCall &call, const FieldBinding &binding);
    [[nodiscard]] Resolved get(const FieldCall &call, const ModelBinding &binding);
    [[nodiscard]] Resolved list(const FieldCall &call, const ModelBinding &binding, const std::vector<int> &key, bool partitionRequired);
    [[nodiscard]] Resolved sync(const FieldCall &call, const ModelBinding &binding);
    [[nodiscard]] Result<PageToken> syncStart(const FieldCall &call, const QByteArray &purpose);
    [[nodiscard]] Result<std::vector<Record>> changes(const ModelBinding &binding, const ReadSession::Partition &partition, qint64 after, int limit);
    [[nodiscard]] Resolved mutated(const FieldCall &call, const ModelBinding &binding) const;
    [[nodiscard]] Resolved embedded(const Value &value, const Type *type) const;
    [[nodiscard]] Resolved items(const Source &parent) const;

    void relation(const FieldCall &call, const FieldBinding &binding, std::span<const Source *const> parents, std::span<Resolved> results);
    void showKeys(const ModelBinding &target, const Relation &relation, std::span<const Source *const> parents, std::span<Resolved> results);
    void one(const ModelBinding &target, const Relation &relation, std::span<const Source *const> parents, std::span<Resolved> results);
    void many(const FieldCall &call, const ModelBinding &target, const Relation &relation, std::span<const Source *const> parents,
              std::span<Resolved> results);
    void manyFrom(const FieldCall &call, const ModelBinding &target, const Relation &relation, RangeQuery query,
                  std::span<const Source *const> parents, std::span<Resolved> results);
    void manyByToken(const FieldCall &call, const ModelBinding &target, const Filter &filter, RangeQuery query, const Wanted &wanted,
                     std::span<Resolved> results);
    [[nodiscard]] static Wanted wantedBy(std::span<const Source *const> parents, const Relation &relation);

    [[nodiscard]] Result<int> limit(const FieldCall &call, int standard) const;
    [[nodiscard]] Resolved page(const FieldCall &call, const ModelBinding &binding, std::vector<Record> records, const Filter &filter,
                                int limit, const RangeQuery &query, const QString &parentKey = {});
    void keepVisible(const ModelBinding &binding, Access access, const Filter &filter, std::vector<Record> &records);
    void keepFoundByReadable(const ModelBinding &binding, const RangeQuery &query, std::vector<Record> &records);
    // \a records unless they are too many for one answer.
    [[nodiscard]] Result<std::vector<Record>> counted(Result<std::vector<Record>> records);
    [[nodiscard]] static Resolved failure(const Error &error);

    const ReadContext &m_context;
    CallerRights m_rights;
    ReadSession m_session;
    qsizetype m_records = 0;                        // read so far
    const std::vector<std::pair<int, MutationOutcome>> *m_outcomes = nullptr;
    const Relatives *m_relatives = nullptr;
    Record m_changed;
};

} // namespace Tideline::Server
