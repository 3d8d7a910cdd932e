#ifndef ITEM_H
#define ITEM_H

/* A thing on the shelf. Prices are whole cents. */
struct item {
  const char *name;
  long price_cents;
};

/* Nonzero when the name is not empty and the price is not negative. */
int item_is_valid(const struct item *item);

#endif
