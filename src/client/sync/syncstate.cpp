// SPDX-License-Identifier: MIT
#include "client/sync/syncstate_p.h"

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
    progress.nextToken = json.value(u"nextToken"_s).toString();
    progress.startedAt = json.value(u"startedAt"_s).toInteger();
    progress.full = json.value(u"full"_s).toBool();
    return progress;
}

QString SyncProgress::toText() const
{
    QJsonObject json{{u"lastSync"_s, lastSync}, {u"lastFullSync"_s, lastFullSync}};
    if (!expression.isEmpty())
        json.insert(u"expression"_s, expression);
    if (!nextToken.isEmpty()) {
        json.insert(u"nextToken"_s, nextToken);
        json.insert(u"startedAt"_s, startedAt);
        json.insert(u"full"_s, full);
    }
    return QString::fromUtf8(QJsonDocument(json).toJson(QJsonDocument::Compact));
}

bool SyncProgress::needsFullSync(const QString &scope, qint64 now, qint64 interval) const
{
    if (lastSync == 0 || lastFullSync == 0 || scope != expression)
        return true;
    return lastFullSync > now || now - lastFullSync >= interval;        // ahead of now: the clock was set back
}

} // namespace Tideline
