// SPDX-License-Identifier: MIT
#include "servercopy.h"

#include "core/data/record.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QPromise>
#include <QtNetwork/QNetworkAccessManager>
#include <QtNetwork/QNetworkReply>

using namespace Qt::StringLiterals;
using namespace Tideline;

namespace {

// Reads page after page of sync<Model>s and deletes itself when the promise is kept.
class Download : public QObject
{
public:
    Download(QNetworkAccessManager &network, const QUrl &url, const QString &apiKey, std::shared_ptr<const ModelType> model)
        : m_network(network), m_url(url), m_apiKey(apiKey), m_model(std::move(model))
    {
        m_promise.start();
    }

    [[nodiscard]] QFuture<Result<ServerCopy>> future() { return m_promise.future(); }

    void next(const QString &token)
    {
        QStringList names;
        for (const SchemaField &field : m_model->fields)
            names.append(field.name);
        const QString query = u"query ($token: String) { page: %1(limit: 1000, nextToken: $token) { items { %2 _deleted } nextToken } }"_s
                                  .arg(u"sync"_s + m_model->plural, names.join(u' '));
        QNetworkRequest request(m_url);
        request.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_s);
        request.setRawHeader("x-api-key", m_apiKey.toUtf8());
        request.setTransferTimeout(30'000);
        const QJsonObject variables{{u"token"_s, token.isEmpty() ? QJsonValue() : QJsonValue(token)}};
        const QJsonObject body{{u"query"_s, query}, {u"variables"_s, variables}};
        QNetworkReply *reply = m_network.post(request, QJsonDocument(body).toJson(QJsonDocument::Compact));
        connect(reply, &QNetworkReply::finished, this, [this, reply] {
            reply->deleteLater();
            take(*reply);
        });
    }

private:
    void take(QNetworkReply &reply)
    {
        if (reply.error() != QNetworkReply::NoError)
            return finish(Error(Error::Code::Network, reply.errorString()));
        const QJsonObject answer = QJsonDocument::fromJson(reply.readAll()).object();
        if (const QJsonArray errors = answer["errors"_L1].toArray(); !errors.isEmpty())
            return finish(Error(Error::Code::BackendFailed, errors.first()["message"_L1].toString()));
        const QJsonObject page = answer["data"_L1]["page"_L1].toObject();
        for (const QJsonValue &item : page["items"_L1].toArray()) {
            if (item["_deleted"_L1].toBool())
                continue;
            QJsonObject values = item.toObject();
            values.remove(u"_deleted"_s);
            std::vector<Value> key;
            for (const int field : m_model->primaryKey)
                key.push_back(Value::fromJson(values[m_model->fields[size_t(field)].name]));
            m_copy.insert(keyFromParts(key), values);
        }
        if (const QString token = page["nextToken"_L1].toString(); !token.isEmpty())
            return next(token);
        finish(m_copy);
    }

    void finish(Result<ServerCopy> result)
    {
        m_promise.addResult(std::move(result));
        m_promise.finish();
        deleteLater();
    }

    QNetworkAccessManager &m_network;
    QUrl m_url;
    QString m_apiKey;
    std::shared_ptr<const ModelType> m_model;
    QPromise<Result<ServerCopy>> m_promise;
    ServerCopy m_copy;
};

} // namespace

QFuture<Result<ServerCopy>> fetchServerCopy(QNetworkAccessManager &network, const QUrl &url, const QString &apiKey,
                                            const std::shared_ptr<const ModelType> &model)
{
    auto *download = new Download(network, url, apiKey, model);
    download->next({});
    return download->future();
}
