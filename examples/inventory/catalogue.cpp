// SPDX-License-Identifier: MIT
#include "catalogue.h"

#include <QtCore/QFile>
#include <QtCore/QHash>
#include <QtCore/QStringConverter>

#include <algorithm>
#include <optional>

using namespace Qt::StringLiterals;
using Tideline::Error;
using Tideline::Result;

namespace {

// Cells of one file, row by row. A quoted cell may hold separators, doubled quotes and line ends.
class Rows
{
public:
    explicit Rows(const QString &text) : m_text(text)
    {
        const QStringView header = QStringView(m_text).left(m_text.indexOf(u'\n'));
        m_separator = header.contains(u'\t') ? u'\t' : header.count(u';') > header.count(u',') ? u';' : u',';
    }

    [[nodiscard]] bool atEnd() const { return m_at >= m_text.size(); }
    [[nodiscard]] int line() const { return m_line; }       // where the next row begins

    [[nodiscard]] QStringList next()
    {
        QStringList cells;
        do
            cells.append(cell());
        while (!atEnd() && m_text[m_at - 1] == m_separator && !m_rowEnded);
        return cells;
    }

private:
    QString cell()
    {
        m_rowEnded = false;
        const bool quotes = m_separator != u'\t';
        QString content;
        bool quoted = quotes && !atEnd() && m_text[m_at] == u'"';
        m_at += quoted ? 1 : 0;
        while (!atEnd()) {
            const QChar c = m_text[m_at++];
            if (c == u'\n')
                ++m_line;
            if (quoted && c == u'"' && !atEnd() && m_text[m_at] == u'"')
                ++m_at;
            else if (quoted && c == u'"') {
                quoted = false;
                continue;
            } else if (!quoted && c == m_separator)
                return content;
            else if (!quoted && c == u'\n') {
                m_rowEnded = true;
                break;
            }
            content.append(c);
        }
        if (content.endsWith(u'\r'))
            content.chop(1);
        return content;
    }

    QString m_text;
    QChar m_separator;
    qsizetype m_at = 0;
    int m_line = 1;
    bool m_rowEnded = false;
};

struct Columns
{
    qsizetype barcode, name, category, brand;
};

Result<Columns> columnsOf(const QStringList &header)
{
    const auto find = [&header](const QString &name) {
        const auto found = std::find_if(header.begin(), header.end(), [&name](const QString &cell) {
            return cell.trimmed().compare(name, Qt::CaseInsensitive) == 0;
        });
        return found == header.end() ? qsizetype(-1) : found - header.begin();
    };
    const Columns columns{find(u"barcode"_s), find(u"name"_s), find(u"category"_s), find(u"brand"_s)};
    if (columns.barcode < 0 || columns.name < 0) {
        return Error(Error::Code::InvalidArgument,
                     Catalogue::tr("The first row names no column \"%1\". It has: %2")
                         .arg(columns.barcode < 0 ? u"barcode"_s : u"name"_s, header.join(u", "_s)));
    }
    return columns;
}

} // namespace

QString Catalogue::barcodeProblem(const QString &barcode)
{
    if (barcode.isEmpty())
        return tr("the barcode is missing");
    if (!std::all_of(barcode.begin(), barcode.end(), [](QChar c) { return c >= u'0' && c <= u'9'; }))
        return tr("the barcode \"%1\" is not made of digits").arg(barcode);
    if (barcode.size() != 8 && barcode.size() != 12 && barcode.size() != 13)
        return tr("the barcode %1 has %2 digits; EAN-8, UPC and EAN-13 have 8, 12 and 13").arg(barcode).arg(barcode.size());
    int sum = 0;
    for (qsizetype i = 0; i + 1 < barcode.size(); ++i)
        sum += (barcode[i].unicode() - u'0') * ((barcode.size() - i) % 2 == 0 ? 3 : 1);
    const int expected = (10 - sum % 10) % 10;
    const int found = barcode.back().unicode() - u'0';
    return expected == found ? QString() : tr("the barcode %1 ends in the check digit %2 instead of %3").arg(barcode).arg(found).arg(expected);
}

Result<Catalogue> Catalogue::read(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return Error(Error::Code::NotFound, tr("%1 cannot be read: %2").arg(path, file.errorString()));
    return read(file);
}

Result<Catalogue> Catalogue::read(QIODevice &device)
{
    QStringDecoder decoder(QStringDecoder::Utf8);
    Rows rows(decoder.decode(device.readAll()));
    if (rows.atEnd())
        return Error(Error::Code::InvalidArgument, tr("The catalogue is empty."));
    const Result<Columns> columns = columnsOf(rows.next());
    if (!columns)
        return columns.error();
    Catalogue catalogue;
    QHash<QString, int> lines;
    while (!rows.atEnd()) {
        const int line = rows.line();
        const QStringList cells = rows.next();
        if (cells.size() == 1 && cells.first().isEmpty())
            continue;
        const auto cell = [&cells](qsizetype column) { return column < 0 ? QString() : cells.value(column).trimmed(); };
        const Product product{cell(columns->barcode), cell(columns->name), cell(columns->category), cell(columns->brand)};
        QString reason = barcodeProblem(product.barcode);
        if (reason.isEmpty() && product.name.isEmpty())
            reason = tr("the name is missing");
        if (reason.isEmpty() && lines.contains(product.barcode))
            reason = tr("the barcode %1 is in line %2 already").arg(product.barcode).arg(lines.value(product.barcode));
        if (reason.isEmpty() && (product.name + product.category + product.brand).contains(QChar::ReplacementCharacter))
            reason = tr("the text is not UTF-8");
        if (!reason.isEmpty()) {
            catalogue.problems.append({line, reason});
            continue;
        }
        lines.insert(product.barcode, line);
        catalogue.products.append(product);
    }
    return catalogue;
}
