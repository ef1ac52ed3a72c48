/* clang-format off */
#define SUITES(X) X(note) X(gate) X(registry) X(info) X(settings) X(url) X(resolve) X(threads) X(nomem)
/* clang-format on */
#include "run.h"
