// SPDX-License-Identifier: MIT
#include "client/datastore_p.h"

// What a data store knows of who calls.

namespace Tideline {

/*! \property Tideline::DataStore::authRequired
    \brief Whether syncing rests because nobody is signed in, or the backend refuses the credentials. Local work goes on, nothing is
    lost and no mutation counts an attempt; other credentials end it at once, and the same ones are tried again with growing pauses. */
bool DataStore::isAuthRequired() const
{
    return d->authRequired;
}

/*! \fn void Tideline::DataStore::needsAuth(const Tideline::Error &error)
    Syncing rests until there are other credentials, because of \a error; once each time that authRequired() becomes true. */

/*! Returns what the backend will say when \a operation is done with \a record, a null one for any: by the schema's rules and the present
    credentials, without asking anybody. Of an update \a fields are those it writes. Unknown is what depends on what is not
    known here. Refused as well when the schema has no such \a type. */
Verdict DataStore::verdict(const QString &type, Intention::Operation operation, const Record &record, const QStringList &fields) const
{
    const auto model = d->schema.model(type);
    if (!model || (record && record.model() != model))
        return Verdict::Refused;
    return d->backend ? d->backend->verdict({model, operation, record, fields}) : Verdict::Unknown;
}

/*! Returns what the backend will say when \a draft is saved, or what it is over is deleted or read. */
Verdict DataStore::verdict(const Draft &draft, Intention::Operation operation) const
{
    if (!draft.model())
        return Verdict::Refused;
    const bool creates = operation == Intention::Operation::Create;
    Record record = creates ? Record(draft.model()) : draft.base();
    QStringList fields;
    for (const auto &[field, value] : draft.changes()) {
        fields.append(draft.model()->fields[size_t(field)].name);
        if (creates)
            record.setValue(field, value);
    }
    return verdict(draft.model()->name, operation, record, fields);
}

/*! \fn void Tideline::DataStore::verdictsChanged()
    verdict() may say something else than before: somebody else is signed in, or the backend is another one. */

} // namespace Tideline
