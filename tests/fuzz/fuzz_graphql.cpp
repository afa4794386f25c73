// SPDX-License-Identifier: MIT
#include "core/graphql/parser.h"
#include "core/graphql/printer.h"
#include "shared/graphqltree.h"

#include <QtCore/QString>

using namespace Tideline::GraphQL;

// Whatever parses must mean the same after printing and after stripping.
static void checkSpelling(const QString &spelling, const QJsonValue &tree)
{
    // The limit counts levels, which printing and stripping keep.
    const ParseResult result = parse(spelling);
    const auto *document = std::get_if<Document>(&result);
    if (!document)
        qFatal("does not parse again: %s", qPrintable(spelling));
    if (Tideline::Tests::withoutLocations(toJson(*document)) != tree)
        qFatal("parses to another tree: %s", qPrintable(spelling));
}

static void checkError(const SyntaxError &error, const QString &source)
{
    if (error.position < 0 || error.position > source.size() || error.at != positionOf(source, error.position)
        || error.message.isEmpty())
        qFatal("misplaced error: %s", qPrintable(error.message));
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QString source = QString::fromUtf8(reinterpret_cast<const char *>(data), qsizetype(size));
    const ParseResult result = parse(source);
    if (const auto *error = std::get_if<SyntaxError>(&result)) {
        checkError(*error, source);
        (void)stripIgnoredCharacters(source);
        return 0;
    }
    const Document &document = std::get<Document>(result);
    const QJsonValue tree = Tideline::Tests::withoutLocations(toJson(document));
    const QString printed = print(document);
    checkSpelling(printed, tree);
    checkSpelling(stripIgnoredCharacters(source), tree);
    return 0;
}
