// SPDX-License-Identifier: MIT
#include "simulation/oracle_p.h"

#include <algorithm>

namespace TidelineTest {

using Operation = OutboxEntry::Operation;

void Oracle::saved(const QString &device, const Record &before, const Record &after)
{
    Story &story = m_stories[idOf(after)];
    story.model = after.model();
    story.creates += before.isNull() ? 1 : 0;
    story.remakes += !before.isNull() && before.state() == SyncState::Rejected && before.metadata().version == 0 ? 1 : 0;
    for (int number = 0; number < int(after.values().size()); ++number) {
        const Value &value = after.value(number);
        const Value shown = before.isNull() ? Value() : before.value(number);
        if (!m_values.isTelling(*story.model, number) || value == shown)
            continue;
        Field &field = story.fields[number];
        Write write{value, {}, false};
        for (qsizetype i = 0; i < field.writes.size(); ++i) {
            if (field.writes.at(i).value == shown)
                write.replaced.append(i);
        }
        if (const auto own = field.last.constFind(device); own != field.last.cend() && !before.isNull())
            write.replaced.append(*own);
        field.last.insert(device, field.writes.size());
        field.writes.append(write);
    }
}

void Oracle::removed(const Record &record)
{
    ++m_stories[idOf(record)].removes;
}

bool Oracle::wasRemoved(const RecordId &id) const
{
    const auto story = m_stories.find(id);
    return story != m_stories.end() && story->second.removes > 0;
}

void Oracle::stillUnsent(const QList<OutboxEntry> &outbox)
{
    for (const OutboxEntry &entry : outbox) {
        Story &story = m_stories[{entry.model->name, entry.key}];
        story.unsentCreates += entry.operation == Operation::Create ? 1 : 0;
        story.unsentRemoves += entry.operation == Operation::Delete ? 1 : 0;
        for (const auto &[number, value] : entry.changes) {
            const auto field = story.fields.find(number);
            if (field == story.fields.end())
                continue;
            for (Write &write : field->second.writes)
                write.unsent = write.unsent || write.value == value;
        }
    }
}

QString Oracle::judge(const std::map<RecordId, Record> &onServer, bool forgets) const
{
    for (const auto &[id, story] : m_stories) {
        const auto found = onServer.find(id);
        const QString wrong = judge(story, found == onServer.end() ? Record() : found->second, forgets);
        if (!wrong.isEmpty())
            return u"%1/%2: %3"_s.arg(id.first, id.second, wrong);
    }
    return {};
}

QString Oracle::judge(const Story &story, const Record &record, bool forgets) const
{
    const bool isLive = !record.isNull() && !record.metadata().deleted;
    if (story.removes == 0 && !record.isNull() && !isLive)
        return u"the server deleted what nobody deleted"_s;
    if (story.removes == 0 && !isLive && story.creates > story.unsentCreates)
        return u"a created record is lost"_s;
    // a create whose answer was lost may go out again when the tombstone is forgotten
    if (!forgets && isLive && story.removes > story.unsentRemoves && story.creates + story.remakes == 1 && story.unsentRemoves == 0)
        return u"a delete is lost"_s;
    if (!isLive)
        return {};
    for (const auto &[number, field] : story.fields) {
        const QString wrong = judge(story, number, record.value(number));
        if (!wrong.isEmpty())
            return wrong;
    }
    return {};
}

QString Oracle::judge(const Story &story, int number, const Value &value) const
{
    const QList<Write> &writes = story.fields.at(number).writes;
    const bool anyUnsent = std::any_of(writes.begin(), writes.end(), [](const Write &write) { return write.unsent; });
    const bool written = std::any_of(writes.begin(), writes.end(), [&value](const Write &write) { return write.value == value; });
    const QString &name = story.model->fields[size_t(number)].name;
    if (!written && !value.isNull())
        return u"%1 is %2, which nobody wrote"_s.arg(name, value.toJsonText());
    if (anyUnsent || story.removes > 0 || story.creates > 1)
        return {};
    const QList<Value> allowed = leaves(story.fields.at(number));
    if (allowed.contains(value))
        return {};
    QStringList texts;
    for (const Value &leaf : allowed)
        texts.append(leaf.toJsonText());
    return u"%1 is %2, but the last that was saved is %3"_s.arg(name, value.toJsonText(), texts.join(u" or "));
}

QList<Value> Oracle::leaves(const Field &field)
{
    QSet<qsizetype> replaced;
    for (const Write &write : field.writes) {
        for (const qsizetype earlier : write.replaced)
            replaced.insert(earlier);
    }
    QList<Value> leaves;
    for (qsizetype i = 0; i < field.writes.size(); ++i) {
        if (!replaced.contains(i))
            leaves.append(field.writes.at(i).value);
    }
    return leaves;
}

} // namespace TidelineTest
