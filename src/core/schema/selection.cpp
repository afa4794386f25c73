// SPDX-License-Identifier: MIT
#include "core/schema/selection.h"

#include "core/schema/names_p.h"

#include <QtCore/QSet>

using namespace Qt::StringLiterals;

namespace Tideline {

static QString columns(const Schema &schema, const std::vector<SchemaField> &fields, QSet<QString> &above)
{
    QString text;
    for (const SchemaField &field : fields) {
        if (field.type.kind != FieldType::Kind::Embedded) {
            text += u' ' + field.name;
            continue;
        }
        const EmbeddedType *inner = schema.embeddedType(field.type.name);
        if (!inner || above.contains(inner->name))          // a type that contains itself ends here
            continue;
        above.insert(inner->name);
        text += u' ' + field.name + u" {"_s + columns(schema, inner->fields, above) + u" }"_s;
        above.remove(inner->name);
    }
    return text;
}

QString recordSelection(const Schema &schema, const ModelType &model)
{
    QSet<QString> above;
    return columns(schema, model.fields, above) + u" _version _lastChangedAt _deleted"_s;
}

QString inputTypeName(QStringView verb, const ModelType &model)
{
    return verb.toString() + upperFirst(model.name) + u"Input"_s;
}

} // namespace Tideline
