#define SUITES(X) X(digest) X(memory) X(number) X(table) X(text)
#include "run.h"
