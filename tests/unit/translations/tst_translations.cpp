// SPDX-License-Identifier: MIT
#include <QtCore/QDirIterator>
#include <QtCore/QProcess>
#include <QtCore/QRegularExpression>
#include <QtCore/QTemporaryDir>
#include <QtCore/QXmlStreamReader>
#include <QtTest/QTest>

using namespace Qt::StringLiterals;

namespace {

struct Message
{
    QString context;
    QString source;
    QString comment;            // tells apart what is the same in English
    QString type;               // "unfinished", "vanished", "obsolete"; empty when done
    QStringList translations;   // several for a plural

    QString key() const { return context + u'\n' + source + u'\n' + comment; }
    QString shown() const { return context + u": \""_s + source + u'"'; }
};

QStringList readTranslations(QXmlStreamReader &xml)
{
    QStringList forms;
    QString text;
    while (xml.readNext() != QXmlStreamReader::EndElement) {
        if (xml.isStartElement())
            forms.append(xml.readElementText());
        else if (xml.isCharacters())
            text += xml.text();
    }
    return forms.isEmpty() ? QStringList{text} : forms;
}

Message readMessage(QXmlStreamReader &xml, const QString &context)
{
    Message message;
    message.context = context;
    while (xml.readNextStartElement()) {
        if (xml.name() == "source"_L1) {
            message.source = xml.readElementText();
        } else if (xml.name() == "comment"_L1) {
            message.comment = xml.readElementText();
        } else if (xml.name() == "translation"_L1) {
            message.type = xml.attributes().value("type"_L1).toString();
            message.translations = readTranslations(xml);
        } else {
            xml.skipCurrentElement();
        }
    }
    return message;
}

QList<Message> readMessages(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("%s cannot be read", qPrintable(path));
    QXmlStreamReader xml(&file);
    QList<Message> messages;
    QString context;
    while (!xml.atEnd()) {
        if (xml.readNext() != QXmlStreamReader::StartElement)
            continue;
        if (xml.name() == "name"_L1)
            context = xml.readElementText();
        else if (xml.name() == "message"_L1)
            messages.append(readMessage(xml, context));
    }
    if (xml.hasError())
        qFatal("%s: %s", qPrintable(path), qPrintable(xml.errorString()));
    return messages;
}

QSet<QString> placeholders(const QString &text)
{
    static const QRegularExpression placeholder(u"%(?:L?\\d{1,2}|n|Ln)"_s);
    QSet<QString> found;
    for (auto match = placeholder.globalMatch(text); match.hasNext();)
        found.insert(match.next().captured());
    return found;
}

QString path(const QString &relative)
{
    return QStringLiteral(SOURCE_DIR "/") + relative;
}

// Takes up in \a file, which may be a copy, what the sources say now.
QString update(const QStringList &sources, const QString &file)
{
    QProcess lupdate;
    lupdate.setWorkingDirectory(QStringLiteral(SOURCE_DIR));
    lupdate.start(QStringLiteral(LUPDATE), QStringList{u"-locations"_s, u"none"_s, u"-I"_s, u"."_s, u"-I"_s, u"src"_s} + sources
                                               + QStringList{u"-ts"_s, file});
    if (!lupdate.waitForFinished(60'000) || lupdate.exitStatus() != QProcess::NormalExit || lupdate.exitCode() != 0)
        return u"lupdate failed: "_s + QString::fromLocal8Bit(lupdate.readAllStandardError());
    return {};
}

QByteArray report(const QStringList &problems, const QString &howToMend)
{
    return u"%1\n%2"_s.arg(problems.join(u'\n'), howToMend).toUtf8();
}

} // namespace

/*! Every word is there, in every language, in the library and in the examples. */
class TestTranslations : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sourcesAreTakenUp_data() { files(); }
    void sourcesAreTakenUp();
    void messagesAreFinished_data() { files(); }
    void messagesAreFinished();
    void placeholdersAreKept_data() { files(); }
    void placeholdersAreKept();
    void englishIsTheSource();
    void contextsAreThoseOfTheProgram();
    void errorsForPeopleAreTranslatable();

private:
    static void files();
};

void TestTranslations::files()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QStringList>("sources");
    const auto add = [](const QString &folder, const QStringList &sources) {
        const QStringList names = QDir(path(folder)).entryList({u"*.ts"_s});
        if (names.isEmpty())
            qFatal("No translation in %s", qPrintable(folder));
        for (const QString &name : names)
            QTest::newRow(qPrintable(name)) << folder + u'/' + name << sources;
    };
    add(u"translations"_s, {u"src/core"_s, u"src/client"_s, u"plugin"_s, u"qml"_s});
    for (const QString &example : QDir(path(u"examples"_s)).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        const QString folder = u"examples/"_s + example;
        if (QDir(path(folder + u"/i18n"_s)).exists())
            add(folder + u"/i18n"_s, {folder});
    }
}

void TestTranslations::sourcesAreTakenUp()
{
    QFETCH(QString, file);
    QFETCH(QStringList, sources);
    QTemporaryDir folder;
    const QString copy = folder.filePath(file.section(u'/', -1));
    QVERIFY(QFile::copy(path(file), copy));
    QVERIFY(QFile::setPermissions(copy, QFile::ReadOwner | QFile::WriteOwner));
    const QString failure = update(sources, copy);
    QVERIFY2(failure.isEmpty(), qPrintable(failure));

    QSet<QString> known;
    for (const Message &message : readMessages(path(file))) {
        if (message.type != "vanished"_L1 && message.type != "obsolete"_L1)
            known.insert(message.key());
    }
    QStringList problems;
    for (const Message &message : readMessages(copy)) {
        if (message.type == "vanished"_L1 || message.type == "obsolete"_L1)
            problems.append(u"%1: no source says %2 any more"_s.arg(file, message.shown()));
        else if (!known.contains(message.key()))
            problems.append(u"%1 lacks %2"_s.arg(file, message.shown()));
    }
    const QString mend = u"Run: cmake --build %1 --target update_translations. Then translate: linguist %2"_s
                             .arg(QStringLiteral(BUILD_DIR), file);
    QVERIFY2(problems.isEmpty(), report(problems, mend).constData());
}

void TestTranslations::messagesAreFinished()
{
    QFETCH(QString, file);
    QStringList problems;
    for (const Message &message : readMessages(path(file))) {
        if (message.type == "unfinished"_L1 || message.translations.contains(QString()))
            problems.append(u"%1: not translated is %2"_s.arg(file, message.shown()));
    }
    const QString mend = u"Translate them: linguist %1"_s.arg(file);
    QVERIFY2(problems.isEmpty(), report(problems, mend).constData());
}

void TestTranslations::placeholdersAreKept()
{
    QFETCH(QString, file);
    QStringList problems;
    for (const Message &message : readMessages(path(file))) {
        for (const QString &translation : message.translations) {
            if (!translation.isEmpty() && placeholders(translation) != placeholders(message.source))
                problems.append(u"%1: other placeholders than in %2 has \"%3\""_s.arg(file, message.shown(), translation));
        }
    }
    const QString mend = u"Give the translation those of the source: linguist %1"_s.arg(file);
    QVERIFY2(problems.isEmpty(), report(problems, mend).constData());
}

// For people whose first language is English and whose second has a translation.
void TestTranslations::englishIsTheSource()
{
    const QString file = u"translations/tideline_en.ts"_s;
    QStringList problems;
    for (const Message &message : readMessages(path(file))) {
        if (message.translations.size() == 1 && message.translations.first() != message.source)
            problems.append(u"%1: %2 is \"%3\""_s.arg(file, message.shown(), message.translations.first()));
    }
    const QString mend = u"Make the translation equal to its source: linguist %1"_s.arg(file);
    QVERIFY2(problems.isEmpty(), report(problems, mend).constData());
}

// A tr() of a class that lupdate does not find gets a context that no program asks for.
void TestTranslations::contextsAreThoseOfTheProgram()
{
    const QString file = u"translations/tideline_de.ts"_s;
    QStringList problems;
    for (const Message &message : readMessages(path(file))) {
        if (!message.context.startsWith("Tideline::"_L1) && !QFile::exists(path(u"qml/%1.qml"_s.arg(message.context))))
            problems.append(u"%1: no program asks for %2"_s.arg(file, message.shown()));
    }
    const QString mend = u"Let lupdate see the header of the class whose tr() it is."_s;
    QVERIFY2(problems.isEmpty(), report(problems, mend).constData());
}

void TestTranslations::errorsForPeopleAreTranslatable()
{
    static const QRegularExpression plain(u"(?:Error::Code::\\w+,|\\bproblem\\(|\\bfailure\\()\\s*(?:u?\"[^\"]*\"|QStringLiteral)"_s);
    QStringList problems;
    for (const QString &room : {u"src/core/data"_s, u"src/client"_s, u"plugin"_s}) {
        QDirIterator sources(path(room), {u"*.cpp"_s, u"*.h"_s}, QDir::Files, QDirIterator::Subdirectories);
        while (sources.hasNext()) {
            QFile source(sources.next());
            QVERIFY(source.open(QIODevice::ReadOnly));
            const QString text = QString::fromUtf8(source.readAll());
            for (auto match = plain.globalMatch(text); match.hasNext();)
                problems.append(u"%1: %2"_s.arg(QDir(path({})).relativeFilePath(source.fileName()), match.next().captured().simplified()));
        }
    }
    const QString mend = u"Give tr() of the room's text class the whole sentence, with placeholders for what varies."_s;
    QVERIFY2(problems.isEmpty(), report(problems, mend).constData());
}

QTEST_GUILESS_MAIN(TestTranslations)
#include "tst_translations.moc"
