# cli: may include every public header but driver.h; no SQL, no driver, no iniparser.
# It links what users link, plus base.
CLI_INC = $(CORE_INC) $(BASE_INC) $(CONF_INC) $(MIGRATE_INC)
noinst_LTLIBRARIES += %D%/libtsk.la
%C%_libtsk_la_CPPFLAGS = $(AM_CPPFLAGS) $(CLI_INC) -I$(top_srcdir)/core -I$(top_srcdir)/cli
%C%_libtsk_la_LIBADD = core/kit/libkit.la
%C%_libtsk_la_SOURCES = \
	%D%/backups.c %D%/backups.h %D%/caret.c %D%/caret.h %D%/cli.c %D%/cli.h \
	%D%/cmd_backup.c %D%/cmd_check.c %D%/cmd_config.c %D%/cmd_create.c %D%/cmd_driver.c \
	%D%/cmd_help.c %D%/cmd_init.c %D%/cmd_list.c %D%/cmd_new.c %D%/cmd_query.c %D%/cmd_schema.c \
	%D%/cmd_seed.c %D%/cmd_status.c %D%/cmd_wait.c %D%/commands.c %D%/commands.h %D%/complete.c \
	%D%/confirm.c %D%/exits.c %D%/exits.h %D%/help.c %D%/help.h %D%/input.c \
	%D%/input.h %D%/interrupt.c %D%/interrupt.h %D%/opt.c %D%/opt.h %D%/out.c \
	%D%/out.h %D%/out_csv.c %D%/out_insert.c %D%/out_json.c %D%/out_table.c \
	%D%/output.c %D%/output.h %D%/pools.c %D%/pools.h \
	%D%/out_vertical.c %D%/params.c %D%/params.h %D%/progress.c %D%/progress.h \
	%D%/report.c %D%/report.h %D%/report_list.c %D%/secret.c %D%/secret.h \
	%D%/session.c %D%/session.h %D%/sink.c %D%/sink.h %D%/watch.c %D%/watch.h

# What `tsk driver new` writes.
nodist_%C%_libtsk_la_SOURCES = %D%/template.c
%C%_libtsk_la_SOURCES += %D%/template.h
TEMPLATE = $(srcdir)/%D%/template/driver.c.txt $(srcdir)/%D%/template/Makefile.txt
EXTRA_DIST += %D%/template/driver.c.txt %D%/template/Makefile.txt %D%/template/embed.awk
CLEANFILES += %D%/template.c
%D%/template.c: $(TEMPLATE) $(srcdir)/%D%/template/embed.awk
	$(AM_V_GEN)$(AWK) -f $(srcdir)/%D%/template/embed.awk $(TEMPLATE) >$@.tmp && mv $@.tmp $@

bin_PROGRAMS += %D%/tsk
%C%_tsk_CPPFLAGS = $(AM_CPPFLAGS) $(CLI_INC)
%C%_tsk_SOURCES = %D%/main.c
%C%_tsk_LDADD = %D%/libtsk.la conf/libtusk-conf.la migrate/libtusk-migrate.la \
	core/libbase.la core/libtusk.la

# Pages: a file of prose each, the rest from the table of options.
EXTRA_PROGRAMS += %D%/mkman
%C%_mkman_CPPFLAGS = $(AM_CPPFLAGS) $(CLI_INC)
%C%_mkman_SOURCES = %D%/mkman.c
%C%_mkman_LDADD = $(%C%_tsk_LDADD)
CLI_PAGES = %D%/man/tsk.1 %D%/man/tsk-config.1 %D%/man/tsk-db-backup.1 \
	%D%/man/tsk-db-create.1 %D%/man/tsk-db-drop.1 %D%/man/tsk-db-init.1 \
	%D%/man/tsk-db-list.1 %D%/man/tsk-db-query.1 %D%/man/tsk-db-restore.1 \
	%D%/man/tsk-db-schema.1 %D%/man/tsk-db-seed.1 %D%/man/tsk-db-status.1 \
	%D%/man/tsk-db-verify.1 %D%/man/tsk-db-wait.1 %D%/man/tsk-driver-check.1 %D%/man/tsk-driver-info.1 %D%/man/tsk-driver-install.1 %D%/man/tsk-driver-list.1 %D%/man/tsk-driver-new.1 \
	%D%/man/tsk-driver-remove.1 %D%/man/tsk-driver-which.1 %D%/man/tsk-help.1 \
	%D%/man/tsk-version.1
MKMAN = $(AM_V_GEN)$(MKDIR_P) $(@D) && page=`basename $@ .1` && \
	cli/mkman$(EXEEXT) '$(TUSK_DATE)' "`echo $$page | sed 's/^tsk-*//; s/-/ /g'`" \
	<$(srcdir)/cli/man/$$page.mdoc >$@.tmp && mv $@.tmp $@
%D%/man/tsk.1: %D%/mkman$(EXEEXT) $(srcdir)/%D%/man/tsk.mdoc
	$(MKMAN)
%D%/man/tsk-%.1: %D%/mkman$(EXEEXT) $(srcdir)/%D%/man/tsk-%.mdoc
	$(MKMAN)
nodist_man_MANS += $(CLI_PAGES)
dist_man_MANS += %D%/man/tusk.ini.5
CLEANFILES += $(CLI_PAGES) $(CLI_COMPLETIONS) %D%/mkman$(EXEEXT)
EXTRA_DIST += $(CLI_PAGES:.1=.mdoc)

# Completions, where the shells look for them.
bashcompletiondir = $(datadir)/bash-completion/completions
zshcompletiondir = $(datadir)/zsh/site-functions
fishcompletiondir = $(datadir)/fish/vendor_completions.d
nodist_bashcompletion_DATA = %D%/completions/tsk
nodist_zshcompletion_DATA = %D%/completions/_tsk
nodist_fishcompletion_DATA = %D%/completions/tsk.fish
CLI_COMPLETIONS = $(nodist_bashcompletion_DATA) $(nodist_zshcompletion_DATA) \
	$(nodist_fishcompletion_DATA)
COMPLETIONS = $(AM_V_GEN)$(MKDIR_P) $(@D) && cli/tsk$(EXEEXT) help --completions
%D%/completions/tsk: %D%/tsk$(EXEEXT)
	$(COMPLETIONS) bash >$@.tmp && mv $@.tmp $@
%D%/completions/_tsk: %D%/tsk$(EXEEXT)
	$(COMPLETIONS) zsh >$@.tmp && mv $@.tmp $@
%D%/completions/tsk.fish: %D%/tsk$(EXEEXT)
	$(COMPLETIONS) fish >$@.tmp && mv $@.tmp $@

# A walk through all of it, in a scratch folder, with what was just built.
EXTRA_DIST += %D%/demo.sh
.PHONY: demo
demo: all
	$(AM_V_at)TUSK_DRIVER_PATH='$(abs_top_builddir)/plugins/sqlite/.libs' \
		sh $(srcdir)/cli/demo.sh '$(abs_top_builddir)/cli/tsk' \
		'$(abs_top_srcdir)/tests/fixtures'
