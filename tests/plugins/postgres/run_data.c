#define SUITES(X) X(batch) X(copy) X(ingest) X(lock) X(notify)
#include "run.h"
