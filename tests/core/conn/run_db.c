/* clang-format off */
#define SUITES(X) X(live_run) X(live_stmt) X(live_rows) X(live_batch) X(live_tx) X(live_stop) X(live_session) X(live_whole)
/* clang-format on */
#include "run.h"
