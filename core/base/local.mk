# base: small tools with no idea of databases, linked hidden into each library of ours.
core_libbase_la_SOURCES += \
	%D%/alloc.c %D%/arena.c %D%/bytes.c %D%/checksum.c %D%/clock.c %D%/crc32c.c \
	%D%/date.c %D%/decimal.c %D%/fail.c %D%/file.c %D%/json.c %D%/json_read.c \
	%D%/json_valid.c %D%/number.c %D%/place.c \
	%D%/sha256.c %D%/table.c %D%/temp.c %D%/text.c %D%/utf8.c %D%/uuid.c %D%/value.c \
	%D%/width_table.h
# Makes width_table.h; run by hand when Unicode has grown.
EXTRA_DIST += %D%/width_table.py
core_libbase_la_SOURCES += \
	%D%/include/base/alloc.h %D%/include/base/arena.h %D%/include/base/bytes.h \
	%D%/include/base/checksum.h %D%/include/base/clock.h %D%/include/base/crc32c.h \
	%D%/include/base/date.h %D%/include/base/fail.h %D%/include/base/file.h \
	%D%/include/base/json.h %D%/include/base/json_read.h %D%/include/base/place.h %D%/include/base/sha256.h \
	%D%/include/base/table.h %D%/include/base/temp.h \
	%D%/include/base/text.h %D%/include/base/uuid.h
