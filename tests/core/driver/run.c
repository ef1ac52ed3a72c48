#define SUITES(X) X(note) X(gate) X(registry) X(info) X(settings) X(url)
#include "run.h"
