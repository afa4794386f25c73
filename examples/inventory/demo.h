// SPDX-License-Identifier: MIT
#pragma once

#include "device.h"
#include "erp.h"
#include "servercopy.h"

#include <QtCore/QElapsedTimer>
#include <QtNetwork/QNetworkAccessManager>

#include <QCoro/QCoroTask>

/*
    The example without a user: two windows count one warehouse by a script, and what they and the server have at the
    end is compared record by record.
*/
class Demo
{
public:
    struct Options
    {
        Device::Options first;
        Device::Options second;
        QString catalogue;
        QString screenshots;        // a folder that exists; empty: none
        quint16 erpPort = 0;        // where the server's trigger tells of stock counts; 0: it has none
        QByteArray erpSecret = {};
    };

    explicit Demo(const Options &options) : m_options(options) { }

    /*! Plays the script; the exit code: 0 when all came out equal. */
    [[nodiscard]] QCoro::Task<int> run();

private:
    using Step = QCoro::Task<bool>;

    [[nodiscard]] Step loadCatalogue();
    [[nodiscard]] Step countTogether();
    [[nodiscard]] Step countApart();
    [[nodiscard]] Step correctWithoutErp();
    [[nodiscard]] Step compareErp();
    [[nodiscard]] Step compareAll();
    [[nodiscard]] QCoro::Task<QString> compareModel(const std::shared_ptr<const Tideline::ModelType> &model);

    [[nodiscard]] Step shoot(QString name);
    [[nodiscard]] Step until(std::function<bool()> condition, QString what);
    [[nodiscard]] QCoro::Task<qint64> countOf(Device &device, QString type);
    [[nodiscard]] QCoro::Task<qint64> totalOf(Device &device, QString barcode);
    [[nodiscard]] bool isLevel(const Device &device) const;

    void report(const QString &step, const QString &first, const QString &second, const QString &remark = {});
    bool fail(const QString &reason);

    Options m_options;
    std::unique_ptr<Device> m_first;
    std::unique_ptr<Device> m_second;
    std::unique_ptr<Erp> m_erp;
    QNetworkAccessManager m_network;
    QStringList m_barcodes;
    QElapsedTimer m_clock;
};
