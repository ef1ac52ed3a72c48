#define SUITES(X) X(seed_oom) X(archive_oom)
#include "run.h"
