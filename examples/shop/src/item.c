#include "item.h"

int item_is_valid(const struct item *item) { return item->name && item->name[0] && item->price_cents >= 0; }
