// Generated from everything.graphql by "tideline codegen". Changes here are lost.
#include "everything.h"

using namespace Qt::StringLiterals;

Tideline::Value Tideline::ValueTraits<Everything::Colour>::toValue(Everything::Colour value)
{
    switch (value) {
    case ::Everything::Colour::RED: return Value(u"RED"_s);
    case ::Everything::Colour::GREEN: return Value(u"GREEN"_s);
    case ::Everything::Colour::BLUE: return Value(u"BLUE"_s);
    }
    return {};
}

Everything::Colour Tideline::ValueTraits<Everything::Colour>::fromValue(const Value &value)
{
    const QString text = value.toText();
    if (text == u"RED")
        return ::Everything::Colour::RED;
    if (text == u"GREEN")
        return ::Everything::Colour::GREEN;
    if (text == u"BLUE")
        return ::Everything::Colour::BLUE;
    return {};
}

QDebug Everything::operator<<(QDebug debug, Colour value)
{
    const QDebugStateSaver saver(debug);
    debug.noquote() << Tideline::ValueTraits<Colour>::toValue(value).toText();
    return debug;
}

Tideline::Value Tideline::ValueTraits<Everything::Unit>::toValue(Everything::Unit value)
{
    switch (value) {
    case ::Everything::Unit::piece: return Value(u"piece"_s);
    case ::Everything::Unit::kilogram: return Value(u"kilogram"_s);
    case ::Everything::Unit::Litre: return Value(u"Litre"_s);
    }
    return {};
}

Everything::Unit Tideline::ValueTraits<Everything::Unit>::fromValue(const Value &value)
{
    const QString text = value.toText();
    if (text == u"piece")
        return ::Everything::Unit::piece;
    if (text == u"kilogram")
        return ::Everything::Unit::kilogram;
    if (text == u"Litre")
        return ::Everything::Unit::Litre;
    return {};
}

QDebug Everything::operator<<(QDebug debug, Unit value)
{
    const QDebugStateSaver saver(debug);
    debug.noquote() << Tideline::ValueTraits<Unit>::toValue(value).toText();
    return debug;
}

Tideline::Value Tideline::ValueTraits<Everything::Trouble>::toValue(Everything::Trouble value)
{
    switch (value) {
    case ::Everything::Trouble::NULL_: return Value(u"NULL"_s);
    case ::Everything::Trouble::EOF_: return Value(u"EOF"_s);
    case ::Everything::Trouble::ERROR_: return Value(u"ERROR"_s);
    case ::Everything::Trouble::OVERFLOW_: return Value(u"OVERFLOW"_s);
    case ::Everything::Trouble::EINVAL_: return Value(u"EINVAL"_s);
    case ::Everything::Trouble::SIGINT_: return Value(u"SIGINT"_s);
    case ::Everything::Trouble::DOMAIN_: return Value(u"DOMAIN"_s);
    case ::Everything::Trouble::DELETE_: return Value(u"DELETE"_s);
    case ::Everything::Trouble::class_: return Value(u"class"_s);
    case ::Everything::Trouble::operator_: return Value(u"operator"_s);
    case ::Everything::Trouble::slots_: return Value(u"slots"_s);
    case ::Everything::Trouble::emit_: return Value(u"emit"_s);
    case ::Everything::Trouble::signals_: return Value(u"signals"_s);
    case ::Everything::Trouble::HIDDEN_: return Value(u"_HIDDEN"_s);
    case ::Everything::Trouble::Q_OBJECT_: return Value(u"Q_OBJECT"_s);
    case ::Everything::Trouble::staticMetaObject_: return Value(u"staticMetaObject"_s);
    case ::Everything::Trouble::key: return Value(u"key"_s);
    }
    return {};
}

Everything::Trouble Tideline::ValueTraits<Everything::Trouble>::fromValue(const Value &value)
{
    const QString text = value.toText();
    if (text == u"NULL")
        return ::Everything::Trouble::NULL_;
    if (text == u"EOF")
        return ::Everything::Trouble::EOF_;
    if (text == u"ERROR")
        return ::Everything::Trouble::ERROR_;
    if (text == u"OVERFLOW")
        return ::Everything::Trouble::OVERFLOW_;
    if (text == u"EINVAL")
        return ::Everything::Trouble::EINVAL_;
    if (text == u"SIGINT")
        return ::Everything::Trouble::SIGINT_;
    if (text == u"DOMAIN")
        return ::Everything::Trouble::DOMAIN_;
    if (text == u"DELETE")
        return ::Everything::Trouble::DELETE_;
    if (text == u"class")
        return ::Everything::Trouble::class_;
    if (text == u"operator")
        return ::Everything::Trouble::operator_;
    if (text == u"slots")
        return ::Everything::Trouble::slots_;
    if (text == u"emit")
        return ::Everything::Trouble::emit_;
    if (text == u"signals")
        return ::Everything::Trouble::signals_;
    if (text == u"_HIDDEN")
        return ::Everything::Trouble::HIDDEN_;
    if (text == u"Q_OBJECT")
        return ::Everything::Trouble::Q_OBJECT_;
    if (text == u"staticMetaObject")
        return ::Everything::Trouble::staticMetaObject_;
    if (text == u"key")
        return ::Everything::Trouble::key;
    return {};
}

QDebug Everything::operator<<(QDebug debug, Trouble value)
{
    const QDebugStateSaver saver(debug);
    debug.noquote() << Tideline::ValueTraits<Trouble>::toValue(value).toText();
    return debug;
}

Tideline::Value Tideline::ValueTraits<Everything::Address>::toValue(const Everything::Address &value)
{
    Value::Object members;
    members.append({u"street"_s, ValueTraits<decltype(value.street)>::toValue(value.street)});
    members.append({u"zip"_s, ValueTraits<decltype(value.zip)>::toValue(value.zip)});
    members.append({u"since"_s, ValueTraits<decltype(value.since)>::toValue(value.since)});
    members.append({u"geo"_s, ValueTraits<decltype(value.geo)>::toValue(value.geo)});
    members.append({u"colours"_s, ValueTraits<decltype(value.colours)>::toValue(value.colours)});
    members.append({u"class"_s, ValueTraits<decltype(value.class_)>::toValue(value.class_)});
    return Value(std::move(members));
}

Everything::Address Tideline::ValueTraits<Everything::Address>::fromValue(const Value &value)
{
    ::Everything::Address result;
    result.street = ValueTraits<decltype(result.street)>::fromValue(value.member(u"street"));
    result.zip = ValueTraits<decltype(result.zip)>::fromValue(value.member(u"zip"));
    result.since = ValueTraits<decltype(result.since)>::fromValue(value.member(u"since"));
    result.geo = ValueTraits<decltype(result.geo)>::fromValue(value.member(u"geo"));
    result.colours = ValueTraits<decltype(result.colours)>::fromValue(value.member(u"colours"));
    result.class_ = ValueTraits<decltype(result.class_)>::fromValue(value.member(u"class"));
    return result;
}

Tideline::Value Tideline::ValueTraits<Everything::Point>::toValue(const Everything::Point &value)
{
    Value::Object members;
    members.append({u"x"_s, ValueTraits<decltype(value.x)>::toValue(value.x)});
    members.append({u"y"_s, ValueTraits<decltype(value.y)>::toValue(value.y)});
    members.append({u"unit"_s, ValueTraits<decltype(value.unit)>::toValue(value.unit)});
    members.append({u"at"_s, ValueTraits<decltype(value.at)>::toValue(value.at)});
    return Value(std::move(members));
}

Everything::Point Tideline::ValueTraits<Everything::Point>::fromValue(const Value &value)
{
    ::Everything::Point result;
    result.x = ValueTraits<decltype(result.x)>::fromValue(value.member(u"x"));
    result.y = ValueTraits<decltype(result.y)>::fromValue(value.member(u"y"));
    result.unit = ValueTraits<decltype(result.unit)>::fromValue(value.member(u"unit"));
    result.at = ValueTraits<decltype(result.at)>::fromValue(value.member(u"at"));
    return result;
}

Tideline::Value Tideline::ValueTraits<Everything::Comment>::toValue(const Everything::Comment &value)
{
    Value::Object members;
    members.append({u"text"_s, ValueTraits<decltype(value.text)>::toValue(value.text)});
    members.append({u"replies"_s, ValueTraits<decltype(value.replies)>::toValue(value.replies)});
    return Value(std::move(members));
}

Everything::Comment Tideline::ValueTraits<Everything::Comment>::fromValue(const Value &value)
{
    ::Everything::Comment result;
    result.text = ValueTraits<decltype(result.text)>::fromValue(value.member(u"text"));
    result.replies = ValueTraits<decltype(result.replies)>::fromValue(value.member(u"replies"));
    return result;
}

Tideline::Value Tideline::ValueTraits<Everything::Value>::toValue(const Everything::Value &value)
{
    Value::Object members;
    members.append({u"value"_s, ValueTraits<decltype(value.value)>::toValue(value.value)});
    members.append({u"data"_s, ValueTraits<decltype(value.data)>::toValue(value.data)});
    return Value(std::move(members));
}

Everything::Value Tideline::ValueTraits<Everything::Value>::fromValue(const Value &value)
{
    ::Everything::Value result;
    result.value = ValueTraits<decltype(result.value)>::fromValue(value.member(u"value"));
    result.data = ValueTraits<decltype(result.data)>::fromValue(value.member(u"data"));
    return result;
}

namespace Everything {

Tideline::Schema schema()
{
    static const Tideline::Schema parsed = Tideline::Schema::parse(QString::fromUtf16(
    uR"graphql(# Every feature of a schema that generated code has to deal with, and names that are hard to have in C++ or QML.

"""
What colour a thing has.
Ends comments: */ and begins them: /* \d \
"""
enum Colour {
  "Like a tomato; */ is no end."
  RED
  GREEN
  BLUE
}

enum unit { piece kilogram Litre }

"Words that are macros, keywords or begin with an underscore."
enum Trouble { NULL EOF ERROR OVERFLOW EINVAL SIGINT DOMAIN DELETE class operator slots emit signals _HIDDEN Q_OBJECT staticMetaObject key }

"Where somebody lives."
type Address {
  "With the number of the house."
  street: String!
  zip: Int
  since: AWSDate
  geo: Point
  colours: [Colour!]
  class: String
}

type Point {
  x: Float!
  y: Float!
  unit: unit
  at: AWSDateTime
}

"It contains a list of itself."
type Comment {
  text: String!
  replies: [Comment!]
}

"One field of each type, required and not."
type Thing @model @auth(rules: [{ allow: public }]) {
  id: ID!
  "How it is called: the only field without which nothing works. */ \\ /*"
  name: String!
  code: ID
  stock: Int
  stockNow: Int!
  price: Float
  weight: Float!
  sold: Boolean
  visible: Boolean! @default(value: "true")
  note: String @default(value: "a \"note\", with \\ and %1")
  bornOn: AWSDate
  diedOn: AWSDate!
  opensAt: AWSTime
  closesAt: AWSTime!
  changedAt: AWSDateTime
  seenAt: AWSDateTime!
  countedAt: AWSTimestamp
  storedAt: AWSTimestamp!
  email: AWSEmail
  """
  Whatever else there is.

    Indented, as JSON is.
  """
  attributes: AWSJSON
  site: AWSURL
  home: AWSURL!
  phone: AWSPhone
  ip: AWSIPAddress
  colour: Colour
  mainColour: Colour! @default(value: "GREEN")
  trouble: Trouble
  address: Address
  mainAddress: Address!
  unit: unit
  tags: [String]
  words: [String!]
  marks: [String!]!
  ratings: [Int!]
  gaps: [Int]
  prices: [Float!]
  flags: [Boolean!]
  days: [AWSDate!]
  times: [AWSTime]
  moments: [AWSDateTime!]
  stamps: [AWSTimestamp!]
  links: [AWSURL!]
  colours: [Colour!]
  shades: [Colour]
  addresses: [Address!]
  places: [Address]
  comment: Comment
  owner: Person @belongsTo
  parts: [Part] @hasMany(indexName: "byThing", fields: ["id"])
  "The label glued to it."
  label: Label @hasOne
  groups: [Group] @manyToMany(relationName: "ThingGroups")
}

type Person @model(timestamps: { createdAt: "bornAt", updatedAt: "agedAt" }) {
  name: String!
  things: [Thing] @hasMany
  boss: Person @belongsTo(fields: ["bossID"])
  bossID: ID @index(name: "byBoss", queryField: "personsByBoss")
  staff: [Person] @hasMany(indexName: "byBoss", fields: ["id"])
}

"A key of three fields."
type Part @model {
  thingID: ID! @primaryKey(sortKeyFields: ["number", "colour"]) @index(name: "byThing", queryField: "partsOfThing", sortKeyFields: ["number"])
  number: Int!
  colour: Colour!
  title: String @index(name: "byTitle", queryField: "partsByTitle")
  thing: Thing @belongsTo(fields: ["thingID"])
  screws: [Screw] @hasMany
}

type Screw @model(timestamps: null) {
  id: ID!
  length: Float
  part: Part @belongsTo
}

type Label @model {
  id: ID!
  text: String!
}

type Group @model {
  id: ID!
  title: String!
  members: [Thing] @manyToMany(relationName: "ThingGroups")
}

"Names that C++ keeps for itself."
type class @model {
  class: String!
  operator: Int
  new: Boolean
  default: Colour
  delete: [String!]
  namespace: Address
  int: Int
  co_await: String
  nullptr: String
  class_: String
  emit: String
  slots: String
  signals: String
  foreach: String
  errno: Int
  linux: Boolean
}

"Names that QML or QObject keeps for itself."
type Record @model {
  id: ID!
  objectName: String
  parent: String
  signal: String
  property: String
  function: String
  var: String
  let: String
  import: String
  on: String
  readonly: String
  required: String
  from: String
  undefined: String
  toString: String
  destroy: String
  destroyed: String
  metaObject: String
  staticMetaObject: String
  tr: String
  thread: String
  data: String
  value: String
  d: String
  event: String
)graphql"
    uR"graphql(  model: String
  type: String
  key: String
  version: Int
  store: String
  valid: Boolean
  errors: [String!]
  record: String
  draft: String
  field: String
  syncState: String
  fieldValue: String
  typeName: String
  keyOf: String
  std: String
  schema: String
  everything: String
}

"Names that meet after what the generator does with them, or nearly so."
type _Draft @model {
  id: ID!
  _name: String
  _Other: String
  Name: String
  SKU: String
  URLOfShop: String
  Record: String
  NULL: String
  EOF: Int
  status: Colour
  statusChanged: AWSDateTime
  statusValue: String
  setStatus: String
  Colour: Colour
  Point: Point
  group: Group @hasOne
  groupObject: String
  a__b: String
  x1: Int
}

type QString @model {
  id: ID!
  QObject: String
  things: Int
}

type Fields @model { id: ID! fields: String }
type Schema @model { id: ID! schema: String }
type Error @model { id: ID! error: Trouble value: Value }
type Value { value: String data: [Value!] }
)graphql"
    ), u"everything.graphql"_s).value();
    return parsed;
}

// ---- Thing ----

Thing::Thing(QObject *parent) : ModelObject(Everything::schema(), typeName(), parent) { }

QString Thing::keyOf(const QString &id)
{
    return Tideline::keyFromParts({Tideline::ValueTraits<QString>::toValue(id)});
}

void Thing::emitFieldChanged(int field)
{
    switch (field) {
    case 0: Q_EMIT idChanged(); break;
    case 1: Q_EMIT nameChanged(); break;
    case 2: Q_EMIT codeChanged(); break;
    case 3: Q_EMIT stockChanged(); break;
    case 4: Q_EMIT stockNowChanged(); break;
    case 5: Q_EMIT priceChanged(); break;
    case 6: Q_EMIT weightChanged(); break;
    case 7: Q_EMIT soldChanged(); break;
    case 8: Q_EMIT visibleChanged(); break;
    case 9: Q_EMIT noteChanged(); break;
    case 10: Q_EMIT bornOnChanged(); break;
    case 11: Q_EMIT diedOnChanged(); break;
    case 12: Q_EMIT opensAtChanged(); break;
    case 13: Q_EMIT closesAtChanged(); break;
    case 14: Q_EMIT changedAtChanged(); break;
    case 15: Q_EMIT seenAtChanged(); break;
    case 16: Q_EMIT countedAtChanged(); break;
    case 17: Q_EMIT storedAtChanged(); break;
    case 18: Q_EMIT emailChanged(); break;
    case 19: Q_EMIT attributesChanged(); break;
    case 20: Q_EMIT siteChanged(); break;
    case 21: Q_EMIT homeChanged(); break;
    case 22: Q_EMIT phoneChanged(); break;
    case 23: Q_EMIT ipChanged(); break;
    case 24: Q_EMIT colourChanged(); break;
    case 25: Q_EMIT mainColourChanged(); break;
    case 26: Q_EMIT troubleChanged(); break;
    case 27: Q_EMIT addressChanged(); break;
    case 28: Q_EMIT mainAddressChanged(); break;
    case 29: Q_EMIT unitChanged(); break;
    case 30: Q_EMIT tagsChanged(); break;
    case 31: Q_EMIT wordsChanged(); break;
    case 32: Q_EMIT marksChanged(); break;
    case 33: Q_EMIT ratingsChanged(); break;
    case 34: Q_EMIT gapsChanged(); break;
    case 35: Q_EMIT pricesChanged(); break;
    case 36: Q_EMIT flagsChanged(); break;
    case 37: Q_EMIT daysChanged(); break;
    case 38: Q_EMIT timesChanged(); break;
    case 39: Q_EMIT momentsChanged(); break;
    case 40: Q_EMIT stampsChanged(); break;
    case 41: Q_EMIT linksChanged(); break;
    case 42: Q_EMIT coloursChanged(); break;
    case 43: Q_EMIT shadesChanged(); break;
    case 44: Q_EMIT addressesChanged(); break;
    case 45: Q_EMIT placesChanged(); break;
    case 46: Q_EMIT commentChanged(); break;
    case 47: Q_EMIT createdAtChanged(); break;
    case 48: Q_EMIT updatedAtChanged(); break;
    case 49: Q_EMIT thingLabelIdChanged(); break;
    case 50: Q_EMIT personThingsIdChanged(); break;
    }
    ModelObject::emitFieldChanged(field);
}

Thing::Fields::operator Tideline::TypedDraft() const
{
    Tideline::TypedDraft draft(Everything::schema().model(typeName()));
    if (id)
        draft.set(0, Tideline::ValueTraits<QString>::toValue(*id));
    if (name)
        draft.set(1, Tideline::ValueTraits<QString>::toValue(*name));
    if (code)
        draft.set(2, Tideline::ValueTraits<QString>::toValue(*code));
    if (stock)
        draft.set(3, Tideline::ValueTraits<int>::toValue(*stock));
    if (stockNow)
        draft.set(4, Tideline::ValueTraits<int>::toValue(*stockNow));
    if (price)
        draft.set(5, Tideline::ValueTraits<double>::toValue(*price));
    if (weight)
        draft.set(6, Tideline::ValueTraits<double>::toValue(*weight));
    if (sold)
        draft.set(7, Tideline::ValueTraits<bool>::toValue(*sold));
    if (visible)
        draft.set(8, Tideline::ValueTraits<bool>::toValue(*visible));
    if (note)
        draft.set(9, Tideline::ValueTraits<QString>::toValue(*note));
    if (bornOn)
        draft.set(10, Tideline::ValueTraits<QDate>::toValue(*bornOn));
    if (diedOn)
        draft.set(11, Tideline::ValueTraits<QDate>::toValue(*diedOn));
    if (opensAt)
        draft.set(12, Tideline::ValueTraits<QTime>::toValue(*opensAt));
    if (closesAt)
        draft.set(13, Tideline::ValueTraits<QTime>::toValue(*closesAt));
    if (changedAt)
        draft.set(14, Tideline::ValueTraits<QDateTime>::toValue(*changedAt));
    if (seenAt)
        draft.set(15, Tideline::ValueTraits<QDateTime>::toValue(*seenAt));
    if (countedAt)
        draft.set(16, Tideline::ValueTraits<qint64>::toValue(*countedAt));
    if (storedAt)
        draft.set(17, Tideline::ValueTraits<qint64>::toValue(*storedAt));
    if (email)
        draft.set(18, Tideline::ValueTraits<QString>::toValue(*email));
    if (attributes)
        draft.set(19, Tideline::ValueTraits<QString>::toValue(*attributes));
    if (site)
        draft.set(20, Tideline::ValueTraits<QUrl>::toValue(*site));
    if (home)
        draft.set(21, Tideline::ValueTraits<QUrl>::toValue(*home));
    if (phone)
        draft.set(22, Tideline::ValueTraits<QString>::toValue(*phone));
    if (ip)
        draft.set(23, Tideline::ValueTraits<QString>::toValue(*ip));
    if (colour)
        draft.set(24, Tideline::ValueTraits<Colour>::toValue(*colour));
    if (mainColour)
        draft.set(25, Tideline::ValueTraits<Colour>::toValue(*mainColour));
    if (trouble)
        draft.set(26, Tideline::ValueTraits<Trouble>::toValue(*trouble));
    if (address)
        draft.set(27, Tideline::ValueTraits<Address>::toValue(*address));
    if (mainAddress)
        draft.set(28, Tideline::ValueTraits<Address>::toValue(*mainAddress));
    if (unit)
        draft.set(29, Tideline::ValueTraits<Unit>::toValue(*unit));
    if (tags)
        draft.set(30, Tideline::ValueTraits<QList<std::optional<QString>>>::toValue(*tags));
    if (words)
        draft.set(31, Tideline::ValueTraits<QList<QString>>::toValue(*words));
    if (marks)
        draft.set(32, Tideline::ValueTraits<QList<QString>>::toValue(*marks));
    if (ratings)
        draft.set(33, Tideline::ValueTraits<QList<int>>::toValue(*ratings));
    if (gaps)
        draft.set(34, Tideline::ValueTraits<QList<std::optional<int>>>::toValue(*gaps));
    if (prices)
        draft.set(35, Tideline::ValueTraits<QList<double>>::toValue(*prices));
    if (flags)
        draft.set(36, Tideline::ValueTraits<QList<bool>>::toValue(*flags));
    if (days)
        draft.set(37, Tideline::ValueTraits<QList<QDate>>::toValue(*days));
    if (times)
        draft.set(38, Tideline::ValueTraits<QList<std::optional<QTime>>>::toValue(*times));
    if (moments)
        draft.set(39, Tideline::ValueTraits<QList<QDateTime>>::toValue(*moments));
    if (stamps)
        draft.set(40, Tideline::ValueTraits<QList<qint64>>::toValue(*stamps));
    if (links)
        draft.set(41, Tideline::ValueTraits<QList<QUrl>>::toValue(*links));
    if (colours)
        draft.set(42, Tideline::ValueTraits<QList<Colour>>::toValue(*colours));
    if (shades)
        draft.set(43, Tideline::ValueTraits<QList<std::optional<Colour>>>::toValue(*shades));
    if (addresses)
        draft.set(44, Tideline::ValueTraits<QList<Address>>::toValue(*addresses));
    if (places)
        draft.set(45, Tideline::ValueTraits<QList<std::optional<Address>>>::toValue(*places));
    if (comment)
        draft.set(46, Tideline::ValueTraits<Comment>::toValue(*comment));
    if (thingLabelId)
        draft.set(49, Tideline::ValueTraits<QString>::toValue(*thingLabelId));
    if (personThingsId)
        draft.set(50, Tideline::ValueTraits<QString>::toValue(*personThingsId));
    return draft;
}

Tideline::Predicate Thing::Record::owner() const
{
    return Tideline::Predicate::compare(u"id"_s, Tideline::Predicate::Operator::Eq, {record().value(50)});
}

Person *Thing::ownerObject()
{
    if (!m_relatedOwner) {
        m_relatedOwner = new Person(this);
        Tideline::followRelated(this, u"owner"_s, m_relatedOwner);
    }
    return m_relatedOwner;
}

Tideline::Predicate Thing::Record::parts() const
{
    return Tideline::Predicate::compare(u"thingID"_s, Tideline::Predicate::Operator::Eq, {record().value(0)});
}

Tideline::LiveQuery *Thing::partsQuery()
{
    if (!m_relatedParts)
        m_relatedParts = Tideline::relatedQuery(this, u"parts"_s);
    return m_relatedParts;
}

Tideline::Predicate Thing::Record::label() const
{
    return Tideline::Predicate::compare(u"id"_s, Tideline::Predicate::Operator::Eq, {record().value(49)});
}

Label *Thing::labelObject()
{
    if (!m_relatedLabel) {
        m_relatedLabel = new Label(this);
        Tideline::followRelated(this, u"label"_s, m_relatedLabel);
    }
    return m_relatedLabel;
}

Tideline::Predicate Thing::Record::groups() const
{
    return Tideline::Predicate::related(u"members"_s,
        Tideline::Predicate::compare(u"thingId"_s, Tideline::Predicate::Operator::Eq, {record().value(0)}));
}

Tideline::LiveQuery *Thing::groupsQuery()
{
    if (!m_relatedGroups)
        m_relatedGroups = Tideline::relatedQuery(this, u"groups"_s);
    return m_relatedGroups;
}

// ---- Person ----

Person::Person(QObject *parent) : ModelObject(Everything::schema(), typeName(), parent) { }

QString Person::keyOf(const QString &id)
{
    return Tideline::keyFromParts({Tideline::ValueTraits<QString>::toValue(id)});
}

void Person::emitFieldChanged(int field)
{
    switch (field) {
    case 0: Q_EMIT nameChanged(); break;
    case 1: Q_EMIT bossIDChanged(); break;
    case 2: Q_EMIT idChanged(); break;
    case 3: Q_EMIT bornAtChanged(); break;
    case 4: Q_EMIT agedAtChanged(); break;
    }
    ModelObject::emitFieldChanged(field);
}

Person::Fields::operator Tideline::TypedDraft() const
{
    Tideline::TypedDraft draft(Everything::schema().model(typeName()));
    if (name)
        draft.set(0, Tideline::ValueTraits<QString>::toValue(*name));
    if (bossID)
        draft.set(1, Tideline::ValueTraits<QString>::toValue(*bossID));
    if (id)
        draft.set(2, Tideline::ValueTraits<QString>::toValue(*id));
    return draft;
}

Tideline::Predicate Person::Record::things() const
{
    return Tideline::Predicate::compare(u"personThingsId"_s, Tideline::Predicate::Operator::Eq, {record().value(2)});
}

Tideline::LiveQuery *Person::thingsQuery()
{
    if (!m_relatedThings)
        m_relatedThings = Tideline::relatedQuery(this, u"things"_s);
    return m_relatedThings;
}

Tideline::Predicate Person::Record::boss() const
{
    return Tideline::Predicate::compare(u"id"_s, Tideline::Predicate::Operator::Eq, {record().value(1)});
}

Person *Person::bossObject()
{
    if (!m_relatedBoss) {
        m_relatedBoss = new Person(this);
        Tideline::followRelated(this, u"boss"_s, m_relatedBoss);
    }
    return m_relatedBoss;
}

Tideline::Predicate Person::Record::staff() const
{
    return Tideline::Predicate::compare(u"bossID"_s, Tideline::Predicate::Operator::Eq, {record().value(2)});
}

Tideline::LiveQuery *Person::staffQuery()
{
    if (!m_relatedStaff)
        m_relatedStaff = Tideline::relatedQuery(this, u"staff"_s);
    return m_relatedStaff;
}

// ---- Part ----

Part::Part(QObject *parent) : ModelObject(Everything::schema(), typeName(), parent) { }

QString Part::keyOf(const QString &thingID, int number, const Colour &colour)
{
    return Tideline::keyFromParts({Tideline::ValueTraits<QString>::toValue(thingID),
        Tideline::ValueTraits<int>::toValue(number),
        Tideline::ValueTraits<Colour>::toValue(colour)});
}

void Part::emitFieldChanged(int field)
{
    switch (field) {
    case 0: Q_EMIT thingIDChanged(); break;
    case 1: Q_EMIT numberChanged(); break;
    case 2: Q_EMIT colourChanged(); break;
    case 3: Q_EMIT titleChanged(); break;
    case 4: Q_EMIT createdAtChanged(); break;
    case 5: Q_EMIT updatedAtChanged(); break;
    }
    ModelObject::emitFieldChanged(field);
}

Part::Fields::operator Tideline::TypedDraft() const
{
    Tideline::TypedDraft draft(Everything::schema().model(typeName()));
    if (thingID)
        draft.set(0, Tideline::ValueTraits<QString>::toValue(*thingID));
    if (number)
        draft.set(1, Tideline::ValueTraits<int>::toValue(*number));
    if (colour)
        draft.set(2, Tideline::ValueTraits<Colour>::toValue(*colour));
    if (title)
        draft.set(3, Tideline::ValueTraits<QString>::toValue(*title));
    return draft;
}

Tideline::Predicate Part::Record::thing() const
{
    return Tideline::Predicate::compare(u"id"_s, Tideline::Predicate::Operator::Eq, {record().value(0)});
}

Thing *Part::thingObject()
{
    if (!m_relatedThing) {
        m_relatedThing = new Thing(this);
        Tideline::followRelated(this, u"thing"_s, m_relatedThing);
    }
    return m_relatedThing;
}

Tideline::Predicate Part::Record::screws() const
{
    return Tideline::Predicate::compare(u"partScrewsThingID"_s, Tideline::Predicate::Operator::Eq, {record().value(0)})
        && Tideline::Predicate::compare(u"partScrewsNumber"_s, Tideline::Predicate::Operator::Eq, {record().value(1)})
        && Tideline::Predicate::compare(u"partScrewsColour"_s, Tideline::Predicate::Operator::Eq, {record().value(2)});
}

Tideline::LiveQuery *Part::screwsQuery()
{
    if (!m_relatedScrews)
        m_relatedScrews = Tideline::relatedQuery(this, u"screws"_s);
    return m_relatedScrews;
}

// ---- Screw ----

Screw::Screw(QObject *parent) : ModelObject(Everything::schema(), typeName(), parent) { }

QString Screw::keyOf(const QString &id)
{
    return Tideline::keyFromParts({Tideline::ValueTraits<QString>::toValue(id)});
}

void Screw::emitFieldChanged(int field)
{
    switch (field) {
    case 0: Q_EMIT idChanged(); break;
    case 1: Q_EMIT lengthChanged(); break;
    case 2: Q_EMIT partScrewsThingIDChanged(); break;
    case 3: Q_EMIT partScrewsNumberChanged(); break;
    case 4: Q_EMIT partScrewsColourChanged(); break;
    }
    ModelObject::emitFieldChanged(field);
}

Screw::Fields::operator Tideline::TypedDraft() const
{
    Tideline::TypedDraft draft(Everything::schema().model(typeName()));
    if (id)
        draft.set(0, Tideline::ValueTraits<QString>::toValue(*id));
    if (length)
        draft.set(1, Tideline::ValueTraits<double>::toValue(*length));
    if (partScrewsThingID)
        draft.set(2, Tideline::ValueTraits<QString>::toValue(*partScrewsThingID));
    if (partScrewsNumber)
        draft.set(3, Tideline::ValueTraits<int>::toValue(*partScrewsNumber));
    if (partScrewsColour)
        draft.set(4, Tideline::ValueTraits<Colour>::toValue(*partScrewsColour));
    return draft;
}

Tideline::Predicate Screw::Record::part() const
{
    return Tideline::Predicate::compare(u"thingID"_s, Tideline::Predicate::Operator::Eq, {record().value(2)})
        && Tideline::Predicate::compare(u"number"_s, Tideline::Predicate::Operator::Eq, {record().value(3)})
        && Tideline::Predicate::compare(u"colour"_s, Tideline::Predicate::Operator::Eq, {record().value(4)});
}

Part *Screw::partObject()
{
    if (!m_relatedPart) {
        m_relatedPart = new Part(this);
        Tideline::followRelated(this, u"part"_s, m_relatedPart);
    }
    return m_relatedPart;
}

// ---- Label ----

Label::Label(QObject *parent) : ModelObject(Everything::schema(), typeName(), parent) { }

QString Label::keyOf(const QString &id)
{
    return Tideline::keyFromParts({Tideline::ValueTraits<QString>::toValue(id)});
}

void Label::emitFieldChanged(int field)
{
    switch (field) {
    case 0: Q_EMIT idChanged(); break;
    case 1: Q_EMIT textChanged(); break;
    case 2: Q_EMIT createdAtChanged(); break;
    case 3: Q_EMIT updatedAtChanged(); break;
    }
    ModelObject::emitFieldChanged(field);
}

Label::Fields::operator Tideline::TypedDraft() const
{
    Tideline::TypedDraft draft(Everything::schema().model(typeName()));
    if (id)
        draft.set(0, Tideline::ValueTraits<QString>::toValue(*id));
    if (text)
        draft.set(1, Tideline::ValueTraits<QString>::toValue(*text));
    return draft;
}

// ---- Group ----

Group::Group(QObject *parent) : ModelObject(Everything::schema(), typeName(), parent) { }

QString Group::keyOf(const QString &id)
{
    return Tideline::keyFromParts({Tideline::ValueTraits<QString>::toValue(id)});
}

void Group::emitFieldChanged(int field)
{
    switch (field) {
    case 0: Q_EMIT idChanged(); break;
    case 1: Q_EMIT titleChanged(); break;
    case 2: Q_EMIT createdAtChanged(); break;
    case 3: Q_EMIT updatedAtChanged(); break;
    }
    ModelObject::emitFieldChanged(field);
}

Group::Fields::operator Tideline::TypedDraft() const
{
    Tideline::TypedDraft draft(Everything::schema().model(typeName()));
    if (id)
        draft.set(0, Tideline::ValueTraits<QString>::toValue(*id));
    if (title)
        draft.set(1, Tideline::ValueTraits<QString>::toValue(*title));
    return draft;
}

Tideline::Predicate Group::Record::members() const
{
    return Tideline::Predicate::related(u"groups"_s,
        Tideline::Predicate::compare(u"groupId"_s, Tideline::Predicate::Operator::Eq, {record().value(0)}));
}

Tideline::LiveQuery *Group::membersQuery()
{
    if (!m_relatedMembers)
        m_relatedMembers = Tideline::relatedQuery(this, u"members"_s);
    return m_relatedMembers;
}

// ---- Class ----

Class::Class(QObject *parent) : ModelObject(Everything::schema(), typeName(), parent) { }

QString Class::keyOf(const QString &id)
{
    return Tideline::keyFromParts({Tideline::ValueTraits<QString>::toValue(id)});
}

void Class::emitFieldChanged(int field)
{
    switch (field) {
    case 0: Q_EMIT class_Changed(); break;
    case 1: Q_EMIT operator_Changed(); break;
    case 2: Q_EMIT new_Changed(); break;
    case 3: Q_EMIT default_Changed(); break;
    case 4: Q_EMIT delete_Changed(); break;
    case 5: Q_EMIT namespace_Changed(); break;
    case 6: Q_EMIT int_Changed(); break;
    case 7: Q_EMIT co_await_Changed(); break;
    case 8: Q_EMIT nullptr_Changed(); break;
    case 9: Q_EMIT class__Changed(); break;
    case 10: Q_EMIT emit_Changed(); break;
    case 11: Q_EMIT slots_Changed(); break;
    case 12: Q_EMIT signals_Changed(); break;
    case 13: Q_EMIT foreach_Changed(); break;
    case 14: Q_EMIT errno_Changed(); break;
    case 15: Q_EMIT linux_Changed(); break;
    case 16: Q_EMIT idChanged(); break;
    case 17: Q_EMIT createdAtChanged(); break;
    case 18: Q_EMIT updatedAtChanged(); break;
    }
    ModelObject::emitFieldChanged(field);
}

Class::Fields::operator Tideline::TypedDraft() const
{
    Tideline::TypedDraft draft(Everything::schema().model(typeName()));
    if (class_)
        draft.set(0, Tideline::ValueTraits<QString>::toValue(*class_));
    if (operator_)
        draft.set(1, Tideline::ValueTraits<int>::toValue(*operator_));
    if (new_)
        draft.set(2, Tideline::ValueTraits<bool>::toValue(*new_));
    if (default_)
        draft.set(3, Tideline::ValueTraits<Colour>::toValue(*default_));
    if (delete_)
        draft.set(4, Tideline::ValueTraits<QList<QString>>::toValue(*delete_));
    if (namespace_)
        draft.set(5, Tideline::ValueTraits<Address>::toValue(*namespace_));
    if (int_)
        draft.set(6, Tideline::ValueTraits<int>::toValue(*int_));
    if (co_await_)
        draft.set(7, Tideline::ValueTraits<QString>::toValue(*co_await_));
    if (nullptr_)
        draft.set(8, Tideline::ValueTraits<QString>::toValue(*nullptr_));
    if (class__)
        draft.set(9, Tideline::ValueTraits<QString>::toValue(*class__));
    if (emit_)
        draft.set(10, Tideline::ValueTraits<QString>::toValue(*emit_));
    if (slots_)
        draft.set(11, Tideline::ValueTraits<QString>::toValue(*slots_));
    if (signals_)
        draft.set(12, Tideline::ValueTraits<QString>::toValue(*signals_));
    if (foreach_)
        draft.set(13, Tideline::ValueTraits<QString>::toValue(*foreach_));
    if (errno_)
        draft.set(14, Tideline::ValueTraits<int>::toValue(*errno_));
    if (linux_)
        draft.set(15, Tideline::ValueTraits<bool>::toValue(*linux_));
    if (id)
        draft.set(16, Tideline::ValueTraits<QString>::toValue(*id));
    return draft;
}

// ---- Record_ ----

Record_::Record_(QObject *parent) : ModelObject(Everything::schema(), typeName(), parent) { }

QString Record_::keyOf(const QString &id)
{
    return Tideline::keyFromParts({Tideline::ValueTraits<QString>::toValue(id)});
}

void Record_::emitFieldChanged(int field)
{
    switch (field) {
    case 0: Q_EMIT idChanged(); break;
    case 1: Q_EMIT objectName_Changed(); break;
    case 2: Q_EMIT parent_Changed(); break;
    case 3: Q_EMIT signal_Changed(); break;
    case 4: Q_EMIT property_Changed(); break;
    case 5: Q_EMIT function_Changed(); break;
    case 6: Q_EMIT var_Changed(); break;
    case 7: Q_EMIT let_Changed(); break;
    case 8: Q_EMIT import_Changed(); break;
    case 9: Q_EMIT onChanged(); break;
    case 10: Q_EMIT readonlyChanged(); break;
    case 11: Q_EMIT requiredChanged(); break;
    case 12: Q_EMIT fromChanged(); break;
    case 13: Q_EMIT undefined_Changed(); break;
    case 14: Q_EMIT toString_Changed(); break;
    case 15: Q_EMIT destroy_Changed(); break;
    case 16: Q_EMIT destroyed_Changed(); break;
    case 17: Q_EMIT metaObject_Changed(); break;
    case 18: Q_EMIT staticMetaObject_Changed(); break;
    case 19: Q_EMIT tr_Changed(); break;
    case 20: Q_EMIT threadChanged(); break;
    case 21: Q_EMIT dataChanged(); break;
    case 22: Q_EMIT valueChanged(); break;
    case 23: Q_EMIT dChanged(); break;
    case 24: Q_EMIT eventChanged(); break;
    case 25: Q_EMIT modelChanged(); break;
    case 26: Q_EMIT type_Changed(); break;
    case 27: Q_EMIT key_Changed(); break;
    case 28: Q_EMIT version_Changed(); break;
    case 29: Q_EMIT store_Changed(); break;
    case 30: Q_EMIT valid_Changed(); break;
    case 31: Q_EMIT errors_Changed(); break;
    case 32: Q_EMIT record_Changed(); break;
    case 33: Q_EMIT draft_Changed(); break;
    case 34: Q_EMIT field_Changed(); break;
    case 35: Q_EMIT syncState_Changed(); break;
    case 36: Q_EMIT fieldValue_Changed(); break;
    case 37: Q_EMIT typeName_Changed(); break;
    case 38: Q_EMIT keyOf_Changed(); break;
    case 39: Q_EMIT std_Changed(); break;
    case 40: Q_EMIT schemaChanged(); break;
    case 41: Q_EMIT everythingChanged(); break;
    case 42: Q_EMIT createdAtChanged(); break;
    case 43: Q_EMIT updatedAtChanged(); break;
    }
    ModelObject::emitFieldChanged(field);
}

Record_::Fields::operator Tideline::TypedDraft() const
{
    Tideline::TypedDraft draft(Everything::schema().model(typeName()));
    if (id)
        draft.set(0, Tideline::ValueTraits<QString>::toValue(*id));
    if (objectName_)
        draft.set(1, Tideline::ValueTraits<QString>::toValue(*objectName_));
    if (parent_)
        draft.set(2, Tideline::ValueTraits<QString>::toValue(*parent_));
    if (signal_)
        draft.set(3, Tideline::ValueTraits<QString>::toValue(*signal_));
    if (property_)
        draft.set(4, Tideline::ValueTraits<QString>::toValue(*property_));
    if (function_)
        draft.set(5, Tideline::ValueTraits<QString>::toValue(*function_));
    if (var_)
        draft.set(6, Tideline::ValueTraits<QString>::toValue(*var_));
    if (let_)
        draft.set(7, Tideline::ValueTraits<QString>::toValue(*let_));
    if (import_)
        draft.set(8, Tideline::ValueTraits<QString>::toValue(*import_));
    if (on)
        draft.set(9, Tideline::ValueTraits<QString>::toValue(*on));
    if (readonly)
        draft.set(10, Tideline::ValueTraits<QString>::toValue(*readonly));
    if (required)
        draft.set(11, Tideline::ValueTraits<QString>::toValue(*required));
    if (from)
        draft.set(12, Tideline::ValueTraits<QString>::toValue(*from));
    if (undefined_)
        draft.set(13, Tideline::ValueTraits<QString>::toValue(*undefined_));
    if (toString_)
        draft.set(14, Tideline::ValueTraits<QString>::toValue(*toString_));
    if (destroy_)
        draft.set(15, Tideline::ValueTraits<QString>::toValue(*destroy_));
    if (destroyed_)
        draft.set(16, Tideline::ValueTraits<QString>::toValue(*destroyed_));
    if (metaObject_)
        draft.set(17, Tideline::ValueTraits<QString>::toValue(*metaObject_));
    if (staticMetaObject_)
        draft.set(18, Tideline::ValueTraits<QString>::toValue(*staticMetaObject_));
    if (tr_)
        draft.set(19, Tideline::ValueTraits<QString>::toValue(*tr_));
    if (thread)
        draft.set(20, Tideline::ValueTraits<QString>::toValue(*thread));
    if (data)
        draft.set(21, Tideline::ValueTraits<QString>::toValue(*data));
    if (value)
        draft.set(22, Tideline::ValueTraits<QString>::toValue(*value));
    if (d)
        draft.set(23, Tideline::ValueTraits<QString>::toValue(*d));
    if (event)
        draft.set(24, Tideline::ValueTraits<QString>::toValue(*event));
    if (model)
        draft.set(25, Tideline::ValueTraits<QString>::toValue(*model));
    if (type_)
        draft.set(26, Tideline::ValueTraits<QString>::toValue(*type_));
    if (key_)
        draft.set(27, Tideline::ValueTraits<QString>::toValue(*key_));
    if (version_)
        draft.set(28, Tideline::ValueTraits<int>::toValue(*version_));
    if (store_)
        draft.set(29, Tideline::ValueTraits<QString>::toValue(*store_));
    if (valid_)
        draft.set(30, Tideline::ValueTraits<bool>::toValue(*valid_));
    if (errors_)
        draft.set(31, Tideline::ValueTraits<QList<QString>>::toValue(*errors_));
    if (record_)
        draft.set(32, Tideline::ValueTraits<QString>::toValue(*record_));
    if (draft_)
        draft.set(33, Tideline::ValueTraits<QString>::toValue(*draft_));
    if (field_)
        draft.set(34, Tideline::ValueTraits<QString>::toValue(*field_));
    if (syncState_)
        draft.set(35, Tideline::ValueTraits<QString>::toValue(*syncState_));
    if (fieldValue_)
        draft.set(36, Tideline::ValueTraits<QString>::toValue(*fieldValue_));
    if (typeName_)
        draft.set(37, Tideline::ValueTraits<QString>::toValue(*typeName_));
    if (keyOf_)
        draft.set(38, Tideline::ValueTraits<QString>::toValue(*keyOf_));
    if (std_)
        draft.set(39, Tideline::ValueTraits<QString>::toValue(*std_));
    if (schema)
        draft.set(40, Tideline::ValueTraits<QString>::toValue(*schema));
    if (everything)
        draft.set(41, Tideline::ValueTraits<QString>::toValue(*everything));
    return draft;
}

// ---- Draft_ ----

Draft_::Draft_(QObject *parent) : ModelObject(Everything::schema(), typeName(), parent) { }

QString Draft_::keyOf(const QString &id)
{
    return Tideline::keyFromParts({Tideline::ValueTraits<QString>::toValue(id)});
}

void Draft_::emitFieldChanged(int field)
{
    switch (field) {
    case 0: Q_EMIT idChanged(); break;
    case 1: Q_EMIT _nameChanged(); break;
    case 2: Q_EMIT _otherChanged(); break;
    case 3: Q_EMIT nameChanged(); break;
    case 4: Q_EMIT skuChanged(); break;
    case 5: Q_EMIT urlOfShopChanged(); break;
    case 6: Q_EMIT record_Changed(); break;
    case 7: Q_EMIT null_Changed(); break;
    case 8: Q_EMIT eofChanged(); break;
    case 9: Q_EMIT statusChanged(); break;
    case 10: Q_EMIT statusChanged_Changed(); break;
    case 11: Q_EMIT statusValue_Changed(); break;
    case 12: Q_EMIT setStatus_Changed(); break;
    case 13: Q_EMIT colourChanged(); break;
    case 14: Q_EMIT pointChanged(); break;
    case 15: Q_EMIT groupObject_Changed(); break;
    case 16: Q_EMIT a__bChanged(); break;
    case 17: Q_EMIT x1Changed(); break;
    case 18: Q_EMIT createdAtChanged(); break;
    case 19: Q_EMIT updatedAtChanged(); break;
    case 20: Q_EMIT _draftGroupIdChanged(); break;
    }
    ModelObject::emitFieldChanged(field);
}

Draft_::Fields::operator Tideline::TypedDraft() const
{
    Tideline::TypedDraft draft(Everything::schema().model(typeName()));
    if (id)
        draft.set(0, Tideline::ValueTraits<QString>::toValue(*id));
    if (_name)
        draft.set(1, Tideline::ValueTraits<QString>::toValue(*_name));
    if (_other)
        draft.set(2, Tideline::ValueTraits<QString>::toValue(*_other));
    if (name)
        draft.set(3, Tideline::ValueTraits<QString>::toValue(*name));
    if (sku)
        draft.set(4, Tideline::ValueTraits<QString>::toValue(*sku));
    if (urlOfShop)
        draft.set(5, Tideline::ValueTraits<QString>::toValue(*urlOfShop));
    if (record_)
        draft.set(6, Tideline::ValueTraits<QString>::toValue(*record_));
    if (null_)
        draft.set(7, Tideline::ValueTraits<QString>::toValue(*null_));
    if (eof)
        draft.set(8, Tideline::ValueTraits<int>::toValue(*eof));
    if (status)
        draft.set(9, Tideline::ValueTraits<Colour>::toValue(*status));
    if (statusChanged_)
        draft.set(10, Tideline::ValueTraits<QDateTime>::toValue(*statusChanged_));
    if (statusValue_)
        draft.set(11, Tideline::ValueTraits<QString>::toValue(*statusValue_));
    if (setStatus_)
        draft.set(12, Tideline::ValueTraits<QString>::toValue(*setStatus_));
    if (colour)
        draft.set(13, Tideline::ValueTraits<Colour>::toValue(*colour));
    if (point)
        draft.set(14, Tideline::ValueTraits<Point>::toValue(*point));
    if (groupObject_)
        draft.set(15, Tideline::ValueTraits<QString>::toValue(*groupObject_));
    if (a__b)
        draft.set(16, Tideline::ValueTraits<QString>::toValue(*a__b));
    if (x1)
        draft.set(17, Tideline::ValueTraits<int>::toValue(*x1));
    if (_draftGroupId)
        draft.set(20, Tideline::ValueTraits<QString>::toValue(*_draftGroupId));
    return draft;
}

Tideline::Predicate Draft_::Record::group() const
{
    return Tideline::Predicate::compare(u"id"_s, Tideline::Predicate::Operator::Eq, {record().value(20)});
}

Group *Draft_::groupObject()
{
    if (!m_relatedGroup) {
        m_relatedGroup = new Group(this);
        Tideline::followRelated(this, u"group"_s, m_relatedGroup);
    }
    return m_relatedGroup;
}

// ---- QString_ ----

QString_::QString_(QObject *parent) : ModelObject(Everything::schema(), typeName(), parent) { }

QString QString_::keyOf(const QString &id)
{
    return Tideline::keyFromParts({Tideline::ValueTraits<QString>::toValue(id)});
}

void QString_::emitFieldChanged(int field)
{
    switch (field) {
    case 0: Q_EMIT idChanged(); break;
    case 1: Q_EMIT qObjectChanged(); break;
    case 2: Q_EMIT thingsChanged(); break;
    case 3: Q_EMIT createdAtChanged(); break;
    case 4: Q_EMIT updatedAtChanged(); break;
    }
    ModelObject::emitFieldChanged(field);
}

QString_::Fields::operator Tideline::TypedDraft() const
{
    Tideline::TypedDraft draft(Everything::schema().model(typeName()));
    if (id)
        draft.set(0, Tideline::ValueTraits<QString>::toValue(*id));
    if (qObject)
        draft.set(1, Tideline::ValueTraits<QString>::toValue(*qObject));
    if (things)
        draft.set(2, Tideline::ValueTraits<int>::toValue(*things));
    return draft;
}

// ---- Fields_ ----

Fields_::Fields_(QObject *parent) : ModelObject(Everything::schema(), typeName(), parent) { }

QString Fields_::keyOf(const QString &id)
{
    return Tideline::keyFromParts({Tideline::ValueTraits<QString>::toValue(id)});
}

void Fields_::emitFieldChanged(int field)
{
    switch (field) {
    case 0: Q_EMIT idChanged(); break;
    case 1: Q_EMIT fieldsChanged(); break;
    case 2: Q_EMIT createdAtChanged(); break;
    case 3: Q_EMIT updatedAtChanged(); break;
    }
    ModelObject::emitFieldChanged(field);
}

Fields_::Fields::operator Tideline::TypedDraft() const
{
    Tideline::TypedDraft draft(Everything::schema().model(typeName()));
    if (id)
        draft.set(0, Tideline::ValueTraits<QString>::toValue(*id));
    if (fields)
        draft.set(1, Tideline::ValueTraits<QString>::toValue(*fields));
    return draft;
}

// ---- Schema ----

Schema::Schema(QObject *parent) : ModelObject(Everything::schema(), typeName(), parent) { }

QString Schema::keyOf(const QString &id)
{
    return Tideline::keyFromParts({Tideline::ValueTraits<QString>::toValue(id)});
}

void Schema::emitFieldChanged(int field)
{
    switch (field) {
    case 0: Q_EMIT idChanged(); break;
    case 1: Q_EMIT schemaChanged(); break;
    case 2: Q_EMIT createdAtChanged(); break;
    case 3: Q_EMIT updatedAtChanged(); break;
    }
    ModelObject::emitFieldChanged(field);
}

Schema::Fields::operator Tideline::TypedDraft() const
{
    Tideline::TypedDraft draft(Everything::schema().model(typeName()));
    if (id)
        draft.set(0, Tideline::ValueTraits<QString>::toValue(*id));
    if (schema)
        draft.set(1, Tideline::ValueTraits<QString>::toValue(*schema));
    return draft;
}

// ---- Error ----

Error::Error(QObject *parent) : ModelObject(Everything::schema(), typeName(), parent) { }

QString Error::keyOf(const QString &id)
{
    return Tideline::keyFromParts({Tideline::ValueTraits<QString>::toValue(id)});
}

void Error::emitFieldChanged(int field)
{
    switch (field) {
    case 0: Q_EMIT idChanged(); break;
    case 1: Q_EMIT errorChanged(); break;
    case 2: Q_EMIT valueChanged(); break;
    case 3: Q_EMIT createdAtChanged(); break;
    case 4: Q_EMIT updatedAtChanged(); break;
    }
    ModelObject::emitFieldChanged(field);
}

Error::Fields::operator Tideline::TypedDraft() const
{
    Tideline::TypedDraft draft(Everything::schema().model(typeName()));
    if (id)
        draft.set(0, Tideline::ValueTraits<QString>::toValue(*id));
    if (error)
        draft.set(1, Tideline::ValueTraits<Trouble>::toValue(*error));
    if (value)
        draft.set(2, Tideline::ValueTraits<Value>::toValue(*value));
    return draft;
}

// ---- ThingGroups ----

ThingGroups::ThingGroups(QObject *parent) : ModelObject(Everything::schema(), typeName(), parent) { }

QString ThingGroups::keyOf(const QString &id)
{
    return Tideline::keyFromParts({Tideline::ValueTraits<QString>::toValue(id)});
}

void ThingGroups::emitFieldChanged(int field)
{
    switch (field) {
    case 0: Q_EMIT idChanged(); break;
    case 1: Q_EMIT thingIdChanged(); break;
    case 2: Q_EMIT groupIdChanged(); break;
    case 3: Q_EMIT createdAtChanged(); break;
    case 4: Q_EMIT updatedAtChanged(); break;
    }
    ModelObject::emitFieldChanged(field);
}

ThingGroups::Fields::operator Tideline::TypedDraft() const
{
    Tideline::TypedDraft draft(Everything::schema().model(typeName()));
    if (id)
        draft.set(0, Tideline::ValueTraits<QString>::toValue(*id));
    if (thingId)
        draft.set(1, Tideline::ValueTraits<QString>::toValue(*thingId));
    if (groupId)
        draft.set(2, Tideline::ValueTraits<QString>::toValue(*groupId));
    return draft;
}

Tideline::Predicate ThingGroups::Record::thing() const
{
    return Tideline::Predicate::compare(u"id"_s, Tideline::Predicate::Operator::Eq, {record().value(1)});
}

Thing *ThingGroups::thingObject()
{
    if (!m_relatedThing) {
        m_relatedThing = new Thing(this);
        Tideline::followRelated(this, u"thing"_s, m_relatedThing);
    }
    return m_relatedThing;
}

Tideline::Predicate ThingGroups::Record::group() const
{
    return Tideline::Predicate::compare(u"id"_s, Tideline::Predicate::Operator::Eq, {record().value(2)});
}

Group *ThingGroups::groupObject()
{
    if (!m_relatedGroup) {
        m_relatedGroup = new Group(this);
        Tideline::followRelated(this, u"group"_s, m_relatedGroup);
    }
    return m_relatedGroup;
}

} // namespace Everything
