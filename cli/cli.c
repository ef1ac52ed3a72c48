#include "cli.h"

#include <tusk/tusk.h>

#include <base/alloc.h>
#include <base/fail.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "exits.h"
#include "help.h"
#include "report.h"
#include "secret.h"
#include "watch.h"

/* --- the beginning ----------------------------------------------------------------- */

static bool wants_colour(const cli *c, int fd)
{
	const char *when = c->line.texts[OPT_COLOR], *no = getenv("NO_COLOR");

	if (when && strcmp(when, "always") == 0)
		return true;
	if (when && strcmp(when, "never") == 0)
		return false;
	return !(no && *no) && isatty(fd);
}

static void set_up(cli *c)
{
	const char *format = c->line.texts[OPT_FORMAT];

	c->envelope = opt_has(&c->line, OPT_JSON);
	c->quiet = opt_has(&c->line, OPT_QUIET);
	c->verbose = opt_has(&c->line, OPT_VERBOSE);
	c->colour = wants_colour(c, STDERR_FILENO);
	c->out.to = &c->sink;
	c->out.json = &c->json;
	c->out.quiet = c->quiet;
	c->out.terminal = isatty(STDOUT_FILENO);
	c->out.colour = wants_colour(c, STDOUT_FILENO);
	c->out.writer = out_writer_of(c->envelope ? "envelope"
	                              : format    ? format
	                                          : "table");
	if (!c->envelope)
		tusk__json_init(&c->json, sink_json, &c->sink);
}

/* Where the word was set, and those that there are. */
static int no_format(const cli *c, const char *format, tusk_error *err)
{
	const opt_option *o = tsk_table.globals;
	const char *origin = "";
	tusk_conf_entry e;

	for (uint32_t i = 0; tusk_conf_at(c->conf, i, &e) >= 0; i++)
		if (strcmp(e.section, "tusk") == 0 && strcmp(e.key, "format") == 0)
			origin = e.origin;
	while (o->id != OPT_FORMAT)
		o++;
	return tusk__fail(err, TUSK_E_OPTION, "%s: no format '%s'; it is one of %s",
	                  origin, format, o->choices);
}

int cli_format(cli *c, const char *usual, tusk_error *err)
{
	const char *format = c->line.texts[OPT_FORMAT];

	if (c->envelope || format)
		return 0;
	format = c->conf ? tusk_conf_get(c->conf, "", "format") : NULL;
	c->out.writer = out_writer_of(format ? format : usual);
	return c->out.writer ? 0 : no_format(c, format, err);
}

/* --- the middle -------------------------------------------------------------------- */

static int say_help(cli *c, const opt_command *command)
{
	tusk__json *j = report_data(c);

	if (j)
		help_json(&tsk_table, command, j);
	else
		help_text(&tsk_table, command, &c->sink);
	return 0;
}

static int run(cli *c, tusk_error *err)
{
	const opt_command *command = c->line.command;

	if (opt_has(&c->line, OPT_HELP))
		return say_help(c, command);
	if (!command && opt_has(&c->line, OPT_VERSION)) {
		c->line.command = opt_find(&tsk_table, "version", 7);
		return c->line.command->run(c, err);
	}
	if (!command)
		return tusk__fail(err, TUSK_E_USAGE, "no command; see tsk --help");
	if (!command->run)
		return tusk__fail(err, TUSK_E_USAGE, "%s: what? see tsk %s --help",
		                  command->words, command->words);
	return command->run(c, err);
}

/* --- the end ----------------------------------------------------------------------- */

static int exit_code(const cli *c, int st)
{
	int number = interrupted(&c->interrupt);

	if (st == TUSK_E_CANCELLED && number)
		return number == SIGINT ? EXIT_INTERRUPTED : EXIT_TERMINATED;
	if (c->exit >= 0)
		return c->exit;
	return exit_of(st);
}

/* Whoever read our output is gone: end as every program in a pipe does. */
static void end_quietly(const cli *c)
{
	if (c->sink.failed_errno != EPIPE)
		return;
	signal(SIGPIPE, SIG_DFL);
	raise(SIGPIPE);
}

/* From a file that is not to be, back to standard output. */
static void give_up_file(cli *c)
{
	sink_close(&c->sink, false, NULL);
	sink_init(&c->sink, STDOUT_FILENO, "standard output");
	c->streams = c->has_data = false;
}

/* The library knows a deadline, and not who set it. */
static void name_limits(const cli *c, tusk_error *err)
{
	if (err->code == TUSK_E_TIMEOUT && c->conf && !*err->hint)
		tusk__putf(err->hint, sizeof(err->hint),
		           "--timeout, TUSK_TIMEOUT, or timeout and connect_timeout of "
		           "the configuration say how long to wait");
}

static void finish(cli *c, int st, tusk_error *err)
{
	bool to_file = c->sink.to_file;
	int written;

	end_quietly(c);
	if (st >= 0 && to_file && c->envelope) {
		/* The object is for standard output, and says whether the file is there. */
		st = sink_close(&c->sink, true, err);
		if (st >= 0)
			sink_init(&c->sink, STDOUT_FILENO, "standard output");
	}
	c->exit = exit_code(c, st);
	if (st == TUSK_E_CANCELLED)
		interrupt_check(&c->interrupt, err); /* say it in our own words */
	if (st < 0)
		name_limits(c, err);
	if (st < 0 && to_file)
		give_up_file(c);
	report_end(c, st < 0 ? err : NULL);
	written = sink_close(&c->sink, true, st < 0 ? NULL : err);
	end_quietly(c);
	if (written == 0 || st < 0)
		return;
	c->exit = exit_of(written);
	if (to_file)
		give_up_file(c);
	report_end(c, err);
	sink_flush(&c->sink);
}

static int run_line(cli *c, int argc, char **argv)
{
	char **copies = tusk__new((size_t)argc + 1, sizeof(*copies));
	tusk_error err;
	int st, hidden;

	if (!copies) {
		st = tusk__nomem(&err);
		finish(c, st, &err);
		return c->exit;
	}
	st = hidden = secret_hide(argc, argv, copies, &err);
	if (st >= 0)
		st = opt_read(&tsk_table, argc, argv, &c->line, &err);
	set_up(c);
	if (hidden > 0)
		report_warn(c, "a password in the command line can be seen by others; "
		               "--password-fd and password_file cannot");
	watch_log(c);
	if (st >= 0)
		st = run(c, &err);
	finish(c, st, &err);
	for (int i = 0; i < argc; i++) {
		if (copies[i])
			explicit_bzero(copies[i], strlen(copies[i]));
		tusk_release(copies[i]);
	}
	tusk_release(copies);
	return c->exit;
}

int cli_main(int argc, char **argv)
{
	cli *c;
	int code;

	secret_harden();
	c = tusk__new(1, sizeof(*c));
	if (!c)
		return EXIT_SAID_NO;
	c->exit = -1;
	c->log_level = 1;
	c->thread = pthread_self();
	pthread_mutex_init(&c->warnings_lock, NULL);
	sink_init(&c->sink, STDOUT_FILENO, "standard output");
	code = run_line(c, argc, argv);
	tusk_set_log(NULL, NULL);
	interrupt_end(&c->interrupt);
	tusk_conf_free(c->conf);
	out_clear(&c->out);
	report_clear(c);
	pthread_mutex_destroy(&c->warnings_lock);
	tusk__bytes_clear(&c->script);
	opt_clear(&c->line);
	tusk_release(c);
	return code;
}
