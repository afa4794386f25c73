// SPDX-License-Identifier: MIT
#pragma once

#include "client/decisionmodel.h"
#include "client/live/liveaggregate.h"
#include "client/live/livequery.h"
#include "client/repairmodel.h"

#include <QtQml/QQmlParserStatus>
#include <QtQml/qqml.h>

namespace Tideline {

// LiveQuery, LiveAggregate, RepairModel and DecisionModel as QML has them: without a store of their own they use the nearest DataStore.

class QmlLiveQuery : public Tideline::LiveQuery, public QQmlParserStatus
{
    Q_OBJECT
    Q_INTERFACES(QQmlParserStatus)
    QML_NAMED_ELEMENT(LiveQuery)

public:
    using LiveQuery::LiveQuery;
    void classBegin() override { }
    void componentComplete() override;
};

class QmlLiveAggregate : public Tideline::LiveAggregate, public QQmlParserStatus
{
    Q_OBJECT
    Q_INTERFACES(QQmlParserStatus)
    QML_NAMED_ELEMENT(LiveAggregate)

public:
    using LiveAggregate::LiveAggregate;
    void classBegin() override { }
    void componentComplete() override;
};

class QmlRepairModel : public Tideline::RepairModel, public QQmlParserStatus
{
    Q_OBJECT
    Q_INTERFACES(QQmlParserStatus)
    QML_NAMED_ELEMENT(RepairModel)

public:
    using RepairModel::RepairModel;
    void classBegin() override { }
    void componentComplete() override;
};

class QmlDecisionModel : public Tideline::DecisionModel, public QQmlParserStatus
{
    Q_OBJECT
    Q_INTERFACES(QQmlParserStatus)
    QML_NAMED_ELEMENT(DecisionModel)

public:
    using DecisionModel::DecisionModel;
    void classBegin() override { }
    void componentComplete() override;
};

} // namespace Tideline
