// SPDX-License-Identifier: MIT
#include "server/execution/jsonwriter.h"

#include <charconv>
#include <cmath>

namespace Tideline::Server {

JsonWriter::JsonWriter(qsizetype expected) : m_buffer(std::max<qsizetype>(expected, 64), Qt::Uninitialized)
{
    m_data = m_buffer.data();
}

void JsonWriter::grow(qsizetype bytes)
{
    m_buffer.resize(std::max(m_buffer.size() * 2, m_size + bytes));
    m_data = m_buffer.data();
}

QByteArray JsonWriter::take()
{
    m_buffer.truncate(m_size);
    QByteArray result;
    result.swap(m_buffer);
    m_data = nullptr;
    m_size = 0;
    return result;
}

void JsonWriter::integer(qint64 value)
{
    constexpr qsizetype longest = 20;
    char *to = room(longest);
    m_size += std::to_chars(to, to + longest, value).ptr - to;
}

void JsonWriter::number(double value)
{
    if (!std::isfinite(value)) {        // JSON has no word for it
        null();
        return;
    }
    constexpr qsizetype longest = 32;
    char *to = room(longest);
    m_size += std::to_chars(to, to + longest, value).ptr - to;
}

char *JsonWriter::escape(char *to, ushort unit)
{
    static constexpr char digits[] = "0123456789abcdef";
    *to++ = '\\';
    switch (unit) {
    case '"': *to++ = '"'; return to;
    case '\\': *to++ = '\\'; return to;
    case '\b': *to++ = 'b'; return to;
    case '\f': *to++ = 'f'; return to;
    case '\n': *to++ = 'n'; return to;
    case '\r': *to++ = 'r'; return to;
    case '\t': *to++ = 't'; return to;
    default: break;
    }
    *to++ = 'u';
    for (int shift = 12; shift >= 0; shift -= 4)
        *to++ = digits[(unit >> shift) & 0xf];
    return to;
}

void JsonWriter::text(QStringView value)
{
    constexpr qsizetype longestUnit = 6;
    char *const start = room(value.size() * longestUnit + 2);
    char *to = start;
    *to++ = '"';
    const char16_t *from = value.utf16();
    const char16_t *const end = from + value.size();
    while (from != end) {
        const ushort unit = ushort(*from++);
        if (unit >= 0x20 && unit < 0x80 && unit != '"' && unit != '\\') {
            *to++ = char(unit);
        } else if (unit < 0x80) {
            to = escape(to, unit);
        } else if (unit < 0x800) {
            *to++ = char(0xc0 | (unit >> 6));
            *to++ = char(0x80 | (unit & 0x3f));
        } else if (unit == QChar::ByteOrderMark) {
            to = escape(to, unit);      // readers drop it where a string begins with it
        } else if (!QChar::isSurrogate(unit)) {
            *to++ = char(0xe0 | (unit >> 12));
            *to++ = char(0x80 | ((unit >> 6) & 0x3f));
            *to++ = char(0x80 | (unit & 0x3f));
        } else if (QChar::isHighSurrogate(unit) && from != end && QChar::isLowSurrogate(*from)) {
            const char32_t point = QChar::surrogateToUcs4(unit, *from++);
            *to++ = char(0xf0 | (point >> 18));
            *to++ = char(0x80 | ((point >> 12) & 0x3f));
            *to++ = char(0x80 | ((point >> 6) & 0x3f));
            *to++ = char(0x80 | (point & 0x3f));
        } else {
            to = escape(to, unit);      // half a pair has no UTF-8
        }
    }
    *to++ = '"';
    m_size += to - start;
}

void JsonWriter::value(const Value &value)
{
    switch (value.kind()) {
    case Value::Kind::Null:
        return null();
    case Value::Kind::Boolean:
        return boolean(value.toBool());
    case Value::Kind::Integer:
        return integer(value.toInteger());
    case Value::Kind::Double:
        return number(value.toDouble());
    case Value::Kind::Text:
        return text(value.toText());
    case Value::Kind::List: {
        char separator = '[';
        for (const Value &item : value.toList()) {
            raw(separator);
            this->value(item);
            separator = ',';
        }
        if (separator == '[')
            raw('[');
        return raw(']');
    }
    case Value::Kind::Object: {
        char separator = '{';
        for (const auto &[name, member] : value.toObject()) {
            raw(separator);
            text(name);
            raw(':');
            this->value(member);
            separator = ',';
        }
        if (separator == '{')
            raw('{');
        return raw('}');
    }
    }
}

/*! Returns \a value as compact JSON. */
QByteArray toJsonText(const Value &value)
{
    JsonWriter writer;
    writer.value(value);
    return writer.take();
}

} // namespace Tideline::Server
