// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/QByteArray>
#include <QtCore/QList>

#include <optional>

QT_FORWARD_DECLARE_CLASS(QIODevice)

namespace Tideline::Tools {

/*
    Rows of RFC 4180's CSV, one at a time. Blank lines are none. A row that breaks the rules ends at its line's end.
*/
class CsvReader
{
public:
    struct Cell
    {
        QByteArray text = {};
        bool quoted = false;
    };
    struct Row
    {
        qint64 line = 0;                // where it begins; the first is 1
        QList<Cell> cells = {};
        QByteArray problem = {};        // why it is none; else empty
    };

    explicit CsvReader(QIODevice &device) : m_device(device) { }

    [[nodiscard]] std::optional<Row> next();
    [[nodiscard]] qint64 position() const { return m_position; }

private:
    [[nodiscard]] std::optional<QByteArray> readLine();
    void parse(const QByteArray &line, Row &row);
    bool parseQuoted(QByteArray &line, qsizetype &at, Row &row);

    QIODevice &m_device;
    qint64 m_line = 0;
    qint64 m_position = 0;
};

} // namespace Tideline::Tools
