/* clang-format off */
#define SUITES(X) X(db) X(run) X(rows) X(tx) X(batch) X(cancel) X(script) X(session) X(fork) X(shell)
/* clang-format on */
#include "run.h"
