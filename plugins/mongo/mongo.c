/* mongo: MongoDB, not written yet. */
#define STUB_NAME    "mongo"
#define STUB_SCHEMES "mongo,mongodb"
#define STUB_MODELS  TUSK_MODEL_DOCUMENT
#define STUB_WHY \
	"a stub: the driver for MongoDB is not written yet; a release that has it, on libmongoc, or a driver of somebody else's makes it real"
#include "stub.h"
