# driver: finding, checking and loading drivers; settings and URLs.
core_libcore_la_SOURCES += \
	%D%/gate.c %D%/gate.h %D%/hooks.c %D%/hooks.h %D%/host.c %D%/info.c %D%/install.c \
	%D%/loader.c %D%/loader.h %D%/mapped.c %D%/mapped.h %D%/note.c %D%/note.h %D%/parse.c %D%/registry.c \
	%D%/registry.h %D%/resolve.c %D%/search.c %D%/search.h %D%/serial.c %D%/serial.h %D%/settings.c \
	%D%/settings.h %D%/url.c %D%/url.h
