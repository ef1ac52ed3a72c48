#include <base/fail.h>
#include <errno.h>
#include <kit/kit.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "exits.h"
#include "report.h"

typedef struct checking {
	cli *c;
	const char *as; /* "tap", "junit", or NULL: rows */
	uint32_t done;
	tusk__kit_count count;
	tusk_error *err;
} checking;

static const char *const states[] = { "PASS", "FAIL", "SKIP", "NOT RUN" };

/* --- TAP 13 ------------------------------------------------------------------------ */

/* A line: what would end it, or begin a directive, is written otherwise. */
static void put_line(sink *out, const char *text)
{
	for (; *text; text++)
		sink_char(out, *text == '\n' || *text == '#' ? ' ' : *text);
}

static void put_tap(checking *t, const tusk__kit_verdict *v)
{
	sink *out = &t->c->sink;
	char head[80];

	tusk__putf(head, sizeof(head), "%s %u - %c %s",
	           v->state == TUSK__KIT_FAIL ? "not ok" : "ok", t->done, v->group,
	           v->name);
	sink_str(out, head);
	if (v->state == TUSK__KIT_SKIP || v->state == TUSK__KIT_NOT_RUN) {
		sink_str(out,
		         v->state == TUSK__KIT_SKIP ? " # SKIP " : " # SKIP not run: ");
		put_line(out, v->words);
	} else if (v->state == TUSK__KIT_FAIL) {
		sink_str(out, "\n# ");
		put_line(out, v->words);
	}
	sink_char(out, '\n');
}

/* --- JUnit -------------------------------------------------------------------------- */

/* What XML 1.0 does not allow is left out. */
static void put_xml(sink *out, const char *text)
{
	for (; *text; text++)
		switch (*text) {
		case '<':
			sink_str(out, "&lt;");
			break;
		case '>':
			sink_str(out, "&gt;");
			break;
		case '&':
			sink_str(out, "&amp;");
			break;
		case '"':
			sink_str(out, "&quot;");
			break;
		default:
			if ((unsigned char)*text >= ' ')
				sink_char(out, *text);
		}
}

static void put_junit(checking *t, const tusk__kit_verdict *v)
{
	sink *out = &t->c->sink;
	char head[160];

	tusk__putf(head, sizeof(head),
	           "  <testcase classname=\"%c\" name=\"%s\" time=\"%lld.%06lld\">",
	           v->group, v->name, (long long)(v->us / 1000000),
	           (long long)(v->us % 1000000));
	sink_str(out, head);
	if (v->state != TUSK__KIT_PASS) {
		sink_str(out, v->state == TUSK__KIT_FAIL ? "<failure message=\""
		                                         : "<skipped message=\"");
		put_xml(out, v->words);
		sink_str(out, "\"/>");
	}
	sink_str(out, "</testcase>\n");
}

/* --- rows ----------------------------------------------------------------------------- */

static int put_row(checking *t, const tusk__kit_verdict *v)
{
	const char group[] = { v->group, 0 };

	return report_row(t->c,
	                  (const tusk_value[]){
				  tusk_from_str(group),
				  tusk_from_str(v->name),
				  tusk_from_str(states[v->state & 3]),
				  tusk_from_int(v->us / 1000),
				  report_known(v->words),
			  },
	                  t->err);
}

static int tell(void *user, const tusk__kit_verdict *v)
{
	checking *t = user;

	t->done++;
	if (!t->as)
		return put_row(t, v);
	if (!strcmp(t->as, "tap"))
		put_tap(t, v);
	else
		put_junit(t, v);
	return 0;
}

static int begin(checking *t, uint32_t checks, tusk_error *err)
{
	static const tusk_column columns[] = {
		REPORT_COLUMN("group", TUSK_TEXT),  REPORT_COLUMN("check", TUSK_TEXT),
		REPORT_COLUMN("result", TUSK_TEXT), REPORT_COLUMN("ms", TUSK_INT),
		REPORT_COLUMN("words", TUSK_TEXT),
	};
	char plan[80];
	int st;

	if (!t->as) {
		st = cli_format(t->c, "table", err);
		return st < 0 ? st : report_list(t->c, "checks", columns, 5, err);
	}
	if (opt_has(&t->c->line, OPT_JSON))
		return tusk__fail(err, TUSK_E_USAGE,
		                  "--as and --json: give one of them");
	tusk__putf(plan, sizeof(plan),
	           strcmp(t->as, "tap")
	                   ? "<testsuite name=\"tsk driver check\" tests=\"%u\">\n"
	                   : "TAP version 13\n1..%u\n",
	           checks);
	sink_str(&t->c->sink, plan);
	return 0;
}

static int end(checking *t, tusk_error *err)
{
	const uint32_t *n = t->count.of;
	int st = 0;

	if (!t->as)
		st = report_list_end(t->c, err);
	else if (strcmp(t->as, "tap"))
		sink_str(&t->c->sink, "</testsuite>\n");
	if (st < 0)
		return st;
	if (!t->as)
		report_say(t->c, "%u passed, %u failed, %u skipped, %u not run",
		           n[TUSK__KIT_PASS], n[TUSK__KIT_FAIL], n[TUSK__KIT_SKIP],
		           n[TUSK__KIT_NOT_RUN]);
	if (!n[TUSK__KIT_FAIL])
		return 0;
	return tusk__fail(err, TUSK_E_VERIFY, "%u of %u checks failed",
	                  n[TUSK__KIT_FAIL], t->done);
}

/* --- what is checked ------------------------------------------------------------------- */

static int find_file(cli *c, char *path, tusk_error *err)
{
	const char *name = c->line.operands[0];

	if (realpath(name, path))
		return 0;
	c->exit = EXIT_DRIVER;
	return tusk__fail_errno(err, TUSK_E_NOT_FOUND, errno, "%s", name);
}

/* Only what the line says: no file of this machine names a database to be tried. */
static int find_settings(cli *c, const char *path, tusk_settings **out, tusk_error *err)
{
	const char *url = c->line.texts[OPT_URL];
	int st;

	*out = NULL;
	if (!url)
		return 0;
	st = tusk_settings_new(out, err);
	if (st == 0)
		st = tusk_settings_set(*out, "driver", path, "the line", err);
	if (st == 0)
		st = tusk_settings_set(*out, "url", url, "--url", err);
	return st;
}

static int check_groups(const char *groups, tusk_error *err)
{
	if (!groups || tusk__kit_checks(groups))
		return 0;
	return tusk__fail(err, TUSK_E_USAGE, "--group %s: there is no check in it",
	                  groups);
}

int cmd_driver_check(cli *c, tusk_error *err)
{
	checking t = { .c = c, .as = c->line.texts[OPT_AS], .err = err };
	tusk__kit_options o = { .groups = c->line.texts[OPT_GROUP],
		                .tell = tell,
		                .user = &t };
	tusk_settings *settings = NULL;
	char path[PATH_MAX];
	int st = check_groups(o.groups, err);

	if (st == 0)
		st = find_file(c, path, err);
	if (st == 0)
		st = find_settings(c, path, &settings, err);
	if (st == 0)
		st = begin(&t, tusk__kit_checks(o.groups), err);
	o.file = path;
	o.settings = settings;
	if (st == 0)
		st = tusk__kit_run(&o, &t.count, err);
	if (st >= 0)
		st = end(&t, err);
	tusk_settings_free(settings);
	return st;
}
