// SPDX-License-Identifier: MIT
#include "core/data/jsontext_p.h"

#include "core/data/value_p.h"

#include <QtCore/QLocale>

#include <cmath>

namespace Tideline {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int MaxDepth = 1000;      // QJsonDocument reads no more than 1,024

bool isDigit(char16_t c) { return c >= u'0' && c <= u'9'; }
bool isHexDigit(char16_t c) { return isDigit(c) || (c >= u'a' && c <= u'f') || (c >= u'A' && c <= u'F'); }

class JsonScanner
{
public:
    explicit JsonScanner(QStringView text) noexcept : m_at(text.utf16()), m_end(text.utf16() + text.size()) { }

    bool document()
    {
        skipSpace();
        if (!value(0))
            return false;
        skipSpace();
        return m_at == m_end;
    }

private:
    char16_t peek() const { return m_at < m_end ? *m_at : u'\0'; }
    bool take(char16_t c) { return m_at < m_end && *m_at == c ? (++m_at, true) : false; }

    void skipSpace()
    {
        while (m_at < m_end && (*m_at == u' ' || *m_at == u'\n' || *m_at == u'\t' || *m_at == u'\r'))
            ++m_at;
    }

    bool word(QLatin1StringView expected)
    {
        if (!QStringView(m_at, m_end).startsWith(expected))
            return false;
        m_at += expected.size();
        return true;
    }

    bool digits()
    {
        const char16_t *start = m_at;
        while (isDigit(peek()))
            ++m_at;
        return m_at > start;
    }

    bool number()
    {
        take(u'-');
        if (!take(u'0') && !digits())
            return false;
        if (take(u'.') && !digits())
            return false;
        if (take(u'e') || take(u'E')) {
            if (!take(u'+'))
                take(u'-');
            return digits();
        }
        return true;
    }

    bool escape()
    {
        if (take(u'u')) {
            for (int i = 0; i < 4; ++i, ++m_at) {
                if (!isHexDigit(peek()))
                    return false;
            }
            return true;
        }
        if (m_at == m_end || !QStringView(u"\"\\/bfnrt").contains(QChar(*m_at)))
            return false;
        ++m_at;
        return true;
    }

    bool string()
    {
        if (!take(u'"'))
            return false;
        while (m_at < m_end) {
            const char16_t c = *m_at++;
            if (c == u'"')
                return true;
            if (c < 0x20 || (c == u'\\' && !escape()))
                return false;
        }
        return false;
    }

    bool member(int depth)
    {
        skipSpace();
        if (!string())
            return false;
        skipSpace();
        return take(u':') && element(depth);
    }

    bool element(int depth)
    {
        skipSpace();
        const bool ok = value(depth);
        skipSpace();
        return ok;
    }

    bool container(char16_t close, int depth)
    {
        if (depth > MaxDepth)
            return false;
        skipSpace();
        if (take(close))
            return true;
        do {
            if (!(close == u'}' ? member(depth) : element(depth)))
                return false;
        } while (take(u','));
        return take(close);
    }

    bool value(int depth)
    {
        switch (peek()) {
        case u'{':
            ++m_at;
            return container(u'}', depth + 1);
        case u'[':
            ++m_at;
            return container(u']', depth + 1);
        case u'"':
            return string();
        case u't':
            return word("true"_L1);
        case u'f':
            return word("false"_L1);
        case u'n':
            return word("null"_L1);
        default:
            return number();
        }
    }

    const char16_t *m_at;
    const char16_t *m_end;
};

QLatin1StringView shortEscape(char16_t c)
{
    switch (c) {
    case u'"':
        return "\\\""_L1;
    case u'\\':
        return "\\\\"_L1;
    case u'\b':
        return "\\b"_L1;
    case u'\f':
        return "\\f"_L1;
    case u'\n':
        return "\\n"_L1;
    case u'\r':
        return "\\r"_L1;
    case u'\t':
        return "\\t"_L1;
    case QChar::ByteOrderMark:          // which QJsonDocument drops where a string begins with it
        return "\\ufeff"_L1;
    default:
        return {};
    }
}

} // namespace

bool isJsonText(QStringView text) noexcept
{
    return JsonScanner(text).document();
}

QString numberText(double number)
{
    // whole numbers in full: the shortest digits of a large one read back as another integer
    if (const std::optional<qint64> integer = exactInteger(number))
        return QString::number(*integer);
    return QString::number(number, 'g', QLocale::FloatingPointShortest);
}

void appendJsonString(QString &out, QStringView text)
{
    out += u'"';
    qsizetype plain = 0;        // where the run of characters that need no escape began
    for (qsizetype i = 0; i < text.size(); ++i) {
        const char16_t c = text[i].unicode();
        if (c >= 0x20 && c != u'"' && c != u'\\' && c != QChar::ByteOrderMark)
            continue;
        out += text.sliced(plain, i - plain);
        plain = i + 1;
        if (const QLatin1StringView escape = shortEscape(c); !escape.isEmpty())
            out += escape;
        else
            out += "\\u00"_L1 + (c < 0x10 ? "0"_L1 : ""_L1) + QString::number(c, 16);
    }
    out += text.sliced(plain);
    out += u'"';
}

static void appendJsonObject(QString &out, const Value::Object &object)
{
    out += u'{';
    for (qsizetype i = 0; i < object.size(); ++i) {
        if (i > 0)
            out += u',';
        appendJsonString(out, object[i].first);
        out += u':';
        appendJson(out, object[i].second);
    }
    out += u'}';
}

static void appendJsonList(QString &out, const Value::List &list)
{
    out += u'[';
    for (qsizetype i = 0; i < list.size(); ++i) {
        if (i > 0)
            out += u',';
        appendJson(out, list[i]);
    }
    out += u']';
}

void appendJson(QString &out, const Value &value)
{
    switch (value.kind()) {
    case Value::Kind::Null:
        out += "null"_L1;
        return;
    case Value::Kind::Boolean:
        out += value.toBool() ? "true"_L1 : "false"_L1;
        return;
    case Value::Kind::Integer:
        out += QString::number(value.toInteger());
        return;
    case Value::Kind::Double:
        out += std::isfinite(value.toDouble()) ? numberText(value.toDouble()) : u"null"_s;
        return;
    case Value::Kind::Text:
        appendJsonString(out, value.toText());
        return;
    case Value::Kind::List:
        appendJsonList(out, value.toList());
        return;
    case Value::Kind::Object:
        appendJsonObject(out, value.toObject());
        return;
    }
}

} // namespace Tideline
