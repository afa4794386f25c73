// SPDX-License-Identifier: MIT
#include "client/store/errorjson_p.h"

#include <QtCore/QMetaEnum>

namespace Tideline {

using namespace Qt::Literals::StringLiterals;

QJsonObject errorToJson(const Error &error)
{
    if (!error.isError())
        return {};
    const QString code = QString::fromLatin1(QMetaEnum::fromType<Error::Code>().valueToKey(int(error.code())));
    return {{u"code"_s, code},           {u"message"_s, error.message()}, {u"model"_s, error.model()},
            {u"field"_s, error.field()}, {u"record"_s, error.record()},   {u"detail"_s, error.detail()}};
}

Error errorFromJson(const QJsonObject &object)
{
    if (!object.contains("code"_L1))
        return {};
    const int code = QMetaEnum::fromType<Error::Code>().keyToValue(object.value("code"_L1).toString().toLatin1().constData());
    return Error(code > 0 ? Error::Code(code) : Error::Code::Rejected, object.value("message"_L1).toString())
        .withModel(object.value("model"_L1).toString())
        .withField(object.value("field"_L1).toString())
        .withRecord(object.value("record"_L1).toString())
        .withDetail(object.value("detail"_L1).toString());
}

} // namespace Tideline
