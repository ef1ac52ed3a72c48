/* clang-format off */
#define SUITES(X) X(acquire) X(release) X(keeper) X(close) X(crowd) X(publish)
/* clang-format on */
#include "run.h"
