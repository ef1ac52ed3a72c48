#include "help.h"

#include <base/fail.h>

#include "exits.h"

#define INDENT 26 /* columns before what a command or option is for */

bool help_is_below(const opt_command *c, const opt_command *group)
{
	size_t len = group ? strlen(group->words) : 0;

	if (!group)
		return true;
	return strncmp(c->words, group->words, len) == 0 &&
	       (c->words[len] == ' ' || !c->words[len]);
}

/* --- words ------------------------------------------------------------------------- */

static void put_pair(sink *to, const char *left, const char *right)
{
	size_t len = strlen(left);

	sink_str(to, "  ");
	sink_str(to, left);
	if (len + 2 >= INDENT) {
		sink_char(to, '\n');
		len = 0;
		sink_str(to, "  ");
	}
	sink_fill(to, ' ', INDENT - 2 - len);
	sink_str(to, right);
	sink_char(to, '\n');
}

static void put_option(sink *to, const opt_option *o)
{
	char left[96];

	tusk__putf(left, sizeof(left), "%c%c%s--%s%s%s", o->letter ? '-' : ' ',
	           o->letter ? o->letter : ' ', o->letter ? ", " : "  ", o->name,
	           o->value ? " " : "", o->value ? o->value : "");
	put_pair(to, left, o->help);
	if (o->choices) {
		const char *at = o->choices, *choice;
		size_t len;

		sink_fill(to, ' ', INDENT);
		while ((len = opt_choice(&at, &choice))) {
			sink_add(to, choice, len);
			sink_str(to, *at ? ", " : "\n");
		}
	}
}

static void put_options(sink *to, const char *title, const opt_option *options,
                        uint32_t n)
{
	if (!n)
		return;
	sink_str(to, title);
	for (uint32_t i = 0; i < n; i++)
		put_option(to, &options[i]);
}

static void put_usage(sink *to, const opt_command *c)
{
	sink_str(to, "usage: tsk [options] ");
	sink_str(to, c ? c->words : "COMMAND");
	if (c && c->noptions)
		sink_str(to, " [options]");
	if (c && c->operands) {
		sink_char(to, ' ');
		sink_str(to, c->operands);
	}
	sink_char(to, '\n');
}

static void put_commands(const opt_table *table, const opt_command *group, sink *to)
{
	char left[64];

	sink_str(to, "\ncommands:\n");
	for (uint32_t i = 0; i < table->ncommands; i++) {
		const opt_command *c = &table->commands[i];

		if (!c->run || !help_is_below(c, group))
			continue;
		tusk__putf(left, sizeof(left), "%s%s%s", c->words,
		           c->operands ? " " : "", c->operands ? c->operands : "");
		put_pair(to, left, c->brief);
	}
}

void help_text(const opt_table *table, const opt_command *command, sink *to)
{
	put_usage(to, command);
	if (command) {
		sink_char(to, '\n');
		sink_str(to, command->brief);
		sink_str(to, ".\n");
	}
	if (!command || !command->run)
		put_commands(table, command, to);
	if (command)
		put_options(to, "\noptions of this command:\n", command->options,
		            command->noptions);
	put_options(to, "\noptions:\n", table->globals, table->nglobals);
}

/* --- JSON -------------------------------------------------------------------------- */

static void json_option(tusk__json *j, const opt_option *o)
{
	static const char *const kinds[] = { "flag",     "text",   "path", "number",
		                             "duration", "choice", "list" };
	const char letter[] = { o->letter, 0 };

	tusk__json_object(j);
	tusk__json_key(j, "name");
	tusk__json_str(j, o->name);
	tusk__json_key(j, "letter");
	tusk__json_str(j, o->letter ? letter : NULL);
	tusk__json_key(j, "kind");
	tusk__json_str(j, kinds[o->kind]);
	tusk__json_key(j, "value");
	tusk__json_str(j, o->value);
	if (o->choices) {
		const char *at = o->choices, *choice;
		size_t len;

		tusk__json_key(j, "choices");
		tusk__json_array(j);
		while ((len = opt_choice(&at, &choice)))
			tusk__json_text(j, choice, len);
		tusk__json_end(j);
	}
	tusk__json_key(j, "help");
	tusk__json_str(j, o->help);
	tusk__json_end(j);
}

static void json_options(tusk__json *j, const opt_option *options, uint32_t n)
{
	tusk__json_key(j, "options");
	tusk__json_array(j);
	for (uint32_t i = 0; i < n; i++)
		json_option(j, &options[i]);
	tusk__json_end(j);
}

static void json_command(tusk__json *j, const opt_command *c)
{
	tusk__json_object(j);
	tusk__json_key(j, "name");
	tusk__json_str(j, c->words);
	tusk__json_key(j, "operands");
	tusk__json_str(j, c->operands);
	tusk__json_key(j, "brief");
	tusk__json_str(j, c->brief);
	json_options(j, c->options, c->noptions);
	tusk__json_end(j);
}

static void json_exits(tusk__json *j)
{
	static const struct {
		int code;
		const char *meaning;
	} exits[] = {
#define XX(name, code, meaning) { code, meaning },
		EXITS(XX)
#undef XX
	};

	tusk__json_key(j, "exits");
	tusk__json_array(j);
	for (size_t i = 0; i < sizeof(exits) / sizeof(exits[0]); i++) {
		tusk__json_object(j);
		tusk__json_key(j, "code");
		tusk__json_int(j, exits[i].code);
		tusk__json_key(j, "meaning");
		tusk__json_str(j, exits[i].meaning);
		tusk__json_end(j);
	}
	tusk__json_end(j);
}

void help_json(const opt_table *table, const opt_command *command, tusk__json *j)
{
	tusk__json_object(j);
	tusk__json_key(j, "commands");
	tusk__json_array(j);
	for (uint32_t i = 0; i < table->ncommands; i++) {
		if (table->commands[i].run &&
		    help_is_below(&table->commands[i], command))
			json_command(j, &table->commands[i]);
	}
	tusk__json_end(j);
	json_options(j, table->globals, table->nglobals);
	json_exits(j);
	tusk__json_end(j);
}
