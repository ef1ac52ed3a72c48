# plugins: may include <tusk/driver.h> of core and one database's own headers.
# Each exports tusk_driver_v1 and nothing else, and links no library of ours.
DRIVER_LDFLAGS = -module -avoid-version -shared -no-undefined \
	-export-symbols-regex '^tusk_driver_v1$$' -Wl,-z,now,-z,defs,-Bsymbolic
DRIVER_CPPFLAGS = $(AM_CPPFLAGS) $(CORE_INC)

include plugins/sqlite/local.mk
include plugins/mongo/local.mk
include plugins/mysql/local.mk
include plugins/postgres/local.mk
include plugins/redis/local.mk
