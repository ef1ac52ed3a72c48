/* clang-format off */
#define SUITES(X) X(db) X(run) X(rows) X(tx) X(batch) X(cancel) X(script) X(session)
/* clang-format on */
#include "run.h"
