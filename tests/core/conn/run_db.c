/* clang-format off */
#define SUITES(X) X(live_run) X(live_stmt)
/* clang-format on */
#include "run.h"
