// SPDX-License-Identifier: MIT
#pragma once

#include "client/datastore.h"
#include "shared/testserver.h"

#include <QtCore/QJsonObject>

namespace TidelineBench {

/*
    What a device did offline: sites, shelves in them, counts on the shelves, each after what it belongs to, and between them
    updates of counts that the backend has. Of 100 mutations 3 may be such as the backend refuses.
*/
struct Work
{
    enum class Refused { None, LeftOut, ByRule, ByShape, ByValue };

    struct Mutation
    {
        QString model;
        bool isCreate;
        QJsonObject values;
    };

    static constexpr int stored = 3000;                     // counts that the backend has before

    [[nodiscard]] static Tideline::Schema schema();
    [[nodiscard]] static Tideline::Schema serverSchema();   // lets nobody write the ledger, and wants every count to have a note and digits
    static void fill(TidelineTest::TestServer &server);
    [[nodiscard]] static QList<Mutation> list(int count, Refused refused = Refused::None);
    [[nodiscard]] static QList<Tideline::Draft> drafts(const Tideline::Schema &schema, const QList<Mutation> &mutations);

    /*! How many records the server has of each model that is written, in one number. */
    [[nodiscard]] static qsizetype countOn(TidelineTest::TestServer &server);
};

} // namespace TidelineBench
