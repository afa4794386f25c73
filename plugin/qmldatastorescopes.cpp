// SPDX-License-Identifier: MIT
// What a device keeps, as QML says it.
#include "plugin/qmldatastore.h"

#include "core/data/qmlvalues_p.h"
#include "plugin/plugintext.h"

namespace Tideline {

/*! \qmlproperty object DataStore::scopes
    Which records this device keeps: by type a filter over its own fields, as \c where has it; types that are not named are kept whole.
    Set it at any time, \c {scopes: ({ StockCount: { bin: { eq: "A-17" } } })}: what matches no more goes, only what is missing is
    fetched. A wrong filter, also one that contains undefined, is told by errorOccurred() and leaves the former scopes in force. */
QVariantMap QmlDataStore::scopeMap() const
{
    QVariantMap map;
    const QHash<QString, Predicate> all = scopes();
    for (auto scope = all.cbegin(); scope != all.cend(); ++scope)
        map.insert(scope.key(), scope->toJson().toVariantMap());
    return map;
}

void QmlDataStore::setScopeMap(const QVariantMap &scopes)
{
    QHash<QString, Predicate> given;
    for (auto scope = scopes.cbegin(); scope != scopes.cend(); ++scope) {
        if (holdsUndefined(*scope)) {
            report(Error(Error::Code::InvalidArgument, PluginText::tr("The scope of %1 contains undefined.").arg(scope.key())).withModel(scope.key()));
            return;
        }
        const Result<Predicate> predicate = Predicate::fromVariant(*scope);
        if (!predicate) {
            report(predicate.error().withModel(scope.key()));
            return;
        }
        given.insert(scope.key(), *predicate);
    }
    if (const Result<void> set = setScopes(given); !set)
        report(set.error());
}

/*! \qmlproperty object DataStore::scopePriorities
    Which types are fetched first: by type a whole number, \c {scopePriorities: ({ Session: 2, StockCount: 1 })}; a higher one goes first, types that are
    not named count as 0, and what a type depends on goes before it. A property of its own, because a type may have fields of any name. A
    wrong one is told by errorOccurred() and leaves the former priorities in force. */
QVariantMap QmlDataStore::scopePriorityMap() const
{
    QVariantMap map;
    const QHash<QString, int> all = scopePriorities();
    for (auto priority = all.cbegin(); priority != all.cend(); ++priority)
        map.insert(priority.key(), *priority);
    return map;
}

void QmlDataStore::setScopePriorityMap(const QVariantMap &priorities)
{
    QHash<QString, int> given;
    for (auto priority = priorities.cbegin(); priority != priorities.cend(); ++priority) {
        const std::optional<int> number = wholeNumberIn(*priority);
        if (!number) {
            report(Error(Error::Code::InvalidArgument, PluginText::tr("The priority of a scope is a whole number.")).withModel(priority.key()));
            return;
        }
        given.insert(priority.key(), *number);
    }
    if (const Result<void> set = setScopePriorities(given); !set)
        report(set.error());
}

} // namespace Tideline
