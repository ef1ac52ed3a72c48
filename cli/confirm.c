#include <base/fail.h>
#include <base/text.h>
#include <errno.h>
#include <unistd.h>

#include "session.h"

/* Whether somebody sits there who can be asked; with --json nobody is. */
static bool can_ask(const cli *c)
{
	return !c->envelope && isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}

static int refuse(tusk_error *err, const char *verb, const char *target,
                  const char *why)
{
	return tusk__fail(err, TUSK_E_REFUSED, "%s '%s': %s; nothing was done", verb,
	                  target, why);
}

static int read_line(cli *c, char *out, size_t size, tusk_error *err)
{
	ssize_t got;
	int st = interrupt_wait(&c->interrupt, STDIN_FILENO, -1, err);

	if (st < 0)
		return st;
	got = read(STDIN_FILENO, out, size - 1);
	if (got < 0)
		return tusk__fail_errno(err, TUSK_E_IO, errno, "reading the answer");
	out[got] = 0;
	out[strcspn(out, "\n")] = 0;
	return 0;
}

static int ask(cli *c, const char *verb, const char *target, tusk_error *err)
{
	char question[512], safe[2048], answer[512];
	int st;

	tusk__putf(question, sizeof(question),
	           "%s cannot be undone. Type '%s' to go on: ", verb, target);
	sink_flush(&c->sink);
	tusk__escape(question, strlen(question), safe, sizeof(safe));
	st = tusk__write_all(STDERR_FILENO, safe, strlen(safe));
	if (st < 0)
		return tusk__fail_errno(err, TUSK_E_IO, -st, "asking");
	st = read_line(c, answer, sizeof(answer), err);
	if (st < 0)
		return st;
	if (strcmp(answer, target))
		return refuse(err, verb, target, "the name was not typed");
	return 0;
}

static bool in_production(const session *s)
{
	const char *production = tusk_settings_get(s->settings, "production");

	return production && strcmp(production, "1") == 0;
}

/* What is sure to be refused is not asked about, and no backup is made for it. */
static int check_read_only(const session *s, tusk_error *err)
{
	const char *value = tusk_settings_get(s->settings, "read_only");

	if (!value || strcmp(value, "1") != 0)
		return 0;
	return tusk__fail(err, TUSK_E_READ_ONLY,
	                  "the settings say read_only (%s); nothing was done",
	                  tusk_settings_origin(s->settings, "read_only"));
}

int session_confirm(cli *c, const session *s, const char *verb, tusk_error *err)
{
	int st = check_read_only(s, err);

	if (st < 0)
		return st;
	if (in_production(s) && !opt_has(&c->line, OPT_PRODUCTION))
		return refuse(
			err, verb, s->target,
			"it is marked production = yes: --allow-production is needed");
	if (opt_has(&c->line, OPT_YES) && opt_has(&c->line, OPT_EXPECT_DB))
		return 0;
	if (can_ask(c))
		return ask(c, verb, s->target, err);
	return refuse(err, verb, s->target,
	              "without a terminal --yes and --expect-db NAME are needed");
}

int confirm_driver(cli *c, const char *name, tusk_error *err)
{
	if (opt_has(&c->line, OPT_YES))
		return 0;
	if (can_ask(c))
		return ask(c, "remove", name, err);
	return refuse(err, "remove", name, "without a terminal --yes is needed");
}
