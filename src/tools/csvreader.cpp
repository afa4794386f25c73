// SPDX-License-Identifier: MIT
#include "tools/csvreader.h"

#include <QtCore/QIODevice>

namespace Tideline::Tools {

static constexpr qsizetype LargestCell = 64 * 1024 * 1024;      // bytes: a quote without its other one would take the whole file
static constexpr QByteArrayView ByteOrderMark("\xef\xbb\xbf");

static qsizetype contentSize(const QByteArray &line)
{
    return line.endsWith("\r\n") ? line.size() - 2 : line.endsWith('\n') ? line.size() - 1 : line.size();
}

std::optional<QByteArray> CsvReader::readLine()
{
    QByteArray line = m_device.readLine();
    if (line.isEmpty())
        return std::nullopt;
    m_position += line.size();
    if (++m_line == 1 && line.startsWith(ByteOrderMark))
        line.remove(0, ByteOrderMark.size());
    return line;
}

std::optional<CsvReader::Row> CsvReader::next()
{
    while (std::optional<QByteArray> line = readLine()) {
        if (contentSize(*line) == 0)
            continue;
        Row row{m_line};
        parse(*line, row);
        return row;
    }
    return std::nullopt;
}

void CsvReader::parse(const QByteArray &start, Row &row)
{
    QByteArray line = start;
    for (qsizetype at = 0;;) {
        if (at < line.size() && line[at] == '"') {
            if (!parseQuoted(line, at, row))
                return;
        } else {
            qsizetype end = line.indexOf(',', at);
            if (end < 0)
                end = contentSize(line);
            row.cells.append({line.mid(at, end - at)});
            if (row.cells.constLast().text.contains('"')) {
                row.problem = "a cell with a quote begins and ends with one, and doubles those inside";
                return;
            }
            at = end;
        }
        if (at >= contentSize(line))
            return;
        ++at;                           // the comma
    }
}

// The cell at a quote; goes on into the next lines where it does. Afterwards `at` is behind it.
bool CsvReader::parseQuoted(QByteArray &line, qsizetype &at, Row &row)
{
    Cell cell{{}, true};
    for (++at;;) {
        const qsizetype quote = line.indexOf('"', at);
        cell.text += line.mid(at, quote < 0 ? -1 : quote - at);
        if (quote >= 0 && quote + 1 < line.size() && line[quote + 1] == '"') {
            cell.text += '"';
            at = quote + 2;
        } else if (quote >= 0) {
            at = quote + 1;
            break;
        } else {
            const std::optional<QByteArray> more = cell.text.size() < LargestCell ? readLine() : std::nullopt;
            if (!more) {
                row.problem = "a quote has no other one";
                return false;
            }
            line = *more;
            at = 0;
        }
    }
    row.cells.append(cell);
    if (at < contentSize(line) && line[at] != ',') {
        row.problem = "something stands between a quote and the next comma";
        return false;
    }
    return true;
}

} // namespace Tideline::Tools
