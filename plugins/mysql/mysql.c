/* mysql: MySQL and MariaDB, not written yet. */
#define STUB_NAME    "mysql"
#define STUB_SCHEMES "mysql,mariadb"
#define STUB_MODELS  TUSK_MODEL_RELATIONAL
#define STUB_WHY \
	"a stub: the driver for MySQL and MariaDB is not written yet; a release that has it, on libmariadb, or a driver of somebody else's makes it real"
#include "stub.h"
