#!/bin/sh
# An agent without a model: it does each task of tasks.yaml as a model might, two mistakes included.
# It is given what every agent is given: a prompt ($PIANOLA_PROMPT_FILE) and a workspace (the current folder).
set -eu
prompt=$PIANOLA_PROMPT_FILE
retry() { grep -q "$1" "$prompt"; }
say() { echo "$*"; }
say "reads the task: $PIANOLA_TASK, attempt $PIANOLA_ATTEMPT"
sleep 1
case $PIANOLA_TASK in
money)
  cat > src/money.h <<'C'
#ifndef MONEY_H
#define MONEY_H

#include <stddef.h>

/* Writes cents as "3.50" and returns the length it would take. */
int money_text(long cents, char *out, size_t size);

/* Reads the same form; 0 when the text is no amount. */
int money_read(const char *text, long *cents);

#endif
C
  cat > src/money.c <<'C'
#include "money.h"

#include <stdio.h>
#include <stdlib.h>

int money_text(long cents, char *out, size_t size) {
  return snprintf(out, size, "%s%ld.%02ld", cents < 0 ? "-" : "", labs(cents) / 100, labs(cents) % 100);
}

int money_read(const char *text, long *cents) {
  char sign[2] = "", rest = 0, low[3] = "";
  long whole = 0;
  if (*text == '-') sign[0] = *text++;
  if (*text < '0' || *text > '9') return 0;
  if (sscanf(text, "%15ld.%2[0-9]%c", &whole, low, &rest) != 2 || low[1] == 0) return 0;
  *cents = (whole * 100 + atol(low)) * (sign[0] ? -1 : 1);
  return 1;
}
C
  cat > tests/test_money.c <<'C'
#include "check.h"
#include "money.h"

int main(void) {
  char text[32];
  long cents = 0;
  money_text(350, text, sizeof text);
  CHECK_TEXT(text, "3.50");
  money_text(-5, text, sizeof text);
  CHECK_TEXT(text, "-0.05");
  CHECK_LONG(money_read("-12.34", &cents), 1);
  CHECK_LONG(cents, -1234);
  CHECK_LONG(money_read("12", &cents), 0);
  CHECK_LONG(money_read("1.234", &cents), 0);
  return check_failures != 0;
}
C
  ;;
stock)
  cat > src/stock.h <<'C'
#ifndef STOCK_H
#define STOCK_H

enum { STOCK_SLOTS = 16 };
struct stock {
  long count[STOCK_SLOTS];
};

/* Both return 1, or 0 and change nothing. */
int stock_add(struct stock *stock, int slot, long n);
int stock_take(struct stock *stock, int slot, long n);

#endif
C
  cat > src/stock.c <<'C'
#include "stock.h"

static int is_sound(int slot, long n) { return slot >= 0 && slot < STOCK_SLOTS && n >= 0; }

int stock_add(struct stock *stock, int slot, long n) {
  if (!is_sound(slot, n)) return 0;
  stock->count[slot] += n;
  return 1;
}

int stock_take(struct stock *stock, int slot, long n) {
  if (!is_sound(slot, n) || stock->count[slot] < n) return 0;
  stock->count[slot] -= n;
  return 1;
}
C
  cat > tests/test_stock.c <<'C'
#include "check.h"
#include "stock.h"

int main(void) {
  struct stock stock = {{0}};
  CHECK_LONG(stock_add(&stock, 3, 5), 1);
  CHECK_LONG(stock_take(&stock, 3, 6), 0);
  CHECK_LONG(stock_take(&stock, 3, 2), 1);
  CHECK_LONG(stock.count[3], 3);
  CHECK_LONG(stock_add(&stock, 16, 1), 0);
  CHECK_LONG(stock_add(&stock, 0, -1), 0);
  return check_failures != 0;
}
C
  if retry 'src/item.h'; then
    say "puts src/item.h back: it belongs to nobody's task"
    git checkout -q "$(git log --format=%H -- src/item.h | tail -1)" -- src/item.h
  else
    say "adds a field to src/item.h, which is not its file"
    sed 's|  long price_cents;|  long price_cents;\n  int slot;|' src/item.h > item.new && mv item.new src/item.h
  fi
  ;;
tax)
  cat > src/tax.h <<'C'
#ifndef TAX_H
#define TAX_H

/* The tax on a price in whole cents, rounded half up. */
long tax_of(long cents, int permille);

#endif
C
  cat > src/tax.c <<'C'
#include "tax.h"

long tax_of(long cents, int permille) { return (cents * permille + 500) / 1000; }
C
  cat > tests/test_tax.c <<'C'
#include "check.h"
#include "tax.h"

int main(void) {
  CHECK_LONG(tax_of(350, 70), 25);
  CHECK_LONG(tax_of(100, 190), 19);
  CHECK_LONG(tax_of(0, 190), 0);
  return check_failures != 0;
}
C
  ;;
discount)
  cat > src/discount.h <<'C'
#ifndef DISCOUNT_H
#define DISCOUNT_H

/* The price after a discount, which itself is rounded down to whole cents. */
long discounted(long cents, int percent);

#endif
C
  if retry 'expected 1700'; then
    say "rounds the discount down, as the failed check asks"
    body='return cents - cents * percent / 100;'
  else
    body='return cents * (100 - percent) / 100;'
  fi
  cat > src/discount.c <<C
#include "discount.h"

long discounted(long cents, int percent) {
  if (percent < 0) percent = 0;
  if (percent > 100) percent = 100;
  $body
}
C
  cat > tests/test_discount.c <<'C'
#include "check.h"
#include "discount.h"
#include "money.h"

int main(void) {
  char text[32];
  CHECK_LONG(discounted(1999, 15), 1700);
  CHECK_LONG(discounted(1000, -5), 1000);
  CHECK_LONG(discounted(1000, 150), 0);
  money_text(discounted(1999, 15), text, sizeof text);
  CHECK_TEXT(text, "17.00");
  return check_failures != 0;
}
C
  ;;
order)
  cat > src/order.h <<'C'
#ifndef ORDER_H
#define ORDER_H

#include "item.h"
#include "stock.h"

struct order {
  long net_cents;
  long tax_cents;
  long total_cents;
};

/* Takes n from the stock and fills the order; 0 when that cannot be, and then nothing changes. */
int order_make(struct stock *stock, int slot, const struct item *item, long n, int percent_off, int tax_permille,
               struct order *order);

#endif
C
  cat > src/order.c <<'C'
#include "order.h"

#include "discount.h"
#include "tax.h"

int order_make(struct stock *stock, int slot, const struct item *item, long n, int percent_off, int tax_permille,
               struct order *order) {
  if (!item_is_valid(item) || !stock_take(stock, slot, n)) return 0;
  order->net_cents = n * discounted(item->price_cents, percent_off);
  order->tax_cents = tax_of(order->net_cents, tax_permille);
  order->total_cents = order->net_cents + order->tax_cents;
  return 1;
}
C
  cat > tests/test_order.c <<'C'
#include "check.h"
#include "order.h"

int main(void) {
  struct stock stock = {{0}};
  struct item tea = {"tea", 350};
  struct order order = {0, 0, 0};
  stock_add(&stock, 1, 2);
  CHECK_LONG(order_make(&stock, 1, &tea, 3, 0, 70, &order), 0);
  CHECK_LONG(stock.count[1], 2);
  CHECK_LONG(order_make(&stock, 1, &tea, 2, 0, 70, &order), 1);
  CHECK_LONG(order.net_cents, 700);
  CHECK_LONG(order.total_cents, 749);
  CHECK_LONG(stock.count[1], 0);
  return check_failures != 0;
}
C
  ;;
receipt)
  cat > src/receipt.h <<'C'
#ifndef RECEIPT_H
#define RECEIPT_H

#include <stddef.h>

#include "order.h"

/* Three lines: what, tax, total. Returns the length it would take. */
int receipt_text(const struct item *item, long n, const struct order *order, char *out, size_t size);

#endif
C
  cat > src/receipt.c <<'C'
#include "receipt.h"

#include <stdio.h>

#include "money.h"

int receipt_text(const struct item *item, long n, const struct order *order, char *out, size_t size) {
  char tax[32], total[32];
  money_text(order->tax_cents, tax, sizeof tax);
  money_text(order->total_cents, total, sizeof total);
  return snprintf(out, size, "%ld x %s\ntax %s\ntotal %s\n", n, item->name, tax, total);
}
C
  cat > tests/test_receipt.c <<'C'
#include "check.h"
#include "receipt.h"

int main(void) {
  struct item tea = {"tea", 350};
  struct order order = {700, 49, 749};
  char text[128];
  CHECK_LONG(receipt_text(&tea, 2, &order, text, sizeof text), (long)strlen("2 x tea\ntax 0.49\ntotal 7.49\n"));
  CHECK_TEXT(text, "2 x tea\ntax 0.49\ntotal 7.49\n");
  return check_failures != 0;
}
C
  ;;
manual)
  mkdir -p docs
  {
    echo "# The shop"
    for header in src/*.h; do
      echo
      echo "## $(basename "$header" .h)"
      echo
      sed -n 's/^[a-z].* \**\([a-z_]*\)(.*/- `\1`/p' "$header"
    done
  } > docs/manual.md
  ;;
*)
  say "no such task"
  exit 1
  ;;
esac
sleep 1
git add -A
git diff --cached --quiet || git commit -q -m "Do $PIANOLA_TASK"
say "done: $(git log -1 --format=%s)"
