// Generated from everything.graphql by "tideline codegen". Changes here are lost.
#pragma once

#include <client/live/related.h>
#include <core/data/typedrecord.h>
#include <plugin/storescope.h>

#include <QtCore/QDebug>
#include <QtQml/QQmlParserStatus>
#include <QtQml/qqmlregistration.h>

#include <optional>

namespace Everything {

[[nodiscard]] Tideline::Schema schema();

/*!
    What colour a thing has.
    Ends comments: * / and begins them: / * \\d \\
*/
enum class Colour {
    /*! Like a tomato; * / is no end. */
    RED,
    GREEN,
    BLUE,
};
QDebug operator<<(QDebug debug, Colour value);

enum class Unit {
    piece,
    kilogram,
    Litre,
};
QDebug operator<<(QDebug debug, Unit value);

/*! Words that are macros, keywords or begin with an underscore. */
enum class Trouble {
    NULL_,
    EOF_,
    ERROR_,
    OVERFLOW_,
    EINVAL_,
    SIGINT_,
    DOMAIN_,
    DELETE_,
    class_,
    operator_,
    slots_,
    emit_,
    signals_,
    HIDDEN_,
    Q_OBJECT_,
    staticMetaObject_,
    key,
};
QDebug operator<<(QDebug debug, Trouble value);

struct Point
{
    double x = {};
    double y = {};
    std::optional<Unit> unit = {};
    std::optional<QDateTime> at = {};

    friend bool operator==(const Point &, const Point &) = default;
};

/*! Where somebody lives. */
struct Address
{
    /*! With the number of the house. */
    QString street = {};
    std::optional<int> zip = {};
    std::optional<QDate> since = {};
    std::optional<Point> geo = {};
    std::optional<QList<Colour>> colours = {};
    std::optional<QString> class_ = {};

    friend bool operator==(const Address &, const Address &) = default;
};

/*! It contains a list of itself. */
struct Comment
{
    QString text = {};
    std::optional<QList<Comment>> replies = {};

    friend bool operator==(const Comment &, const Comment &) = default;
};

struct Value
{
    std::optional<QString> value = {};
    std::optional<QList<Value>> data = {};

    friend bool operator==(const Value &, const Value &) = default;
};

class Thing;
class Person;
class Part;
class Screw;
class Label;
class Group;
class Class;
class Record_;
class Draft_;
class QString_;
class Fields_;
class Schema;
class Error;
class ThingGroups;

} // namespace Everything

template<>
struct Tideline::ValueTraits<Everything::Colour>
{
    [[nodiscard]] static Value toValue(Everything::Colour value);
    [[nodiscard]] static Everything::Colour fromValue(const Value &value);
};

template<>
struct Tideline::ValueTraits<Everything::Unit>
{
    [[nodiscard]] static Value toValue(Everything::Unit value);
    [[nodiscard]] static Everything::Unit fromValue(const Value &value);
};

template<>
struct Tideline::ValueTraits<Everything::Trouble>
{
    [[nodiscard]] static Value toValue(Everything::Trouble value);
    [[nodiscard]] static Everything::Trouble fromValue(const Value &value);
};

template<>
struct Tideline::ValueTraits<Everything::Address>
{
    [[nodiscard]] static Value toValue(const Everything::Address &value);
    [[nodiscard]] static Everything::Address fromValue(const Value &value);
};

template<>
struct Tideline::ValueTraits<Everything::Point>
{
    [[nodiscard]] static Value toValue(const Everything::Point &value);
    [[nodiscard]] static Everything::Point fromValue(const Value &value);
};

template<>
struct Tideline::ValueTraits<Everything::Comment>
{
    [[nodiscard]] static Value toValue(const Everything::Comment &value);
    [[nodiscard]] static Everything::Comment fromValue(const Value &value);
};

template<>
struct Tideline::ValueTraits<Everything::Value>
{
    [[nodiscard]] static Value toValue(const Everything::Value &value);
    [[nodiscard]] static Everything::Value fromValue(const Value &value);
};

namespace Everything {

/*! One field of each type, required and not. */
class Thing : public Tideline::ModelObject, public QQmlParserStatus
{
    Q_OBJECT
    Q_INTERFACES(QQmlParserStatus)
    QML_ELEMENT
    Q_PROPERTY(QString id READ idValue WRITE setId NOTIFY idChanged FINAL)
    Q_PROPERTY(QString name READ nameValue WRITE setName NOTIFY nameChanged FINAL)
    Q_PROPERTY(QString code READ codeValue WRITE setCode NOTIFY codeChanged FINAL)
    Q_PROPERTY(QVariant stock READ stockValue WRITE setStock NOTIFY stockChanged FINAL)
    Q_PROPERTY(int stockNow READ stockNowValue WRITE setStockNow NOTIFY stockNowChanged FINAL)
    Q_PROPERTY(QVariant price READ priceValue WRITE setPrice NOTIFY priceChanged FINAL)
    Q_PROPERTY(double weight READ weightValue WRITE setWeight NOTIFY weightChanged FINAL)
    Q_PROPERTY(QVariant sold READ soldValue WRITE setSold NOTIFY soldChanged FINAL)
    Q_PROPERTY(bool visible READ visibleValue WRITE setVisible NOTIFY visibleChanged FINAL)
    Q_PROPERTY(QString note READ noteValue WRITE setNote NOTIFY noteChanged FINAL)
    Q_PROPERTY(QString bornOn READ bornOnValue WRITE setBornOn NOTIFY bornOnChanged FINAL)
    Q_PROPERTY(QString diedOn READ diedOnValue WRITE setDiedOn NOTIFY diedOnChanged FINAL)
    Q_PROPERTY(QString opensAt READ opensAtValue WRITE setOpensAt NOTIFY opensAtChanged FINAL)
    Q_PROPERTY(QString closesAt READ closesAtValue WRITE setClosesAt NOTIFY closesAtChanged FINAL)
    Q_PROPERTY(QDateTime changedAt READ changedAtValue WRITE setChangedAt NOTIFY changedAtChanged FINAL)
    Q_PROPERTY(QDateTime seenAt READ seenAtValue WRITE setSeenAt NOTIFY seenAtChanged FINAL)
    Q_PROPERTY(QVariant countedAt READ countedAtValue WRITE setCountedAt NOTIFY countedAtChanged FINAL)
    Q_PROPERTY(QVariant storedAt READ storedAtValue WRITE setStoredAt NOTIFY storedAtChanged FINAL)
    Q_PROPERTY(QString email READ emailValue WRITE setEmail NOTIFY emailChanged FINAL)
    Q_PROPERTY(QVariant attributes READ attributesValue WRITE setAttributes NOTIFY attributesChanged FINAL)
    Q_PROPERTY(QString site READ siteValue WRITE setSite NOTIFY siteChanged FINAL)
    Q_PROPERTY(QString home READ homeValue WRITE setHome NOTIFY homeChanged FINAL)
    Q_PROPERTY(QString phone READ phoneValue WRITE setPhone NOTIFY phoneChanged FINAL)
    Q_PROPERTY(QString ip READ ipValue WRITE setIp NOTIFY ipChanged FINAL)
    Q_PROPERTY(QString colour READ colourValue WRITE setColour NOTIFY colourChanged FINAL)
    Q_PROPERTY(QString mainColour READ mainColourValue WRITE setMainColour NOTIFY mainColourChanged FINAL)
    Q_PROPERTY(QString trouble READ troubleValue WRITE setTrouble NOTIFY troubleChanged FINAL)
    Q_PROPERTY(QVariant address READ addressValue WRITE setAddress NOTIFY addressChanged FINAL)
    Q_PROPERTY(QVariant mainAddress READ mainAddressValue WRITE setMainAddress NOTIFY mainAddressChanged FINAL)
    Q_PROPERTY(QString unit READ unitValue WRITE setUnit NOTIFY unitChanged FINAL)
    Q_PROPERTY(QVariant tags READ tagsValue WRITE setTags NOTIFY tagsChanged FINAL)
    Q_PROPERTY(QVariant words READ wordsValue WRITE setWords NOTIFY wordsChanged FINAL)
    Q_PROPERTY(QVariant marks READ marksValue WRITE setMarks NOTIFY marksChanged FINAL)
    Q_PROPERTY(QVariant ratings READ ratingsValue WRITE setRatings NOTIFY ratingsChanged FINAL)
    Q_PROPERTY(QVariant gaps READ gapsValue WRITE setGaps NOTIFY gapsChanged FINAL)
    Q_PROPERTY(QVariant prices READ pricesValue WRITE setPrices NOTIFY pricesChanged FINAL)
    Q_PROPERTY(QVariant flags READ flagsValue WRITE setFlags NOTIFY flagsChanged FINAL)
    Q_PROPERTY(QVariant days READ daysValue WRITE setDays NOTIFY daysChanged FINAL)
    Q_PROPERTY(QVariant times READ timesValue WRITE setTimes NOTIFY timesChanged FINAL)
    Q_PROPERTY(QVariant moments READ momentsValue WRITE setMoments NOTIFY momentsChanged FINAL)
    Q_PROPERTY(QVariant stamps READ stampsValue WRITE setStamps NOTIFY stampsChanged FINAL)
    Q_PROPERTY(QVariant links READ linksValue WRITE setLinks NOTIFY linksChanged FINAL)
    Q_PROPERTY(QVariant colours READ coloursValue WRITE setColours NOTIFY coloursChanged FINAL)
    Q_PROPERTY(QVariant shades READ shadesValue WRITE setShades NOTIFY shadesChanged FINAL)
    Q_PROPERTY(QVariant addresses READ addressesValue WRITE setAddresses NOTIFY addressesChanged FINAL)
    Q_PROPERTY(QVariant places READ placesValue WRITE setPlaces NOTIFY placesChanged FINAL)
    Q_PROPERTY(QVariant comment READ commentValue WRITE setComment NOTIFY commentChanged FINAL)
    Q_PROPERTY(QDateTime createdAt READ createdAtValue NOTIFY createdAtChanged FINAL)
    Q_PROPERTY(QDateTime updatedAt READ updatedAtValue NOTIFY updatedAtChanged FINAL)
    Q_PROPERTY(QString thingLabelId READ thingLabelIdValue WRITE setThingLabelId NOTIFY thingLabelIdChanged FINAL)
    Q_PROPERTY(QString personThingsId READ personThingsIdValue WRITE setPersonThingsId NOTIFY personThingsIdChanged FINAL)
    Q_PROPERTY(Everything::Person *owner READ ownerObject CONSTANT FINAL)
    Q_PROPERTY(Tideline::LiveQuery *parts READ partsQuery CONSTANT FINAL)
    Q_PROPERTY(Everything::Label *label READ labelObject CONSTANT FINAL)
    Q_PROPERTY(Tideline::LiveQuery *groups READ groupsQuery CONSTANT FINAL)

public:
    // For predicates and sort orders.
    static constexpr Tideline::Field<QString> id{u"id", 0};
    /*! How it is called: the only field without which nothing works. * / \\ / * */
    static constexpr Tideline::Field<QString> name{u"name", 1};
    static constexpr Tideline::Field<QString> code{u"code", 2};
    static constexpr Tideline::Field<int> stock{u"stock", 3};
    static constexpr Tideline::Field<int> stockNow{u"stockNow", 4};
    static constexpr Tideline::Field<double> price{u"price", 5};
    static constexpr Tideline::Field<double> weight{u"weight", 6};
    static constexpr Tideline::Field<bool> sold{u"sold", 7};
    static constexpr Tideline::Field<bool> visible{u"visible", 8};
    static constexpr Tideline::Field<QString> note{u"note", 9};
    static constexpr Tideline::Field<QDate> bornOn{u"bornOn", 10};
    static constexpr Tideline::Field<QDate> diedOn{u"diedOn", 11};
    static constexpr Tideline::Field<QTime> opensAt{u"opensAt", 12};
    static constexpr Tideline::Field<QTime> closesAt{u"closesAt", 13};
    static constexpr Tideline::Field<QDateTime> changedAt{u"changedAt", 14};
    static constexpr Tideline::Field<QDateTime> seenAt{u"seenAt", 15};
    static constexpr Tideline::Field<qint64> countedAt{u"countedAt", 16};
    static constexpr Tideline::Field<qint64> storedAt{u"storedAt", 17};
    static constexpr Tideline::Field<QString> email{u"email", 18};
    /*!
        Whatever else there is.

          Indented, as JSON is.
    */
    static constexpr Tideline::Field<QString> attributes{u"attributes", 19};
    static constexpr Tideline::Field<QUrl> site{u"site", 20};
    static constexpr Tideline::Field<QUrl> home{u"home", 21};
    static constexpr Tideline::Field<QString> phone{u"phone", 22};
    static constexpr Tideline::Field<QString> ip{u"ip", 23};
    static constexpr Tideline::Field<Colour> colour{u"colour", 24};
    static constexpr Tideline::Field<Colour> mainColour{u"mainColour", 25};
    static constexpr Tideline::Field<Trouble> trouble{u"trouble", 26};
    static constexpr Tideline::Field<Address> address{u"address", 27};
    static constexpr Tideline::Field<Address> mainAddress{u"mainAddress", 28};
    static constexpr Tideline::Field<Unit> unit{u"unit", 29};
    static constexpr Tideline::Field<QList<std::optional<QString>>> tags{u"tags", 30};
    static constexpr Tideline::Field<QList<QString>> words{u"words", 31};
    static constexpr Tideline::Field<QList<QString>> marks{u"marks", 32};
    static constexpr Tideline::Field<QList<int>> ratings{u"ratings", 33};
    static constexpr Tideline::Field<QList<std::optional<int>>> gaps{u"gaps", 34};
    static constexpr Tideline::Field<QList<double>> prices{u"prices", 35};
    static constexpr Tideline::Field<QList<bool>> flags{u"flags", 36};
    static constexpr Tideline::Field<QList<QDate>> days{u"days", 37};
    static constexpr Tideline::Field<QList<std::optional<QTime>>> times{u"times", 38};
    static constexpr Tideline::Field<QList<QDateTime>> moments{u"moments", 39};
    static constexpr Tideline::Field<QList<qint64>> stamps{u"stamps", 40};
    static constexpr Tideline::Field<QList<QUrl>> links{u"links", 41};
    static constexpr Tideline::Field<QList<Colour>> colours{u"colours", 42};
    static constexpr Tideline::Field<QList<std::optional<Colour>>> shades{u"shades", 43};
    static constexpr Tideline::Field<QList<Address>> addresses{u"addresses", 44};
    static constexpr Tideline::Field<QList<std::optional<Address>>> places{u"places", 45};
    static constexpr Tideline::Field<Comment> comment{u"comment", 46};
    static constexpr Tideline::Field<QDateTime> createdAt{u"createdAt", 47};
    static constexpr Tideline::Field<QDateTime> updatedAt{u"updatedAt", 48};
    static constexpr Tideline::Field<QString> thingLabelId{u"thingLabelId", 49};
    static constexpr Tideline::Field<QString> personThingsId{u"personThingsId", 50};
    static constexpr Tideline::RelationField owner{u"owner"};
    static constexpr Tideline::RelationField parts{u"parts"};
    /*! The label glued to it. */
    static constexpr Tideline::RelationField label{u"label"};
    static constexpr Tideline::RelationField groups{u"groups"};

    /*! An immutable snapshot of one record. */
    class Record : public Tideline::TypedRecord
    {
    public:
        using TypedRecord::TypedRecord;

        [[nodiscard]] QString id() const { return field<QString>(0); }
        /*! How it is called: the only field without which nothing works. * / \\ / * */
        [[nodiscard]] QString name() const { return field<QString>(1); }
        [[nodiscard]] std::optional<QString> code() const { return field<std::optional<QString>>(2); }
        [[nodiscard]] std::optional<int> stock() const { return field<std::optional<int>>(3); }
        [[nodiscard]] int stockNow() const { return field<int>(4); }
        [[nodiscard]] std::optional<double> price() const { return field<std::optional<double>>(5); }
        [[nodiscard]] double weight() const { return field<double>(6); }
        [[nodiscard]] std::optional<bool> sold() const { return field<std::optional<bool>>(7); }
        [[nodiscard]] bool visible() const { return field<bool>(8); }
        [[nodiscard]] std::optional<QString> note() const { return field<std::optional<QString>>(9); }
        [[nodiscard]] std::optional<QDate> bornOn() const { return field<std::optional<QDate>>(10); }
        [[nodiscard]] QDate diedOn() const { return field<QDate>(11); }
        [[nodiscard]] std::optional<QTime> opensAt() const { return field<std::optional<QTime>>(12); }
        [[nodiscard]] QTime closesAt() const { return field<QTime>(13); }
        [[nodiscard]] std::optional<QDateTime> changedAt() const { return field<std::optional<QDateTime>>(14); }
        [[nodiscard]] QDateTime seenAt() const { return field<QDateTime>(15); }
        [[nodiscard]] std::optional<qint64> countedAt() const { return field<std::optional<qint64>>(16); }
        [[nodiscard]] qint64 storedAt() const { return field<qint64>(17); }
        [[nodiscard]] std::optional<QString> email() const { return field<std::optional<QString>>(18); }
        /*!
            Whatever else there is.

              Indented, as JSON is.
        */
        [[nodiscard]] std::optional<QString> attributes() const { return field<std::optional<QString>>(19); }
        [[nodiscard]] std::optional<QUrl> site() const { return field<std::optional<QUrl>>(20); }
        [[nodiscard]] QUrl home() const { return field<QUrl>(21); }
        [[nodiscard]] std::optional<QString> phone() const { return field<std::optional<QString>>(22); }
        [[nodiscard]] std::optional<QString> ip() const { return field<std::optional<QString>>(23); }
        [[nodiscard]] std::optional<Colour> colour() const { return field<std::optional<Colour>>(24); }
        [[nodiscard]] Colour mainColour() const { return field<Colour>(25); }
        [[nodiscard]] std::optional<Trouble> trouble() const { return field<std::optional<Trouble>>(26); }
        [[nodiscard]] std::optional<Address> address() const { return field<std::optional<Address>>(27); }
        [[nodiscard]] Address mainAddress() const { return field<Address>(28); }
        [[nodiscard]] std::optional<Unit> unit() const { return field<std::optional<Unit>>(29); }
        [[nodiscard]] std::optional<QList<std::optional<QString>>> tags() const { return field<std::optional<QList<std::optional<QString>>>>(30); }
        [[nodiscard]] std::optional<QList<QString>> words() const { return field<std::optional<QList<QString>>>(31); }
        [[nodiscard]] QList<QString> marks() const { return field<QList<QString>>(32); }
        [[nodiscard]] std::optional<QList<int>> ratings() const { return field<std::optional<QList<int>>>(33); }
        [[nodiscard]] std::optional<QList<std::optional<int>>> gaps() const { return field<std::optional<QList<std::optional<int>>>>(34); }
        [[nodiscard]] std::optional<QList<double>> prices() const { return field<std::optional<QList<double>>>(35); }
        [[nodiscard]] std::optional<QList<bool>> flags() const { return field<std::optional<QList<bool>>>(36); }
        [[nodiscard]] std::optional<QList<QDate>> days() const { return field<std::optional<QList<QDate>>>(37); }
        [[nodiscard]] std::optional<QList<std::optional<QTime>>> times() const { return field<std::optional<QList<std::optional<QTime>>>>(38); }
        [[nodiscard]] std::optional<QList<QDateTime>> moments() const { return field<std::optional<QList<QDateTime>>>(39); }
        [[nodiscard]] std::optional<QList<qint64>> stamps() const { return field<std::optional<QList<qint64>>>(40); }
        [[nodiscard]] std::optional<QList<QUrl>> links() const { return field<std::optional<QList<QUrl>>>(41); }
        [[nodiscard]] std::optional<QList<Colour>> colours() const { return field<std::optional<QList<Colour>>>(42); }
        [[nodiscard]] std::optional<QList<std::optional<Colour>>> shades() const { return field<std::optional<QList<std::optional<Colour>>>>(43); }
        [[nodiscard]] std::optional<QList<Address>> addresses() const { return field<std::optional<QList<Address>>>(44); }
        [[nodiscard]] std::optional<QList<std::optional<Address>>> places() const { return field<std::optional<QList<std::optional<Address>>>>(45); }
        [[nodiscard]] std::optional<Comment> comment() const { return field<std::optional<Comment>>(46); }
        [[nodiscard]] QDateTime createdAt() const { return field<QDateTime>(47); }
        [[nodiscard]] QDateTime updatedAt() const { return field<QDateTime>(48); }
        [[nodiscard]] std::optional<QString> thingLabelId() const { return field<std::optional<QString>>(49); }
        [[nodiscard]] std::optional<QString> personThingsId() const { return field<std::optional<QString>>(50); }
        /*! Which Person records are related, for a query of them. */
        [[nodiscard]] Tideline::Predicate owner() const;
        /*! Which Part records are related, for a query of them. */
        [[nodiscard]] Tideline::Predicate parts() const;
        /*! Which Label records are related, for a query of them. */
        [[nodiscard]] Tideline::Predicate label() const;
        /*! Which Group records are related, for a query of them. */
        [[nodiscard]] Tideline::Predicate groups() const;
    };

    /*! The fields of a new record: store.save(Thing::Fields{...}). */
    struct Fields
    {
        std::optional<QString> id = {};
        std::optional<QString> name = {};
        std::optional<QString> code = {};
        std::optional<int> stock = {};
        std::optional<int> stockNow = {};
        std::optional<double> price = {};
        std::optional<double> weight = {};
        std::optional<bool> sold = {};
        std::optional<bool> visible = {};
        std::optional<QString> note = {};
        std::optional<QDate> bornOn = {};
        std::optional<QDate> diedOn = {};
        std::optional<QTime> opensAt = {};
        std::optional<QTime> closesAt = {};
        std::optional<QDateTime> changedAt = {};
        std::optional<QDateTime> seenAt = {};
        std::optional<qint64> countedAt = {};
        std::optional<qint64> storedAt = {};
        std::optional<QString> email = {};
        std::optional<QString> attributes = {};
        std::optional<QUrl> site = {};
        std::optional<QUrl> home = {};
        std::optional<QString> phone = {};
        std::optional<QString> ip = {};
        std::optional<Colour> colour = {};
        std::optional<Colour> mainColour = {};
        std::optional<Trouble> trouble = {};
        std::optional<Address> address = {};
        std::optional<Address> mainAddress = {};
        std::optional<Unit> unit = {};
        std::optional<QList<std::optional<QString>>> tags = {};
        std::optional<QList<QString>> words = {};
        std::optional<QList<QString>> marks = {};
        std::optional<QList<int>> ratings = {};
        std::optional<QList<std::optional<int>>> gaps = {};
        std::optional<QList<double>> prices = {};
        std::optional<QList<bool>> flags = {};
        std::optional<QList<QDate>> days = {};
        std::optional<QList<std::optional<QTime>>> times = {};
        std::optional<QList<QDateTime>> moments = {};
        std::optional<QList<qint64>> stamps = {};
        std::optional<QList<QUrl>> links = {};
        std::optional<QList<Colour>> colours = {};
        std::optional<QList<std::optional<Colour>>> shades = {};
        std::optional<QList<Address>> addresses = {};
        std::optional<QList<std::optional<Address>>> places = {};
        std::optional<Comment> comment = {};
        std::optional<QString> thingLabelId = {};
        std::optional<QString> personThingsId = {};

        operator Tideline::TypedDraft() const;
    };

    explicit Thing(QObject *parent = nullptr);

    [[nodiscard]] static QString typeName() { return QStringLiteral("Thing"); }
    [[nodiscard]] static QString keyOf(const QString &id);

    void classBegin() override { }
    void componentComplete() override { Tideline::resolveStore(this); }

    [[nodiscard]] QString idValue() const { return fieldValue(0).toText(); }
    void setId(const QString &newValue) { setFieldValue(0, Tideline::Value(newValue)); }
    [[nodiscard]] QString nameValue() const { return fieldValue(1).toText(); }
    void setName(const QString &newValue) { setFieldValue(1, Tideline::Value(newValue)); }
    [[nodiscard]] QString codeValue() const { return fieldValue(2).toText(); }
    void setCode(const QString &newValue) { setFieldValue(2, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QVariant stockValue() const { return fieldVariant(3); }
    void setStock(const QVariant &newValue) { setFieldVariant(3, newValue); }
    [[nodiscard]] int stockNowValue() const { return int(fieldValue(4).toInteger()); }
    void setStockNow(int newValue) { setFieldValue(4, Tideline::Value(newValue)); }
    [[nodiscard]] QVariant priceValue() const { return fieldVariant(5); }
    void setPrice(const QVariant &newValue) { setFieldVariant(5, newValue); }
    [[nodiscard]] double weightValue() const { return fieldValue(6).toDouble(); }
    void setWeight(double newValue) { setFieldValue(6, Tideline::Value(newValue)); }
    [[nodiscard]] QVariant soldValue() const { return fieldVariant(7); }
    void setSold(const QVariant &newValue) { setFieldVariant(7, newValue); }
    [[nodiscard]] bool visibleValue() const { return fieldValue(8).toBool(); }
    void setVisible(bool newValue) { setFieldValue(8, Tideline::Value(newValue)); }
    [[nodiscard]] QString noteValue() const { return fieldValue(9).toText(); }
    void setNote(const QString &newValue) { setFieldValue(9, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QString bornOnValue() const { return fieldValue(10).toText(); }
    void setBornOn(const QString &newValue) { setFieldValue(10, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QString diedOnValue() const { return fieldValue(11).toText(); }
    void setDiedOn(const QString &newValue) { setFieldValue(11, Tideline::Value(newValue)); }
    [[nodiscard]] QString opensAtValue() const { return fieldValue(12).toText(); }
    void setOpensAt(const QString &newValue) { setFieldValue(12, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QString closesAtValue() const { return fieldValue(13).toText(); }
    void setClosesAt(const QString &newValue) { setFieldValue(13, Tideline::Value(newValue)); }
    [[nodiscard]] QDateTime changedAtValue() const { return Tideline::ValueTraits<QDateTime>::fromValue(fieldValue(14)); }
    void setChangedAt(const QDateTime &newValue) { setFieldValue(14, newValue.isValid() ? Tideline::ValueTraits<QDateTime>::toValue(newValue) : Tideline::Value()); }
    [[nodiscard]] QDateTime seenAtValue() const { return Tideline::ValueTraits<QDateTime>::fromValue(fieldValue(15)); }
    void setSeenAt(const QDateTime &newValue) { setFieldValue(15, newValue.isValid() ? Tideline::ValueTraits<QDateTime>::toValue(newValue) : Tideline::Value()); }
    [[nodiscard]] QVariant countedAtValue() const { return fieldVariant(16); }
    void setCountedAt(const QVariant &newValue) { setFieldVariant(16, newValue); }
    [[nodiscard]] QVariant storedAtValue() const { return fieldVariant(17); }
    void setStoredAt(const QVariant &newValue) { setFieldVariant(17, newValue); }
    [[nodiscard]] QString emailValue() const { return fieldValue(18).toText(); }
    void setEmail(const QString &newValue) { setFieldValue(18, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QVariant attributesValue() const { return fieldVariant(19); }
    void setAttributes(const QVariant &newValue) { setFieldVariant(19, newValue); }
    [[nodiscard]] QString siteValue() const { return fieldValue(20).toText(); }
    void setSite(const QString &newValue) { setFieldValue(20, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QString homeValue() const { return fieldValue(21).toText(); }
    void setHome(const QString &newValue) { setFieldValue(21, Tideline::Value(newValue)); }
    [[nodiscard]] QString phoneValue() const { return fieldValue(22).toText(); }
    void setPhone(const QString &newValue) { setFieldValue(22, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QString ipValue() const { return fieldValue(23).toText(); }
    void setIp(const QString &newValue) { setFieldValue(23, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QString colourValue() const { return fieldValue(24).toText(); }
    void setColour(const QString &newValue) { setFieldValue(24, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QString mainColourValue() const { return fieldValue(25).toText(); }
    void setMainColour(const QString &newValue) { setFieldValue(25, Tideline::Value(newValue)); }
    [[nodiscard]] QString troubleValue() const { return fieldValue(26).toText(); }
    void setTrouble(const QString &newValue) { setFieldValue(26, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QVariant addressValue() const { return fieldVariant(27); }
    void setAddress(const QVariant &newValue) { setFieldVariant(27, newValue); }
    [[nodiscard]] QVariant mainAddressValue() const { return fieldVariant(28); }
    void setMainAddress(const QVariant &newValue) { setFieldVariant(28, newValue); }
    [[nodiscard]] QString unitValue() const { return fieldValue(29).toText(); }
    void setUnit(const QString &newValue) { setFieldValue(29, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QVariant tagsValue() const { return fieldVariant(30); }
    void setTags(const QVariant &newValue) { setFieldVariant(30, newValue); }
    [[nodiscard]] QVariant wordsValue() const { return fieldVariant(31); }
    void setWords(const QVariant &newValue) { setFieldVariant(31, newValue); }
    [[nodiscard]] QVariant marksValue() const { return fieldVariant(32); }
    void setMarks(const QVariant &newValue) { setFieldVariant(32, newValue); }
    [[nodiscard]] QVariant ratingsValue() const { return fieldVariant(33); }
    void setRatings(const QVariant &newValue) { setFieldVariant(33, newValue); }
    [[nodiscard]] QVariant gapsValue() const { return fieldVariant(34); }
    void setGaps(const QVariant &newValue) { setFieldVariant(34, newValue); }
    [[nodiscard]] QVariant pricesValue() const { return fieldVariant(35); }
    void setPrices(const QVariant &newValue) { setFieldVariant(35, newValue); }
    [[nodiscard]] QVariant flagsValue() const { return fieldVariant(36); }
    void setFlags(const QVariant &newValue) { setFieldVariant(36, newValue); }
    [[nodiscard]] QVariant daysValue() const { return fieldVariant(37); }
    void setDays(const QVariant &newValue) { setFieldVariant(37, newValue); }
    [[nodiscard]] QVariant timesValue() const { return fieldVariant(38); }
    void setTimes(const QVariant &newValue) { setFieldVariant(38, newValue); }
    [[nodiscard]] QVariant momentsValue() const { return fieldVariant(39); }
    void setMoments(const QVariant &newValue) { setFieldVariant(39, newValue); }
    [[nodiscard]] QVariant stampsValue() const { return fieldVariant(40); }
    void setStamps(const QVariant &newValue) { setFieldVariant(40, newValue); }
    [[nodiscard]] QVariant linksValue() const { return fieldVariant(41); }
    void setLinks(const QVariant &newValue) { setFieldVariant(41, newValue); }
    [[nodiscard]] QVariant coloursValue() const { return fieldVariant(42); }
    void setColours(const QVariant &newValue) { setFieldVariant(42, newValue); }
    [[nodiscard]] QVariant shadesValue() const { return fieldVariant(43); }
    void setShades(const QVariant &newValue) { setFieldVariant(43, newValue); }
    [[nodiscard]] QVariant addressesValue() const { return fieldVariant(44); }
    void setAddresses(const QVariant &newValue) { setFieldVariant(44, newValue); }
    [[nodiscard]] QVariant placesValue() const { return fieldVariant(45); }
    void setPlaces(const QVariant &newValue) { setFieldVariant(45, newValue); }
    [[nodiscard]] QVariant commentValue() const { return fieldVariant(46); }
    void setComment(const QVariant &newValue) { setFieldVariant(46, newValue); }
    [[nodiscard]] QDateTime createdAtValue() const { return Tideline::ValueTraits<QDateTime>::fromValue(fieldValue(47)); }
    [[nodiscard]] QDateTime updatedAtValue() const { return Tideline::ValueTraits<QDateTime>::fromValue(fieldValue(48)); }
    [[nodiscard]] QString thingLabelIdValue() const { return fieldValue(49).toText(); }
    void setThingLabelId(const QString &newValue) { setFieldValue(49, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QString personThingsIdValue() const { return fieldValue(50).toText(); }
    void setPersonThingsId(const QString &newValue) { setFieldValue(50, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] Person *ownerObject();
    [[nodiscard]] Tideline::LiveQuery *partsQuery();
    [[nodiscard]] Label *labelObject();
    [[nodiscard]] Tideline::LiveQuery *groupsQuery();

Q_SIGNALS:
    void idChanged();
    void nameChanged();
    void codeChanged();
    void stockChanged();
    void stockNowChanged();
    void priceChanged();
    void weightChanged();
    void soldChanged();
    void visibleChanged();
    void noteChanged();
    void bornOnChanged();
    void diedOnChanged();
    void opensAtChanged();
    void closesAtChanged();
    void changedAtChanged();
    void seenAtChanged();
    void countedAtChanged();
    void storedAtChanged();
    void emailChanged();
    void attributesChanged();
    void siteChanged();
    void homeChanged();
    void phoneChanged();
    void ipChanged();
    void colourChanged();
    void mainColourChanged();
    void troubleChanged();
    void addressChanged();
    void mainAddressChanged();
    void unitChanged();
    void tagsChanged();
    void wordsChanged();
    void marksChanged();
    void ratingsChanged();
    void gapsChanged();
    void pricesChanged();
    void flagsChanged();
    void daysChanged();
    void timesChanged();
    void momentsChanged();
    void stampsChanged();
    void linksChanged();
    void coloursChanged();
    void shadesChanged();
    void addressesChanged();
    void placesChanged();
    void commentChanged();
    void createdAtChanged();
    void updatedAtChanged();
    void thingLabelIdChanged();
    void personThingsIdChanged();

protected:
    void emitFieldChanged(int field) override;

private:
    Person *m_relatedOwner = nullptr;     // a child
    Tideline::LiveQuery *m_relatedParts = nullptr;     // a child
    Label *m_relatedLabel = nullptr;     // a child
    Tideline::LiveQuery *m_relatedGroups = nullptr;     // a child
};

class Person : public Tideline::ModelObject, public QQmlParserStatus
{
    Q_OBJECT
    Q_INTERFACES(QQmlParserStatus)
    QML_ELEMENT
    Q_PROPERTY(QString name READ nameValue WRITE setName NOTIFY nameChanged FINAL)
    Q_PROPERTY(QString bossID READ bossIDValue WRITE setBossID NOTIFY bossIDChanged FINAL)
    Q_PROPERTY(QString id READ idValue WRITE setId NOTIFY idChanged FINAL)
    Q_PROPERTY(QDateTime bornAt READ bornAtValue NOTIFY bornAtChanged FINAL)
    Q_PROPERTY(QDateTime agedAt READ agedAtValue NOTIFY agedAtChanged FINAL)
    Q_PROPERTY(Tideline::LiveQuery *things READ thingsQuery CONSTANT FINAL)
    Q_PROPERTY(Everything::Person *boss READ bossObject CONSTANT FINAL)
    Q_PROPERTY(Tideline::LiveQuery *staff READ staffQuery CONSTANT FINAL)

public:
    // For predicates and sort orders.
    static constexpr Tideline::Field<QString> name{u"name", 0};
    static constexpr Tideline::Field<QString> bossID{u"bossID", 1};
    static constexpr Tideline::Field<QString> id{u"id", 2};
    static constexpr Tideline::Field<QDateTime> bornAt{u"bornAt", 3};
    static constexpr Tideline::Field<QDateTime> agedAt{u"agedAt", 4};
    static constexpr Tideline::RelationField things{u"things"};
    static constexpr Tideline::RelationField boss{u"boss"};
    static constexpr Tideline::RelationField staff{u"staff"};

    /*! An immutable snapshot of one record. */
    class Record : public Tideline::TypedRecord
    {
    public:
        using TypedRecord::TypedRecord;

        [[nodiscard]] QString name() const { return field<QString>(0); }
        [[nodiscard]] std::optional<QString> bossID() const { return field<std::optional<QString>>(1); }
        [[nodiscard]] QString id() const { return field<QString>(2); }
        [[nodiscard]] QDateTime bornAt() const { return field<QDateTime>(3); }
        [[nodiscard]] QDateTime agedAt() const { return field<QDateTime>(4); }
        /*! Which Thing records are related, for a query of them. */
        [[nodiscard]] Tideline::Predicate things() const;
        /*! Which Person records are related, for a query of them. */
        [[nodiscard]] Tideline::Predicate boss() const;
        /*! Which Person records are related, for a query of them. */
        [[nodiscard]] Tideline::Predicate staff() const;
    };

    /*! The fields of a new record: store.save(Person::Fields{...}). */
    struct Fields
    {
        std::optional<QString> name = {};
        std::optional<QString> bossID = {};
        std::optional<QString> id = {};

        operator Tideline::TypedDraft() const;
    };

    explicit Person(QObject *parent = nullptr);

    [[nodiscard]] static QString typeName() { return QStringLiteral("Person"); }
    [[nodiscard]] static QString keyOf(const QString &id);

    void classBegin() override { }
    void componentComplete() override { Tideline::resolveStore(this); }

    [[nodiscard]] QString nameValue() const { return fieldValue(0).toText(); }
    void setName(const QString &newValue) { setFieldValue(0, Tideline::Value(newValue)); }
    [[nodiscard]] QString bossIDValue() const { return fieldValue(1).toText(); }
    void setBossID(const QString &newValue) { setFieldValue(1, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QString idValue() const { return fieldValue(2).toText(); }
    void setId(const QString &newValue) { setFieldValue(2, Tideline::Value(newValue)); }
    [[nodiscard]] QDateTime bornAtValue() const { return Tideline::ValueTraits<QDateTime>::fromValue(fieldValue(3)); }
    [[nodiscard]] QDateTime agedAtValue() const { return Tideline::ValueTraits<QDateTime>::fromValue(fieldValue(4)); }
    [[nodiscard]] Tideline::LiveQuery *thingsQuery();
    [[nodiscard]] Person *bossObject();
    [[nodiscard]] Tideline::LiveQuery *staffQuery();

Q_SIGNALS:
    void nameChanged();
    void bossIDChanged();
    void idChanged();
    void bornAtChanged();
    void agedAtChanged();

protected:
    void emitFieldChanged(int field) override;

private:
    Tideline::LiveQuery *m_relatedThings = nullptr;     // a child
    Person *m_relatedBoss = nullptr;     // a child
    Tideline::LiveQuery *m_relatedStaff = nullptr;     // a child
};

/*! A key of three fields. */
class Part : public Tideline::ModelObject, public QQmlParserStatus
{
    Q_OBJECT
    Q_INTERFACES(QQmlParserStatus)
    QML_ELEMENT
    Q_PROPERTY(QString thingID READ thingIDValue WRITE setThingID NOTIFY thingIDChanged FINAL)
    Q_PROPERTY(int number READ numberValue WRITE setNumber NOTIFY numberChanged FINAL)
    Q_PROPERTY(QString colour READ colourValue WRITE setColour NOTIFY colourChanged FINAL)
    Q_PROPERTY(QString title READ titleValue WRITE setTitle NOTIFY titleChanged FINAL)
    Q_PROPERTY(QDateTime createdAt READ createdAtValue NOTIFY createdAtChanged FINAL)
    Q_PROPERTY(QDateTime updatedAt READ updatedAtValue NOTIFY updatedAtChanged FINAL)
    Q_PROPERTY(Everything::Thing *thing READ thingObject CONSTANT FINAL)
    Q_PROPERTY(Tideline::LiveQuery *screws READ screwsQuery CONSTANT FINAL)

public:
    // For predicates and sort orders.
    static constexpr Tideline::Field<QString> thingID{u"thingID", 0};
    static constexpr Tideline::Field<int> number{u"number", 1};
    static constexpr Tideline::Field<Colour> colour{u"colour", 2};
    static constexpr Tideline::Field<QString> title{u"title", 3};
    static constexpr Tideline::Field<QDateTime> createdAt{u"createdAt", 4};
    static constexpr Tideline::Field<QDateTime> updatedAt{u"updatedAt", 5};
    static constexpr Tideline::RelationField thing{u"thing"};
    static constexpr Tideline::RelationField screws{u"screws"};

    /*! An immutable snapshot of one record. */
    class Record : public Tideline::TypedRecord
    {
    public:
        using TypedRecord::TypedRecord;

        [[nodiscard]] QString thingID() const { return field<QString>(0); }
        [[nodiscard]] int number() const { return field<int>(1); }
        [[nodiscard]] Colour colour() const { return field<Colour>(2); }
        [[nodiscard]] std::optional<QString> title() const { return field<std::optional<QString>>(3); }
        [[nodiscard]] QDateTime createdAt() const { return field<QDateTime>(4); }
        [[nodiscard]] QDateTime updatedAt() const { return field<QDateTime>(5); }
        /*! Which Thing records are related, for a query of them. */
        [[nodiscard]] Tideline::Predicate thing() const;
        /*! Which Screw records are related, for a query of them. */
        [[nodiscard]] Tideline::Predicate screws() const;
    };

    /*! The fields of a new record: store.save(Part::Fields{...}). */
    struct Fields
    {
        std::optional<QString> thingID = {};
        std::optional<int> number = {};
        std::optional<Colour> colour = {};
        std::optional<QString> title = {};

        operator Tideline::TypedDraft() const;
    };

    explicit Part(QObject *parent = nullptr);

    [[nodiscard]] static QString typeName() { return QStringLiteral("Part"); }
    [[nodiscard]] static QString keyOf(const QString &thingID, int number, const Colour &colour);

    void classBegin() override { }
    void componentComplete() override { Tideline::resolveStore(this); }

    [[nodiscard]] QString thingIDValue() const { return fieldValue(0).toText(); }
    void setThingID(const QString &newValue) { setFieldValue(0, Tideline::Value(newValue)); }
    [[nodiscard]] int numberValue() const { return int(fieldValue(1).toInteger()); }
    void setNumber(int newValue) { setFieldValue(1, Tideline::Value(newValue)); }
    [[nodiscard]] QString colourValue() const { return fieldValue(2).toText(); }
    void setColour(const QString &newValue) { setFieldValue(2, Tideline::Value(newValue)); }
    [[nodiscard]] QString titleValue() const { return fieldValue(3).toText(); }
    void setTitle(const QString &newValue) { setFieldValue(3, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QDateTime createdAtValue() const { return Tideline::ValueTraits<QDateTime>::fromValue(fieldValue(4)); }
    [[nodiscard]] QDateTime updatedAtValue() const { return Tideline::ValueTraits<QDateTime>::fromValue(fieldValue(5)); }
    [[nodiscard]] Thing *thingObject();
    [[nodiscard]] Tideline::LiveQuery *screwsQuery();

Q_SIGNALS:
    void thingIDChanged();
    void numberChanged();
    void colourChanged();
    void titleChanged();
    void createdAtChanged();
    void updatedAtChanged();

protected:
    void emitFieldChanged(int field) override;

private:
    Thing *m_relatedThing = nullptr;     // a child
    Tideline::LiveQuery *m_relatedScrews = nullptr;     // a child
};

class Screw : public Tideline::ModelObject, public QQmlParserStatus
{
    Q_OBJECT
    Q_INTERFACES(QQmlParserStatus)
    QML_ELEMENT
    Q_PROPERTY(QString id READ idValue WRITE setId NOTIFY idChanged FINAL)
    Q_PROPERTY(QVariant length READ lengthValue WRITE setLength NOTIFY lengthChanged FINAL)
    Q_PROPERTY(QString partScrewsThingID READ partScrewsThingIDValue WRITE setPartScrewsThingID NOTIFY partScrewsThingIDChanged FINAL)
    Q_PROPERTY(QVariant partScrewsNumber READ partScrewsNumberValue WRITE setPartScrewsNumber NOTIFY partScrewsNumberChanged FINAL)
    Q_PROPERTY(QString partScrewsColour READ partScrewsColourValue WRITE setPartScrewsColour NOTIFY partScrewsColourChanged FINAL)
    Q_PROPERTY(Everything::Part *part READ partObject CONSTANT FINAL)

public:
    // For predicates and sort orders.
    static constexpr Tideline::Field<QString> id{u"id", 0};
    static constexpr Tideline::Field<double> length{u"length", 1};
    static constexpr Tideline::Field<QString> partScrewsThingID{u"partScrewsThingID", 2};
    static constexpr Tideline::Field<int> partScrewsNumber{u"partScrewsNumber", 3};
    static constexpr Tideline::Field<Colour> partScrewsColour{u"partScrewsColour", 4};
    static constexpr Tideline::RelationField part{u"part"};

    /*! An immutable snapshot of one record. */
    class Record : public Tideline::TypedRecord
    {
    public:
        using TypedRecord::TypedRecord;

        [[nodiscard]] QString id() const { return field<QString>(0); }
        [[nodiscard]] std::optional<double> length() const { return field<std::optional<double>>(1); }
        [[nodiscard]] std::optional<QString> partScrewsThingID() const { return field<std::optional<QString>>(2); }
        [[nodiscard]] std::optional<int> partScrewsNumber() const { return field<std::optional<int>>(3); }
        [[nodiscard]] std::optional<Colour> partScrewsColour() const { return field<std::optional<Colour>>(4); }
        /*! Which Part records are related, for a query of them. */
        [[nodiscard]] Tideline::Predicate part() const;
    };

    /*! The fields of a new record: store.save(Screw::Fields{...}). */
    struct Fields
    {
        std::optional<QString> id = {};
        std::optional<double> length = {};
        std::optional<QString> partScrewsThingID = {};
        std::optional<int> partScrewsNumber = {};
        std::optional<Colour> partScrewsColour = {};

        operator Tideline::TypedDraft() const;
    };

    explicit Screw(QObject *parent = nullptr);

    [[nodiscard]] static QString typeName() { return QStringLiteral("Screw"); }
    [[nodiscard]] static QString keyOf(const QString &id);

    void classBegin() override { }
    void componentComplete() override { Tideline::resolveStore(this); }

    [[nodiscard]] QString idValue() const { return fieldValue(0).toText(); }
    void setId(const QString &newValue) { setFieldValue(0, Tideline::Value(newValue)); }
    [[nodiscard]] QVariant lengthValue() const { return fieldVariant(1); }
    void setLength(const QVariant &newValue) { setFieldVariant(1, newValue); }
    [[nodiscard]] QString partScrewsThingIDValue() const { return fieldValue(2).toText(); }
    void setPartScrewsThingID(const QString &newValue) { setFieldValue(2, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QVariant partScrewsNumberValue() const { return fieldVariant(3); }
    void setPartScrewsNumber(const QVariant &newValue) { setFieldVariant(3, newValue); }
    [[nodiscard]] QString partScrewsColourValue() const { return fieldValue(4).toText(); }
    void setPartScrewsColour(const QString &newValue) { setFieldValue(4, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] Part *partObject();

Q_SIGNALS:
    void idChanged();
    void lengthChanged();
    void partScrewsThingIDChanged();
    void partScrewsNumberChanged();
    void partScrewsColourChanged();

protected:
    void emitFieldChanged(int field) override;

private:
    Part *m_relatedPart = nullptr;     // a child
};

class Label : public Tideline::ModelObject, public QQmlParserStatus
{
    Q_OBJECT
    Q_INTERFACES(QQmlParserStatus)
    QML_ELEMENT
    Q_PROPERTY(QString id READ idValue WRITE setId NOTIFY idChanged FINAL)
    Q_PROPERTY(QString text READ textValue WRITE setText NOTIFY textChanged FINAL)
    Q_PROPERTY(QDateTime createdAt READ createdAtValue NOTIFY createdAtChanged FINAL)
    Q_PROPERTY(QDateTime updatedAt READ updatedAtValue NOTIFY updatedAtChanged FINAL)

public:
    // For predicates and sort orders.
    static constexpr Tideline::Field<QString> id{u"id", 0};
    static constexpr Tideline::Field<QString> text{u"text", 1};
    static constexpr Tideline::Field<QDateTime> createdAt{u"createdAt", 2};
    static constexpr Tideline::Field<QDateTime> updatedAt{u"updatedAt", 3};

    /*! An immutable snapshot of one record. */
    class Record : public Tideline::TypedRecord
    {
    public:
        using TypedRecord::TypedRecord;

        [[nodiscard]] QString id() const { return field<QString>(0); }
        [[nodiscard]] QString text() const { return field<QString>(1); }
        [[nodiscard]] QDateTime createdAt() const { return field<QDateTime>(2); }
        [[nodiscard]] QDateTime updatedAt() const { return field<QDateTime>(3); }
    };

    /*! The fields of a new record: store.save(Label::Fields{...}). */
    struct Fields
    {
        std::optional<QString> id = {};
        std::optional<QString> text = {};

        operator Tideline::TypedDraft() const;
    };

    explicit Label(QObject *parent = nullptr);

    [[nodiscard]] static QString typeName() { return QStringLiteral("Label"); }
    [[nodiscard]] static QString keyOf(const QString &id);

    void classBegin() override { }
    void componentComplete() override { Tideline::resolveStore(this); }

    [[nodiscard]] QString idValue() const { return fieldValue(0).toText(); }
    void setId(const QString &newValue) { setFieldValue(0, Tideline::Value(newValue)); }
    [[nodiscard]] QString textValue() const { return fieldValue(1).toText(); }
    void setText(const QString &newValue) { setFieldValue(1, Tideline::Value(newValue)); }
    [[nodiscard]] QDateTime createdAtValue() const { return Tideline::ValueTraits<QDateTime>::fromValue(fieldValue(2)); }
    [[nodiscard]] QDateTime updatedAtValue() const { return Tideline::ValueTraits<QDateTime>::fromValue(fieldValue(3)); }

Q_SIGNALS:
    void idChanged();
    void textChanged();
    void createdAtChanged();
    void updatedAtChanged();

protected:
    void emitFieldChanged(int field) override;
};

class Group : public Tideline::ModelObject, public QQmlParserStatus
{
    Q_OBJECT
    Q_INTERFACES(QQmlParserStatus)
    QML_ELEMENT
    Q_PROPERTY(QString id READ idValue WRITE setId NOTIFY idChanged FINAL)
    Q_PROPERTY(QString title READ titleValue WRITE setTitle NOTIFY titleChanged FINAL)
    Q_PROPERTY(QDateTime createdAt READ createdAtValue NOTIFY createdAtChanged FINAL)
    Q_PROPERTY(QDateTime updatedAt READ updatedAtValue NOTIFY updatedAtChanged FINAL)
    Q_PROPERTY(Tideline::LiveQuery *members READ membersQuery CONSTANT FINAL)

public:
    // For predicates and sort orders.
    static constexpr Tideline::Field<QString> id{u"id", 0};
    static constexpr Tideline::Field<QString> title{u"title", 1};
    static constexpr Tideline::Field<QDateTime> createdAt{u"createdAt", 2};
    static constexpr Tideline::Field<QDateTime> updatedAt{u"updatedAt", 3};
    static constexpr Tideline::RelationField members{u"members"};

    /*! An immutable snapshot of one record. */
    class Record : public Tideline::TypedRecord
    {
    public:
        using TypedRecord::TypedRecord;

        [[nodiscard]] QString id() const { return field<QString>(0); }
        [[nodiscard]] QString title() const { return field<QString>(1); }
        [[nodiscard]] QDateTime createdAt() const { return field<QDateTime>(2); }
        [[nodiscard]] QDateTime updatedAt() const { return field<QDateTime>(3); }
        /*! Which Thing records are related, for a query of them. */
        [[nodiscard]] Tideline::Predicate members() const;
    };

    /*! The fields of a new record: store.save(Group::Fields{...}). */
    struct Fields
    {
        std::optional<QString> id = {};
        std::optional<QString> title = {};

        operator Tideline::TypedDraft() const;
    };

    explicit Group(QObject *parent = nullptr);

    [[nodiscard]] static QString typeName() { return QStringLiteral("Group"); }
    [[nodiscard]] static QString keyOf(const QString &id);

    void classBegin() override { }
    void componentComplete() override { Tideline::resolveStore(this); }

    [[nodiscard]] QString idValue() const { return fieldValue(0).toText(); }
    void setId(const QString &newValue) { setFieldValue(0, Tideline::Value(newValue)); }
    [[nodiscard]] QString titleValue() const { return fieldValue(1).toText(); }
    void setTitle(const QString &newValue) { setFieldValue(1, Tideline::Value(newValue)); }
    [[nodiscard]] QDateTime createdAtValue() const { return Tideline::ValueTraits<QDateTime>::fromValue(fieldValue(2)); }
    [[nodiscard]] QDateTime updatedAtValue() const { return Tideline::ValueTraits<QDateTime>::fromValue(fieldValue(3)); }
    [[nodiscard]] Tideline::LiveQuery *membersQuery();

Q_SIGNALS:
    void idChanged();
    void titleChanged();
    void createdAtChanged();
    void updatedAtChanged();

protected:
    void emitFieldChanged(int field) override;

private:
    Tideline::LiveQuery *m_relatedMembers = nullptr;     // a child
};

/*! Names that C++ keeps for itself. */
class Class : public Tideline::ModelObject, public QQmlParserStatus
{
    Q_OBJECT
    Q_INTERFACES(QQmlParserStatus)
    QML_ELEMENT
    Q_PROPERTY(QString class_ READ class_Value WRITE setClass_ NOTIFY class_Changed FINAL)
    Q_PROPERTY(QVariant operator_ READ operator_Value WRITE setOperator_ NOTIFY operator_Changed FINAL)
    Q_PROPERTY(QVariant new_ READ new_Value WRITE setNew_ NOTIFY new_Changed FINAL)
    Q_PROPERTY(QString default_ READ default_Value WRITE setDefault_ NOTIFY default_Changed FINAL)
    Q_PROPERTY(QVariant delete_ READ delete_Value WRITE setDelete_ NOTIFY delete_Changed FINAL)
    Q_PROPERTY(QVariant namespace_ READ namespace_Value WRITE setNamespace_ NOTIFY namespace_Changed FINAL)
    Q_PROPERTY(QVariant int_ READ int_Value WRITE setInt_ NOTIFY int_Changed FINAL)
    Q_PROPERTY(QString co_await_ READ co_await_Value WRITE setCo_await_ NOTIFY co_await_Changed FINAL)
    Q_PROPERTY(QString nullptr_ READ nullptr_Value WRITE setNullptr_ NOTIFY nullptr_Changed FINAL)
    Q_PROPERTY(QString class__ READ class__Value WRITE setClass__ NOTIFY class__Changed FINAL)
    Q_PROPERTY(QString emit_ READ emit_Value WRITE setEmit_ NOTIFY emit_Changed FINAL)
    Q_PROPERTY(QString slots_ READ slots_Value WRITE setSlots_ NOTIFY slots_Changed FINAL)
    Q_PROPERTY(QString signals_ READ signals_Value WRITE setSignals_ NOTIFY signals_Changed FINAL)
    Q_PROPERTY(QString foreach_ READ foreach_Value WRITE setForeach_ NOTIFY foreach_Changed FINAL)
    Q_PROPERTY(QVariant errno_ READ errno_Value WRITE setErrno_ NOTIFY errno_Changed FINAL)
    Q_PROPERTY(QVariant linux_ READ linux_Value WRITE setLinux_ NOTIFY linux_Changed FINAL)
    Q_PROPERTY(QString id READ idValue WRITE setId NOTIFY idChanged FINAL)
    Q_PROPERTY(QDateTime createdAt READ createdAtValue NOTIFY createdAtChanged FINAL)
    Q_PROPERTY(QDateTime updatedAt READ updatedAtValue NOTIFY updatedAtChanged FINAL)

public:
    // For predicates and sort orders.
    static constexpr Tideline::Field<QString> class_{u"class", 0};
    static constexpr Tideline::Field<int> operator_{u"operator", 1};
    static constexpr Tideline::Field<bool> new_{u"new", 2};
    static constexpr Tideline::Field<Colour> default_{u"default", 3};
    static constexpr Tideline::Field<QList<QString>> delete_{u"delete", 4};
    static constexpr Tideline::Field<Address> namespace_{u"namespace", 5};
    static constexpr Tideline::Field<int> int_{u"int", 6};
    static constexpr Tideline::Field<QString> co_await_{u"co_await", 7};
    static constexpr Tideline::Field<QString> nullptr_{u"nullptr", 8};
    static constexpr Tideline::Field<QString> class__{u"class_", 9};
    static constexpr Tideline::Field<QString> emit_{u"emit", 10};
    static constexpr Tideline::Field<QString> slots_{u"slots", 11};
    static constexpr Tideline::Field<QString> signals_{u"signals", 12};
    static constexpr Tideline::Field<QString> foreach_{u"foreach", 13};
    static constexpr Tideline::Field<int> errno_{u"errno", 14};
    static constexpr Tideline::Field<bool> linux_{u"linux", 15};
    static constexpr Tideline::Field<QString> id{u"id", 16};
    static constexpr Tideline::Field<QDateTime> createdAt{u"createdAt", 17};
    static constexpr Tideline::Field<QDateTime> updatedAt{u"updatedAt", 18};

    /*! An immutable snapshot of one record. */
    class Record : public Tideline::TypedRecord
    {
    public:
        using TypedRecord::TypedRecord;

        [[nodiscard]] QString class_() const { return field<QString>(0); }
        [[nodiscard]] std::optional<int> operator_() const { return field<std::optional<int>>(1); }
        [[nodiscard]] std::optional<bool> new_() const { return field<std::optional<bool>>(2); }
        [[nodiscard]] std::optional<Colour> default_() const { return field<std::optional<Colour>>(3); }
        [[nodiscard]] std::optional<QList<QString>> delete_() const { return field<std::optional<QList<QString>>>(4); }
        [[nodiscard]] std::optional<Address> namespace_() const { return field<std::optional<Address>>(5); }
        [[nodiscard]] std::optional<int> int_() const { return field<std::optional<int>>(6); }
        [[nodiscard]] std::optional<QString> co_await_() const { return field<std::optional<QString>>(7); }
        [[nodiscard]] std::optional<QString> nullptr_() const { return field<std::optional<QString>>(8); }
        [[nodiscard]] std::optional<QString> class__() const { return field<std::optional<QString>>(9); }
        [[nodiscard]] std::optional<QString> emit_() const { return field<std::optional<QString>>(10); }
        [[nodiscard]] std::optional<QString> slots_() const { return field<std::optional<QString>>(11); }
        [[nodiscard]] std::optional<QString> signals_() const { return field<std::optional<QString>>(12); }
        [[nodiscard]] std::optional<QString> foreach_() const { return field<std::optional<QString>>(13); }
        [[nodiscard]] std::optional<int> errno_() const { return field<std::optional<int>>(14); }
        [[nodiscard]] std::optional<bool> linux_() const { return field<std::optional<bool>>(15); }
        [[nodiscard]] QString id() const { return field<QString>(16); }
        [[nodiscard]] QDateTime createdAt() const { return field<QDateTime>(17); }
        [[nodiscard]] QDateTime updatedAt() const { return field<QDateTime>(18); }
    };

    /*! The fields of a new record: store.save(Class::Fields{...}). */
    struct Fields
    {
        std::optional<QString> class_ = {};
        std::optional<int> operator_ = {};
        std::optional<bool> new_ = {};
        std::optional<Colour> default_ = {};
        std::optional<QList<QString>> delete_ = {};
        std::optional<Address> namespace_ = {};
        std::optional<int> int_ = {};
        std::optional<QString> co_await_ = {};
        std::optional<QString> nullptr_ = {};
        std::optional<QString> class__ = {};
        std::optional<QString> emit_ = {};
        std::optional<QString> slots_ = {};
        std::optional<QString> signals_ = {};
        std::optional<QString> foreach_ = {};
        std::optional<int> errno_ = {};
        std::optional<bool> linux_ = {};
        std::optional<QString> id = {};

        operator Tideline::TypedDraft() const;
    };

    explicit Class(QObject *parent = nullptr);

    [[nodiscard]] static QString typeName() { return QStringLiteral("class"); }
    [[nodiscard]] static QString keyOf(const QString &id);

    void classBegin() override { }
    void componentComplete() override { Tideline::resolveStore(this); }

    [[nodiscard]] QString class_Value() const { return fieldValue(0).toText(); }
    void setClass_(const QString &newValue) { setFieldValue(0, Tideline::Value(newValue)); }
    [[nodiscard]] QVariant operator_Value() const { return fieldVariant(1); }
    void setOperator_(const QVariant &newValue) { setFieldVariant(1, newValue); }
    [[nodiscard]] QVariant new_Value() const { return fieldVariant(2); }
    void setNew_(const QVariant &newValue) { setFieldVariant(2, newValue); }
    [[nodiscard]] QString default_Value() const { return fieldValue(3).toText(); }
    void setDefault_(const QString &newValue) { setFieldValue(3, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QVariant delete_Value() const { return fieldVariant(4); }
    void setDelete_(const QVariant &newValue) { setFieldVariant(4, newValue); }
    [[nodiscard]] QVariant namespace_Value() const { return fieldVariant(5); }
    void setNamespace_(const QVariant &newValue) { setFieldVariant(5, newValue); }
    [[nodiscard]] QVariant int_Value() const { return fieldVariant(6); }
    void setInt_(const QVariant &newValue) { setFieldVariant(6, newValue); }
    [[nodiscard]] QString co_await_Value() const { return fieldValue(7).toText(); }
    void setCo_await_(const QString &newValue) { setFieldValue(7, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QString nullptr_Value() const { return fieldValue(8).toText(); }
    void setNullptr_(const QString &newValue) { setFieldValue(8, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QString class__Value() const { return fieldValue(9).toText(); }
    void setClass__(const QString &newValue) { setFieldValue(9, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QString emit_Value() const { return fieldValue(10).toText(); }
    void setEmit_(const QString &newValue) { setFieldValue(10, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QString slots_Value() const { return fieldValue(11).toText(); }
    void setSlots_(const QString &newValue) { setFieldValue(11, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QString signals_Value() const { return fieldValue(12).toText(); }
    void setSignals_(const QString &newValue) { setFieldValue(12, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QString foreach_Value() const { return fieldValue(13).toText(); }
    void setForeach_(const QString &newValue) { setFieldValue(13, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QVariant errno_Value() const { return fieldVariant(14); }
    void setErrno_(const QVariant &newValue) { setFieldVariant(14, newValue); }
    [[nodiscard]] QVariant linux_Value() const { return fieldVariant(15); }
    void setLinux_(const QVariant &newValue) { setFieldVariant(15, newValue); }
    [[nodiscard]] QString idValue() const { return fieldValue(16).toText(); }
    void setId(const QString &newValue) { setFieldValue(16, Tideline::Value(newValue)); }
    [[nodiscard]] QDateTime createdAtValue() const { return Tideline::ValueTraits<QDateTime>::fromValue(fieldValue(17)); }
    [[nodiscard]] QDateTime updatedAtValue() const { return Tideline::ValueTraits<QDateTime>::fromValue(fieldValue(18)); }

Q_SIGNALS:
    void class_Changed();
    void operator_Changed();
    void new_Changed();
    void default_Changed();
    void delete_Changed();
    void namespace_Changed();
    void int_Changed();
    void co_await_Changed();
    void nullptr_Changed();
    void class__Changed();
    void emit_Changed();
    void slots_Changed();
    void signals_Changed();
    void foreach_Changed();
    void errno_Changed();
    void linux_Changed();
    void idChanged();
    void createdAtChanged();
    void updatedAtChanged();

protected:
    void emitFieldChanged(int field) override;
};

/*! Names that QML or QObject keeps for itself. */
class Record_ : public Tideline::ModelObject, public QQmlParserStatus
{
    Q_OBJECT
    Q_INTERFACES(QQmlParserStatus)
    QML_ELEMENT
    Q_PROPERTY(QString id READ idValue WRITE setId NOTIFY idChanged FINAL)
    Q_PROPERTY(QString objectName_ READ objectName_Value WRITE setObjectName_ NOTIFY objectName_Changed FINAL)
    Q_PROPERTY(QString parent_ READ parent_Value WRITE setParent_ NOTIFY parent_Changed FINAL)
    Q_PROPERTY(QString signal_ READ signal_Value WRITE setSignal_ NOTIFY signal_Changed FINAL)
    Q_PROPERTY(QString property_ READ property_Value WRITE setProperty_ NOTIFY property_Changed FINAL)
    Q_PROPERTY(QString function_ READ function_Value WRITE setFunction_ NOTIFY function_Changed FINAL)
    Q_PROPERTY(QString var_ READ var_Value WRITE setVar_ NOTIFY var_Changed FINAL)
    Q_PROPERTY(QString let_ READ let_Value WRITE setLet_ NOTIFY let_Changed FINAL)
    Q_PROPERTY(QString import_ READ import_Value WRITE setImport_ NOTIFY import_Changed FINAL)
    Q_PROPERTY(QString on READ onValue WRITE setOn NOTIFY onChanged FINAL)
    Q_PROPERTY(QString readonly READ readonlyValue WRITE setReadonly NOTIFY readonlyChanged FINAL)
    Q_PROPERTY(QString required READ requiredValue WRITE setRequired NOTIFY requiredChanged FINAL)
    Q_PROPERTY(QString from READ fromValue WRITE setFrom NOTIFY fromChanged FINAL)
    Q_PROPERTY(QString undefined_ READ undefined_Value WRITE setUndefined_ NOTIFY undefined_Changed FINAL)
    Q_PROPERTY(QString toString_ READ toString_Value WRITE setToString_ NOTIFY toString_Changed FINAL)
    Q_PROPERTY(QString destroy_ READ destroy_Value WRITE setDestroy_ NOTIFY destroy_Changed FINAL)
    Q_PROPERTY(QString destroyed_ READ destroyed_Value WRITE setDestroyed_ NOTIFY destroyed_Changed FINAL)
    Q_PROPERTY(QString metaObject_ READ metaObject_Value WRITE setMetaObject_ NOTIFY metaObject_Changed FINAL)
    Q_PROPERTY(QString staticMetaObject_ READ staticMetaObject_Value WRITE setStaticMetaObject_ NOTIFY staticMetaObject_Changed FINAL)
    Q_PROPERTY(QString tr_ READ tr_Value WRITE setTr_ NOTIFY tr_Changed FINAL)
    Q_PROPERTY(QString thread READ threadValue WRITE setThread NOTIFY threadChanged FINAL)
    Q_PROPERTY(QString data READ dataValue WRITE setData NOTIFY dataChanged FINAL)
    Q_PROPERTY(QString value READ valueValue WRITE setValue NOTIFY valueChanged FINAL)
    Q_PROPERTY(QString d READ dValue WRITE setD NOTIFY dChanged FINAL)
    Q_PROPERTY(QString event READ eventValue WRITE setEvent NOTIFY eventChanged FINAL)
    Q_PROPERTY(QString model READ modelValue WRITE setModel NOTIFY modelChanged FINAL)
    Q_PROPERTY(QString type_ READ type_Value WRITE setType_ NOTIFY type_Changed FINAL)
    Q_PROPERTY(QString key_ READ key_Value WRITE setKey_ NOTIFY key_Changed FINAL)
    Q_PROPERTY(QVariant version_ READ version_Value WRITE setVersion_ NOTIFY version_Changed FINAL)
    Q_PROPERTY(QString store_ READ store_Value WRITE setStore_ NOTIFY store_Changed FINAL)
    Q_PROPERTY(QVariant valid_ READ valid_Value WRITE setValid_ NOTIFY valid_Changed FINAL)
    Q_PROPERTY(QVariant errors_ READ errors_Value WRITE setErrors_ NOTIFY errors_Changed FINAL)
    Q_PROPERTY(QString record_ READ record_Value WRITE setRecord_ NOTIFY record_Changed FINAL)
    Q_PROPERTY(QString draft_ READ draft_Value WRITE setDraft_ NOTIFY draft_Changed FINAL)
    Q_PROPERTY(QString field_ READ field_Value WRITE setField_ NOTIFY field_Changed FINAL)
    Q_PROPERTY(QString syncState_ READ syncState_Value WRITE setSyncState_ NOTIFY syncState_Changed FINAL)
    Q_PROPERTY(QString fieldValue_ READ fieldValue_Value WRITE setFieldValue_ NOTIFY fieldValue_Changed FINAL)
    Q_PROPERTY(QString typeName_ READ typeName_Value WRITE setTypeName_ NOTIFY typeName_Changed FINAL)
    Q_PROPERTY(QString keyOf_ READ keyOf_Value WRITE setKeyOf_ NOTIFY keyOf_Changed FINAL)
    Q_PROPERTY(QString std_ READ std_Value WRITE setStd_ NOTIFY std_Changed FINAL)
    Q_PROPERTY(QString schema READ schemaValue WRITE setSchema NOTIFY schemaChanged FINAL)
    Q_PROPERTY(QString everything READ everythingValue WRITE setEverything NOTIFY everythingChanged FINAL)
    Q_PROPERTY(QDateTime createdAt READ createdAtValue NOTIFY createdAtChanged FINAL)
    Q_PROPERTY(QDateTime updatedAt READ updatedAtValue NOTIFY updatedAtChanged FINAL)

public:
    // For predicates and sort orders.
    static constexpr Tideline::Field<QString> id{u"id", 0};
    static constexpr Tideline::Field<QString> objectName_{u"objectName", 1};
    static constexpr Tideline::Field<QString> parent_{u"parent", 2};
    static constexpr Tideline::Field<QString> signal_{u"signal", 3};
    static constexpr Tideline::Field<QString> property_{u"property", 4};
    static constexpr Tideline::Field<QString> function_{u"function", 5};
    static constexpr Tideline::Field<QString> var_{u"var", 6};
    static constexpr Tideline::Field<QString> let_{u"let", 7};
    static constexpr Tideline::Field<QString> import_{u"import", 8};
    static constexpr Tideline::Field<QString> on{u"on", 9};
    static constexpr Tideline::Field<QString> readonly{u"readonly", 10};
    static constexpr Tideline::Field<QString> required{u"required", 11};
    static constexpr Tideline::Field<QString> from{u"from", 12};
    static constexpr Tideline::Field<QString> undefined_{u"undefined", 13};
    static constexpr Tideline::Field<QString> toString_{u"toString", 14};
    static constexpr Tideline::Field<QString> destroy_{u"destroy", 15};
    static constexpr Tideline::Field<QString> destroyed_{u"destroyed", 16};
    static constexpr Tideline::Field<QString> metaObject_{u"metaObject", 17};
    static constexpr Tideline::Field<QString> staticMetaObject_{u"staticMetaObject", 18};
    static constexpr Tideline::Field<QString> tr_{u"tr", 19};
    static constexpr Tideline::Field<QString> thread{u"thread", 20};
    static constexpr Tideline::Field<QString> data{u"data", 21};
    static constexpr Tideline::Field<QString> value{u"value", 22};
    static constexpr Tideline::Field<QString> d{u"d", 23};
    static constexpr Tideline::Field<QString> event{u"event", 24};
    static constexpr Tideline::Field<QString> model{u"model", 25};
    static constexpr Tideline::Field<QString> type_{u"type", 26};
    static constexpr Tideline::Field<QString> key_{u"key", 27};
    static constexpr Tideline::Field<int> version_{u"version", 28};
    static constexpr Tideline::Field<QString> store_{u"store", 29};
    static constexpr Tideline::Field<bool> valid_{u"valid", 30};
    static constexpr Tideline::Field<QList<QString>> errors_{u"errors", 31};
    static constexpr Tideline::Field<QString> record_{u"record", 32};
    static constexpr Tideline::Field<QString> draft_{u"draft", 33};
    static constexpr Tideline::Field<QString> field_{u"field", 34};
    static constexpr Tideline::Field<QString> syncState_{u"syncState", 35};
    static constexpr Tideline::Field<QString> fieldValue_{u"fieldValue", 36};
    static constexpr Tideline::Field<QString> typeName_{u"typeName", 37};
    static constexpr Tideline::Field<QString> keyOf_{u"keyOf", 38};
    static constexpr Tideline::Field<QString> std_{u"std", 39};
    static constexpr Tideline::Field<QString> schema{u"schema", 40};
    static constexpr Tideline::Field<QString> everything{u"everything", 41};
    static constexpr Tideline::Field<QDateTime> createdAt{u"createdAt", 42};
    static constexpr Tideline::Field<QDateTime> updatedAt{u"updatedAt", 43};

    /*! An immutable snapshot of one record. */
    class Record : public Tideline::TypedRecord
    {
    public:
        using TypedRecord::TypedRecord;

        [[nodiscard]] QString id() const { return field<QString>(0); }
        [[nodiscard]] std::optional<QString> objectName_() const { return field<std::optional<QString>>(1); }
        [[nodiscard]] std::optional<QString> parent_() const { return field<std::optional<QString>>(2); }
        [[nodiscard]] std::optional<QString> signal_() const { return field<std::optional<QString>>(3); }
        [[nodiscard]] std::optional<QString> property_() const { return field<std::optional<QString>>(4); }
        [[nodiscard]] std::optional<QString> function_() const { return field<std::optional<QString>>(5); }
        [[nodiscard]] std::optional<QString> var_() const { return field<std::optional<QString>>(6); }
        [[nodiscard]] std::optional<QString> let_() const { return field<std::optional<QString>>(7); }
        [[nodiscard]] std::optional<QString> import_() const { return field<std::optional<QString>>(8); }
        [[nodiscard]] std::optional<QString> on() const { return field<std::optional<QString>>(9); }
        [[nodiscard]] std::optional<QString> readonly() const { return field<std::optional<QString>>(10); }
        [[nodiscard]] std::optional<QString> required() const { return field<std::optional<QString>>(11); }
        [[nodiscard]] std::optional<QString> from() const { return field<std::optional<QString>>(12); }
        [[nodiscard]] std::optional<QString> undefined_() const { return field<std::optional<QString>>(13); }
        [[nodiscard]] std::optional<QString> toString_() const { return field<std::optional<QString>>(14); }
        [[nodiscard]] std::optional<QString> destroy_() const { return field<std::optional<QString>>(15); }
        [[nodiscard]] std::optional<QString> destroyed_() const { return field<std::optional<QString>>(16); }
        [[nodiscard]] std::optional<QString> metaObject_() const { return field<std::optional<QString>>(17); }
        [[nodiscard]] std::optional<QString> staticMetaObject_() const { return field<std::optional<QString>>(18); }
        [[nodiscard]] std::optional<QString> tr_() const { return field<std::optional<QString>>(19); }
        [[nodiscard]] std::optional<QString> thread() const { return field<std::optional<QString>>(20); }
        [[nodiscard]] std::optional<QString> data() const { return field<std::optional<QString>>(21); }
        [[nodiscard]] std::optional<QString> value() const { return field<std::optional<QString>>(22); }
        [[nodiscard]] std::optional<QString> d() const { return field<std::optional<QString>>(23); }
        [[nodiscard]] std::optional<QString> event() const { return field<std::optional<QString>>(24); }
        [[nodiscard]] std::optional<QString> model() const { return field<std::optional<QString>>(25); }
        [[nodiscard]] std::optional<QString> type_() const { return field<std::optional<QString>>(26); }
        [[nodiscard]] std::optional<QString> key_() const { return field<std::optional<QString>>(27); }
        [[nodiscard]] std::optional<int> version_() const { return field<std::optional<int>>(28); }
        [[nodiscard]] std::optional<QString> store_() const { return field<std::optional<QString>>(29); }
        [[nodiscard]] std::optional<bool> valid_() const { return field<std::optional<bool>>(30); }
        [[nodiscard]] std::optional<QList<QString>> errors_() const { return field<std::optional<QList<QString>>>(31); }
        [[nodiscard]] std::optional<QString> record_() const { return field<std::optional<QString>>(32); }
        [[nodiscard]] std::optional<QString> draft_() const { return field<std::optional<QString>>(33); }
        [[nodiscard]] std::optional<QString> field_() const { return field<std::optional<QString>>(34); }
        [[nodiscard]] std::optional<QString> syncState_() const { return field<std::optional<QString>>(35); }
        [[nodiscard]] std::optional<QString> fieldValue_() const { return field<std::optional<QString>>(36); }
        [[nodiscard]] std::optional<QString> typeName_() const { return field<std::optional<QString>>(37); }
        [[nodiscard]] std::optional<QString> keyOf_() const { return field<std::optional<QString>>(38); }
        [[nodiscard]] std::optional<QString> std_() const { return field<std::optional<QString>>(39); }
        [[nodiscard]] std::optional<QString> schema() const { return field<std::optional<QString>>(40); }
        [[nodiscard]] std::optional<QString> everything() const { return field<std::optional<QString>>(41); }
        [[nodiscard]] QDateTime createdAt() const { return field<QDateTime>(42); }
        [[nodiscard]] QDateTime updatedAt() const { return field<QDateTime>(43); }
    };

    /*! The fields of a new record: store.save(Record_::Fields{...}). */
    struct Fields
    {
        std::optional<QString> id = {};
        std::optional<QString> objectName_ = {};
        std::optional<QString> parent_ = {};
        std::optional<QString> signal_ = {};
        std::optional<QString> property_ = {};
        std::optional<QString> function_ = {};
        std::optional<QString> var_ = {};
        std::optional<QString> let_ = {};
        std::optional<QString> import_ = {};
        std::optional<QString> on = {};
        std::optional<QString> readonly = {};
        std::optional<QString> required = {};
        std::optional<QString> from = {};
        std::optional<QString> undefined_ = {};
        std::optional<QString> toString_ = {};
        std::optional<QString> destroy_ = {};
        std::optional<QString> destroyed_ = {};
        std::optional<QString> metaObject_ = {};
        std::optional<QString> staticMetaObject_ = {};
        std::optional<QString> tr_ = {};
        std::optional<QString> thread = {};
        std::optional<QString> data = {};
        std::optional<QString> value = {};
        std::optional<QString> d = {};
        std::optional<QString> event = {};
        std::optional<QString> model = {};
        std::optional<QString> type_ = {};
        std::optional<QString> key_ = {};
        std::optional<int> version_ = {};
        std::optional<QString> store_ = {};
        std::optional<bool> valid_ = {};
        std::optional<QList<QString>> errors_ = {};
        std::optional<QString> record_ = {};
        std::optional<QString> draft_ = {};
        std::optional<QString> field_ = {};
        std::optional<QString> syncState_ = {};
        std::optional<QString> fieldValue_ = {};
        std::optional<QString> typeName_ = {};
        std::optional<QString> keyOf_ = {};
        std::optional<QString> std_ = {};
        std::optional<QString> schema = {};
        std::optional<QString> everything = {};

        operator Tideline::TypedDraft() const;
    };

    explicit Record_(QObject *parent = nullptr);

    [[nodiscard]] static QString typeName() { return QStringLiteral("Record"); }
    [[nodiscard]] static QString keyOf(const QString &id);

    void classBegin() override { }
    void componentComplete() override { Tideline::resolveStore(this); }

    [[nodiscard]] QString idValue() const { return fieldValue(0).toText(); }
    void setId(const QString &newValue) { setFieldValue(0, Tideline::Value(newValue)); }
    [[nodiscard]] QString objectName_Value() const { return fieldValue(1).toText(); }
    void setObjectName_(const QString &newValue) { setFieldValue(1, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QString parent_Value() const { return fieldValue(2).toText(); }
    void setParent_(const QString &newValue) { setFieldValue(2, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QString signal_Value() const { return fieldValue(3).toText(); }
    void setSignal_(const QString &newValue) { setFieldValue(3, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QString property_Value() const { return fieldValue(4).toText(); }
    void setProperty_(const QString &newValue) { setFieldValue(4, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QString function_Value() const { return fieldValue(5).toText(); }
    void setFunction_(const QString &newValue) { setFieldValue(5, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QString var_Value() const { return fieldValue(6).toText(); }
    void setVar_(const QString &newValue) { setFieldValue(6, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QString let_Value() const { return fieldValue(7).toText(); }
    void setLet_(const QString &newValue) { setFieldValue(7, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QString import_Value() const { return fieldValue(8).toText(); }
    void setImport_(const QString &newValue) { setFieldValue(8, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QString onValue() const { return fieldValue(9).toText(); }
    void setOn(const QString &newValue) { setFieldValue(9, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QString readonlyValue() const { return fieldValue(10).toText(); }
    void setReadonly(const QString &newValue) { setFieldValue(10, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QString requiredValue() const { return fieldValue(11).toText(); }
    void setRequired(const QString &newValue) { setFieldValue(11, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QString fromValue() const { return fieldValue(12).toText(); }
    void setFrom(const QString &newValue) { setFieldValue(12, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QString undefined_Value() const { return fieldValue(13).toText(); }
    void setUndefined_(const QString &newValue) { setFieldValue(13, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QString toString_Value() const { return fieldValue(14).toText(); }
    void setToString_(const QString &newValue) { setFieldValue(14, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QString destroy_Value() const { return fieldValue(15).toText(); }
    void setDestroy_(const QString &newValue) { setFieldValue(15, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QString destroyed_Value() const { return fieldValue(16).toText(); }
    void setDestroyed_(const QString &newValue) { setFieldValue(16, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QString metaObject_Value() const { return fieldValue(17).toText(); }
    void setMetaObject_(const QString &newValue) { setFieldValue(17, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QString staticMetaObject_Value() const { return fieldValue(18).toText(); }
    void setStaticMetaObject_(const QString &newValue) { setFieldValue(18, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QString tr_Value() const { return fieldValue(19).toText(); }
    void setTr_(const QString &newValue) { setFieldValue(19, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QString threadValue() const { return fieldValue(20).toText(); }
    void setThread(const QString &newValue) { setFieldValue(20, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QString dataValue() const { return fieldValue(21).toText(); }
    void setData(const QString &newValue) { setFieldValue(21, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QString valueValue() const { return fieldValue(22).toText(); }
    void setValue(const QString &newValue) { setFieldValue(22, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QString dValue() const { return fieldValue(23).toText(); }
    void setD(const QString &newValue) { setFieldValue(23, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QString eventValue() const { return fieldValue(24).toText(); }
    void setEvent(const QString &newValue) { setFieldValue(24, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QString modelValue() const { return fieldValue(25).toText(); }
    void setModel(const QString &newValue) { setFieldValue(25, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QString type_Value() const { return fieldValue(26).toText(); }
    void setType_(const QString &newValue) { setFieldValue(26, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QString key_Value() const { return fieldValue(27).toText(); }
    void setKey_(const QString &newValue) { setFieldValue(27, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QVariant version_Value() const { return fieldVariant(28); }
    void setVersion_(const QVariant &newValue) { setFieldVariant(28, newValue); }
    [[nodiscard]] QString store_Value() const { return fieldValue(29).toText(); }
    void setStore_(const QString &newValue) { setFieldValue(29, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QVariant valid_Value() const { return fieldVariant(30); }
    void setValid_(const QVariant &newValue) { setFieldVariant(30, newValue); }
    [[nodiscard]] QVariant errors_Value() const { return fieldVariant(31); }
    void setErrors_(const QVariant &newValue) { setFieldVariant(31, newValue); }
    [[nodiscard]] QString record_Value() const { return fieldValue(32).toText(); }
    void setRecord_(const QString &newValue) { setFieldValue(32, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QString draft_Value() const { return fieldValue(33).toText(); }
    void setDraft_(const QString &newValue) { setFieldValue(33, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QString field_Value() const { return fieldValue(34).toText(); }
    void setField_(const QString &newValue) { setFieldValue(34, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QString syncState_Value() const { return fieldValue(35).toText(); }
    void setSyncState_(const QString &newValue) { setFieldValue(35, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QString fieldValue_Value() const { return fieldValue(36).toText(); }
    void setFieldValue_(const QString &newValue) { setFieldValue(36, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QString typeName_Value() const { return fieldValue(37).toText(); }
    void setTypeName_(const QString &newValue) { setFieldValue(37, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QString keyOf_Value() const { return fieldValue(38).toText(); }
    void setKeyOf_(const QString &newValue) { setFieldValue(38, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QString std_Value() const { return fieldValue(39).toText(); }
    void setStd_(const QString &newValue) { setFieldValue(39, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QString schemaValue() const { return fieldValue(40).toText(); }
    void setSchema(const QString &newValue) { setFieldValue(40, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QString everythingValue() const { return fieldValue(41).toText(); }
    void setEverything(const QString &newValue) { setFieldValue(41, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QDateTime createdAtValue() const { return Tideline::ValueTraits<QDateTime>::fromValue(fieldValue(42)); }
    [[nodiscard]] QDateTime updatedAtValue() const { return Tideline::ValueTraits<QDateTime>::fromValue(fieldValue(43)); }

Q_SIGNALS:
    void idChanged();
    void objectName_Changed();
    void parent_Changed();
    void signal_Changed();
    void property_Changed();
    void function_Changed();
    void var_Changed();
    void let_Changed();
    void import_Changed();
    void onChanged();
    void readonlyChanged();
    void requiredChanged();
    void fromChanged();
    void undefined_Changed();
    void toString_Changed();
    void destroy_Changed();
    void destroyed_Changed();
    void metaObject_Changed();
    void staticMetaObject_Changed();
    void tr_Changed();
    void threadChanged();
    void dataChanged();
    void valueChanged();
    void dChanged();
    void eventChanged();
    void modelChanged();
    void type_Changed();
    void key_Changed();
    void version_Changed();
    void store_Changed();
    void valid_Changed();
    void errors_Changed();
    void record_Changed();
    void draft_Changed();
    void field_Changed();
    void syncState_Changed();
    void fieldValue_Changed();
    void typeName_Changed();
    void keyOf_Changed();
    void std_Changed();
    void schemaChanged();
    void everythingChanged();
    void createdAtChanged();
    void updatedAtChanged();

protected:
    void emitFieldChanged(int field) override;
};

/*! Names that meet after what the generator does with them, or nearly so. */
class Draft_ : public Tideline::ModelObject, public QQmlParserStatus
{
    Q_OBJECT
    Q_INTERFACES(QQmlParserStatus)
    QML_ELEMENT
    Q_PROPERTY(QString id READ idValue WRITE setId NOTIFY idChanged FINAL)
    Q_PROPERTY(QString _name READ _nameValue WRITE set_name NOTIFY _nameChanged FINAL)
    Q_PROPERTY(QString _other READ _otherValue WRITE set_other NOTIFY _otherChanged FINAL)
    Q_PROPERTY(QString name READ nameValue WRITE setName NOTIFY nameChanged FINAL)
    Q_PROPERTY(QString sku READ skuValue WRITE setSku NOTIFY skuChanged FINAL)
    Q_PROPERTY(QString urlOfShop READ urlOfShopValue WRITE setUrlOfShop NOTIFY urlOfShopChanged FINAL)
    Q_PROPERTY(QString record_ READ record_Value WRITE setRecord_ NOTIFY record_Changed FINAL)
    Q_PROPERTY(QString null_ READ null_Value WRITE setNull_ NOTIFY null_Changed FINAL)
    Q_PROPERTY(QVariant eof READ eofValue WRITE setEof NOTIFY eofChanged FINAL)
    Q_PROPERTY(QString status READ statusValue WRITE setStatus NOTIFY statusChanged FINAL)
    Q_PROPERTY(QDateTime statusChanged_ READ statusChanged_Value WRITE setStatusChanged_ NOTIFY statusChanged_Changed FINAL)
    Q_PROPERTY(QString statusValue_ READ statusValue_Value WRITE setStatusValue_ NOTIFY statusValue_Changed FINAL)
    Q_PROPERTY(QString setStatus_ READ setStatus_Value WRITE setSetStatus_ NOTIFY setStatus_Changed FINAL)
    Q_PROPERTY(QString colour READ colourValue WRITE setColour NOTIFY colourChanged FINAL)
    Q_PROPERTY(QVariant point READ pointValue WRITE setPoint NOTIFY pointChanged FINAL)
    Q_PROPERTY(QString groupObject_ READ groupObject_Value WRITE setGroupObject_ NOTIFY groupObject_Changed FINAL)
    Q_PROPERTY(QString a__b READ a__bValue WRITE setA__b NOTIFY a__bChanged FINAL)
    Q_PROPERTY(QVariant x1 READ x1Value WRITE setX1 NOTIFY x1Changed FINAL)
    Q_PROPERTY(QDateTime createdAt READ createdAtValue NOTIFY createdAtChanged FINAL)
    Q_PROPERTY(QDateTime updatedAt READ updatedAtValue NOTIFY updatedAtChanged FINAL)
    Q_PROPERTY(QString _draftGroupId READ _draftGroupIdValue WRITE set_draftGroupId NOTIFY _draftGroupIdChanged FINAL)
    Q_PROPERTY(Everything::Group *group READ groupObject CONSTANT FINAL)

public:
    // For predicates and sort orders.
    static constexpr Tideline::Field<QString> id{u"id", 0};
    static constexpr Tideline::Field<QString> _name{u"_name", 1};
    static constexpr Tideline::Field<QString> _other{u"_Other", 2};
    static constexpr Tideline::Field<QString> name{u"Name", 3};
    static constexpr Tideline::Field<QString> sku{u"SKU", 4};
    static constexpr Tideline::Field<QString> urlOfShop{u"URLOfShop", 5};
    static constexpr Tideline::Field<QString> record_{u"Record", 6};
    static constexpr Tideline::Field<QString> null_{u"NULL", 7};
    static constexpr Tideline::Field<int> eof{u"EOF", 8};
    static constexpr Tideline::Field<Colour> status{u"status", 9};
    static constexpr Tideline::Field<QDateTime> statusChanged_{u"statusChanged", 10};
    static constexpr Tideline::Field<QString> statusValue_{u"statusValue", 11};
    static constexpr Tideline::Field<QString> setStatus_{u"setStatus", 12};
    static constexpr Tideline::Field<Colour> colour{u"Colour", 13};
    static constexpr Tideline::Field<Point> point{u"Point", 14};
    static constexpr Tideline::Field<QString> groupObject_{u"groupObject", 15};
    static constexpr Tideline::Field<QString> a__b{u"a__b", 16};
    static constexpr Tideline::Field<int> x1{u"x1", 17};
    static constexpr Tideline::Field<QDateTime> createdAt{u"createdAt", 18};
    static constexpr Tideline::Field<QDateTime> updatedAt{u"updatedAt", 19};
    static constexpr Tideline::Field<QString> _draftGroupId{u"_DraftGroupId", 20};
    static constexpr Tideline::RelationField group{u"group"};

    /*! An immutable snapshot of one record. */
    class Record : public Tideline::TypedRecord
    {
    public:
        using TypedRecord::TypedRecord;

        [[nodiscard]] QString id() const { return field<QString>(0); }
        [[nodiscard]] std::optional<QString> _name() const { return field<std::optional<QString>>(1); }
        [[nodiscard]] std::optional<QString> _other() const { return field<std::optional<QString>>(2); }
        [[nodiscard]] std::optional<QString> name() const { return field<std::optional<QString>>(3); }
        [[nodiscard]] std::optional<QString> sku() const { return field<std::optional<QString>>(4); }
        [[nodiscard]] std::optional<QString> urlOfShop() const { return field<std::optional<QString>>(5); }
        [[nodiscard]] std::optional<QString> record_() const { return field<std::optional<QString>>(6); }
        [[nodiscard]] std::optional<QString> null_() const { return field<std::optional<QString>>(7); }
        [[nodiscard]] std::optional<int> eof() const { return field<std::optional<int>>(8); }
        [[nodiscard]] std::optional<Colour> status() const { return field<std::optional<Colour>>(9); }
        [[nodiscard]] std::optional<QDateTime> statusChanged_() const { return field<std::optional<QDateTime>>(10); }
        [[nodiscard]] std::optional<QString> statusValue_() const { return field<std::optional<QString>>(11); }
        [[nodiscard]] std::optional<QString> setStatus_() const { return field<std::optional<QString>>(12); }
        [[nodiscard]] std::optional<Colour> colour() const { return field<std::optional<Colour>>(13); }
        [[nodiscard]] std::optional<Point> point() const { return field<std::optional<Point>>(14); }
        [[nodiscard]] std::optional<QString> groupObject_() const { return field<std::optional<QString>>(15); }
        [[nodiscard]] std::optional<QString> a__b() const { return field<std::optional<QString>>(16); }
        [[nodiscard]] std::optional<int> x1() const { return field<std::optional<int>>(17); }
        [[nodiscard]] QDateTime createdAt() const { return field<QDateTime>(18); }
        [[nodiscard]] QDateTime updatedAt() const { return field<QDateTime>(19); }
        [[nodiscard]] std::optional<QString> _draftGroupId() const { return field<std::optional<QString>>(20); }
        /*! Which Group records are related, for a query of them. */
        [[nodiscard]] Tideline::Predicate group() const;
    };

    /*! The fields of a new record: store.save(Draft_::Fields{...}). */
    struct Fields
    {
        std::optional<QString> id = {};
        std::optional<QString> _name = {};
        std::optional<QString> _other = {};
        std::optional<QString> name = {};
        std::optional<QString> sku = {};
        std::optional<QString> urlOfShop = {};
        std::optional<QString> record_ = {};
        std::optional<QString> null_ = {};
        std::optional<int> eof = {};
        std::optional<Colour> status = {};
        std::optional<QDateTime> statusChanged_ = {};
        std::optional<QString> statusValue_ = {};
        std::optional<QString> setStatus_ = {};
        std::optional<Colour> colour = {};
        std::optional<Point> point = {};
        std::optional<QString> groupObject_ = {};
        std::optional<QString> a__b = {};
        std::optional<int> x1 = {};
        std::optional<QString> _draftGroupId = {};

        operator Tideline::TypedDraft() const;
    };

    explicit Draft_(QObject *parent = nullptr);

    [[nodiscard]] static QString typeName() { return QStringLiteral("_Draft"); }
    [[nodiscard]] static QString keyOf(const QString &id);

    void classBegin() override { }
    void componentComplete() override { Tideline::resolveStore(this); }

    [[nodiscard]] QString idValue() const { return fieldValue(0).toText(); }
    void setId(const QString &newValue) { setFieldValue(0, Tideline::Value(newValue)); }
    [[nodiscard]] QString _nameValue() const { return fieldValue(1).toText(); }
    void set_name(const QString &newValue) { setFieldValue(1, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QString _otherValue() const { return fieldValue(2).toText(); }
    void set_other(const QString &newValue) { setFieldValue(2, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QString nameValue() const { return fieldValue(3).toText(); }
    void setName(const QString &newValue) { setFieldValue(3, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QString skuValue() const { return fieldValue(4).toText(); }
    void setSku(const QString &newValue) { setFieldValue(4, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QString urlOfShopValue() const { return fieldValue(5).toText(); }
    void setUrlOfShop(const QString &newValue) { setFieldValue(5, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QString record_Value() const { return fieldValue(6).toText(); }
    void setRecord_(const QString &newValue) { setFieldValue(6, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QString null_Value() const { return fieldValue(7).toText(); }
    void setNull_(const QString &newValue) { setFieldValue(7, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QVariant eofValue() const { return fieldVariant(8); }
    void setEof(const QVariant &newValue) { setFieldVariant(8, newValue); }
    [[nodiscard]] QString statusValue() const { return fieldValue(9).toText(); }
    void setStatus(const QString &newValue) { setFieldValue(9, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QDateTime statusChanged_Value() const { return Tideline::ValueTraits<QDateTime>::fromValue(fieldValue(10)); }
    void setStatusChanged_(const QDateTime &newValue) { setFieldValue(10, newValue.isValid() ? Tideline::ValueTraits<QDateTime>::toValue(newValue) : Tideline::Value()); }
    [[nodiscard]] QString statusValue_Value() const { return fieldValue(11).toText(); }
    void setStatusValue_(const QString &newValue) { setFieldValue(11, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QString setStatus_Value() const { return fieldValue(12).toText(); }
    void setSetStatus_(const QString &newValue) { setFieldValue(12, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QString colourValue() const { return fieldValue(13).toText(); }
    void setColour(const QString &newValue) { setFieldValue(13, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QVariant pointValue() const { return fieldVariant(14); }
    void setPoint(const QVariant &newValue) { setFieldVariant(14, newValue); }
    [[nodiscard]] QString groupObject_Value() const { return fieldValue(15).toText(); }
    void setGroupObject_(const QString &newValue) { setFieldValue(15, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QString a__bValue() const { return fieldValue(16).toText(); }
    void setA__b(const QString &newValue) { setFieldValue(16, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QVariant x1Value() const { return fieldVariant(17); }
    void setX1(const QVariant &newValue) { setFieldVariant(17, newValue); }
    [[nodiscard]] QDateTime createdAtValue() const { return Tideline::ValueTraits<QDateTime>::fromValue(fieldValue(18)); }
    [[nodiscard]] QDateTime updatedAtValue() const { return Tideline::ValueTraits<QDateTime>::fromValue(fieldValue(19)); }
    [[nodiscard]] QString _draftGroupIdValue() const { return fieldValue(20).toText(); }
    void set_draftGroupId(const QString &newValue) { setFieldValue(20, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] Group *groupObject();

Q_SIGNALS:
    void idChanged();
    void _nameChanged();
    void _otherChanged();
    void nameChanged();
    void skuChanged();
    void urlOfShopChanged();
    void record_Changed();
    void null_Changed();
    void eofChanged();
    void statusChanged();
    void statusChanged_Changed();
    void statusValue_Changed();
    void setStatus_Changed();
    void colourChanged();
    void pointChanged();
    void groupObject_Changed();
    void a__bChanged();
    void x1Changed();
    void createdAtChanged();
    void updatedAtChanged();
    void _draftGroupIdChanged();

protected:
    void emitFieldChanged(int field) override;

private:
    Group *m_relatedGroup = nullptr;     // a child
};

class QString_ : public Tideline::ModelObject, public QQmlParserStatus
{
    Q_OBJECT
    Q_INTERFACES(QQmlParserStatus)
    QML_ELEMENT
    Q_PROPERTY(QString id READ idValue WRITE setId NOTIFY idChanged FINAL)
    Q_PROPERTY(QString qObject READ qObjectValue WRITE setQObject NOTIFY qObjectChanged FINAL)
    Q_PROPERTY(QVariant things READ thingsValue WRITE setThings NOTIFY thingsChanged FINAL)
    Q_PROPERTY(QDateTime createdAt READ createdAtValue NOTIFY createdAtChanged FINAL)
    Q_PROPERTY(QDateTime updatedAt READ updatedAtValue NOTIFY updatedAtChanged FINAL)

public:
    // For predicates and sort orders.
    static constexpr Tideline::Field<QString> id{u"id", 0};
    static constexpr Tideline::Field<QString> qObject{u"QObject", 1};
    static constexpr Tideline::Field<int> things{u"things", 2};
    static constexpr Tideline::Field<QDateTime> createdAt{u"createdAt", 3};
    static constexpr Tideline::Field<QDateTime> updatedAt{u"updatedAt", 4};

    /*! An immutable snapshot of one record. */
    class Record : public Tideline::TypedRecord
    {
    public:
        using TypedRecord::TypedRecord;

        [[nodiscard]] QString id() const { return field<QString>(0); }
        [[nodiscard]] std::optional<QString> qObject() const { return field<std::optional<QString>>(1); }
        [[nodiscard]] std::optional<int> things() const { return field<std::optional<int>>(2); }
        [[nodiscard]] QDateTime createdAt() const { return field<QDateTime>(3); }
        [[nodiscard]] QDateTime updatedAt() const { return field<QDateTime>(4); }
    };

    /*! The fields of a new record: store.save(QString_::Fields{...}). */
    struct Fields
    {
        std::optional<QString> id = {};
        std::optional<QString> qObject = {};
        std::optional<int> things = {};

        operator Tideline::TypedDraft() const;
    };

    explicit QString_(QObject *parent = nullptr);

    [[nodiscard]] static QString typeName() { return QStringLiteral("QString"); }
    [[nodiscard]] static QString keyOf(const QString &id);

    void classBegin() override { }
    void componentComplete() override { Tideline::resolveStore(this); }

    [[nodiscard]] QString idValue() const { return fieldValue(0).toText(); }
    void setId(const QString &newValue) { setFieldValue(0, Tideline::Value(newValue)); }
    [[nodiscard]] QString qObjectValue() const { return fieldValue(1).toText(); }
    void setQObject(const QString &newValue) { setFieldValue(1, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QVariant thingsValue() const { return fieldVariant(2); }
    void setThings(const QVariant &newValue) { setFieldVariant(2, newValue); }
    [[nodiscard]] QDateTime createdAtValue() const { return Tideline::ValueTraits<QDateTime>::fromValue(fieldValue(3)); }
    [[nodiscard]] QDateTime updatedAtValue() const { return Tideline::ValueTraits<QDateTime>::fromValue(fieldValue(4)); }

Q_SIGNALS:
    void idChanged();
    void qObjectChanged();
    void thingsChanged();
    void createdAtChanged();
    void updatedAtChanged();

protected:
    void emitFieldChanged(int field) override;
};

class Fields_ : public Tideline::ModelObject, public QQmlParserStatus
{
    Q_OBJECT
    Q_INTERFACES(QQmlParserStatus)
    QML_ELEMENT
    Q_PROPERTY(QString id READ idValue WRITE setId NOTIFY idChanged FINAL)
    Q_PROPERTY(QString fields READ fieldsValue WRITE setFields NOTIFY fieldsChanged FINAL)
    Q_PROPERTY(QDateTime createdAt READ createdAtValue NOTIFY createdAtChanged FINAL)
    Q_PROPERTY(QDateTime updatedAt READ updatedAtValue NOTIFY updatedAtChanged FINAL)

public:
    // For predicates and sort orders.
    static constexpr Tideline::Field<QString> id{u"id", 0};
    static constexpr Tideline::Field<QString> fields{u"fields", 1};
    static constexpr Tideline::Field<QDateTime> createdAt{u"createdAt", 2};
    static constexpr Tideline::Field<QDateTime> updatedAt{u"updatedAt", 3};

    /*! An immutable snapshot of one record. */
    class Record : public Tideline::TypedRecord
    {
    public:
        using TypedRecord::TypedRecord;

        [[nodiscard]] QString id() const { return field<QString>(0); }
        [[nodiscard]] std::optional<QString> fields() const { return field<std::optional<QString>>(1); }
        [[nodiscard]] QDateTime createdAt() const { return field<QDateTime>(2); }
        [[nodiscard]] QDateTime updatedAt() const { return field<QDateTime>(3); }
    };

    /*! The fields of a new record: store.save(Fields_::Fields{...}). */
    struct Fields
    {
        std::optional<QString> id = {};
        std::optional<QString> fields = {};

        operator Tideline::TypedDraft() const;
    };

    explicit Fields_(QObject *parent = nullptr);

    [[nodiscard]] static QString typeName() { return QStringLiteral("Fields"); }
    [[nodiscard]] static QString keyOf(const QString &id);

    void classBegin() override { }
    void componentComplete() override { Tideline::resolveStore(this); }

    [[nodiscard]] QString idValue() const { return fieldValue(0).toText(); }
    void setId(const QString &newValue) { setFieldValue(0, Tideline::Value(newValue)); }
    [[nodiscard]] QString fieldsValue() const { return fieldValue(1).toText(); }
    void setFields(const QString &newValue) { setFieldValue(1, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QDateTime createdAtValue() const { return Tideline::ValueTraits<QDateTime>::fromValue(fieldValue(2)); }
    [[nodiscard]] QDateTime updatedAtValue() const { return Tideline::ValueTraits<QDateTime>::fromValue(fieldValue(3)); }

Q_SIGNALS:
    void idChanged();
    void fieldsChanged();
    void createdAtChanged();
    void updatedAtChanged();

protected:
    void emitFieldChanged(int field) override;
};

class Schema : public Tideline::ModelObject, public QQmlParserStatus
{
    Q_OBJECT
    Q_INTERFACES(QQmlParserStatus)
    QML_ELEMENT
    Q_PROPERTY(QString id READ idValue WRITE setId NOTIFY idChanged FINAL)
    Q_PROPERTY(QString schema READ schemaValue WRITE setSchema NOTIFY schemaChanged FINAL)
    Q_PROPERTY(QDateTime createdAt READ createdAtValue NOTIFY createdAtChanged FINAL)
    Q_PROPERTY(QDateTime updatedAt READ updatedAtValue NOTIFY updatedAtChanged FINAL)

public:
    // For predicates and sort orders.
    static constexpr Tideline::Field<QString> id{u"id", 0};
    static constexpr Tideline::Field<QString> schema{u"schema", 1};
    static constexpr Tideline::Field<QDateTime> createdAt{u"createdAt", 2};
    static constexpr Tideline::Field<QDateTime> updatedAt{u"updatedAt", 3};

    /*! An immutable snapshot of one record. */
    class Record : public Tideline::TypedRecord
    {
    public:
        using TypedRecord::TypedRecord;

        [[nodiscard]] QString id() const { return field<QString>(0); }
        [[nodiscard]] std::optional<QString> schema() const { return field<std::optional<QString>>(1); }
        [[nodiscard]] QDateTime createdAt() const { return field<QDateTime>(2); }
        [[nodiscard]] QDateTime updatedAt() const { return field<QDateTime>(3); }
    };

    /*! The fields of a new record: store.save(Schema::Fields{...}). */
    struct Fields
    {
        std::optional<QString> id = {};
        std::optional<QString> schema = {};

        operator Tideline::TypedDraft() const;
    };

    explicit Schema(QObject *parent = nullptr);

    [[nodiscard]] static QString typeName() { return QStringLiteral("Schema"); }
    [[nodiscard]] static QString keyOf(const QString &id);

    void classBegin() override { }
    void componentComplete() override { Tideline::resolveStore(this); }

    [[nodiscard]] QString idValue() const { return fieldValue(0).toText(); }
    void setId(const QString &newValue) { setFieldValue(0, Tideline::Value(newValue)); }
    [[nodiscard]] QString schemaValue() const { return fieldValue(1).toText(); }
    void setSchema(const QString &newValue) { setFieldValue(1, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QDateTime createdAtValue() const { return Tideline::ValueTraits<QDateTime>::fromValue(fieldValue(2)); }
    [[nodiscard]] QDateTime updatedAtValue() const { return Tideline::ValueTraits<QDateTime>::fromValue(fieldValue(3)); }

Q_SIGNALS:
    void idChanged();
    void schemaChanged();
    void createdAtChanged();
    void updatedAtChanged();

protected:
    void emitFieldChanged(int field) override;
};

class Error : public Tideline::ModelObject, public QQmlParserStatus
{
    Q_OBJECT
    Q_INTERFACES(QQmlParserStatus)
    QML_ELEMENT
    Q_PROPERTY(QString id READ idValue WRITE setId NOTIFY idChanged FINAL)
    Q_PROPERTY(QString error READ errorValue WRITE setError NOTIFY errorChanged FINAL)
    Q_PROPERTY(QVariant value READ valueValue WRITE setValue NOTIFY valueChanged FINAL)
    Q_PROPERTY(QDateTime createdAt READ createdAtValue NOTIFY createdAtChanged FINAL)
    Q_PROPERTY(QDateTime updatedAt READ updatedAtValue NOTIFY updatedAtChanged FINAL)

public:
    // For predicates and sort orders.
    static constexpr Tideline::Field<QString> id{u"id", 0};
    static constexpr Tideline::Field<Trouble> error{u"error", 1};
    static constexpr Tideline::Field<Value> value{u"value", 2};
    static constexpr Tideline::Field<QDateTime> createdAt{u"createdAt", 3};
    static constexpr Tideline::Field<QDateTime> updatedAt{u"updatedAt", 4};

    /*! An immutable snapshot of one record. */
    class Record : public Tideline::TypedRecord
    {
    public:
        using TypedRecord::TypedRecord;

        [[nodiscard]] QString id() const { return field<QString>(0); }
        [[nodiscard]] std::optional<Trouble> error() const { return field<std::optional<Trouble>>(1); }
        [[nodiscard]] std::optional<Value> value() const { return field<std::optional<Value>>(2); }
        [[nodiscard]] QDateTime createdAt() const { return field<QDateTime>(3); }
        [[nodiscard]] QDateTime updatedAt() const { return field<QDateTime>(4); }
    };

    /*! The fields of a new record: store.save(Error::Fields{...}). */
    struct Fields
    {
        std::optional<QString> id = {};
        std::optional<Trouble> error = {};
        std::optional<Value> value = {};

        operator Tideline::TypedDraft() const;
    };

    explicit Error(QObject *parent = nullptr);

    [[nodiscard]] static QString typeName() { return QStringLiteral("Error"); }
    [[nodiscard]] static QString keyOf(const QString &id);

    void classBegin() override { }
    void componentComplete() override { Tideline::resolveStore(this); }

    [[nodiscard]] QString idValue() const { return fieldValue(0).toText(); }
    void setId(const QString &newValue) { setFieldValue(0, Tideline::Value(newValue)); }
    [[nodiscard]] QString errorValue() const { return fieldValue(1).toText(); }
    void setError(const QString &newValue) { setFieldValue(1, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue)); }
    [[nodiscard]] QVariant valueValue() const { return fieldVariant(2); }
    void setValue(const QVariant &newValue) { setFieldVariant(2, newValue); }
    [[nodiscard]] QDateTime createdAtValue() const { return Tideline::ValueTraits<QDateTime>::fromValue(fieldValue(3)); }
    [[nodiscard]] QDateTime updatedAtValue() const { return Tideline::ValueTraits<QDateTime>::fromValue(fieldValue(4)); }

Q_SIGNALS:
    void idChanged();
    void errorChanged();
    void valueChanged();
    void createdAtChanged();
    void updatedAtChanged();

protected:
    void emitFieldChanged(int field) override;
};

class ThingGroups : public Tideline::ModelObject, public QQmlParserStatus
{
    Q_OBJECT
    Q_INTERFACES(QQmlParserStatus)
    QML_ELEMENT
    Q_PROPERTY(QString id READ idValue WRITE setId NOTIFY idChanged FINAL)
    Q_PROPERTY(QString thingId READ thingIdValue WRITE setThingId NOTIFY thingIdChanged FINAL)
    Q_PROPERTY(QString groupId READ groupIdValue WRITE setGroupId NOTIFY groupIdChanged FINAL)
    Q_PROPERTY(QDateTime createdAt READ createdAtValue NOTIFY createdAtChanged FINAL)
    Q_PROPERTY(QDateTime updatedAt READ updatedAtValue NOTIFY updatedAtChanged FINAL)
    Q_PROPERTY(Everything::Thing *thing READ thingObject CONSTANT FINAL)
    Q_PROPERTY(Everything::Group *group READ groupObject CONSTANT FINAL)

public:
    // For predicates and sort orders.
    static constexpr Tideline::Field<QString> id{u"id", 0};
    static constexpr Tideline::Field<QString> thingId{u"thingId", 1};
    static constexpr Tideline::Field<QString> groupId{u"groupId", 2};
    static constexpr Tideline::Field<QDateTime> createdAt{u"createdAt", 3};
    static constexpr Tideline::Field<QDateTime> updatedAt{u"updatedAt", 4};
    static constexpr Tideline::RelationField thing{u"thing"};
    static constexpr Tideline::RelationField group{u"group"};

    /*! An immutable snapshot of one record. */
    class Record : public Tideline::TypedRecord
    {
    public:
        using TypedRecord::TypedRecord;

        [[nodiscard]] QString id() const { return field<QString>(0); }
        [[nodiscard]] QString thingId() const { return field<QString>(1); }
        [[nodiscard]] QString groupId() const { return field<QString>(2); }
        [[nodiscard]] QDateTime createdAt() const { return field<QDateTime>(3); }
        [[nodiscard]] QDateTime updatedAt() const { return field<QDateTime>(4); }
        /*! Which Thing records are related, for a query of them. */
        [[nodiscard]] Tideline::Predicate thing() const;
        /*! Which Group records are related, for a query of them. */
        [[nodiscard]] Tideline::Predicate group() const;
    };

    /*! The fields of a new record: store.save(ThingGroups::Fields{...}). */
    struct Fields
    {
        std::optional<QString> id = {};
        std::optional<QString> thingId = {};
        std::optional<QString> groupId = {};

        operator Tideline::TypedDraft() const;
    };

    explicit ThingGroups(QObject *parent = nullptr);

    [[nodiscard]] static QString typeName() { return QStringLiteral("ThingGroups"); }
    [[nodiscard]] static QString keyOf(const QString &id);

    void classBegin() override { }
    void componentComplete() override { Tideline::resolveStore(this); }

    [[nodiscard]] QString idValue() const { return fieldValue(0).toText(); }
    void setId(const QString &newValue) { setFieldValue(0, Tideline::Value(newValue)); }
    [[nodiscard]] QString thingIdValue() const { return fieldValue(1).toText(); }
    void setThingId(const QString &newValue) { setFieldValue(1, Tideline::Value(newValue)); }
    [[nodiscard]] QString groupIdValue() const { return fieldValue(2).toText(); }
    void setGroupId(const QString &newValue) { setFieldValue(2, Tideline::Value(newValue)); }
    [[nodiscard]] QDateTime createdAtValue() const { return Tideline::ValueTraits<QDateTime>::fromValue(fieldValue(3)); }
    [[nodiscard]] QDateTime updatedAtValue() const { return Tideline::ValueTraits<QDateTime>::fromValue(fieldValue(4)); }
    [[nodiscard]] Thing *thingObject();
    [[nodiscard]] Group *groupObject();

Q_SIGNALS:
    void idChanged();
    void thingIdChanged();
    void groupIdChanged();
    void createdAtChanged();
    void updatedAtChanged();

protected:
    void emitFieldChanged(int field) override;

private:
    Thing *m_relatedThing = nullptr;     // a child
    Group *m_relatedGroup = nullptr;     // a child
};

/*! The values of Colour for QML: Everything.Colour.RED is "RED". */
class ColourValues
{
    Q_GADGET
    QML_ANONYMOUS
    Q_PROPERTY(QString RED READ RED CONSTANT FINAL)
    Q_PROPERTY(QString GREEN READ GREEN CONSTANT FINAL)
    Q_PROPERTY(QString BLUE READ BLUE CONSTANT FINAL)

public:
    [[nodiscard]] QString RED() const { return QStringLiteral("RED"); }
    [[nodiscard]] QString GREEN() const { return QStringLiteral("GREEN"); }
    [[nodiscard]] QString BLUE() const { return QStringLiteral("BLUE"); }
};

/*! The values of Unit for QML: Everything.Unit.piece is "piece". */
class UnitValues
{
    Q_GADGET
    QML_ANONYMOUS
    Q_PROPERTY(QString piece READ piece CONSTANT FINAL)
    Q_PROPERTY(QString kilogram READ kilogram CONSTANT FINAL)
    Q_PROPERTY(QString Litre READ Litre CONSTANT FINAL)

public:
    [[nodiscard]] QString piece() const { return QStringLiteral("piece"); }
    [[nodiscard]] QString kilogram() const { return QStringLiteral("kilogram"); }
    [[nodiscard]] QString Litre() const { return QStringLiteral("Litre"); }
};

/*! The values of Trouble for QML: Everything.Trouble.NULL_ is "NULL". */
class TroubleValues
{
    Q_GADGET
    QML_ANONYMOUS
    Q_PROPERTY(QString NULL_ READ NULL_ CONSTANT FINAL)
    Q_PROPERTY(QString EOF_ READ EOF_ CONSTANT FINAL)
    Q_PROPERTY(QString ERROR_ READ ERROR_ CONSTANT FINAL)
    Q_PROPERTY(QString OVERFLOW_ READ OVERFLOW_ CONSTANT FINAL)
    Q_PROPERTY(QString EINVAL_ READ EINVAL_ CONSTANT FINAL)
    Q_PROPERTY(QString SIGINT_ READ SIGINT_ CONSTANT FINAL)
    Q_PROPERTY(QString DOMAIN_ READ DOMAIN_ CONSTANT FINAL)
    Q_PROPERTY(QString DELETE_ READ DELETE_ CONSTANT FINAL)
    Q_PROPERTY(QString class_ READ class_ CONSTANT FINAL)
    Q_PROPERTY(QString operator_ READ operator_ CONSTANT FINAL)
    Q_PROPERTY(QString slots_ READ slots_ CONSTANT FINAL)
    Q_PROPERTY(QString emit_ READ emit_ CONSTANT FINAL)
    Q_PROPERTY(QString signals_ READ signals_ CONSTANT FINAL)
    Q_PROPERTY(QString HIDDEN_ READ HIDDEN_ CONSTANT FINAL)
    Q_PROPERTY(QString Q_OBJECT_ READ Q_OBJECT_ CONSTANT FINAL)
    Q_PROPERTY(QString staticMetaObject_ READ staticMetaObject_ CONSTANT FINAL)
    Q_PROPERTY(QString key READ key CONSTANT FINAL)

public:
    [[nodiscard]] QString NULL_() const { return QStringLiteral("NULL"); }
    [[nodiscard]] QString EOF_() const { return QStringLiteral("EOF"); }
    [[nodiscard]] QString ERROR_() const { return QStringLiteral("ERROR"); }
    [[nodiscard]] QString OVERFLOW_() const { return QStringLiteral("OVERFLOW"); }
    [[nodiscard]] QString EINVAL_() const { return QStringLiteral("EINVAL"); }
    [[nodiscard]] QString SIGINT_() const { return QStringLiteral("SIGINT"); }
    [[nodiscard]] QString DOMAIN_() const { return QStringLiteral("DOMAIN"); }
    [[nodiscard]] QString DELETE_() const { return QStringLiteral("DELETE"); }
    [[nodiscard]] QString class_() const { return QStringLiteral("class"); }
    [[nodiscard]] QString operator_() const { return QStringLiteral("operator"); }
    [[nodiscard]] QString slots_() const { return QStringLiteral("slots"); }
    [[nodiscard]] QString emit_() const { return QStringLiteral("emit"); }
    [[nodiscard]] QString signals_() const { return QStringLiteral("signals"); }
    [[nodiscard]] QString HIDDEN_() const { return QStringLiteral("_HIDDEN"); }
    [[nodiscard]] QString Q_OBJECT_() const { return QStringLiteral("Q_OBJECT"); }
    [[nodiscard]] QString staticMetaObject_() const { return QStringLiteral("staticMetaObject"); }
    [[nodiscard]] QString key() const { return QStringLiteral("key"); }
};

/*! What QML finds by the name of the module: Everything.schema, and the values of enums. */
class SchemaSource : public QObject
{
    Q_OBJECT
    QML_NAMED_ELEMENT(Everything)
    QML_SINGLETON
    Q_PROPERTY(Tideline::Schema schema READ schema CONSTANT FINAL)
    Q_PROPERTY(Everything::ColourValues Colour READ enumColour CONSTANT FINAL)
    Q_PROPERTY(Everything::UnitValues Unit READ enumUnit CONSTANT FINAL)
    Q_PROPERTY(Everything::TroubleValues Trouble READ enumTrouble CONSTANT FINAL)

public:
    using QObject::QObject;

    [[nodiscard]] Tideline::Schema schema() const { return Everything::schema(); }
    [[nodiscard]] ColourValues enumColour() const { return {}; }
    [[nodiscard]] UnitValues enumUnit() const { return {}; }
    [[nodiscard]] TroubleValues enumTrouble() const { return {}; }
};

} // namespace Everything
