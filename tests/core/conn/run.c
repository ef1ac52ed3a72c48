/* clang-format off */
#define SUITES(X) X(db) X(run) X(rows) X(tx)
/* clang-format on */
#include "run.h"
