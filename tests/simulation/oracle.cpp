// SPDX-License-Identifier: MIT
#include "simulation/oracle_p.h"

#include <algorithm>
#include <limits>

namespace TidelineTest {

using Operation = OutboxEntry::Operation;

using Telling = Values::Telling;

// What somebody writes who saw the value before; another one is a record made a second time, here or elsewhere.
static bool isContinued(Telling telling, const Value &shown, const Value &value)
{
    switch (telling) {
    case Telling::Greatest:
        return shown.isNull() || value.toInteger() >= shown.toInteger();
    case Telling::Least:
        return shown.isNull() || value.toInteger() <= shown.toInteger();
    case Telling::Sequence:
        return value.toList().first(std::min(value.toList().size(), shown.toList().size())) == shown.toList();
    case Telling::Nothing:
    case Telling::Last:
    case Telling::Sum:
    case Telling::Members:
        break;
    }
    return true;
}

void Oracle::saved(const QString &device, qint64 at, const Record &before, const Record &after)
{
    Story &story = m_stories[idOf(after)];
    story.model = after.model();
    story.creates += before.isNull() ? 1 : 0;
    story.remakes += !before.isNull() && before.state() == SyncState::Rejected && before.metadata().version == 0 ? 1 : 0;
    for (int number = 0; number < int(after.values().size()); ++number) {
        const Value &value = after.value(number);
        const Value shown = before.isNull() ? Value() : before.value(number);
        if (value != shown)
            story.edits.append({device, number, at});
        if (m_values.telling(*story.model, number) == Telling::Nothing || value == shown)
            continue;
        Field &field = story.fields[number];
        field.isOpen = field.isOpen || !isContinued(m_values.telling(*story.model, number), shown, value);
        Write write{value, shown, {}};
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
    m_stories[idOf(record)].removes.append(record.metadata());
}

bool Oracle::wasRemoved(const RecordId &id) const
{
    const auto story = m_stories.find(id);
    return story != m_stories.end() && wasRemoved(story->second);
}

void Oracle::decided(const QString &device, const Conflict &conflict, const Resolution &resolution)
{
    Story &story = m_stories[{conflict.model->name, conflict.key}];
    story.mayBeRemoved += resolution.kind == Resolution::Kind::Delete ? 1 : 0;
    const auto deleting = conflict.deletion == DeletingSide::Mine ? Resolution::Kind::Mine : Resolution::Kind::Theirs;
    if (conflict.deletion != DeletingSide::None && resolution.kind != deleting && resolution.kind != Resolution::Kind::Delete)
        story.keptByUser.insert({device, conflict.deletion});
    for (auto value = resolution.values.cbegin(); value != resolution.values.cend(); ++value)
        story.fields[conflict.model->fieldIndex(value.key())].chosen.append(*value);
}

void Oracle::repeated(const OutboxEntry &entry)
{
    for (const auto &[number, value] : entry.changes)
        m_stories[{entry.model->name, entry.key}].fields[number].late.append(value);
}

void Oracle::happened(const RecordId &id, const std::vector<Record> &states)
{
    m_stories[id].states = states;
}

static bool speaksOfRecords(const std::optional<ConflictPolicy> &policy)
{
    return policy == ConflictPolicy::Mine || policy == ConflictPolicy::Theirs || policy == ConflictPolicy::Newest || policy == ConflictPolicy::Ask;
}

/* Whether the users of the device did what makes a policy keep the record. Its edits that wait are one, and as new as the last of them. */
bool Oracle::mayLive(const Story &story, const QString &device, const ConflictDecision &decision) const
{
    const QString &policy = decision.fields.first().policy;
    if (policy == conflictPolicyName(ConflictPolicy::Ask))
        return story.keptByUser.contains({device, decision.deletion});
    const ConflictRules &rules = m_values.rules();
    const std::optional<ConflictPolicy> general = rules.ofRecord(*story.model);
    if (decision.deletion == DeletingSide::Mine)
        return general && conflictPolicyName(*general) == policy && (general == ConflictPolicy::Theirs || general == ConflictPolicy::Newest);
    const auto tombstone = std::find_if(story.states.begin(), story.states.end(), [&decision](const Record &state) {
        return state.metadata().deleted && state.metadata().version == decision.version;
    });
    if (tombstone == story.states.end())
        return false;
    const bool anyLater = std::any_of(story.edits.begin(), story.edits.end(), [&](const Edit &edit) {
        return edit.device == device && edit.at > tombstone->metadata().lastChangedAt;
    });
    return std::any_of(story.edits.begin(), story.edits.end(), [&](const Edit &edit) {
        const std::optional<ConflictPolicy> own = rules.ofField(*story.model, edit.field);
        const std::optional<ConflictPolicy> said = speaksOfRecords(own) ? own : general;
        const bool keeps = said == ConflictPolicy::Mine || (said == ConflictPolicy::Newest && anyLater);
        return edit.device == device && keeps && conflictPolicyName(*said) == policy;
    });
}

void Oracle::told(const QString &device, const ConflictDecision &decision)
{
    const auto story = m_stories.find({decision.model, decision.key});
    if (story == m_stories.end() || !story->second.model)
        return;
    for (const ConflictDecision::Field &field : decision.fields) {
        if (field.policy == u"doubt"_s)
            story->second.fields[story->second.model->fieldIndex(field.name)].doubts.append({field.base, field.mine, field.result != field.theirs});
    }
    const bool lives = std::any_of(decision.fields.begin(), decision.fields.end(), [](const auto &field) { return !field.result.isNull(); });
    if (decision.deletion == DeletingSide::None || !lives || !mayLive(story->second, device, decision))
        return;
    if (decision.deletion == DeletingSide::Mine)
        ++story->second.undoneRemoves;
    else
        story->second.undoneTombstones.insert(decision.version);
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
            field->second.isOpen = true;
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
    const bool mayBeGone = wasRemoved(story);
    if (!mayBeGone && !record.isNull() && !isLive)
        return u"the server deleted what nobody deleted"_s;
    if (!mayBeGone && !isLive && story.creates > story.unsentCreates)
        return u"a created record is lost"_s;
    // a create whose answer was lost may go out again when the tombstone is forgotten
    if (!forgets && isLive && story.creates + story.remakes == 1 && story.unsentRemoves == 0 && isDeleteLost(story))
        return u"a delete is lost"_s;
    if (!isLive)
        return {};
    for (const auto &[number, field] : story.fields) {
        const bool isJudged = m_values.telling(*story.model, number) == Telling::Last || !forgets;      // journals live for a month
        const QString wrong = isJudged ? judge(story, number, record.value(number)) : QString();
        if (!wrong.isEmpty())
            return u"%1 is %2, %3"_s.arg(story.model->fields[size_t(number)].name, record.value(number).toJsonText(), wrong);
    }
    return {};
}

/* The record lives, and nobody made it a second time. */
bool Oracle::isDeleteLost(const Story &story)
{
    const auto isAfter = [](const Record &state, const SyncMetadata &removed) {
        return state.metadata().deleted && state.metadata().version > removed.version;
    };
    const auto neverArrived = std::count_if(story.removes.begin(), story.removes.end(), [&](const SyncMetadata &removed) {
        return std::none_of(story.states.begin(), story.states.end(), [&](const Record &state) { return isAfter(state, removed); });
    });
    return neverArrived > story.undoneRemoves || std::any_of(story.states.begin(), story.states.end(), [&story](const Record &state) {
        return state.metadata().deleted && !story.undoneTombstones.contains(state.metadata().version);
    });
}

QString Oracle::judge(const Story &story, int number, const Value &value) const
{
    const Field &field = story.fields.at(number);
    const Telling telling = m_values.telling(*story.model, number);
    if (telling == Telling::Last)
        return judgeLast(story, field, value);
    if (field.isOpen || wasRemoved(story) || story.creates > 1)
        return {};
    switch (telling) {
    case Telling::Sum:
        return judgeSum(field, value);
    case Telling::Greatest:
        return judgeExtreme(field, value, 1);
    case Telling::Least:
        return judgeExtreme(field, value, -1);
    case Telling::Members:
        return judgeMembers(field, value);
    case Telling::Sequence:
        return judgeSequence(field, value);
    case Telling::Nothing:
    case Telling::Last:
        break;
    }
    return {};
}

QString Oracle::judgeLast(const Story &story, const Field &field, const Value &value) const
{
    const QList<Write> &writes = field.writes;
    const bool anyUnsent = std::any_of(writes.begin(), writes.end(), [](const Write &write) { return write.unsent; });
    const bool written = std::any_of(writes.begin(), writes.end(), [&value](const Write &write) { return write.value == value; });
    if (field.chosen.contains(value))
        return {};
    if (!written && !value.isNull())
        return u"which nobody wrote"_s;
    if (anyUnsent || wasRemoved(story) || story.creates > 1)
        return {};
    const QList<Value> allowed = leaves(field);
    if (allowed.contains(value))
        return {};
    QStringList texts;
    for (const Value &leaf : allowed)
        texts.append(leaf.toJsonText());
    return u"but the last that was saved is %1"_s.arg(texts.join(u" or "));
}

QString Oracle::judgeSum(const Field &field, const Value &value)
{
    qint64 sum = 0;
    for (const Write &write : field.writes)
        sum += write.value.toInteger() - write.shown.toInteger();
    QSet<qint64> possible{sum};
    for (const Doubt &doubt : field.doubts) {
        const QSet<qint64> before = possible;
        const qint64 added = doubt.to.toInteger() - doubt.from.toInteger();
        for (const qint64 each : before)
            possible.insert(doubt.isSentAgain ? each + added : each - added);
    }
    return possible.contains(value.toInteger()) ? QString() : u"but what was added is %1, with %2 in doubt"_s.arg(sum).arg(field.doubts.size());
}

QString Oracle::judgeExtreme(const Field &field, const Value &value, int sign)
{
    qint64 best = std::numeric_limits<qint64>::min();
    bool written = field.writes.isEmpty();
    for (const Write &write : field.writes) {
        written = written || write.value == value;
        const bool inDoubt = std::any_of(field.doubts.begin(), field.doubts.end(), [&](const auto &doubt) {
            return (write.value.toInteger() - doubt.to.toInteger()) * sign <= 0;
        });
        if (!inDoubt)
            best = std::max(best, write.value.toInteger() * sign);
    }
    if (!written)
        return u"which nobody wrote"_s;
    return value.toInteger() * sign >= best ? QString() : u"but somebody wrote %1"_s.arg(best * sign);
}

static QSet<QString> texts(const Value &list)
{
    QSet<QString> texts;
    for (const Value &value : list.toList())
        texts.insert(value.toJsonText());
    return texts;
}

// Of what a merge left twice in a set, somebody took one away: that the other one stays as well as that both go is what was wanted.
static QSet<QString> fewer(const Value &shown, const Value &value)
{
    QSet<QString> fewer;
    for (const Value &member : shown.toList()) {
        const qsizetype left = value.toList().count(member);
        if (left > 0 && left < shown.toList().count(member))
            fewer.insert(member.toJsonText());
    }
    return fewer;
}

QString Oracle::judgeMembers(const Field &field, const Value &value) const
{
    QSet<QString> added;
    QSet<QString> removed;
    QSet<QString> doubted;
    QSet<QString> mayBeBack;            // with a merge whose answer was lost, or that came late
    for (const Write &write : field.writes) {
        added += texts(write.value) - texts(write.shown);
        removed += texts(write.shown) - texts(write.value);
        doubted += fewer(write.shown, write.value);
    }
    for (const Value &late : field.late)
        mayBeBack += texts(late);
    for (const auto &[from, to, isSentAgain] : field.doubts) {
        doubted += (texts(from) - texts(to)) + (texts(to) - texts(from));
        mayBeBack += m_merges ? texts(to) : QSet<QString>();
    }
    const QSet<QString> there = texts(value);
    if (there.size() != value.toList().size() && field.late.isEmpty())
        return u"in which something is twice"_s;
    const QSet<QString> missing = added - removed - there - doubted;
    const QSet<QString> tooMany = (there & removed) + (there - added) - doubted - mayBeBack;
    if (missing.isEmpty() && tooMany.isEmpty())
        return {};
    return u"in which is missing %1, and too many %2"_s.arg(QStringList(missing.values()).join(u' '), QStringList(tooMany.values()).join(u' '));
}

QString Oracle::judgeSequence(const Field &field, const Value &value)
{
    const Value::List there = value.toList();
    QStringList appended;
    QSet<QString> doubted;
    for (const auto &[from, to, isSentAgain] : field.doubts)
        doubted += texts(to) - texts(from);
    for (const Write &write : field.writes) {
        qsizetype last = -1;
        for (const Value &each : write.value.toList().mid(write.shown.toList().size())) {
            const qsizetype place = there.indexOf(each);
            appended.append(each.toJsonText());
            if (place < 0 && !doubted.contains(each.toJsonText()))
                return u"in which %1 is missing"_s.arg(each.toJsonText());
            if (place >= 0 && place < last)
                return u"in which %1 came too early"_s.arg(each.toJsonText());
            last = std::max(last, place);
        }
    }
    for (const Value &each : there) {
        if ((there.count(each) > 1 && field.late.isEmpty()) || !appended.contains(each.toJsonText()))
            return u"in which %1 is too much"_s.arg(each.toJsonText());
    }
    return {};
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
