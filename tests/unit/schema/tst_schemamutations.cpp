// SPDX-License-Identifier: MIT
#include "core/graphql/parser.h"
#include "core/graphql/printer.h"
#include "core/schema/appsyncschema.h"
#include "shared/fixtures.h"

#include <QtTest/QTest>

#include <QtCore/QRandomGenerator>
#include <QtCore/QRegularExpression>
#include <QtCore/QSet>

using namespace Qt::StringLiterals;
using namespace Tideline;

// Schemas damaged at random: whatever is accepted must give a backend's schema that is whole, and
// whatever is refused must say where.
class TestSchemaMutations : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void acceptedSchemasGiveWholeDocuments_data();
    void acceptedSchemasGiveWholeDocuments();
};

static const GraphQL::TypeReference &inner(const GraphQL::TypeReference &type)
{
    return type.kind == GraphQL::TypeReference::Kind::Named ? type : inner(*type.inner);
}

// Says what is wrong with a document: names that nothing defines, or that two things define.
static QString flawOf(const GraphQL::Document &document)
{
    QSet<QString> known{u"ID"_s, u"String"_s, u"Int"_s, u"Float"_s, u"Boolean"_s, u"AWSDate"_s, u"AWSTime"_s, u"AWSDateTime"_s,
                        u"AWSTimestamp"_s, u"AWSEmail"_s, u"AWSJSON"_s, u"AWSURL"_s, u"AWSPhone"_s, u"AWSIPAddress"_s};
    for (const GraphQL::Definition &definition : document.definitions) {
        const QString name = std::get<GraphQL::TypeDefinition>(definition).name.value;
        if (known.contains(name))
            return u"two types "_s + name;
        known.insert(name);
    }
    for (const GraphQL::Definition &definition : document.definitions) {
        const auto &type = std::get<GraphQL::TypeDefinition>(definition);
        QSet<QString> members;
        const auto check = [&](const QString &name, const GraphQL::TypeReference *reference) {
            if (members.contains(name))
                return u"two members "_s + type.name.value + u'.' + name;
            members.insert(name);
            if (reference && !known.contains(inner(*reference).name.value))
                return u"no type "_s + inner(*reference).name.value + u" of "_s + type.name.value + u'.' + name;
            return QString();
        };
        for (const GraphQL::FieldDefinition &field : type.fields) {
            QString flaw = check(field.name.value, &field.type);
            QSet<QString> arguments;
            for (const GraphQL::InputValueDefinition &argument : field.arguments) {
                if (arguments.contains(argument.name.value) || !known.contains(inner(argument.type).name.value))
                    flaw = u"argument "_s + field.name.value + u'.' + argument.name.value;
                arguments.insert(argument.name.value);
            }
            if (!flaw.isEmpty())
                return flaw;
        }
        for (const GraphQL::InputValueDefinition &input : type.inputFields) {
            if (const QString flaw = check(input.name.value, &input.type); !flaw.isEmpty())
                return flaw;
        }
        for (const GraphQL::EnumValueDefinition &value : type.values) {
            if (const QString flaw = check(value.name.value, nullptr); !flaw.isEmpty())
                return flaw;
        }
    }
    return {};
}

static QString indexFlawOf(const Schema &schema)
{
    const auto inside = [](const ModelType &model, const std::vector<int> &fields) {
        return !fields.empty() && std::all_of(fields.begin(), fields.end(), [&](int field) { return field >= 0 && field < int(model.fields.size()); });
    };
    for (const auto &model : schema.models()) {
        if (!inside(*model, model->primaryKey))
            return model->name + u" has no key"_s;
        for (const Index &index : model->indexes) {
            if (!inside(*model, index.fields))
                return index.name;
        }
        for (const Relation &relation : model->relations) {
            if (!schema.target(relation) || !inside(*model, relation.localFields) || !inside(*schema.target(relation), relation.targetFields)
                || relation.localFields.size() != relation.targetFields.size())
                return relation.name;
        }
    }
    return schema.dependencyOrder().size() == qsizetype(schema.models().size()) ? QString() : u"order"_s;
}

// Pieces that can go, come twice or change places without making nonsense of the syntax each time.
static QStringList piecesOf(const QString &source)
{
    static const QRegularExpression piece(u"\\s+|@\\w+|\\w+|[^\\s\\w]"_s);
    QStringList pieces;
    for (auto it = piece.globalMatch(source); it.hasNext();)
        pieces.append(it.next().captured());
    return pieces;
}

static QString damaged(const QString &source, QRandomGenerator &random)
{
    QStringList lines = source.split(u'\n');
    for (int i = random.bounded(3); i > 0; --i)
        lines.removeAt(random.bounded(int(lines.size())));
    QStringList pieces = piecesOf(lines.join(u'\n'));
    for (int i = random.bounded(3); i >= 0; --i) {
        const int at = random.bounded(int(pieces.size()));
        switch (random.bounded(4)) {
        case 0:
            pieces.removeAt(at);
            break;
        case 1:
            pieces.insert(at, pieces[at]);
            break;
        case 2:
            pieces[at] = pieces[random.bounded(int(pieces.size()))];
            break;
        case 3:
            pieces.swapItemsAt(at, random.bounded(int(pieces.size())));
            break;
        }
    }
    return pieces.join(QString());
}

void TestSchemaMutations::acceptedSchemasGiveWholeDocuments_data()
{
    QTest::addColumn<QString>("name");
    for (const QString &name : {u"blog"_s, u"relations"_s, u"types"_s, u"auth"_s})
        QTest::newRow(qPrintable(name)) << name;
}

void TestSchemaMutations::acceptedSchemasGiveWholeDocuments()
{
    QFETCH(QString, name);
    const QString source = QString::fromUtf8(TidelineTest::fixture(u"schema/%1/input.graphql"_s.arg(name)));
    QRandomGenerator random(20241125);
    int accepted = 0;
    for (int i = 0; i < 800; ++i) {
        const QString text = damaged(source, random);
        const Result<Schema> schema = Schema::parse(text);
        if (!schema) {
            static const QRegularExpression place(u"^\\d+:\\d+: ."_s);
            QVERIFY2(place.match(schema.error().message()).hasMatch(), qPrintable(schema.error().message()));
            continue;
        }
        ++accepted;
        QVERIFY2(indexFlawOf(*schema).isEmpty(), qPrintable(indexFlawOf(*schema) + u"\n"_s + text));
        const GraphQL::Document document = appSyncDocument(*schema);
        const QString flaw = flawOf(document);
        QVERIFY2(flaw.isEmpty(), qPrintable(flaw + u"\n"_s + text));
        if (accepted % 20 == 0) {
            const GraphQL::ParseResult again = GraphQL::parse(GraphQL::print(document));
            QVERIFY(std::holds_alternative<GraphQL::Document>(again));
        }
    }
    QVERIFY2(accepted > 50, qPrintable(QString::number(accepted)));
}

QTEST_APPLESS_MAIN(TestSchemaMutations)
#include "tst_schemamutations.moc"
