// SPDX-License-Identifier: MIT
#include "client/translation.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QThread>
#include <QtCore/QTranslator>

namespace Tideline {

static const QString TranslatorName = QStringLiteral("tideline");

/*!
    Shows Tideline's own words, messages and controls, in the language of \a locale, in place of an earlier call's;
    returns whether there is such a translation, without one they are English. The first DataStore of a program and
    prepare() do it with the default locale, if nobody has. Call it in the application's thread; QQmlEngine::retranslate()
    shows it in what is on the screen.
    \since 0.1
*/
bool installTranslation(const QLocale &locale)
{
    QCoreApplication *application = QCoreApplication::instance();
    Q_ASSERT(application && application->thread() == QThread::currentThread());
    delete application->findChild<QTranslator *>(TranslatorName, Qt::FindDirectChildrenOnly);
    auto *translator = new QTranslator(application);
    translator->setObjectName(TranslatorName);          // also without words: somebody has chosen
    const bool found = translator->load(locale, TranslatorName, QStringLiteral("_"), QStringLiteral(":/Tideline/i18n"));
    if (found)
        QCoreApplication::installTranslator(translator);
    return found;
}

/*! Does it with the default locale unless it was done. */
void ensureTranslation()
{
    const QCoreApplication *application = QCoreApplication::instance();
    if (application && application->thread() == QThread::currentThread()
        && !application->findChild<QTranslator *>(TranslatorName, Qt::FindDirectChildrenOnly))
        installTranslation();
}

} // namespace Tideline
