// SPDX-License-Identifier: MIT
#include "core/graphql/printer.h"
#include "core/schema/appsyncschema.h"
#include "core/schema/schema.h"

#include <QtTest/QTest>

using namespace Qt::StringLiterals;
using namespace Tideline;

class TestSchema : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void emptySchemaHasNoTypes();
    void plainModel();
    void listsAndNullability();
    void implicitIdAndTimestamps();
    void declaredAndRenamedTimestamps();
    void compositePrimaryKey();
    void extensionsAreMerged();
    void enumsAndEmbeddedTypes();
    void fingerprintIgnoresOrderAndComments();
    void fingerprintSeesChanges();
    void formerNamesAreRead();
    void errorNamesPlace();
    void everyProblemIsInTheDetail();
    void madeNamesMeetOnlyWhereTheyAreMade_data();
    void madeNamesMeetOnlyWhereTheyAreMade();
    void contradictions_data();
    void contradictions();
};

static Schema parsed(const QString &source)
{
    const Result<Schema> result = Schema::parse(source);
    if (!result)
        QTest::qFail(qPrintable(result.error().message()), __FILE__, __LINE__);
    return result.valueOr({});
}

void TestSchema::emptySchemaHasNoTypes()
{
    QVERIFY(Schema().isEmpty());
    QVERIFY(Schema().models().empty());
    QCOMPARE(Schema().model(u"A"_s), nullptr);
}

void TestSchema::plainModel()
{
    const Schema schema = parsed(u"\"One note.\" type Note @model { id: ID! text: String! stars: Int at: AWSDateTime }"_s);
    const std::shared_ptr<const ModelType> note = schema.model(u"Note"_s);
    QVERIFY(note);
    QCOMPARE(note->plural, u"Notes"_s);
    QCOMPARE(note->description, u"One note."_s);
    QCOMPARE(note->fields.size(), size_t(6));
    QCOMPARE(note->fieldIndex(u"text"), 1);
    QCOMPARE(note->fieldIndex(u"nothing"), -1);
    QVERIFY(note->fields[1].type.required);
    QCOMPARE(note->fields[2].type.scalar, Scalar::Int);
    QCOMPARE(note->fields[3].type.name, u"AWSDateTime"_s);
    QVERIFY(note->hasManagedId());
}

void TestSchema::listsAndNullability()
{
    const Schema schema = parsed(u"type L @model { id: ID! a: [String] b: [String!] c: [String]! d: [String!]! }"_s);
    const std::vector<SchemaField> &fields = schema.model(u"L"_s)->fields;
    const auto is = [&](size_t field, bool elementRequired, bool required) {
        return fields[field].type == FieldType{FieldType::Kind::Scalar, Scalar::String, u"String"_s, true, required, elementRequired};
    };
    QVERIFY(is(1, false, false));
    QVERIFY(is(2, true, false));
    QVERIFY(is(3, false, true));
    QVERIFY(is(4, true, true));
}

void TestSchema::implicitIdAndTimestamps()
{
    const Schema schema = parsed(u"type A @model { name: String }"_s);
    const ModelType &a = *schema.model(u"A"_s);
    QCOMPARE(a.fields.size(), size_t(4));
    QCOMPARE(a.fields[1].name, u"id"_s);
    QVERIFY(a.fields[1].implicit && !a.fields[1].readOnly && a.fields[1].type.required);
    QCOMPARE(a.fields[2].name, u"createdAt"_s);
    QVERIFY(a.fields[2].implicit && a.fields[2].readOnly);
    QCOMPARE(a.primaryKey, std::vector<int>{1});
    QCOMPARE(a.updatedAt, u"updatedAt"_s);
}

void TestSchema::declaredAndRenamedTimestamps()
{
    const Schema schema = parsed(u"type A @model(timestamps: {createdAt: \"made\"}) { id: ID! updatedAt: AWSDateTime }"
                                 "type B @model(timestamps: null) { id: ID! }"
                                 "type C @model(timestamps: {createdAt: null}) { id: ID! updatedAt: Int }"_s);
    const ModelType &a = *schema.model(u"A"_s);
    QCOMPARE(a.createdAt, u"made"_s);
    QCOMPARE(a.updatedAt, u"updatedAt"_s);
    QVERIFY(!a.fields[size_t(a.fieldIndex(u"updatedAt"))].readOnly);
    QCOMPARE(schema.model(u"B"_s)->fields.size(), size_t(1));
    QVERIFY(schema.model(u"B"_s)->createdAt.isEmpty());
    QVERIFY(schema.model(u"C"_s)->createdAt.isEmpty());
    QVERIFY(schema.model(u"C"_s)->updatedAt.isEmpty());
}

void TestSchema::compositePrimaryKey()
{
    const Schema schema = parsed(u"type A @model { a: Int! n: ID! @primaryKey(sortKeyFields: [\"s\", \"a\"]) s: String! }"_s);
    const ModelType &a = *schema.model(u"A"_s);
    QCOMPARE(a.primaryKey, (std::vector<int>{1, 2, 0}));
    QCOMPARE(a.fieldIndex(u"id"), -1);
    QVERIFY(!a.hasManagedId());
    QVERIFY(a.fields[0].type.required);
}

void TestSchema::extensionsAreMerged()
{
    const Schema schema = parsed(u"extend type A { more: E } type A @model { id: ID! } enum E { X } extend enum E { Y }"_s);
    QCOMPARE(schema.model(u"A"_s)->fieldIndex(u"more"), 1);
    QCOMPARE(schema.enumType(u"E"_s)->values, (QStringList{u"X"_s, u"Y"_s}));
}

void TestSchema::enumsAndEmbeddedTypes()
{
    const Schema schema = parsed(u"type A @model { id: ID! box: Box! colors: [Color!] } "
                                 "type Box { w: Float! inner: [Box!] color: Color } enum Color { red GREEN }"_s);
    const ModelType &a = *schema.model(u"A"_s);
    QCOMPARE(a.fields[1].type.kind, FieldType::Kind::Embedded);
    QCOMPARE(a.fields[2].type.kind, FieldType::Kind::Enum);
    const EmbeddedType *box = schema.embeddedType(u"Box"_s);
    QVERIFY(box);
    QCOMPARE(box->fields.size(), size_t(3));
    QVERIFY(box->fields[1].type.list);
    QCOMPARE(schema.enumTypes().size(), size_t(1));
    QCOMPARE(schema.embeddedType(u"A"_s), nullptr);
}

void TestSchema::fingerprintIgnoresOrderAndComments()
{
    const Schema a = parsed(u"type A @model { id: ID! x: Int y: E } enum E { P Q }"_s);
    const Schema b = parsed(u"# other order\nenum E { Q P } \"what\" type A @model { y: E x: Int id: ID! }"_s);
    QCOMPARE(a.fingerprint(), b.fingerprint());
    QCOMPARE(a.fingerprint().size(), 64);
}

void TestSchema::fingerprintSeesChanges()
{
    const QByteArray one = parsed(u"type A @model { id: ID! x: Int }"_s).fingerprint();
    QVERIFY(one != parsed(u"type A @model { id: ID! x: Int! }"_s).fingerprint());
    QVERIFY(one != parsed(u"type A @model { id: ID! y: Int }"_s).fingerprint());
    QVERIFY(one != parsed(u"type A @model { id: ID! x: [Int] }"_s).fingerprint());
}

void TestSchema::formerNamesAreRead()
{
    const QString plain = u"type A @model { id: ID! x: Int e: E v: V b: A @hasOne } enum E { P Q } type V { m: Int }"_s;
    const QString hinted = u"type A @model @renamedFrom(name: \"Z\") { id: ID! x: Int @renamedFrom(name: \"y\") @renamedFrom(name: \"w\") e: E v: V "
                            "b: A @hasOne @renamedFrom(name: \"c\") } enum E { P @renamedFrom(name: \"O\") Q } type V { m: Int @renamedFrom(name: \"n\") }"_s;
    const Schema schema = parsed(hinted);
    const auto model = schema.model(u"A"_s);
    QCOMPARE(model->renamedFrom, QStringList{u"Z"_s});
    QCOMPARE(model->fields[size_t(model->fieldIndex(u"x"))].renamedFrom, (QStringList{u"y"_s, u"w"_s}));
    QCOMPARE(model->relation(u"b")->renamedFrom, QStringList{u"c"_s});
    QCOMPARE(schema.enumType(u"E"_s)->renamedValues, (QHash<QString, QString>{{u"O"_s, u"P"_s}}));
    QCOMPARE(schema.embeddedType(u"V"_s)->fields.front().renamedFrom, QStringList{u"n"_s});
    QVERIFY(schema.fingerprint() != parsed(plain).fingerprint());
    const auto sdl = [](const Schema &of) { return GraphQL::print(appSyncDocument(of)); };
    QCOMPARE(sdl(schema), sdl(parsed(plain)));                          // the backend is not told
}

void TestSchema::errorNamesPlace()
{
    const Result<Schema> result = Schema::parse(u"type A @model {\n  id: ID!\n  x: Strng\n}"_s, u"schema.graphql"_s);
    QVERIFY(!result);
    QCOMPARE(result.error().code(), Error::Code::InvalidSchema);
    QCOMPARE(result.error().message(), u"schema.graphql:3:6: Unknown type \"Strng\". Did you mean \"String\"?"_s);
    QCOMPARE(result.error().model(), u"A"_s);
    QCOMPARE(result.error().field(), u"x"_s);

    const Error syntax = Schema::parse(u"type A @model { id ID! }"_s).error();
    QCOMPARE(syntax.code(), Error::Code::SyntaxError);
    QCOMPARE(syntax.message(), u"1:20: Syntax Error: Expected \":\", found Name \"ID\"."_s);
}

void TestSchema::everyProblemIsInTheDetail()
{
    const Error error = Schema::parse(u"type A @model { id: ID! x: Strng y: Itn }"_s).error();
    const QStringList lines = error.detail().split(u'\n');
    QCOMPARE(lines.size(), 2);
    QCOMPARE(lines.first(), error.message());
    QVERIFY(lines.last().startsWith(u"1:37: Unknown type \"Itn\"."_s));
}

void TestSchema::madeNamesMeetOnlyWhereTheyAreMade_data()
{
    QTest::addColumn<QString>("source");
    QTest::newRow("an enum that no model has") << u"type A @model { id: ID! } enum StringKeyCondition { S }"_s;
    QTest::newRow("an enum in an embedded type") << u"type A @model { id: ID! b: B } type B { s: AFilter } enum AFilter { S }"_s;
    QTest::newRow("an enum Size") << u"type A @model { id: ID! s: Size } enum Size { S }"_s;
    QTest::newRow("one enum, several models") << u"type A @model { id: ID! s: S t: [S] } type B @model { id: ID! s: S } enum S { S }"_s;
    QTest::newRow("an input of the schema's own for an embedded type") << u"type A @model { id: ID! b: B } type B { x: Int } input BInput { x: Int } type Mutation { f(b: BInput): Int }"_s;
    QTest::newRow("an embedded type that holds its own kind") << u"type A @model { id: ID! b: B } type B { parts: [B] }"_s;
}

void TestSchema::madeNamesMeetOnlyWhereTheyAreMade()
{
    QFETCH(const QString, source);
    const Result<Schema> schema = Schema::parse(source);
    QVERIFY2(schema, qPrintable(schema.error().detail()));
}

void TestSchema::contradictions_data()
{
    QTest::addColumn<QString>("source");
    QTest::addColumn<QString>("message");

    const auto row = [](const char *name, const QString &source, const QString &message) {
        QTest::newRow(name) << source << message;
    };
    row("reserved field", u"type A @model { id: ID! _version: Int }"_s, u"1:25: Field name \"_version\" is reserved"_s);
    row("introspection field", u"type A @model { id: ID! __typename: String }"_s, u"1:25: Field name \"__typename\" is reserved"_s);
    row("field twice", u"type A @model { id: ID! x: Int x: Int }"_s, u"1:32: Field \"A.x\" can only be defined once."_s);
    row("extension repeats a field", u"type A @model { id: ID! } extend type A { id: ID! }"_s, u"1:43: Field \"A.id\" can only"_s);
    row("extension of nothing", u"extend type Aa { id: ID! } type A @model { id: ID! }"_s,
        u"1:13: Cannot extend type \"Aa\" because it is not defined. Did you mean \"A\"?"_s);
    row("enum without values", u"enum E type A @model { id: ID! e: E }"_s, u"1:6: Enum \"E\" has no values."_s);
    row("enum value twice", u"enum E { A A }"_s, u"1:12: Enum value \"E.A\" can only be defined once."_s);
    row("custom scalar", u"scalar Money type A @model { id: ID! }"_s, u"1:8: Scalar \"Money\": AppSync has no custom scalars."_s);
    row("scalar defined again", u"type AWSJSON { x: Int }"_s, u"1:6: Type name \"AWSJSON\" is reserved"_s);
    row("list of lists", u"type A @model { id: ID! x: [[Int]] }"_s, u"1:29: Lists of lists"_s);
    row("interface in a field", u"interface I { x: Int } type A @model { id: ID! i: I }"_s, u"1:51: Type \"I\" cannot be stored"_s);
    row("input in a field", u"input I { x: Int } type A @model { id: ID! i: I }"_s, u"1:47: Type \"I\" cannot be stored"_s);
    row("field with arguments", u"type A @model { id: ID! x(y: Int): Int }"_s, u"1:27: A stored field takes no arguments."_s);
    row("endless embedded type", u"type A @model { id: ID! b: B } type B { c: C! } type C { b: B! }"_s,
        u"1:37: Type \"B\" requires a value of itself"_s);
    row("model in an embedded type", u"type A @model { id: ID! b: B } type B { a: A }"_s, u"1:44: Type \"B\" is no model"_s);
    row("unknown directive", u"type A @modle { id: ID! }"_s, u"1:8: Unknown directive \"@modle\". Did you mean \"@model\"?"_s);
    row("older directive", u"type A @model @key(fields: [\"id\"]) { id: ID! }"_s, u"1:15: Unknown directive \"@key\". It belongs"_s);
    row("unknown directive argument", u"type A @model(quereis: null) { id: ID! }"_s,
        u"1:15: Unknown argument \"quereis\" on directive \"@model\". Did you mean \"queries\"?"_s);
    row("directive argument of the wrong type", u"type A @model(queries: 3) { id: ID! }"_s, u"1:24: Expected an object of type \"ModelQueryMap\", found 3."_s);
    row("unknown member", u"type A @model(queries: {gte: \"x\"}) { id: ID! }"_s, u"1:25: Field \"gte\" is not defined by type \"ModelQueryMap\". Did you mean \"get\"?"_s);
    row("key field of a list", u"type A @model { k: [ID!]! @primaryKey }"_s, u"1:20: The primary key on type \"A\" cannot be a non-scalar"_s);
    row("key field twice", u"type A @model { k: ID! @primaryKey(sortKeyFields: [\"k\"]) }"_s, u"1:51: Field \"k\" is in the primary key of \"A\" twice."_s);
    row("word of the filter grammar", u"type A @model { id: ID! not: Int }"_s, u"1:25: Field name \"not\" is reserved: filters"_s);
    row("fields that differ in case", u"type A @model { id: ID! name: Int Name: Int }"_s, u"1:35: Fields \"name\" and \"Name\" of \"A\" differ in case only."_s);
    row("models that differ in case", u"type Ab @model { id: ID! } type AB @model { id: ID! }"_s, u"1:33: Models \"Ab\" and \"AB\" differ in case only."_s);
    row("timestamps of one name", u"type A @model(timestamps: {createdAt: \"t\", updatedAt: \"t\"}) { id: ID! }"_s, u"1:6: createdAt and updatedAt of \"A\" are the same field"_s);
    row("timestamp that is no name", u"type A @model(timestamps: {createdAt: \"a b\"}) { id: ID! }"_s, u"1:8: \"a b\" cannot be the name of a field."_s);
    row("timestamp that is a relation", u"type A @model { id: ID! createdAt: B @hasOne } type B @model { id: ID! }"_s, u"1:25: Field \"createdAt\" leads to a model"_s);
    row("query that is no name", u"type A @model(queries: {get: \"a b\"}) { id: ID! }"_s, u"1:6: \"a b\" cannot be the name of an operation"_s);
    row("type the backend makes", u"type A @model { id: ID! } type CreateAInput { x: Int }"_s, u"1:32: Type name \"CreateAInput\" is reserved: the backend makes"_s);
    row("enum whose filter the backend has", u"type A @model { id: ID! x: Int  } enum SubscriptionID { S } type B @model { id: ID! s: SubscriptionID }"_s,
        u"1:40: \"SubscriptionID\" cannot be the name of this type: the backend makes \"ModelSubscriptionIDInput\" of it, and already has a type of that name. Rename the type."_s);
    row("enums of one filter", u"type A @model { id: ID! s: Size t: SizeEnum } enum Size { S } enum SizeEnum { S }"_s, u"1:68: \"SizeEnum\" cannot be"_s);
    row("enum whose filter is a model's", u"type A @model { id: ID! s: AFilter } enum AFilter { S }"_s, u"1:43: \"AFilter\" cannot be the name of this type: the backend makes \"ModelAFilterInput\""_s);
    row("enum whose filter is another's", u"type A @model { id: ID! s: [S] l: SList } enum S { S } enum SList { S }"_s, u"1:61: \"SList\" cannot be the name of this type: the backend makes \"ModelSListInput\""_s);
    row("enum whose filter the schema has", u"type A @model { id: ID! s: S } enum S { S } input ModelSInput { x: Int }"_s, u"1:51: Type name \"ModelSInput\" is reserved: the backend makes"_s);
    row("enum like a key condition", u"type A @model { id: ID! s: StringKeyCondition } enum StringKeyCondition { S }"_s, u"1:54: \"StringKeyCondition\" cannot be"_s);
    row("enum like a composite key", u"type A @model { k: ID! @primaryKey(sortKeyFields: [\"l\", \"m\"]) l: ID! m: ID! s: APrimaryCompositeKeyCondition } enum APrimaryCompositeKeyCondition { S }"_s,
        u"1:117: \"APrimaryCompositeKeyCondition\" cannot be"_s);
    row("embedded type whose input is a model's", u"type A @model { id: ID! s: CreateA } type CreateA { x: Int }"_s, u"1:43: \"CreateA\" cannot be the name of this type: the backend makes \"CreateAInput\""_s);
    row("embedded type whose input is something else", u"type A @model { id: ID! s: B } type B { c: C } type C { x: Int } enum CInput { X }"_s, u"1:71: Type name \"CInput\" is reserved: the backend makes"_s);
    row("models whose filters meet", u"type SubscriptionA @model { id: ID! } type A @model { id: ID! }"_s, u"1:44: \"A\" cannot be the name of this type: the backend makes \"ModelSubscriptionAFilterInput\""_s);
    row("query of the schema's own that the model has too", u"type A @model { id: ID! } type Query { getA: Int }"_s,
        u"1:6: \"Query\" and \"A\" both have an operation named \"getA\"."_s);
    row("interface that is not kept", u"interface I { x: Int } type A implements I @model { id: ID! }"_s, u"1:42: Interface \"I\" expects field \"x\""_s);
    row("interface that is none", u"type B { x: Int } type A implements B @model { x: Int }"_s, u"1:37: Type \"A\" can only implement interfaces"_s);
    row("unknown type in an operation", u"type Query { f(i: In): Int }"_s, u"1:19: Unknown type \"In\""_s);
    row("object as an argument", u"type B { x: Int } type Query { f(b: B): Int }"_s, u"1:37: \"B\" is no input type"_s);
    row("union of scalars", u"union U = String"_s, u"1:11: Union \"U\" can only include object types"_s);
    row("operation in a schema", u"type A @model { id: ID! } query { a }"_s, u"1:27: A schema consists of type definitions"_s);
}

void TestSchema::contradictions()
{
    QFETCH(QString, source);
    QFETCH(QString, message);
    const Result<Schema> result = Schema::parse(source);
    QVERIFY(!result);
    QVERIFY2(result.error().message().startsWith(message), qPrintable(result.error().detail()));
}

QTEST_APPLESS_MAIN(TestSchema)
#include "tst_schema.moc"
