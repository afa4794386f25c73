// SPDX-License-Identifier: MIT
#include "tools/exportfile.h"

#include <QtCore/QCryptographicHash>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QSaveFile>

#include <cstdio>

namespace Tideline::Tools {

using namespace Qt::StringLiterals;

static constexpr auto ownerOnly = QFile::ReadOwner | QFile::WriteOwner;

ExportFile::ExportFile(const QString &path, const QByteArray &subject)
    : m_path(path), m_subject(QCryptographicHash::hash(subject, QCryptographicHash::Sha256).toHex()), m_part(path + u".part"_s)
{
}

ExportFile::~ExportFile()
{
    if (m_part.isOpen() && !m_isMarked)
        m_part.remove();
}

Error ExportFile::failure(const QFileDevice &file) const
{
    return Error(Error::Code::StoreUnavailable, u"cannot write %1: %2"_s.arg(m_path, file.errorString()));
}

ExportFile::Mark ExportFile::readMark()
{
    QFile file(m_part.fileName() + u".json"_s);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const QJsonObject stored = QJsonDocument::fromJson(file.readAll()).object();
    const qint64 bytes = stored.value("bytes"_L1).toInteger(-1);
    if (stored.value("subject"_L1).toString().toLatin1() != m_subject || bytes < 0 || bytes > m_part.size())
        return {};
    m_isMarked = m_part.resize(bytes) && m_part.seek(bytes);
    return m_isMarked ? Mark{stored.value("nextToken"_L1).toString(), stored.value("records"_L1).toInteger(), stored.value("unreadable"_L1).toInteger()}
                      : Mark();
}

Result<ExportFile::Mark> ExportFile::open()
{
    if (!m_part.open(QIODevice::ReadWrite))
        return failure(m_part);
    const Mark mark = readMark();
    if (m_isMarked)
        return mark;
    const Result<void> begun = beginAnew();
    return begun ? Result<Mark>(Mark()) : begun.error();
}

Result<void> ExportFile::beginAnew()
{
    m_isMarked = false;
    QFile::remove(m_part.fileName() + u".json"_s);
    return m_part.resize(0) && m_part.seek(0) ? Result<void>() : failure(m_part);
}

Result<void> ExportFile::write(const QByteArray &text)
{
    return m_part.write(text) == text.size() ? Result<void>() : failure(m_part);
}

Result<void> ExportFile::mark(const Mark &mark)
{
    if (!m_part.flush())
        return failure(m_part);
    const QJsonObject stored{{u"subject"_s, QString::fromLatin1(m_subject)}, {u"bytes"_s, m_part.pos()}, {u"nextToken"_s, mark.nextToken},
                             {u"records"_s, mark.records}, {u"unreadable"_s, mark.unreadable}};
    QSaveFile file(m_part.fileName() + u".json"_s);
    const bool isWritten = file.open(QIODevice::WriteOnly) && file.setPermissions(ownerOnly) && file.write(QJsonDocument(stored).toJson()) > 0;
    if (!isWritten || !file.commit())
        return failure(file);
    m_isMarked = true;
    return {};
}

Result<void> ExportFile::finish()
{
    if (!m_part.flush())
        return failure(m_part);
    m_part.close();
    if (std::rename(QFile::encodeName(m_part.fileName()).constData(), QFile::encodeName(m_path).constData()) != 0)
        return Error(Error::Code::StoreUnavailable, u"cannot write %1: %2"_s.arg(m_path, qt_error_string()));
    QFile::remove(m_part.fileName() + u".json"_s);
    return {};
}

} // namespace Tideline::Tools
