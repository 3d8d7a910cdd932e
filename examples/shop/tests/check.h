#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>
#include <string.h>

static int check_failures;

#define CHECK_LONG(actual, expected)                                                   \
  do {                                                                                 \
    long a_ = (actual), e_ = (expected);                                               \
    if (a_ != e_) {                                                                    \
      printf("%s:%d: %s is %ld, expected %ld\n", __FILE__, __LINE__, #actual, a_, e_); \
      ++check_failures;                                                                \
    }                                                                                  \
  } while (0)

#define CHECK_TEXT(actual, expected)                                                         \
  do {                                                                                       \
    const char *a_ = (actual), *e_ = (expected);                                             \
    if (strcmp(a_, e_) != 0) {                                                               \
      printf("%s:%d: %s is \"%s\", expected \"%s\"\n", __FILE__, __LINE__, #actual, a_, e_); \
      ++check_failures;                                                                      \
    }                                                                                        \
  } while (0)

#endif
