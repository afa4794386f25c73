// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "core/schema/schema.h"

#include <QtCore/QFuture>
#include <QtCore/QJsonObject>
#include <QtCore/QMap>
#include <QtCore/QUrl>

QT_FORWARD_DECLARE_CLASS(QNetworkAccessManager)

// All live records of a model type as the server has them, by key: what two devices are compared with.
using ServerCopy = QMap<QString, QJsonObject>;

[[nodiscard]] QFuture<Tideline::Result<ServerCopy>> fetchServerCopy(QNetworkAccessManager &network, const QUrl &url, const QString &apiKey,
                                                                   const std::shared_ptr<const Tideline::ModelType> &model);
