// SPDX-License-Identifier: MIT
#include "client/sync/syncstate_p.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>

namespace Tideline {

using namespace Qt::StringLiterals;

QString SyncProgress::setting(const QString &model)
{
    return u"sync/"_s + model;
}

SyncProgress SyncProgress::fromText(const QString &text)
{
    const QJsonObject json = QJsonDocument::fromJson(text.toUtf8()).object();
    SyncProgress progress;
    progress.lastSync = json.value(u"lastSync"_s).toInteger();
    progress.lastFullSync = json.value(u"lastFullSync"_s).toInteger();
    progress.expression = json.value(u"expression"_s).toString();
    for (const QJsonValue &scope : json.value(u"narrowed"_s).toArray())
        progress.narrowed.append(scope.toString());
    progress.adding = json.value(u"adding"_s).toString();
    progress.nextToken = json.value(u"nextToken"_s).toString();
    progress.startedAt = json.value(u"startedAt"_s).toInteger();
    progress.full = json.value(u"full"_s).toBool();
    progress.sweeps = json.value(u"sweeps"_s).toBool();
    return progress;
}

QString SyncProgress::toText() const
{
    QJsonObject json{{u"lastSync"_s, lastSync}, {u"lastFullSync"_s, lastFullSync}};
    if (!expression.isEmpty())
        json.insert(u"expression"_s, expression);
    if (!narrowed.isEmpty())
        json.insert(u"narrowed"_s, QJsonArray::fromStringList(narrowed));
    if (!nextToken.isEmpty()) {
        if (!adding.isEmpty())
            json.insert(u"adding"_s, adding);
        json.insert(u"nextToken"_s, nextToken);
        json.insert(u"startedAt"_s, startedAt);
        json.insert(u"full"_s, full);
    }
    if (sweeps)
        json.insert(u"sweeps"_s, true);
    return QString::fromUtf8(QJsonDocument(json).toJson(QJsonDocument::Compact));
}

QString SyncProgress::expressionOf(const Predicate &scope)
{
    if (scope.kind() == Predicate::Kind::All)
        return {};
    if (scope.kind() == Predicate::Kind::None)
        return u"none"_s;
    return QString::fromUtf8(QJsonDocument(scope.toJson()).toJson(QJsonDocument::Compact));
}

bool SyncProgress::needsFullSync(qint64 now, qint64 interval) const
{
    if (lastSync == 0 || lastFullSync == 0)
        return true;
    return lastFullSync > now || now - lastFullSync >= interval;        // ahead of now: the clock was set back
}

void SyncProgress::narrow(const QString &scope)
{
    constexpr qsizetype most = 8;               // a longer filter is worse than another base sync
    if (*this == SyncProgress() || scope.isEmpty() || scope == expression || narrowed.contains(scope))
        return;
    nextToken.clear();
    adding.clear();
    if (scope == expressionOf(Predicate::none()) || narrowed.size() == most) {
        *this = {};
        expression = expressionOf(Predicate::none());
    } else {
        narrowed.append(scope);
    }
}

std::optional<Predicate> SyncProgress::missing(const Predicate &scope, const Schema &schema, const std::shared_ptr<const ModelType> &model) const
{
    const QString wanted = expressionOf(scope);
    QList<Predicate> here;
    for (const QString &text : QStringList{expression} + narrowed) {
        if (text.isEmpty() || text == wanted)
            continue;
        const Result<Predicate> stored = Predicate::fromJson(QJsonDocument::fromJson(text.toUtf8()).object());
        if (!stored || !BoundPredicate::bind(schema, model, *stored))
            return std::nullopt;
        here.append(*stored);
    }
    if (here.isEmpty())
        return Predicate::none();
    const Predicate lacking = Predicate::negation(here.size() == 1 ? here.first() : Predicate::allOf(here));
    return scope.kind() == Predicate::Kind::All ? lacking : Predicate::allOf({scope, lacking});
}

} // namespace Tideline
