#include "check.h"
#include "item.h"

int main(void) {
  struct item tea = {"tea", 350}, nameless = {"", 350}, owed = {"debt", -1};
  CHECK_LONG(item_is_valid(&tea) != 0, 1);
  CHECK_LONG(item_is_valid(&nameless), 0);
  CHECK_LONG(item_is_valid(&owed), 0);
  return check_failures != 0;
}
