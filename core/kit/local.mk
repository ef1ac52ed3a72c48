# kit: the checks of `tsk driver check`; may include driver.h; linked into tsk alone.
noinst_LTLIBRARIES += %D%/libkit.la
%C%_libkit_la_CPPFLAGS = $(AM_CPPFLAGS) $(CORE_INC) $(BASE_INC)
%C%_libkit_la_SOURCES = \
	%D%/check.h %D%/elf.c %D%/group_a.c %D%/group_b.c %D%/group_c.c %D%/group_d.c %D%/group_e.c \
	%D%/group_h.c %D%/group_j.c \
	%D%/groups.h %D%/host.c %D%/kit.h %D%/run.c %D%/shim.c %D%/sql.c %D%/sql.h %D%/table.c
