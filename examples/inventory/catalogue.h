// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QList>
#include <QtCore/QString>

QT_FORWARD_DECLARE_CLASS(QIODevice)

// A product catalogue as shops have them: TSV or CSV with a header row, UTF-8.
struct Catalogue
{
    Q_DECLARE_TR_FUNCTIONS(Catalogue)

public:
    struct Product
    {
        QString barcode;
        QString name;
        QString category;
        QString brand;
    };
    struct Problem
    {
        int line = 0;               // of the file, from 1
        QString reason;
    };

    QList<Product> products;        // those without a problem, in the file's order
    QList<Problem> problems;        // rows that were left out

    /*! Reads all of \a path. Columns are found by name: barcode and name must be there, category and brand may. */
    [[nodiscard]] static Tideline::Result<Catalogue> read(const QString &path);
    [[nodiscard]] static Tideline::Result<Catalogue> read(QIODevice &device);

    /*! Why \a barcode is no EAN-8, UPC-A or EAN-13; empty when it is one. */
    [[nodiscard]] static QString barcodeProblem(const QString &barcode);
};
