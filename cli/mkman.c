/*
 * mkman.c: makes the page of a command from the table of options and a file of prose.
 *
 *   mkman DATE COMMAND <PROSE >PAGE      "db query"; "" is tsk itself
 *
 * NAME and SYNOPSIS come first. In the prose the line ".\" OPTIONS" is replaced by the
 * options of the command, ".\" GLOBALS" by those of the program, ".\" COMMANDS" by the
 * list of commands, ".\" EXITS" by the exit codes. What every page ends with is added.
 */
#include <base/text.h>
#include <stdio.h>

#include "exits.h"
#include "opt.h"

/* Dashes that are to be typed, and what mdoc would read as something else. */
static void put(const char *text)
{
	for (; *text; text++) {
		if (*text == '-')
			fputs("\\-", stdout);
		else if (*text == '\\')
			fputs("\\e", stdout);
		else
			putchar(*text);
	}
}

static void put_page_name(const opt_command *c)
{
	fputs("tsk", stdout);
	for (const char *p = c ? c->words : ""; *p; p++) {
		if (p == c->words)
			putchar('-');
		putchar(*p == ' ' ? '-' : *p);
	}
}

static void put_upper_name(const opt_command *c)
{
	fputs("TSK", stdout);
	for (const char *p = c ? c->words : ""; *p; p++) {
		if (p == c->words)
			putchar('-');
		putchar(*p == ' ' ? '-' : *p - 'a' + 'A');
	}
}

/* The help of a line as a sentence of prose. */
static void put_sentence(const char *text)
{
	const char first[] = { tusk__is_alpha(*text) ? (char)(*text & ~0x20) : *text,
		               0 };

	put(first);
	put(text + 1);
	puts(".");
}

/* --- the synopsis ------------------------------------------------------------------ */

static void put_flag(const opt_option *o)
{
	if (o->letter)
		printf("Fl %c", o->letter);
	else {
		fputs("Fl \\-", stdout);
		put(o->name);
	}
	if (o->value)
		printf(" Ar %s", o->value);
}

static void put_synopsis(const opt_command *c)
{
	puts(".Sh SYNOPSIS\n.Nm tsk\n.Op Ar options");
	if (!c) {
		puts(".Ar command\n.Op Ar argument ...");
		return;
	}
	printf(".Cm %s\n", c->words);
	for (uint32_t i = 0; i < c->noptions; i++) {
		fputs(".Op ", stdout);
		put_flag(&c->options[i]);
		putchar('\n');
	}
	if (c->operands && *c->operands == '[')
		printf(".Op Ar %.*s\n", (int)strlen(c->operands) - 2, c->operands + 1);
	else if (c->operands)
		printf(".Ar %s\n", c->operands);
}

/* --- lists ------------------------------------------------------------------------- */

static void put_options(const opt_option *options, uint32_t n)
{
	puts(".Bl -tag -width Ds");
	for (uint32_t i = 0; i < n; i++) {
		const opt_option *o = &options[i];

		fputs(".It ", stdout);
		if (o->letter)
			printf("Fl %c , ", o->letter);
		fputs("Fl \\-", stdout);
		put(o->name);
		if (o->value)
			printf(" Ar %s", o->value);
		putchar('\n');
		put_sentence(o->help);
		if (o->choices) {
			const char *at = o->choices, *choice;
			size_t len;

			puts("One of");
			while ((len = opt_choice(&at, &choice)))
				printf(".Cm %.*s %c\n", (int)len, choice,
				       *at ? ',' : '.');
		}
	}
	puts(".El");
}

static void put_commands(const opt_table *table)
{
	puts(".Bl -tag -width Ds");
	for (uint32_t i = 0; i < table->ncommands; i++) {
		const opt_command *c = &table->commands[i];

		if (!c->run)
			continue;
		fputs(".It Xr ", stdout);
		put_page_name(c);
		puts(" 1");
		put_sentence(c->brief);
	}
	puts(".El");
}

static void put_exits(void)
{
	puts(".Bl -tag -width 130 -compact");
#define XX(name, code, meaning) \
	printf(".It %d\n", code); \
	put(meaning); \
	puts(".");
	EXITS(XX)
#undef XX
	puts(".El");
}

/* --- the page ---------------------------------------------------------------------- */

static void put_head(const char *date, const opt_command *c)
{
	printf(".Dd %s\n.Dt ", date);
	put_upper_name(c);
	fputs(" 1\n.Os\n.Sh NAME\n.Nm ", stdout);
	put_page_name(c);
	fputs("\n.Nd ", stdout);
	put(c ? c->brief : "work with databases of many kinds in one way");
	putchar('\n');
	put_synopsis(c);
}

static void put_prose(const opt_table *table, const opt_command *c)
{
	char line[1024];

	while (fgets(line, sizeof(line), stdin)) {
		if (strcmp(line, ".\\\" OPTIONS\n") == 0)
			put_options(c ? c->options : NULL, c ? c->noptions : 0);
		else if (strcmp(line, ".\\\" GLOBALS\n") == 0)
			put_options(table->globals, table->nglobals);
		else if (strcmp(line, ".\\\" COMMANDS\n") == 0)
			put_commands(table);
		else if (strcmp(line, ".\\\" EXITS\n") == 0)
			put_exits();
		else
			fputs(line, stdout);
	}
}

int main(int argc, char **argv)
{
	const opt_command *c = NULL;

	if (argc == 3 && *argv[2])
		c = opt_find(&tsk_table, argv[2], strlen(argv[2]));
	if (argc != 3 || (*argv[2] && !c)) {
		fputs("usage: mkman DATE COMMAND <PROSE >PAGE\n", stderr);
		return 2;
	}
	put_head(argv[1], c);
	put_prose(&tsk_table, c);
	return ferror(stdin) || fflush(stdout) || ferror(stdout) ? 1 : 0;
}
