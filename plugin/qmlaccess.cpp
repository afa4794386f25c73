// SPDX-License-Identifier: MIT
#include "plugin/qmlaccess.h"

#include "plugin/conversion.h"
#include "plugin/plain.h"
#include "plugin/plugintext.h"
#include "plugin/qmldatastore.h"

#include <QtQml/QQmlInfo>

using namespace Qt::StringLiterals;

namespace Tideline {

QmlAccess::QmlAccess(QmlDataStore *store) : QObject(store), m_store(store) { }

Verdict QmlAccess::may(const QJSValue &operation, const QJSValue &record) const
{
    return m_store->may(operation, record);
}

/*! \qmlmethod enumeration DataStore::may(operation, record)
    Returns what the backend will say of "create", "update", "delete" or "read", by the schema's rules and who is signed in, without asking
    it: Verdict.Allowed, Verdict.Refused, or Verdict.Unknown when only the backend knows. \a record is whatever save() takes, of an update
    with its changes; or a type, for any record of it. */
/*! \qmlproperty object DataStore::access
    Has the same may(), for bindings: \c{enabled: store.access.may("delete", row) !== Verdict.Refused} is seen to again when
    somebody else is signed in. */
Verdict QmlDataStore::may(const QJSValue &operation, const QJSValue &record)
{
    using Operation = Intention::Operation;
    static const QHash<QString, Operation> operations{
        {u"create"_s, Operation::Create}, {u"update"_s, Operation::Update}, {u"delete"_s, Operation::Delete}, {u"read"_s, Operation::Read}};
    const auto found = operations.constFind(operation.isString() ? operation.toString() : QString());
    if (found == operations.constEnd()) {
        qmlWarning(this) << PluginText::tr("may() takes \"create\", \"update\", \"delete\" or \"read\", not %1.").arg(described(operation));
        return Verdict::Unknown;
    }
    if (record.isString())
        return verdict(record.toString(), *found);
    const Result<Draft> draft = draftFromJs(schema(), record);
    if (!draft) {
        qmlWarning(this) << draft.error().message();
        return Verdict::Unknown;
    }
    return verdict(*draft, *found);
}

} // namespace Tideline
