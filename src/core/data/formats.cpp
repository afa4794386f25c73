// SPDX-License-Identifier: MIT
#include "core/data/scalars.h"

#include "core/data/jsontext_p.h"
#include "core/data/value_p.h"

#include <QtCore/QDate>
#include <QtCore/QUrl>

#include <algorithm>

namespace Tideline {

using namespace Qt::Literals::StringLiterals;

namespace {

bool isDigit(char16_t c) { return c >= u'0' && c <= u'9'; }
bool isLetter(char16_t c) { return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z'); }
bool isHexDigit(char16_t c) { return isDigit(c) || (c >= u'a' && c <= u'f') || (c >= u'A' && c <= u'F'); }

// Reads a text from the left; every take...() moves on only when it succeeds.
class TextScanner
{
public:
    explicit TextScanner(QStringView text) noexcept : m_at(text.utf16()), m_end(text.utf16() + text.size()) { }

    bool atEnd() const { return m_at == m_end; }
    bool take(char16_t c) { return m_at < m_end && *m_at == c ? (++m_at, true) : false; }

    // exactly that many digits
    bool takeNumber(int digits, int &number)
    {
        if (m_end - m_at < digits || !std::all_of(m_at, m_at + digits, isDigit))
            return false;
        number = 0;
        for (int i = 0; i < digits; ++i)
            number = number * 10 + (*m_at++ - u'0');
        return true;
    }

    qsizetype takeDigits()
    {
        const char16_t *start = m_at;
        m_at = std::find_if_not(m_at, m_end, isDigit);
        return m_at - start;
    }

private:
    const char16_t *m_at;
    const char16_t *m_end;
};

bool takeDate(TextScanner &s)
{
    int year, month, day;
    return s.takeNumber(4, year) && s.take(u'-') && s.takeNumber(2, month) && s.take(u'-') && s.takeNumber(2, day)
        && month >= 1 && month <= 12 && day >= 1 && day <= 31
        && day <= QDate(year == 0 ? 2000 : year, month, 1).daysInMonth();     // QDate has no year 0, ISO 8601 has
}

bool takeMinutesAndSeconds(TextScanner &s)      // mm, mm:ss or mm:ss.fraction
{
    int minute, second;
    if (!s.takeNumber(2, minute) || minute > 59)
        return false;
    if (!s.take(u':'))
        return true;
    if (!s.takeNumber(2, second) || second > 59)
        return false;
    if (!s.take(u'.'))
        return true;
    const qsizetype digits = s.takeDigits();
    return digits >= 1 && digits <= 9;
}

bool takeTime(TextScanner &s)
{
    int hour;
    return s.takeNumber(2, hour) && hour <= 23 && s.take(u':') && takeMinutesAndSeconds(s);
}

bool takeOffset(TextScanner &s)         // Z, +hh:mm or +hh:mm:ss, at most 18 hours as AppSync has it
{
    if (s.take(u'Z'))
        return true;
    int hour, minute, second = 0;
    if ((!s.take(u'+') && !s.take(u'-')) || !s.takeNumber(2, hour) || !s.take(u':') || !s.takeNumber(2, minute))
        return false;
    if (s.take(u':') && !s.takeNumber(2, second))
        return false;
    return minute <= 59 && second <= 59 && hour * 3600 + minute * 60 + second <= 18 * 3600;
}

bool isDate(QStringView text)
{
    TextScanner s(text);
    return takeDate(s) && (s.atEnd() || (takeOffset(s) && s.atEnd()));
}

bool isTime(QStringView text)
{
    TextScanner s(text);
    return takeTime(s) && (s.atEnd() || (takeOffset(s) && s.atEnd()));
}

bool isDateTime(QStringView text)
{
    TextScanner s(text);
    return takeDate(s) && s.take(u'T') && takeTime(s) && takeOffset(s) && s.atEnd();
}

bool isDomainLabel(QStringView label)
{
    const auto allowed = [](QChar c) { return isLetter(c.unicode()) || isDigit(c.unicode()) || c == u'-'; };
    return !label.isEmpty() && label.size() <= 63 && std::all_of(label.begin(), label.end(), allowed)
        && label.front() != u'-' && label.back() != u'-';
}

bool isEmail(QStringView text)          // as HTML's <input type=email> has it
{
    const qsizetype at = text.indexOf(u'@');
    if (at < 1)
        return false;
    const auto allowed = [](QChar c) {
        return isLetter(c.unicode()) || isDigit(c.unicode()) || QStringView(u".!#$%&'*+/=?^_`{|}~-").contains(c);
    };
    const QStringView local = text.first(at);
    if (!std::all_of(local.begin(), local.end(), allowed))
        return false;
    for (const QStringView label : text.sliced(at + 1).tokenize(u'.')) {
        if (!isDomainLabel(label))
            return false;
    }
    return true;
}

bool isUrl(QStringView text)
{
    const auto bad = [](QChar c) { return c.unicode() <= 0x20 || c.unicode() == 0x7f; };
    if (std::any_of(text.begin(), text.end(), bad))
        return false;
    const QUrl url(text.toString());
    if (!url.isValid() || url.scheme().isEmpty() || url.path().contains("//"_L1))
        return false;
    const bool web = url.scheme() == "http"_L1 || url.scheme() == "https"_L1;
    return web ? !url.host().isEmpty() : text.size() > url.scheme().size() + 1;
}

bool isPhone(QStringView text)
{
    if (text.startsWith(u'+'))
        text = text.sliced(1);
    if (text.size() < 2 || !isDigit(text.front().unicode()))
        return false;
    return std::all_of(text.begin(), text.end(), [](QChar c) { return isDigit(c.unicode()) || c == u' ' || c == u'-'; });
}

bool isIpv4(QStringView text)
{
    int parts = 0;
    for (const QStringView part : text.tokenize(u'.')) {
        const bool digits = std::all_of(part.begin(), part.end(), [](QChar c) { return isDigit(c.unicode()); });
        if (part.isEmpty() || part.size() > 3 || !digits || (part.size() > 1 && part.front() == u'0') || part.toInt() > 255)
            return false;
        ++parts;
    }
    return parts == 4;
}

// The number of 16-bit groups in one side of an IPv6 address, -1 when it is malformed.
int ipv6Groups(QStringView text, bool mayEndInIpv4)
{
    if (text.isEmpty())
        return 0;
    int groups = 0;
    qsizetype start = 0;
    while (true) {
        const qsizetype colon = text.indexOf(u':', start);
        const QStringView part = text.sliced(start, (colon < 0 ? text.size() : colon) - start);
        if (colon < 0 && mayEndInIpv4 && part.contains(u'.'))
            return isIpv4(part) ? groups + 2 : -1;
        if (part.isEmpty() || part.size() > 4 || !std::all_of(part.begin(), part.end(), [](QChar c) { return isHexDigit(c.unicode()); }))
            return -1;
        ++groups;
        if (colon < 0)
            return groups;
        start = colon + 1;
    }
}

bool isIpv6(QStringView text)
{
    const qsizetype gap = text.indexOf("::"_L1);
    if (gap < 0)
        return ipv6Groups(text, true) == 8;
    const int left = ipv6Groups(text.first(gap), false);
    const int right = ipv6Groups(text.sliced(gap + 2), true);
    return left >= 0 && right >= 0 && left + right <= 7;
}

bool isIpAddress(QStringView text)      // with an optional CIDR suffix
{
    const qsizetype slash = text.indexOf(u'/');
    const QStringView address = slash < 0 ? text : text.first(slash);
    const bool v4 = isIpv4(address);
    if (!v4 && !isIpv6(address))
        return false;
    if (slash < 0)
        return true;
    TextScanner s(text.sliced(slash + 1));
    const qsizetype digits = s.takeDigits();
    return digits >= 1 && digits <= 3 && s.atEnd() && text.sliced(slash + 1).toInt() <= (v4 ? 32 : 128);
}

} // namespace

/*!
    Returns whether \a text has the form of \a scalar, one of the scalars that are text. False for
    Int, Float, Boolean and AWSTimestamp, which are not.

    The forms are those AppSync takes, as a value it refuses must not wait in the outbox first:

    \list
    \li \c ID, \c String: any text that UTF-8 can express (no half surrogate pairs), without U+FFFE and U+FFFF,
        which are no characters and which SQLite does not give back
    \li \c AWSDate: \c{2024-05-31}, optionally \c Z or an offset; a day of the calendar
    \li \c AWSTime: \c{12:30}, \c{12:30:24}, \c{12:30:24.500}, optionally \c Z or an offset
    \li \c AWSDateTime: date, \c T, time, and always \c Z or an offset
    \li \c AWSEmail: as HTML's e-mail fields take it
    \li \c AWSJSON: one JSON value of any kind
    \li \c AWSURL: absolute; no \c{//} in the path
    \li \c AWSPhone: an optional \c +, a digit, then digits, blanks and hyphens
    \li \c AWSIPAddress: IPv4 or IPv6, optionally with a CIDR suffix
    \endlist

    May be called from any thread.
    \since 0.1
*/
bool isValidScalar(Scalar scalar, QStringView text)
{
    switch (scalar) {
    case Scalar::ID:
    case Scalar::String:
        return isUnicodeText(text);
    case Scalar::AWSDate:
        return isDate(text);
    case Scalar::AWSTime:
        return isTime(text);
    case Scalar::AWSDateTime:
        return isDateTime(text);
    case Scalar::AWSEmail:
        return isEmail(text);
    case Scalar::AWSJSON:
        return isUnicodeText(text) && isJsonText(text);
    case Scalar::AWSURL:
        return isUnicodeText(text) && isUrl(text);
    case Scalar::AWSPhone:
        return isPhone(text);
    case Scalar::AWSIPAddress:
        return isIpAddress(text);
    case Scalar::Int:
    case Scalar::Float:
    case Scalar::Boolean:
    case Scalar::AWSTimestamp:
        return false;
    }
    return false;
}

} // namespace Tideline
