// SPDX-License-Identifier: MIT
#pragma once

#include "core/data/value.h"
#include "server/global.h"

#include <QtCore/QByteArray>

#include <algorithm>

namespace Tideline::Server {

/*!
    \class Tideline::Server::JsonWriter
    \inmodule Tideline
    \since 0.1
    \brief Writes compact JSON in UTF-8, one token after the other.

    It knows no nesting: commas, colons and brackets are the caller's, so that a response can be
    cut back to a position when a null has to take the place of what was written.
*/
class TIDELINE_SERVER_EXPORT JsonWriter
{
public:
    explicit JsonWriter(qsizetype expected = 512);

    void raw(char c) { *room(1) = c; ++m_size; }
    void raw(QByteArrayView bytes)
    {
        std::copy_n(bytes.data(), bytes.size(), room(bytes.size()));        // no bytes may have no address
        m_size += bytes.size();
    }
    void null() { raw(QByteArrayView("null", 4)); }
    void boolean(bool value) { value ? raw(QByteArrayView("true", 4)) : raw(QByteArrayView("false", 5)); }
    void integer(qint64 value);
    void number(double value);          // the shortest text that reads back as the same number
    void text(QStringView value);       // with quotes
    void value(const Value &value);

    [[nodiscard]] qsizetype position() const noexcept { return m_size; }
    void truncate(qsizetype position) noexcept { m_size = position; }
    [[nodiscard]] QByteArray take();    // leaves the writer empty

private:
    [[nodiscard]] char *room(qsizetype bytes)
    {
        if (m_size + bytes > m_buffer.size())
            grow(bytes);
        return m_data + m_size;
    }
    void grow(qsizetype bytes);
    char *escape(char *to, ushort unit);

    QByteArray m_buffer;
    char *m_data = nullptr;
    qsizetype m_size = 0;
};

[[nodiscard]] TIDELINE_SERVER_EXPORT QByteArray toJsonText(const Value &value);

} // namespace Tideline::Server
