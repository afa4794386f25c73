// SPDX-License-Identifier: MIT
#pragma once

#include "core/executor.h"
#include "core/result.h"

#include <QtCore/QHash>
#include <QtCore/QUrl>
#include <QtCore/QUrlQuery>
#include <QtNetwork/QTcpServer>

namespace Tideline {

/*
    Where an issuer sends the browser back to: one path on a free port of 127.0.0.1. Takes what comes in small doses: few
    connections, short requests, each with a deadline; what is not a GET of that path is answered and forgotten.
*/
class LoopbackRedirect : public QObject
{
    Q_OBJECT

public:
    /*! Judges what the browser brought: whether it was awaited, and what the page says. */
    struct Page
    {
        bool awaited = false;
        QString text;
    };
    using Judge = std::function<Page(const QUrlQuery &)>;

    LoopbackRedirect(Scheduler &scheduler, Judge judge);
    ~LoopbackRedirect() override;

    [[nodiscard]] Result<QUrl> listen();        // the redirect URI

private:
    struct Visitor
    {
        QByteArray received;
        TimerId deadline = 0;
    };

    void admit();
    void read(QTcpSocket *socket);
    void answer(QTcpSocket *socket, const QByteArray &request);
    void reply(QTcpSocket *socket, const QByteArray &status, const QString &text);
    void dismiss(QTcpSocket *socket);

    Scheduler &m_scheduler;
    Judge m_judge;
    QTcpServer m_server;
    QHash<QTcpSocket *, Visitor> m_visitors;
};

} // namespace Tideline
