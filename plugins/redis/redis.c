/* redis: Redis and Valkey, not written yet. */
#define STUB_NAME    "redis"
#define STUB_SCHEMES "redis,rediss,valkey"
#define STUB_MODELS  TUSK_MODEL_KEY_VALUE
#define STUB_WHY \
	"a stub: the driver for Redis and Valkey is not written yet; a release that has it, on hiredis, or a driver of somebody else's makes it real"
#include "stub.h"
