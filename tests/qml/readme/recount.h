#include <inventory.h>
#include <tideline.h>

#include <QCoroFuture>
#include <QCoroTask>

using namespace Inventory;
using namespace Tideline;

// Puts right the largest count of a product; nothing blocks, every call ends in a value or a typed error.
inline QCoro::Task<Result<Receipt>> recount(DataStore &store, QString barcode, int quantity)
{
    const QueryOptions largest{.sort = {StockCount::quantity.descending()}, .limit = 1};
    const auto counts = co_await store.query<StockCount>(StockCount::barcode == barcode && StockCount::quantity > 0, largest);
    if (!counts)
        co_return counts.error();
    if (counts->isEmpty())
        co_return co_await store.save(StockCount::Fields{.quantity = quantity, .barcode = barcode});
    co_return co_await store.save(counts->first().with(StockCount::quantity, quantity));
}
