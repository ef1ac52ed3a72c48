#include "opt.h"

#include <base/alloc.h>
#include <base/fail.h>
#include <base/text.h>
#include <string.h>

#define MAX_NAMES \
	96 /* candidates for the nearest word: more options than a command has */

typedef struct reader {
	const opt_table *table;
	opt_line *line;
	char **argv;
	int argc, at;
	bool only_operands; /* "--" was there */
	tusk_error *err;
} reader;

size_t opt_choice(const char **at, const char **choice)
{
	size_t len = strcspn(*at, "|");

	*choice = *at;
	*at += len + ((*at)[len] == '|');
	return len;
}

bool opt_has(const opt_line *line, int id)
{
	return line->counts[id] > 0;
}

int64_t opt_milliseconds(const opt_line *line, int id)
{
	const char *text = line->texts[id];
	int64_t ms = 0;

	if (text)
		tusk__read_duration(text, strlen(text), &ms);
	return ms;
}

const opt_command *opt_find(const opt_table *table, const char *words, size_t len)
{
	for (uint32_t i = 0; i < table->ncommands; i++) {
		const opt_command *c = &table->commands[i];

		if (strlen(c->words) == len && !memcmp(c->words, words, len))
			return c;
	}
	return NULL;
}

/* --- words ------------------------------------------------------------------------- */

/* Whether c is said by the group's words and one more, and that one. */
static const char *next_word(const opt_command *c, const opt_command *group)
{
	size_t len = group ? strlen(group->words) : 0;

	if (len) {
		if (strncmp(c->words, group->words, len) || c->words[len] != ' ')
			return NULL;
		len++;
	}
	return strchr(c->words + len, ' ') ? NULL : c->words + len;
}

static int wrong_word(const reader *r, const char *word)
{
	const opt_command *group = r->line->command;
	const char *prefix = group ? group->words : "", *gap = group ? " " : "";
	const char *names[MAX_NAMES], *near;
	size_t n = 0;

	for (uint32_t i = 0; i < r->table->ncommands && n < MAX_NAMES; i++) {
		names[n] = next_word(&r->table->commands[i], group);
		n += names[n] != NULL;
	}
	near = tusk__nearest(word, names, n);
	if (near)
		return tusk__fail(r->err, TUSK_E_USAGE,
		                  "no command '%s%s%s'; did you mean '%s%s%s'?", prefix,
		                  gap, word, prefix, gap, near);
	return tusk__fail(r->err, TUSK_E_USAGE, "no command '%s%s%s'", prefix, gap,
	                  word);
}

static int read_word(reader *r, const char *word)
{
	opt_line *line = r->line;

	if (line->command && line->command->run) {
		line->operands[line->noperands++] = word;
		return 0;
	}
	for (uint32_t i = 0; i < r->table->ncommands; i++) {
		const char *next = next_word(&r->table->commands[i], line->command);

		if (next && !strcmp(next, word)) {
			line->command = &r->table->commands[i];
			return 0;
		}
	}
	return wrong_word(r, word);
}

/* --- options ----------------------------------------------------------------------- */

static const opt_option *find_in(const opt_option *options, uint32_t n,
                                 const char *name, size_t len, char letter)
{
	for (uint32_t i = 0; i < n; i++) {
		if (letter ? options[i].letter == letter
		           : strlen(options[i].name) == len &&
		                     !memcmp(options[i].name, name, len))
			return &options[i];
	}
	return NULL;
}

static const opt_option *find_option(const reader *r, const char *name, size_t len,
                                     char letter)
{
	const opt_command *c = r->line->command;
	const opt_option *found;

	found = find_in(r->table->globals, r->table->nglobals, name, len, letter);
	if (!found && c)
		found = find_in(c->options, c->noptions, name, len, letter);
	return found;
}

static int wrong_option(const reader *r, const char *name, size_t len)
{
	const opt_command *c = r->line->command;
	const char *names[MAX_NAMES], *near;
	char word[64];
	size_t n = 0;

	for (uint32_t i = 0; i < r->table->nglobals && n < MAX_NAMES; i++)
		names[n++] = r->table->globals[i].name;
	for (uint32_t i = 0; c && i < c->noptions && n < MAX_NAMES; i++)
		names[n++] = c->options[i].name;
	tusk__put(word, sizeof(word), name, len);
	near = tusk__nearest(word, names, n);
	if (near)
		return tusk__fail(r->err, TUSK_E_USAGE,
		                  "no option '--%s'; did you mean '--%s'?", word, near);
	return tusk__fail(r->err, TUSK_E_USAGE, "no option '--%s'", word);
}

static int check_choice(const reader *r, const opt_option *o, const char *text)
{
	const char *at = o->choices, *choice, *names[MAX_NAMES], *near;
	char words[MAX_NAMES][16];
	size_t len, n = 0;

	while (n < MAX_NAMES && (len = opt_choice(&at, &choice))) {
		if (strlen(text) == len && !memcmp(text, choice, len))
			return 0;
		tusk__put(words[n], sizeof(words[n]), choice, len);
		names[n] = words[n];
		n++;
	}
	near = tusk__nearest(text, names, n);
	if (near)
		return tusk__fail(r->err, TUSK_E_USAGE,
		                  "--%s: no '%s'; did you mean '%s'?", o->name, text,
		                  near);
	return tusk__fail(r->err, TUSK_E_USAGE, "--%s: no '%s'; it is one of %s",
	                  o->name, text, o->choices);
}

static int check_value(const reader *r, const opt_option *o, const char *text)
{
	size_t len = strlen(text);
	uint64_t number;
	int64_t ms;

	if (o->kind == KIND_CHOICE)
		return check_choice(r, o, text);
	if (o->kind == KIND_NUMBER && !tusk__read_uint(text, len, &number))
		return tusk__fail(r->err, TUSK_E_USAGE, "--%s: '%s' is no whole number",
		                  o->name, text);
	if (o->kind == KIND_DURATION && !tusk__read_duration(text, len, &ms))
		return tusk__fail(r->err, TUSK_E_USAGE,
		                  "--%s: '%s' is no duration such as 500ms, 30s or 2m",
		                  o->name, text);
	return 0;
}

/* inline_value: what stood behind "=" or the letter, or NULL: the next argument is it. */
static int take(reader *r, const opt_option *o, const char *inline_value)
{
	const char *text = inline_value;
	int st;

	if (o->kind == KIND_FLAG) {
		if (inline_value)
			return tusk__fail(r->err, TUSK_E_USAGE, "--%s takes no value",
			                  o->name);
		r->line->counts[o->id]++;
		return 0;
	}
	if (!text && r->at < r->argc)
		text = r->argv[r->at++];
	if (!text)
		return tusk__fail(r->err, TUSK_E_USAGE, "--%s: its %s is missing",
		                  o->name, o->value);
	st = check_value(r, o, text);
	if (st < 0)
		return st;
	if (o->kind == KIND_LIST)
		r->line->list[r->line->nlist++] = text;
	r->line->texts[o->id] = text;
	r->line->counts[o->id]++;
	return 0;
}

static int read_long(reader *r, const char *name)
{
	size_t len = strcspn(name, "=");
	const opt_option *o = find_option(r, name, len, 0);

	if (!o)
		return wrong_option(r, name, len);
	return take(r, o, name[len] ? name + len + 1 : NULL);
}

/* "-q", "-qv", "-p VALUE", "-pVALUE" */
static int read_letters(reader *r, const char *letters)
{
	while (*letters) {
		const opt_option *o = find_option(r, NULL, 0, *letters);
		int st;

		if (!o)
			return tusk__fail(r->err, TUSK_E_USAGE, "no option '-%.*s'",
			                  (int)tusk__utf8_cut(letters, strlen(letters),
			                                      4),
			                  letters);
		letters++;
		if (o->kind != KIND_FLAG)
			return take(r, o, *letters ? letters : NULL);
		st = take(r, o, NULL);
		if (st < 0)
			return st;
	}
	return 0;
}

static int read_one(reader *r, const char *arg)
{
	if (r->only_operands || arg[0] != '-' || !arg[1])
		return read_word(r, arg);
	if (strcmp(arg, "--") == 0) {
		r->only_operands = true;
		return 0;
	}
	return arg[1] == '-' ? read_long(r, arg + 2) : read_letters(r, arg + 1);
}

static int check_operands(const reader *r)
{
	const opt_command *c = r->line->command;
	uint32_t n = r->line->noperands;

	if (!c || !c->run || opt_has(r->line, OPT_HELP))
		return 0;
	if (n < c->min)
		return tusk__fail(r->err, TUSK_E_USAGE, "%s: %s is missing", c->words,
		                  c->operands);
	if (n <= c->max)
		return 0;
	tusk__fail(r->err, TUSK_E_USAGE, "%s: '%s' is one argument too many", c->words,
	           r->line->operands[c->max]);
	if (r->err && c->max)
		tusk__putf(r->err->hint, sizeof(r->err->hint),
		           "an argument of several words stands in quotes");
	return TUSK_E_USAGE;
}

int opt_read(const opt_table *table, int argc, char **argv, opt_line *out,
             tusk_error *err)
{
	reader r = { table, out, argv, argc, 1, false, err };
	size_t room = argc > 0 ? (size_t)argc : 1;
	int st = 0;

	memset(out, 0, sizeof(*out));
	out->operands = tusk__new(room, sizeof(*out->operands));
	out->list = tusk__new(room, sizeof(*out->list));
	if (!out->operands || !out->list)
		return tusk__nomem(err);
	while (st == 0 && r.at < argc)
		st = read_one(&r, argv[r.at++]);
	/* Who asked for JSON gets the error as JSON too, wherever the wrong word stands. */
	for (int i = r.at; st < 0 && i < argc && strcmp(argv[i], "--"); i++)
		out->counts[OPT_JSON] += strcmp(argv[i], "--json") == 0;
	return st < 0 ? st : check_operands(&r);
}

void opt_clear(opt_line *line)
{
	tusk_release(line->operands);
	tusk_release(line->list);
	memset(line, 0, sizeof(*line));
}
