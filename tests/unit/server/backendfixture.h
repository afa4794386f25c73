// SPDX-License-Identifier: MIT
#pragma once

#include "server/backend.h"
#include "shared/testdatabase.h"

#include <QtCore/QFile>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtTest/QTest>

#include <atomic>
#include <future>
#include <mutex>

/*
    A backend on a temporary database whose time and identifiers the test decides. Calls wait for the answer.
*/
namespace BackendFixture {

using namespace Tideline;
using namespace Tideline::Server;
using namespace Qt::StringLiterals;

inline constexpr qint64 startOfTime = 1'700'000'000'000;        // 2023-11-14T22:13:20.000Z

// A schema of fixtures/schema; empty when the fixture is missing.
inline Schema fixtureSchema(const QString &name)
{
    QFile file(QStringLiteral(TIDELINE_SHARED_DIR) + u"/fixtures/schema/"_s + name + u"/input.graphql"_s);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const Result<Schema> schema = Schema::parse(QString::fromUtf8(file.readAll()));
    return schema ? *schema : Schema();
}

// What subscriptions delivered, from the backend's thread.
class Deliveries
{
public:
    std::function<void(QByteArray)> receiver()
    {
        return [this](const QByteArray &payload) {
            const std::lock_guard lock(m_mutex);
            m_payloads.append(QJsonDocument::fromJson(payload).object()["data"_L1].toObject());
            m_texts.append(payload);
        };
    }
    [[nodiscard]] qsizetype count() const
    {
        const std::lock_guard lock(m_mutex);
        return m_payloads.size();
    }
    [[nodiscard]] QJsonObject at(qsizetype i) const
    {
        const std::lock_guard lock(m_mutex);
        return m_payloads.value(i);
    }
    [[nodiscard]] QByteArray text(qsizetype i) const
    {
        const std::lock_guard lock(m_mutex);
        return m_texts.value(i);
    }

private:
    mutable std::mutex m_mutex;
    QList<QJsonObject> m_payloads;
    QByteArrayList m_texts;
};

class TestBackend
{
public:
    explicit TestBackend(const Schema &schema, BackendOptions options = {}) : m_schema(schema), m_options(std::move(options))
    {
        if (m_options.databasePath.isEmpty())
            m_options.databasePath = m_database.location();
        m_options.clock = [this] { return now.load(); };
        m_options.randomId = [this] { return u"id-%1"_s.arg(++m_lastId); };
        reopen();
    }

    void reopen()
    {
        backend.reset();
        Result<std::unique_ptr<Backend>> opened = Backend::open(m_schema, m_options);
        if (opened)
            backend = std::move(opened).value();
        error = opened.error();
    }
    // With another schema of the same types.
    void reopen(const Schema &schema)
    {
        m_schema = schema;
        reopen();
    }
    [[nodiscard]] QString path() const { return m_options.databasePath; }
    [[nodiscard]] BackendOptions &options() { return m_options; }

    QByteArray text(const QString &query, const QJsonObject &variables = {}) const
    {
        const auto answered = std::make_shared<std::promise<QByteArray>>();
        std::future<QByteArray> answer = answered->get_future();
        backend->execute({query, variables, {}, {}}, [answered](const QByteArray &response) { answered->set_value(response); });
        return answer.get();
    }
    QJsonObject run(const QString &query, const QJsonObject &variables = {}) const
    {
        return QJsonDocument::fromJson(text(query, variables)).object();
    }
    [[nodiscard]] QJsonObject runAs(const Identity &identity, const QString &query, const QJsonObject &variables = {}) const
    {
        const auto answered = std::make_shared<std::promise<QByteArray>>();
        std::future<QByteArray> answer = answered->get_future();
        backend->execute({query, variables, {}, identity}, [answered](const QByteArray &response) { answered->set_value(response); });
        return QJsonDocument::fromJson(answer.get()).object();
    }
    // The value of the only root field; the test fails when there are errors.
    QJsonValue data(const QString &query, const QJsonObject &variables = {}) const
    {
        const QJsonObject response = run(query, variables);
        if (response.contains("errors"_L1))
            qWarning("%s", QJsonDocument(response).toJson(QJsonDocument::Compact).constData());
        const QJsonObject root = response["data"_L1].toObject();
        return root.isEmpty() ? QJsonValue(QJsonValue::Undefined) : root.begin().value();
    }
    // A mutation of a model with its usual input, selecting \a selection.
    [[nodiscard]] static QString mutation(const QString &verb, const QString &model, const QString &selection)
    {
        const QString name = verb.at(0).toUpper() + verb.mid(1);
        return u"mutation operation($input: %1%2Input!, $condition: Model%2ConditionInput) {\n  %3%2(input: $input, condition: $condition) { %4 }\n}\n"_s
            .arg(name, model, verb, selection);
    }
    QJsonObject mutate(const QString &verb, const QString &model, const QJsonObject &input, const QString &selection,
                                     const QJsonValue &condition = {}) const
    {
        return run(mutation(verb, model, selection), {{u"input"_s, input}, {u"condition"_s, condition}});
    }

private:
    TidelineTest::TestDatabase m_database;                      // outlives the backend

public:
    std::atomic<qint64> now = startOfTime;
    std::unique_ptr<Backend> backend;
    Error error;

private:
    Schema m_schema;
    BackendOptions m_options;
    std::atomic<int> m_lastId = 0;
};

inline QJsonObject firstError(const QJsonObject &response)
{
    return response["errors"_L1][0].toObject();
}

inline QStringList strings(const QJsonValue &items, const QString &key)
{
    QStringList values;
    for (const QJsonValue item : items.toArray())
        values.append(item[key].toVariant().toString());
    return values;
}

} // namespace BackendFixture
