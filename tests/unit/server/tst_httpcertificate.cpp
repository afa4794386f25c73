// SPDX-License-Identifier: MIT
#include "server/http/certificate.h"

#include <QtCore/QFile>
#include <QtCore/QTemporaryDir>
#include <QtNetwork/QSslCertificate>
#include <QtNetwork/QSslKey>
#include <QtTest/QtTest>

using namespace Tideline;
using namespace Tideline::Server;
using namespace Qt::StringLiterals;

class tst_HttpCertificate : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void makesOne();
    void keepsIt();
    void renewsBeforeTheEnd();
    void neverReplacesDamage_data();
    void neverReplacesDamage();
    void reportsUnwritableFolders();
    void refusesForeignKeys();

private:
    [[nodiscard]] Result<Certificate> make(const QDateTime &now) const
    {
        return developmentCertificate(m_certificate, m_key, now);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_certificate;
    QString m_key;
    const QDateTime m_now = QDateTime::currentDateTimeUtc();
};

void tst_HttpCertificate::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_certificate = m_folder->filePath(u"certificate.pem"_s);
    m_key = m_folder->filePath(u"key.pem"_s);
}

void tst_HttpCertificate::makesOne()
{
    const auto made = make(m_now);
    QVERIFY2(made, qPrintable(made.error().message() + made.error().detail()));
    const QSslCertificate certificate(made->certificate);
    QVERIFY(!certificate.isNull());
    QCOMPARE(certificate.subjectInfo(QSslCertificate::CommonName), QStringList(u"localhost"_s));
    const auto names = certificate.subjectAlternativeNames();
    QCOMPARE(names.values(QSsl::DnsEntry), QStringList(u"localhost"_s));
    QStringList addresses = names.values(QSsl::IpAddressEntry);
    addresses.sort();
    QCOMPARE(addresses, QStringList({u"127.0.0.1"_s, u"::1"_s}));
    QVERIFY(certificate.effectiveDate() <= m_now);
    QCOMPARE(m_now.daysTo(certificate.expiryDate()), 365);
    // OpenSSL, and so isSelfSigned(), also asks for the right to sign, which a server's certificate must not have.
    QCOMPARE(certificate.issuerDisplayName(), certificate.subjectDisplayName());
    const QSslKey key(made->privateKey, QSsl::Ec);
    QVERIFY(!key.isNull());
    QCOMPARE(key.length(), 256);
    constexpr QFile::Permissions others = QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther;
    QVERIFY(!(QFile::permissions(m_key) & others));
    QVERIFY(QFile::permissions(m_key) & QFile::ReadOwner);
    QVERIFY(QFile::permissions(m_certificate) & QFile::ReadOther);
}

void tst_HttpCertificate::keepsIt()
{
    const auto first = make(m_now);
    const auto second = make(m_now.addDays(300));
    QVERIFY(first && second);
    QCOMPARE(second->certificate, first->certificate);
    QCOMPARE(second->privateKey, first->privateKey);
    const auto read = readCertificate(m_certificate, m_key);
    QVERIFY(read);
    QCOMPARE(read->certificate, first->certificate);
}

void tst_HttpCertificate::renewsBeforeTheEnd()
{
    const auto first = make(m_now);
    const auto second = make(m_now.addDays(360));
    QVERIFY(first && second);
    QVERIFY(second->certificate != first->certificate);
    QVERIFY(QSslCertificate(second->certificate).serialNumber() != QSslCertificate(first->certificate).serialNumber());
}

void tst_HttpCertificate::neverReplacesDamage_data()
{
    QTest::addColumn<bool>("certificate");
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("a certificate that is none") << true << QByteArray("hello");
    QTest::newRow("an empty certificate") << true << QByteArray();
    QTest::newRow("a key that is none") << false << QByteArray("hello");
    QTest::newRow("a lost certificate") << true << QByteArray("gone");
    QTest::newRow("a lost key") << false << QByteArray("gone");
}

void tst_HttpCertificate::neverReplacesDamage()
{
    QFETCH(bool, certificate);
    QFETCH(QByteArray, content);
    QVERIFY(make(m_now));
    QFile file(certificate ? m_certificate : m_key);
    if (content == "gone") {
        QVERIFY(file.remove());
    } else {
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
        file.close();
    }
    const auto again = make(m_now);
    QVERIFY(!again);
    QVERIFY2(again.error().message().contains(file.fileName()), qPrintable(again.error().message()));
    QCOMPARE(file.exists(), content != "gone");
}

void tst_HttpCertificate::reportsUnwritableFolders()
{
    m_key = m_folder->filePath(u"missing/key.pem"_s);
    const auto made = make(m_now);
    QVERIFY(!made);
    QCOMPARE(made.error().code(), Error::Code::StoreUnavailable);
    QVERIFY(made.error().message().contains(m_key));
    QVERIFY(!QFile::exists(m_certificate));
}

void tst_HttpCertificate::refusesForeignKeys()
{
    QVERIFY(make(m_now));
    const QString otherKey = m_folder->filePath(u"other.pem"_s);
    QVERIFY(developmentCertificate(m_folder->filePath(u"other-certificate.pem"_s), otherKey, m_now));
    const auto mixed = readCertificate(m_certificate, otherKey);
    QVERIFY(!mixed);
    QCOMPARE(mixed.error().code(), Error::Code::InvalidArgument);
}

QTEST_GUILESS_MAIN(tst_HttpCertificate)
#include "tst_httpcertificate.moc"
