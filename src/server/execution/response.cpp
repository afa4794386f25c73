// SPDX-License-Identifier: MIT
#include "server/execution/response.h"

namespace Tideline::Server {

static void writePath(JsonWriter &writer, const std::optional<Path> &path)
{
    if (!path)
        return writer.null();
    char separator = '[';
    for (const PathKey &key : *path) {
        writer.raw(separator);
        separator = ',';
        if (const int *index = std::get_if<int>(&key))
            writer.integer(*index);
        else
            writer.text(std::get<QString>(key));
    }
    if (separator == '[')
        writer.raw('[');
    writer.raw(']');
}

static void writeLocations(JsonWriter &writer, const std::vector<GraphQL::SourcePosition> &locations)
{
    if (locations.empty())
        return writer.null();
    char separator = '[';
    for (const GraphQL::SourcePosition &location : locations) {
        writer.raw(separator);
        separator = ',';
        writer.raw("{\"line\":");
        writer.integer(location.line);
        writer.raw(",\"column\":");
        writer.integer(location.column);
        writer.raw(",\"sourceName\":null}");
    }
    writer.raw(']');
}

static void writeError(JsonWriter &writer, const GraphQLError &error)
{
    writer.raw("{\"path\":");
    writePath(writer, error.path);
    if (!error.errorType.isEmpty()) {
        writer.raw(",\"data\":");
        writer.raw(error.data.isEmpty() ? QByteArrayView("null") : QByteArrayView(error.data));
        writer.raw(",\"errorType\":");
        writer.text(error.errorType);
        writer.raw(",\"errorInfo\":null");
    }
    writer.raw(",\"locations\":");
    writeLocations(writer, error.locations);
    writer.raw(",\"message\":");
    writer.text(error.appSyncMessage.isEmpty() ? error.message : error.appSyncMessage);
    writer.raw('}');
}

static void writeErrors(JsonWriter &writer, const std::vector<GraphQLError> &errors)
{
    writer.raw("\"errors\":");
    char separator = '[';
    for (const GraphQLError &error : errors) {
        writer.raw(separator);
        separator = ',';
        writeError(writer, error);
    }
    writer.raw(']');
}

QByteArray responseText(const QByteArray &data, const std::vector<GraphQLError> &errors)
{
    JsonWriter writer(data.size() + 64);
    writer.raw("{\"data\":");
    writer.raw(data.isEmpty() ? QByteArrayView("null") : QByteArrayView(data));
    if (!errors.empty()) {
        writer.raw(',');
        writeErrors(writer, errors);
    }
    writer.raw('}');
    return writer.take();
}

QByteArray errorsText(const std::vector<GraphQLError> &errors)
{
    JsonWriter writer;
    writer.raw('{');
    writeErrors(writer, errors);
    writer.raw('}');
    return writer.take();
}

} // namespace Tideline::Server
