/*
 * Completions. Each script walks the words before the cursor: options and their values
 * are passed over, the rest is the command. All that it knows is written into it here,
 * so completing never starts the program.
 */
#include "help.h"

static void put_line(sink *to, const char *text)
{
	sink_str(to, text);
	sink_char(to, '\n');
}

/* Inside '...' of every shell. */
static void put_quoted(sink *to, const char *text)
{
	for (; *text; text++) {
		if (*text == '\'')
			sink_str(to, "'\\''");
		else
			sink_char(to, *text);
	}
}

static void put_choices(sink *to, const char *choices)
{
	for (; *choices; choices++)
		sink_char(to, *choices == '|' ? ' ' : *choices);
}

static const char *last_word(const char *words)
{
	const char *space = strrchr(words, ' ');

	return space ? space + 1 : words;
}

static size_t parent_length(const char *words)
{
	const char *space = strrchr(words, ' ');

	return space ? (size_t)(space - words) : 0;
}

/* Whether c is one word more than the first len bytes of group. */
static bool is_child(const opt_command *c, const char *group, size_t len)
{
	return parent_length(c->words) == len && strncmp(c->words, group, len) == 0;
}

/* Its operands are the words of another command. */
static bool takes_command(const opt_command *c)
{
	return c->operands && strstr(c->operands, "COMMAND");
}

static bool takes_files(const opt_command *c)
{
	return c->operands &&
	       (strstr(c->operands, "FILE") || strstr(c->operands, "PATH"));
}

/* --- options that take values ------------------------------------------------------ */

typedef void put_value_option(sink *to, const opt_option *o);

static bool same_name(const opt_option *a, const opt_option *b)
{
	return strcmp(a->name, b->name) == 0;
}

/* Each option with a value once, although several commands may have it. */
static void each_value_option(const opt_table *table, sink *to, put_value_option *put)
{
	for (uint32_t i = 0; i < table->nglobals; i++) {
		if (table->globals[i].value)
			put(to, &table->globals[i]);
	}
	for (uint32_t i = 0; i < table->ncommands; i++) {
		const opt_command *c = &table->commands[i];

		for (uint32_t k = 0; k < c->noptions; k++) {
			bool seen = !c->options[k].value;

			for (uint32_t m = 0; m < i && !seen; m++) {
				const opt_command *before = &table->commands[m];

				for (uint32_t q = 0; q < before->noptions; q++)
					seen |= same_name(&before->options[q],
					                  &c->options[k]);
			}
			if (!seen)
				put(to, &c->options[k]);
		}
	}
}

static void put_pattern(sink *to, const opt_option *o)
{
	sink_str(to, "|--");
	sink_str(to, o->name);
	if (o->letter) {
		sink_str(to, "|-");
		sink_char(to, o->letter);
	}
}

static void put_case(sink *to, const opt_option *o)
{
	sink_str(to, "\t(--");
	sink_str(to, o->name);
	if (o->letter) {
		sink_str(to, "|-");
		sink_char(to, o->letter);
	}
	sink_str(to, ") ");
}

/* --- what may follow a command ----------------------------------------------------- */

/* How a shell lists the names that may come next. */
typedef struct shell_lists {
	const char *begin, *end; /* of the list */
	const char *files;       /* behind it: files may come too */
	void (*put_words)(const opt_table *table, const opt_command *group, sink *to);
	void (*put_options)(sink *to, const opt_option *options, uint32_t n);
} shell_lists;

/* "help db": what follows is what follows "db". */
static void put_topics(const shell_lists *sh, const opt_table *table,
                       const opt_command *c, sink *to)
{
	for (uint32_t i = 0; i <= table->ncommands; i++) {
		const opt_command *group = i ? &table->commands[i - 1] : NULL;

		if (group && group->run)
			continue;
		sink_str(to, "\t(' ");
		sink_str(to, c->words);
		sink_str(to, group ? " " : "");
		sink_str(to, group ? group->words : "");
		sink_str(to, "') ");
		sink_str(to, sh->begin);
		sh->put_words(table, group, to);
		if (!group)
			sh->put_options(to, c->options, c->noptions);
		sink_str(to, sh->end);
		put_line(to, " ;;");
	}
}

/* c NULL: the first words. */
static void put_command(const shell_lists *sh, const opt_table *table,
                        const opt_command *c, sink *to)
{
	if (c && takes_command(c))
		put_topics(sh, table, c, to);
	sink_str(to, "\t('");
	sink_str(to, c ? " " : "");
	sink_str(to, c ? c->words : "");
	sink_str(to, c && c->run ? "'*) " : "') ");
	sink_str(to, sh->begin);
	if (!c || !c->run)
		sh->put_words(table, c, to);
	if (c && !takes_command(c))
		sh->put_options(to, c->options, c->noptions);
	sink_str(to, sh->end);
	if (c && takes_files(c))
		sink_str(to, sh->files);
	put_line(to, " ;;");
}

static void put_commands(const shell_lists *sh, const opt_table *table, sink *to)
{
	put_command(sh, table, NULL, to);
	for (uint32_t i = 0; i < table->ncommands; i++)
		put_command(sh, table, &table->commands[i], to);
}

/* --- bash -------------------------------------------------------------------------- */

static void bash_value(sink *to, const opt_option *o)
{
	if (o->kind != KIND_CHOICE && o->kind != KIND_PATH)
		return;
	put_case(to, o);
	if (o->kind == KIND_PATH) {
		put_line(to, "mapfile -t COMPREPLY < <(compgen -f -- \"$cur\") ;;");
		return;
	}
	sink_str(to, "mapfile -t COMPREPLY < <(compgen -W '");
	put_choices(to, o->choices);
	put_line(to, "' -- \"$cur\") ;;");
}

static void put_option_names(sink *to, const opt_option *options, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		sink_str(to, " --");
		sink_str(to, options[i].name);
	}
}

/* The words that may follow those of a group; NULL: the first words. */
static void bash_words(const opt_table *table, const opt_command *group, sink *to)
{
	size_t len = group ? strlen(group->words) : 0;

	for (uint32_t i = 0; i < table->ncommands; i++) {
		const opt_command *child = &table->commands[i];

		if (is_child(child, group ? group->words : "", len)) {
			sink_str(to, last_word(child->words));
			sink_char(to, ' ');
		}
	}
}

static const shell_lists bash_lists = { "names='", "'", " files=-f", bash_words,
	                                put_option_names };

static void bash(const opt_table *table, sink *to)
{
	put_line(to,
	         "# bash completion for tsk(1); made by: tsk help --completions bash\n"
	         "_tsk() {\n"
	         "\tlocal cur=${COMP_WORDS[COMP_CWORD]} command= option= names= files= "
	         "word i\n"
	         "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	         "\t\tword=${COMP_WORDS[i]}\n"
	         "\t\t[[ $word == '=' ]] && continue\n"
	         "\t\tif [[ $option ]]; then\n"
	         "\t\t\toption=\n"
	         "\t\t\tcontinue\n"
	         "\t\tfi\n"
	         "\t\tcase $word in");
	sink_str(to, "\t\t(''");
	each_value_option(table, to, put_pattern);
	put_line(to, ") option=$word ;;\n"
	             "\t\t(-*) ;;\n"
	             "\t\t(*) command+=\" $word\" ;;\n"
	             "\t\tesac\n"
	             "\tdone\n"
	             "\t[[ $cur == '=' ]] && cur=\n"
	             "\tCOMPREPLY=()\n"
	             "\tcase $option in");
	each_value_option(table, to, bash_value);
	put_line(to, "\tesac\n"
	             "\t[[ $option ]] && return\n"
	             "\tcase $command in");
	put_commands(&bash_lists, table, to);
	sink_str(to, "\tesac\n"
	             "\tnames+='");
	put_option_names(to, table->globals, table->nglobals);
	put_line(
		to,
		"'\n"
		"\tmapfile -t COMPREPLY < <(compgen -W \"$names\" ${files:+\"$files\"} -- "
		"\"$cur\")\n"
		"}\n"
		"complete -o filenames -F _tsk tsk");
}

/* --- zsh --------------------------------------------------------------------------- */

static void zsh_value(sink *to, const opt_option *o)
{
	if (o->kind != KIND_CHOICE && o->kind != KIND_PATH)
		return;
	put_case(to, o);
	if (o->kind == KIND_PATH) {
		put_line(to, "_files ;;");
		return;
	}
	sink_str(to, "compadd -- ");
	put_choices(to, o->choices);
	put_line(to, " ;;");
}

static void zsh_item(sink *to, const char *dashes, const char *name, const char *text)
{
	sink_str(to, " '");
	sink_str(to, dashes);
	sink_str(to, name);
	sink_char(to, ':');
	put_quoted(to, text);
	sink_char(to, '\'');
}

static void zsh_options(sink *to, const opt_option *options, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		zsh_item(to, "--", options[i].name, options[i].help);
}

static void zsh_words(const opt_table *table, const opt_command *group, sink *to)
{
	size_t len = group ? strlen(group->words) : 0;

	for (uint32_t i = 0; i < table->ncommands; i++) {
		const opt_command *child = &table->commands[i];

		if (is_child(child, group ? group->words : "", len))
			zsh_item(to, "", last_word(child->words), child->brief);
	}
}

static const shell_lists zsh_lists = { "names=(", ")", "; _files", zsh_words,
	                               zsh_options };

static void zsh(const opt_table *table, sink *to)
{
	put_line(to,
	         "#compdef tsk\n"
	         "# zsh completion for tsk(1); made by: tsk help --completions zsh\n"
	         "_tsk() {\n"
	         "\tlocal word option command\n"
	         "\tlocal -a names\n"
	         "\tfor word in \"${(@)words[2,CURRENT-1]}\"; do\n"
	         "\t\tif [[ -n $option ]]; then\n"
	         "\t\t\toption=\n"
	         "\t\t\tcontinue\n"
	         "\t\tfi\n"
	         "\t\tcase $word in");
	sink_str(to, "\t\t(''");
	each_value_option(table, to, put_pattern);
	put_line(to, ") option=$word ;;\n"
	             "\t\t(-*) ;;\n"
	             "\t\t(*) command+=\" $word\" ;;\n"
	             "\t\tesac\n"
	             "\tdone\n"
	             "\tcase $option in");
	each_value_option(table, to, zsh_value);
	put_line(to, "\tesac\n"
	             "\t[[ -n $option ]] && return\n"
	             "\tcase $command in");
	put_commands(&zsh_lists, table, to);
	sink_str(to, "\tesac\n"
	             "\tnames+=(");
	zsh_options(to, table->globals, table->nglobals);
	put_line(to, ")\n"
	             "\t_describe tsk names\n"
	             "}\n"
	             "_tsk \"$@\"");
}

/* --- fish -------------------------------------------------------------------------- */

static void fish_option(sink *to, const opt_option *o)
{
	sink_str(to, " -l ");
	sink_str(to, o->name);
	if (o->letter) {
		sink_str(to, " -s ");
		sink_char(to, o->letter);
	}
	if (o->kind == KIND_PATH)
		sink_str(to, " -r -F");
	else if (o->value)
		sink_str(to, " -x");
	if (o->choices) {
		sink_str(to, " -a '");
		put_choices(to, o->choices);
		sink_char(to, '\'');
	}
	sink_str(to, " -d '");
	put_quoted(to, o->help);
	put_line(to, "'");
}

/* The condition that the words of the command were typed, and no more. */
static void fish_when(sink *to, const char *words, size_t len, bool exactly)
{
	sink_str(to, exactly ? "complete -c tsk -n '__tsk_at"
	                     : "complete -c tsk -n '__tsk_in");
	sink_str(to, len ? " " : "");
	sink_add(to, words, len);
	sink_char(to, '\'');
}

/* The last word of a command, where the condition holds that was written before it. */
static void fish_word(const opt_command *c, sink *to)
{
	sink_str(to, " -a ");
	sink_str(to, last_word(c->words));
	sink_str(to, " -d '");
	put_quoted(to, c->brief);
	put_line(to, "'");
}

static void fish_topics(const opt_table *table, const opt_command *c, sink *to)
{
	for (uint32_t i = 0; i < table->ncommands; i++) {
		const opt_command *topic = &table->commands[i];
		size_t len = parent_length(topic->words);

		sink_str(to, "complete -c tsk -n '__tsk_at ");
		sink_str(to, c->words);
		sink_str(to, len ? " " : "");
		sink_add(to, topic->words, len);
		sink_char(to, '\'');
		fish_word(topic, to);
	}
}

static void fish_command(const opt_table *table, const opt_command *c, sink *to)
{
	fish_when(to, c->words, parent_length(c->words), true);
	fish_word(c, to);
	if (takes_command(c))
		fish_topics(table, c, to);
	for (uint32_t i = 0; i < c->noptions; i++) {
		fish_when(to, c->words, strlen(c->words), false);
		fish_option(to, &c->options[i]);
	}
	if (takes_files(c)) {
		fish_when(to, c->words, strlen(c->words), false);
		put_line(to, " -F");
	}
}

static void fish(const opt_table *table, sink *to)
{
	put_line(to,
	         "# fish completion for tsk(1); made by: tsk help --completions fish\n"
	         "function __tsk_words\n"
	         "\tset -l option 0\n"
	         "\tfor word in (commandline -opc)[2..]\n"
	         "\t\tif test $option = 1\n"
	         "\t\t\tset option 0\n"
	         "\t\t\tcontinue\n"
	         "\t\tend\n"
	         "\t\tswitch $word");
	sink_str(to, "\t\t\tcase ''");
	for (uint32_t i = 0; i < table->nglobals; i++) {
		if (table->globals[i].value) {
			sink_str(to, " --");
			sink_str(to, table->globals[i].name);
		}
	}
	put_line(to, "\n"
	             "\t\t\t\tset option 1\n"
	             "\t\t\tcase '-*'\n"
	             "\t\t\tcase '*'\n"
	             "\t\t\t\techo $word\n"
	             "\t\tend\n"
	             "\tend\n"
	             "end\n"
	             "function __tsk_at\n"
	             "\tset -l words (__tsk_words)\n"
	             "\ttest \"$words\" = \"$argv\"\n"
	             "end\n"
	             "function __tsk_in\n"
	             "\tset -l words (__tsk_words)\n"
	             "\tstring match -q -- \"$argv *\" \"$words \"\n"
	             "end\n"
	             "complete -c tsk -f");
	for (uint32_t i = 0; i < table->nglobals; i++) {
		sink_str(to, "complete -c tsk");
		fish_option(to, &table->globals[i]);
	}
	for (uint32_t i = 0; i < table->ncommands; i++)
		fish_command(table, &table->commands[i], to);
}

void help_completions(const opt_table *table, const char *shell, sink *to)
{
	static const struct {
		const char *name;
		void (*put)(const opt_table *table, sink *to);
	} shells[] = { { "bash", bash }, { "zsh", zsh }, { "fish", fish } };

	for (size_t i = 0; i < sizeof(shells) / sizeof(shells[0]); i++) {
		if (strcmp(shells[i].name, shell) == 0)
			shells[i].put(table, to);
	}
}
