#include <tusk/tusk.h>

#include <base/fail.h>
#include <base/text.h>

#include "commands.h"
#include "help.h"
#include "report.h"

/* "db query" out of its words. */
static int find_topic(const opt_line *line, const opt_command **out, tusk_error *err)
{
	const char *names[64], *near;
	char words[64] = "";
	size_t n = 0;

	for (uint32_t i = 0; i < line->noperands; i++) {
		size_t len = strlen(words);

		tusk__putf(words + len, sizeof(words) - len, "%s%s", len ? " " : "",
		           line->operands[i]);
	}
	if (!*words)
		return 0;
	*out = opt_find(&tsk_table, words, strlen(words));
	if (*out)
		return 0;
	for (uint32_t i = 0; i < tsk_table.ncommands && n < 64; i++)
		names[n++] = tsk_table.commands[i].words;
	near = tusk__nearest(words, names, n);
	if (near)
		return tusk__fail(err, TUSK_E_USAGE,
		                  "no command '%s'; did you mean '%s'?", words, near);
	return tusk__fail(err, TUSK_E_USAGE, "no command '%s'", words);
}

static int say_completions(cli *c, const char *shell, tusk_error *err)
{
	tusk__json *j = report_data(c);
	tusk__bytes text;

	if (!j) {
		help_completions(&tsk_table, shell, &c->sink);
		return 0;
	}
	tusk__bytes_init(&text, 0);
	sink_to_bytes(&c->sink, &text);
	help_completions(&tsk_table, shell, &c->sink);
	sink_to_bytes(&c->sink, NULL);
	tusk__json_object(j);
	tusk__json_key(j, "shell");
	tusk__json_str(j, shell);
	tusk__json_key(j, "script");
	tusk__json_text(j, text.p ? text.p : "", text.len);
	tusk__json_end(j);
	tusk__bytes_clear(&text);
	return c->sink.state < 0 ? tusk__nomem(err) : 0;
}

int cmd_help(cli *c, tusk_error *err)
{
	const char *shell = c->line.texts[OPT_COMPLETIONS];
	const opt_command *topic = NULL;
	tusk__json *j;
	int st;

	if (shell)
		return say_completions(c, shell, err);
	st = find_topic(&c->line, &topic, err);
	if (st < 0)
		return st;
	j = report_data(c);
	if (j)
		help_json(&tsk_table, topic, j);
	else
		help_text(&tsk_table, topic, &c->sink);
	return 0;
}

int cmd_version(cli *c, tusk_error *err)
{
	tusk__json *j = report_data(c);

	(void)err;
	if (j) {
		tusk__json_object(j);
		tusk__json_key(j, "version");
		tusk__json_str(j, tusk_version());
		tusk__json_end(j);
		return 0;
	}
	sink_str(&c->sink, "tsk ");
	sink_str(&c->sink, tusk_version());
	sink_char(&c->sink, '\n');
	return 0;
}
