// SPDX-License-Identifier: MIT
#include "tools/codegennames.h"

#include <QtCore/QRegularExpression>
#include <QtCore/QSet>

using namespace Qt::StringLiterals;

namespace Tideline::Tools {

namespace {

using Words = QSet<QString>;

Words words(const QString &text)
{
    const QStringList list = text.split(u' ', Qt::SkipEmptyParts);
    return {list.cbegin(), list.cend()};
}

const Words &keywords()
{
    static const Words set = words(
        u"alignas alignof and and_eq asm auto bitand bitor bool break case catch char char8_t char16_t char32_t class co_await "
        "co_return co_yield compl concept const const_cast consteval constexpr constinit continue decltype default delete do "
        "double dynamic_cast else enum explicit export extern false float for friend goto if inline int long mutable namespace "
        "new noexcept not not_eq nullptr operator or or_eq private protected public register reinterpret_cast requires return "
        "short signed sizeof static static_assert static_cast struct switch template this thread_local throw true try typedef "
        "typeid typename union unsigned using virtual void volatile wchar_t while xor xor_eq"_s);
    return set;
}

// Macros of Qt, the C library, POSIX and Windows that are plausible as names.
const Words &macros()
{
    static const Words set = words(
        u"emit foreach forever signals slots "
        "assert errno far i386 interface linux near offsetof small stderr stdin stdout unix "
        "ABSOLUTE ALTERNATE BIG_ENDIAN BUFSIZ BYTE_ORDER CALLBACK CHAR_BIT CHAR_MAX CHAR_MIN CLOCKS_PER_SEC CONST DELETE "
        "DIFFERENCE DOMAIN EOF ERROR EXIT_FAILURE EXIT_SUCCESS FALSE FAR HUGE HUGE_VAL IGNORE IN INFINITE INFINITY INTERFACE "
        "INT_MAX INT_MIN LITTLE_ENDIAN LONG_MAX LONG_MIN MAX_PATH NAN NEAR NO_ERROR NULL OPAQUE OPTIONAL OUT OVERFLOW PASCAL "
        "PATH_MAX PDP_ENDIAN PLOSS RAND_MAX RELATIVE SEEK_CUR SEEK_END SEEK_SET SING STRICT TLOSS TRANSPARENT TRUE UNDERFLOW "
        "VOID WINAPI "
        "E2BIG EACCES EADDRINUSE EADDRNOTAVAIL EAFNOSUPPORT EAGAIN EALREADY EBADF EBADMSG EBUSY ECANCELED ECHILD ECONNABORTED "
        "ECONNREFUSED ECONNRESET EDEADLK EDESTADDRREQ EDOM EEXIST EFAULT EFBIG EHOSTUNREACH EIDRM EILSEQ EINPROGRESS EINTR "
        "EINVAL EIO EISCONN EISDIR ELOOP EMFILE EMLINK EMSGSIZE ENAMETOOLONG ENETDOWN ENETRESET ENETUNREACH ENFILE ENOBUFS "
        "ENODATA ENODEV ENOENT ENOEXEC ENOLCK ENOLINK ENOMEM ENOMSG ENOPROTOOPT ENOSPC ENOSR ENOSTR ENOSYS ENOTCONN ENOTDIR "
        "ENOTEMPTY ENOTRECOVERABLE ENOTSOCK ENOTSUP ENOTTY ENXIO EOPNOTSUPP EOWNERDEAD EPERM EPIPE EPROTO EPROTONOSUPPORT "
        "EPROTOTYPE ERANGE EROFS ESPIPE ESRCH ETIME ETIMEDOUT ETXTBSY EWOULDBLOCK EXDEV "
        "SIGABRT SIGALRM SIGBUS SIGCHLD SIGCONT SIGFPE SIGHUP SIGILL SIGINT SIGIO SIGKILL SIGPIPE SIGPROF SIGQUIT SIGSEGV "
        "SIGSTOP SIGSYS SIGTERM SIGTRAP SIGTSTP SIGTTIN SIGTTOU SIGURG SIGUSR1 SIGUSR2 SIGVTALRM SIGXCPU SIGXFSZ"_s);
    return set;
}

bool isMacro(const QString &name)
{
    static const QRegularExpression prefixes(u"^(Q|QT|QML|TIDELINE)_[A-Z0-9_]+$"_s);
    return macros().contains(name) || prefixes.match(name).hasMatch();
}

// Words that cannot stand before a colon in QML, or that mean something else there.
const Words &qmlWords()
{
    static const Words set = words(
        u"abstract arguments boolean byte debugger eval final finally function implements import in instanceof let native null "
        "package pragma property signal super synchronized throws transient typeof undefined var with yield"_s);
    return set;
}

// Members of QObject, ModelObject and the generated class that a field must not hide.
const Words &classMembers()
{
    static const Words set = words(
        u"become classBegin clear componentComplete connect deleteLater destroy destroyed disconnect draft "
        "emitFieldChanged errorOf errors field fieldChanged fieldValue fieldVariant follow inherits isModified isNull "
        "isStored isValid key keyOf keyChanged metaObject modified modifiedChanged objectName objectNameChanged parent "
        "property qt_check_for_QGADGET_macro qt_metacall qt_metacast qt_static_metacall record reset setField setFieldValue "
        "setFieldVariant setKey setObjectName setParent setProperty setStore staticMetaObject std store storeChanged stored "
        "storedChanged syncState syncStateChanged toString tr type typeChanged typeName valid validChanged version versionChanged"_s);
    return set;
}

// Types and namespaces that generated code names without their namespace.
const Words &typeWords()
{
    static const Words set = words(
        u"Fields ModelObject QDate QDateTime QList QMetaObject QObject QPrivateSignal QQmlParserStatus QString QTime QUrl QVariant "
        "Qt QtPrivate Record SchemaSource Tideline"_s);
    return set;
}

/*! One underscore more for a word that is taken, and for one that is nothing else but underscores longer. */
QString unlessTaken(const QString &name, bool (*taken)(const QString &))
{
    QString stem = name;
    while (stem.endsWith(u'_'))
        stem.chop(1);
    return taken(stem) ? name + u'_' : name;
}

QString underscoresLast(const QString &name)
{
    qsizetype count = 0;
    while (count < name.size() && name[count] == u'_')
        ++count;
    return name.mid(count) + name.left(count);
}

/*! "SKU" -> "sku", "SKUCode" -> "skuCode", "Name" -> "name", "_Name" -> "_name". */
QString small(const QString &name)
{
    QString result = name;
    qsizetype start = 0;
    while (start < name.size() && name[start] == u'_')
        ++start;
    for (qsizetype i = start; i < name.size() && name[i].isUpper(); ++i) {
        if (i > start && i + 1 < name.size() && name[i + 1].isLower())
            break;
        result[i] = name[i].toLower();
    }
    return result;
}

QString typeIdentifier(const QString &name)
{
    return unlessTaken(capitalized(underscoresLast(name)), [](const QString &word) { return typeWords().contains(word) || isMacro(word); });
}

QString valueIdentifier(const QString &name)
{
    return unlessTaken(underscoresLast(name), [](const QString &word) {
        return keywords().contains(word) || isMacro(word) || word == u"staticMetaObject" || word.startsWith(u"qt_");
    });
}

QString memberIdentifier(const QString &name)
{
    return unlessTaken(small(name), [](const QString &word) {
        return keywords().contains(word) || qmlWords().contains(word) || classMembers().contains(word) || isMacro(word);
    });
}

/*! What the class of a model has beside the token of a field. */
QStringList fieldAccessors(const QString &name)
{
    return {name + u"Value"_s, u"set"_s + capitalized(name), name + u"Changed"_s};
}

QStringList relationAccessors(const QString &name)
{
    return {name + u"Query"_s, name + u"Object"_s, u"m_related"_s + capitalized(name)};
}

} // namespace

QString capitalized(const QString &name)
{
    return name.left(1).toUpper() + name.mid(1);
}

// Finds out who has an identifier already.
class Names::Scope
{
public:
    explicit Scope(QList<Problem> &problems) : m_problems(problems) { }

    void claim(const QString &identifier, const QString &path, const QString &owner)
    {
        if (!identifier.front().isLetter() && identifier.front() != u'_') {
            m_problems.append({path, u"%1 has no name in C++ and QML, where names begin with a letter. Rename it."_s.arg(capitalized(owner))});
        } else if (const QString other = m_owners.value(identifier); !other.isEmpty()) {
            m_problems.append({path, u"%1 needs the name \"%2\" in C++ and QML, which %3 has already. Rename one of them."_s
                                         .arg(capitalized(owner), identifier, other)});
        }
        m_owners.insert(identifier, owner);
    }

private:
    QList<Problem> &m_problems;
    QHash<QString, QString> m_owners;
};

Names::Names(const Schema &schema, const QString &space)
{
    nameTypes(schema, space);
    for (const EnumType &type : schema.enumTypes())
        nameValues(type);
    for (const EmbeddedType &type : schema.embeddedTypes())
        nameMembers(type);
    for (const auto &type : schema.models())
        nameMembers(*type);
}

void Names::nameTypes(const Schema &schema, const QString &space)
{
    Scope scope(m_problems);
    scope.claim(space, {}, u"the namespace"_s);
    for (const EnumType &type : schema.enumTypes())
        nameType(scope, type.name);
    for (const EmbeddedType &type : schema.embeddedTypes())
        nameType(scope, type.name);
    for (const auto &type : schema.models())
        nameType(scope, type->name);
    for (const EnumType &type : schema.enumTypes())
        scope.claim(valuesOf(type.name), type.name, u"the list of values of enum \"%1\""_s.arg(type.name));
}

void Names::nameType(Scope &scope, const QString &name)
{
    const QString identifier = typeIdentifier(name);
    m_names.insert(name, identifier);
    scope.claim(identifier, name, u"type \"%1\""_s.arg(name));
}

void Names::nameValues(const EnumType &type)
{
    Scope scope(m_problems);
    scope.claim(valuesOf(type.name), type.name, u"the list of values"_s);
    for (const QString &value : type.values) {
        const QString path = type.name + u'.' + value;
        m_names.insert(path, valueIdentifier(value));
        scope.claim(valueIdentifier(value), path, u"value \"%1\""_s.arg(path));
    }
}

void Names::nameMembers(const EmbeddedType &type)
{
    Scope scope(m_problems);
    for (const SchemaField &field : type.fields) {
        const QString path = type.name + u'.' + field.name;
        m_names.insert(path, memberIdentifier(field.name));
        scope.claim(memberIdentifier(field.name), path, u"field \"%1\""_s.arg(path));
    }
}

// A field may be called like what another field's property needs: status and statusChanged.
void Names::nameMembers(const ModelType &type)
{
    QStringList names;
    QStringList accessors;
    for (const SchemaField &field : type.fields) {
        names.append(field.name);
        accessors += fieldAccessors(memberIdentifier(field.name));
    }
    for (const Relation &relation : type.relations) {
        names.append(relation.name);
        accessors += relationAccessors(memberIdentifier(relation.name));
    }
    const qsizetype problemsBefore = m_problems.size();
    Scope scope(m_problems);
    for (const QString &name : names) {
        const QString path = type.name + u'.' + name;
        const QString identifier = memberIdentifier(name);
        m_names.insert(path, accessors.contains(identifier) ? identifier + u'_' : identifier);
        scope.claim(m_names.value(path), path, u"field \"%1\""_s.arg(path));
    }
    if (m_problems.size() > problemsBefore)
        return;
    const auto claimAll = [&](const QString &name, QStringList (*accessorsOf)(const QString &)) {
        const QString path = type.name + u'.' + name;
        for (const QString &accessor : accessorsOf(m_names.value(path)))
            scope.claim(accessor, path, u"a property of field \"%1\""_s.arg(path));
    };
    for (const SchemaField &field : type.fields)
        claimAll(field.name, fieldAccessors);
    for (const Relation &relation : type.relations)
        claimAll(relation.name, relationAccessors);
}

QStringList Names::problems(const SchemaText &text) const
{
    QStringList lines;
    for (const Problem &problem : m_problems)
        lines.append(text.place(problem.path) + u": "_s + problem.text);
    return lines;
}

QString spaceProblem(const QString &name)
{
    static const QRegularExpression identifier(u"^[A-Z][A-Za-z0-9_]*$"_s);
    static const Words headers = words(
        u"assert complex ctype errno fenv float inttypes iso646 limits locale malloc math memory process setjmp signal stdalign "
        "stdarg stdatomic stdbool stddef stdint stdio stdlib stdnoreturn string strings tgmath threads time uchar unistd wchar "
        "wctype"_s);
    if (!identifier.match(name).hasMatch())
        return u"\"%1\" cannot name a namespace of C++ and a type of QML: begin with a capital, go on with letters and digits"_s.arg(name);
    if (typeIdentifier(name) != name)
        return u"\"%1\" is a name that C++ or Qt needs itself"_s.arg(name);
    if (headers.contains(name.toLower()))
        return u"the header of \"%1\" would hide %2.h of the system"_s.arg(name, name.toLower());
    return {};
}

} // namespace Tideline::Tools
