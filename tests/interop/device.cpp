// SPDX-License-Identifier: MIT
#include "client/appsync/appsync.h"
#include "client/datastore.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QFile>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QSocketNotifier>

#include <cstdio>
#include <unistd.h>

/*
    A Tideline client as a process of its own, the counterpart of device.mjs: commands are lines of JSON on standard
    input, {"call", "command", "parameters"}; results, failures and hub events are lines on standard output.
*/
namespace {

using namespace Tideline;
using namespace Qt::StringLiterals;

class Device : public QObject
{
public:
    Device() : m_input(STDIN_FILENO, QSocketNotifier::Read)
    {
        connect(&m_input, &QSocketNotifier::activated, this, &Device::read);
        connect(&m_store, &DataStore::hubEvent, this, [](const QString &name, const QVariantMap &payload) {
            say({{u"event"_s, u"hub"_s}, {u"name"_s, name}, {u"data"_s, QJsonObject::fromVariantMap(payload)}});
        });
        connect(&m_store, &DataStore::errorOccurred, this, [](const Error &error) {
            say({{u"event"_s, u"error"_s}, {u"message"_s, error.message()}});
        });
        say({{u"event"_s, u"here"_s}});
    }

private:
    void read()
    {
        char bytes[4096];
        const ssize_t size = ::read(STDIN_FILENO, bytes, sizeof bytes);
        if (size <= 0)
            return QCoreApplication::quit();
        m_received.append(bytes, qsizetype(size));
        for (qsizetype end = m_received.indexOf('\n'); end >= 0; end = m_received.indexOf('\n')) {
            obey(QJsonDocument::fromJson(m_received.first(end)).object());
            m_received.remove(0, end + 1);
        }
    }

    void obey(const QJsonObject &order)
    {
        const QJsonValue call = order["call"_L1];
        const QString command = order["command"_L1].toString();
        const QJsonObject parameters = order["parameters"_L1].toObject();
        const QString model = parameters["model"_L1].toString();
        if (command == u"configure")
            return configure(call, parameters);
        if (command == u"start")
            return answer(call, m_store.open());
        if (command == u"observe")
            return observe(call, model);
        if (command == u"save")
            return answer(call, m_store.save(draftOf(model, parameters["values"_L1].toObject())));
        if (command == u"remove")
            return answer(call, m_store.remove(model, draftOf(model, parameters["key"_L1].toObject()).key()));
        if (command == u"all")
            return answer(call, m_store.query(model));
        say({{u"call"_s, call}, {u"failure"_s, u"unknown command "_s + command}});
    }

    void configure(const QJsonValue &call, const QJsonObject &parameters)
    {
        QFile file(parameters["schema"_L1].toString());
        const Result<Schema> schema = file.open(QIODevice::ReadOnly) ? Schema::parse(QString::fromUtf8(file.readAll()))
                                                                     : Error(Error::Code::InvalidArgument, file.errorString());
        if (!schema)
            return say({{u"call"_s, call}, {u"failure"_s, schema.error().message()}});
        m_auth.setKey(parameters["apiKey"_L1].toString());
        m_backend.setUrl(QUrl(parameters["endpoint"_L1].toString()));
        m_backend.setAuth(&m_auth);
        m_store.setSchema(*schema);
        m_store.setPath(parameters["path"_L1].toString());
        m_store.setBackend(&m_backend);
        say({{u"call"_s, call}, {u"result"_s, QJsonValue()}});
    }

    void observe(const QJsonValue &call, const QString &model)
    {
        auto observer = m_store.observe(model, {}, [model](const Change &) {
            say({{u"event"_s, u"observed"_s}, {u"model"_s, model}});
        });
        if (!observer)
            return say({{u"call"_s, call}, {u"failure"_s, observer.error().message()}});
        m_observers.push_back(std::move(observer).value());
        say({{u"call"_s, call}, {u"result"_s, QJsonValue()}});
    }

    // A draft of a stored key is an edit of its record.
    struct KeyedDraft : Draft
    {
        using Draft::Draft;
        [[nodiscard]] QString key() const
        {
            std::vector<Value> parts;
            for (int field : model()->primaryKey)
                parts.push_back(value(field));
            return keyFromParts(parts);
        }
    };

    [[nodiscard]] KeyedDraft draftOf(const QString &model, const QJsonObject &values) const
    {
        KeyedDraft draft(m_store.schema().model(model));
        for (auto value = values.begin(); value != values.end(); ++value)
            draft.set(draft.model()->fieldIndex(value.key()), Value::fromJson(value.value()));
        return draft;
    }

    template<typename T>
    void answer(const QJsonValue &call, QFuture<Result<T>> future)
    {
        future.then(this, [call](const Result<T> &result) {
            if (!result)
                say({{u"call"_s, call}, {u"failure"_s, result.error().message() + u' ' + result.error().detail()}});
            else
                say({{u"call"_s, call}, {u"result"_s, json(result)}});
        });
    }

    static QJsonValue json(const Result<void> &) { return {}; }
    static QJsonValue json(const Result<Receipt> &) { return {}; }
    static QJsonValue json(const Result<QList<Record>> &records)
    {
        QJsonArray array;
        for (const Record &record : *records) {
            QJsonObject object;
            for (const SchemaField &field : record.model()->fields)
                object.insert(field.name, record.value(field.name).toJson());
            array.append(object);
        }
        return array;
    }

    static void say(const QJsonObject &message)
    {
        const QByteArray line = QJsonDocument(message).toJson(QJsonDocument::Compact) + '\n';
        std::fwrite(line.constData(), 1, size_t(line.size()), stdout);
        std::fflush(stdout);
    }

    QSocketNotifier m_input;
    QByteArray m_received;
    ApiKey m_auth;
    AppSync m_backend;
    DataStore m_store;
    std::vector<std::shared_ptr<void>> m_observers;
};

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    Device device;
    return QCoreApplication::exec();
}
