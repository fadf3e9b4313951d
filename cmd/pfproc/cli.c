#include "cli.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "options.h"
#include "output_options.h"

/* getopt_long returns this plus the index of a long option in the table. */
#define LONG_BASE 256
#define JOBS_MAX 65536

/* As --color has them. */
enum { COLOR_AUTO, COLOR_ALWAYS };

/* One parse, which notes what was given to see what excludes what. */
typedef struct {
  Cli *cli;
  gboolean *given;      /* by option */
  const char *std_user; /* who uses standard input, or NULL */
} Parse;

static gboolean usage (GError **error, const char *format, ...)
    G_GNUC_PRINTF (2, 3);

static gboolean
usage (GError **error, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  if (error != NULL)
    *error = g_error_new_valist (PF_ERROR, PF_STATUS_USAGE, format, args);
  va_end (args);
  return FALSE;
}

/* Only one may read standard input. */
static gboolean
claim_stdin (Parse *self, const char *name, const char *user, GError **error)
{
  if (strcmp (name, "-") != 0)
    return TRUE;
  if (self->std_user != NULL)
    return usage (error, "standard input is used twice: as %s and as %s",
                  self->std_user, user);
  self->std_user = user;
  return TRUE;
}

static gboolean
add_input (Parse *self, const char *name, gboolean is_list, GError **error)
{
  PfInput input = { name, is_list };

  g_array_append_val (self->cli->inputs, input);
  return claim_stdin (self, name, is_list ? "a list of names" : "a document",
                      error);
}

static gboolean
add_source (Parse *self, const char *spec, GError **error)
{
  char *path = pf_glossary_source_path (spec, error);

  if (path == NULL)
    return FALSE;
  g_ptr_array_add (self->cli->sources, g_strdup (spec));
  g_ptr_array_add (self->cli->glossary_files, path);
  return claim_stdin (self, path, "a glossary", error);
}

static gboolean
add_ignored (Parse *self, const char *file, GError **error)
{
  g_ptr_array_add (self->cli->ignored, (gpointer)file);
  g_ptr_array_add (self->cli->glossary_files, g_strdup (file));
  return claim_stdin (self, file, "terms to ignore", error);
}

static void
add_glob (Parse *self, const char *pattern, gboolean excludes)
{
  PfGlob glob = { pattern, excludes };

  g_array_append_val (self->cli->globs, glob);
}

static gboolean
parse_choice (const Option *option, const char *value, int *index,
              GError **error)
{
  const char *const *choices = option->choices;
  g_autofree char *all = NULL;

  *index = option->number;
  if (value == NULL)
    return TRUE;
  for (*index = 0; choices[*index] != NULL; ++*index)
    if (choices[*index][0] != '\0' && strcmp (choices[*index], value) == 0)
      return TRUE;
  all = g_strjoinv (", ", (char **)(choices + (choices[0][0] == '\0')));
  return usage (error, "--%s takes one of %s, not '%s'", option->name, all,
                value);
}

static gboolean
parse_count (const Option *option, const char *value, guint *count,
             GError **error)
{
  guint64 n;

  if (!g_ascii_string_to_unsigned (value, 10, 0, JOBS_MAX, &n, NULL))
    return usage (error, "--%s takes a number from 0 to %d, not '%s'",
                  option->name, JOBS_MAX, value);
  *count = (guint)n;
  return TRUE;
}

static gboolean
parse_number (const Option *option, const char *value, guint64 *number,
              GError **error)
{
  guint64 least = option->kind == KIND_POSITIVE ? 1 : 0;

  if (g_ascii_string_to_unsigned (value, 10, least, G_MAXINT64, number, NULL))
    return TRUE;
  return usage (error, "--%s takes a number%s, not '%s'", option->name,
                least > 0 ? " from 1 on" : "", value);
}

static gboolean
parse_size (const Option *option, const char *value, guint64 *size,
            GError **error)
{
  static const char units[] = "KMGT";
  char *end;
  const char *unit;
  guint shift = 0;

  errno = 0;
  *size = g_ascii_strtoull (value, &end, 10);
  if (end != value && *end != '\0' &&
      (unit = strchr (units, g_ascii_toupper (*end))) != NULL) {
    shift = 10 * (guint)(unit - units + 1);
    end++;
  }
  if (errno != 0 || end == value || *end != '\0' ||
      !g_ascii_isdigit (value[0]) || *size == 0 || *size > G_MAXUINT64 >> shift)
    return usage (error, "--%s takes a size such as 64M, not '%s'",
                  option->name, value);
  *size <<= shift;
  return TRUE;
}

static gboolean
apply (Parse *self, const Option *option, const char *value, GError **error)
{
  char *at = (char *)self->cli + option->offset;
  g_autofree char *txt = NULL;

  switch (option->kind) {
  case KIND_NOTHING:
    return TRUE;
  case KIND_SET:
    *(int *)at = option->number;
    return TRUE;
  case KIND_CHOICE:
    return parse_choice (option, value, (int *)at, error);
  case KIND_COUNT:
    return parse_count (option, value, (guint *)at, error);
  case KIND_NUMBER:
  case KIND_POSITIVE:
    return parse_number (option, value, (guint64 *)at, error);
  case KIND_SIZE:
    return parse_size (option, value, (guint64 *)at, error);
  case KIND_STRING:
    *(const char **)at = value;
    return TRUE;
  case KIND_STRINGS:
    g_ptr_array_add (*(GPtrArray **)(gpointer)at, (gpointer)value);
    return TRUE;
  case KIND_GLOB:
    add_glob (self, value, option->number);
    return TRUE;
  case KIND_SOURCE:
    return add_source (self, value, error);
  case KIND_TXT:
    txt = g_strconcat (value, ":txt", NULL);
    return add_source (self, txt, error);
  case KIND_TERM:
    g_ptr_array_add (self->cli->terms, (gpointer)value);
    return TRUE;
  case KIND_LINES:
    self->cli->run.action = PF_RUN_LINES;
    return parse_choice (option, value, (int *)at, error);
  case KIND_IGNORED:
    return add_ignored (self, value, error);
  case KIND_LIST:
    return add_input (self, value, TRUE, error);
  case KIND_GROUP:
    return output_options_group (self->cli, value, error);
  case KIND_STATS:
    self->cli->run.stats = TRUE;
    self->cli->run.stats_file = value;
    return TRUE;
  case KIND_IN_PLACE:
    self->cli->run.in_place = TRUE;
    self->cli->run.backup_suffix = value;
    return TRUE;
  }
  g_assert_not_reached ();
}

/* The table in the two forms that getopt_long reads. The leading "-" gives
 * files as they come, so that files and lists keep their order; the ":" keeps
 * it from printing. */
static char *
short_options (void)
{
  GString *text = g_string_new ("-:");

  for (guint i = 0; i < n_options; i++)
    if (options[i].letter != 0) {
      g_string_append_c (text, options[i].letter);
      if (options[i].value != NULL)
        g_string_append_c (text, ':');
    }
  return g_string_free (text, FALSE);
}

static int
argument_rule (const Option *option)
{
  if (option->value == NULL)
    return no_argument;
  return option->value[0] == '[' ? optional_argument : required_argument;
}

static struct option *
long_options (void)
{
  struct option *table = g_new0 (struct option, n_options + 1), *row = table;

  for (guint i = 0; i < n_options; i++)
    if (options[i].name != NULL)
      *row++ = (struct option){
        .name = options[i].name,
        .has_arg = argument_rule (&options[i]),
        .val = LONG_BASE + (int)i,
      };
  return table;
}

static const Option *
find_option (int found)
{
  for (guint i = 0; i < n_options; i++)
    if (found == LONG_BASE + (int)i ||
        (options[i].letter != 0 && found == options[i].letter))
      return &options[i];
  return NULL;
}

/* What was wrong with the argument before optind. */
static gboolean
refuse (int found, char **argv, GError **error)
{
  const char *word = argv[optind - 1];
  const Option *option = find_option (optopt);

  if (found == ':')
    return usage (error, "option needs a value: %s", word);
  if (option != NULL && strncmp (word, "--", 2) == 0)
    return usage (error, "option takes no value: %s", word);
  if (optopt != 0 && optopt < LONG_BASE)
    return usage (error, "unknown option: -%c (see --help)", optopt);
  return usage (error, "unknown option: %s (see --help)", word);
}

static gboolean
is_free (const Option *option)
{
  return option->group == GROUP_EXECUTION || option->group == GROUP_EXIT ||
         option->group == GROUP_REPORTING || option->group == GROUP_GREP ||
         (option->name != NULL && g_strv_contains (free_options, option->name));
}

static void
keep_words (Cli *self, const Option *option, const char *value)
{
  if (is_free (option))
    return;
  g_string_append_printf (self->words, "%s=%s\n",
                          option->name != NULL ? option->name : "",
                          option->value != NULL && value != NULL ? value : "");
}

static gboolean
parse_arguments (Parse *self, int argc, char **argv, GError **error)
{
  g_autofree char *letters = short_options ();
  g_autofree struct option *names = long_options ();
  int found;

  opterr = 0;
  optind = 1;
  while ((found = getopt_long (argc, argv, letters, names, NULL)) != -1) {
    const Option *option = find_option (found);

    if (found == 1) {
      if (!add_input (self, optarg, FALSE, error))
        return FALSE;
      continue;
    }
    if (found == '?' || found == ':' || option == NULL)
      return refuse (found, argv, error);
    self->given[option - options] = TRUE;
    keep_words (self->cli, option, optarg);
    if (!apply (self, option, optarg, error))
      return FALSE;
  }
  for (; optind < argc; optind++)
    if (!add_input (self, argv[optind], FALSE, error))
      return FALSE;
  return TRUE;
}

static gboolean
is_given (const Parse *self, const char *name)
{
  for (guint i = 0; i < n_options; i++)
    if (self->given[i] && options[i].name != NULL &&
        strcmp (options[i].name, name) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
check_actions (const Parse *self, GError **error)
{
  const Option *first = NULL;

  for (guint i = 0; i < n_options; i++) {
    if (!self->given[i] || options[i].group != GROUP_ACTION)
      continue;
    if (first != NULL)
      return usage (error, "--%s and --%s are two actions; one is possible",
                    first->name, options[i].name);
    first = &options[i];
  }
  return TRUE;
}

/* The first of what REQUIREMENT needs, and others behind it. */
static char *
name_needs (const Requirement *requirement)
{
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (requirement->needs); i++)
    if (requirement->needs[i] != NULL)
      g_string_append_printf (names, "%s--%s", i > 0 ? " or " : "",
                              requirement->needs[i]);
  return g_string_free (names, FALSE);
}

static gboolean
check_requirements (const Parse *self, GError **error)
{
  for (guint i = 0; i < n_requirements; i++) {
    const Requirement *requirement = &requirements[i];
    gboolean met = !is_given (self, requirement->option);
    g_autofree char *names = NULL;

    for (guint k = 0; k < G_N_ELEMENTS (requirement->needs); k++)
      met = met || (requirement->needs[k] != NULL &&
                    is_given (self, requirement->needs[k]));
    if (met)
      continue;
    names = name_needs (requirement);
    return usage (error, "--%s makes no sense without %s", requirement->option,
                  names);
  }
  return TRUE;
}

static const char *const contexts[] = { "after-context", "before-context",
                                        "context" };

/* What asks for raw lines, and what they exclude. */
static gboolean
check_lines (const Parse *self, GError **error)
{
  gboolean has_lines = self->cli->run.action == PF_RUN_LINES;

  for (guint i = 0; !has_lines && i < G_N_ELEMENTS (contexts); i++)
    if (is_given (self, contexts[i]))
      return usage (error, "--%s makes no sense without --lines", contexts[i]);
  if (has_lines && self->cli->run.format != PF_FORMAT_TEXT)
    return usage (error, "--format makes no sense with --lines: they are"
                         " printed as they are");
  return TRUE;
}

/* --context stands for those of the two others that are not given. */
static void
default_context (Parse *self)
{
  PfLineOptions *lines = &self->cli->run.lines;

  for (guint i = 0; i < G_N_ELEMENTS (contexts); i++)
    lines->groups |= is_given (self, contexts[i]);
  if (!is_given (self, "after-context"))
    lines->after = self->cli->context;
  if (!is_given (self, "before-context"))
    lines->before = self->cli->context;
}

static gboolean
check_exclusions (const Parse *self, GError **error)
{
  const PfRunConfig *run = &self->cli->run;

  for (guint i = 0; i < n_exclusions; i++)
    if (is_given (self, exclusions[i].a) && is_given (self, exclusions[i].b))
      return usage (error, "--%s makes no sense with --%s: %s", exclusions[i].a,
                    exclusions[i].b, exclusions[i].why);
  if (run->binary == PF_BINARY_TEXT && run->encoding != NULL)
    return usage (error, "--binary=text makes no sense with --encoding:"
                         " it takes bytes as they are");
  if (run->mode == PF_MODE_FORK_JOIN && is_given (self, "readers"))
    return usage (error, "--readers makes no sense with --mode=fork-join:"
                         " its workers read for themselves");
  if (run->template != NULL && run->markup != PF_MARKUP_UNSET)
    return usage (error, "--template makes no sense with --annotate=HOW:"
                         " it says how");
  if (run->standalone && run->markup > PF_MARKUP_HTML)
    return usage (error, "--standalone makes no sense with --annotate=HOW:"
                         " only HTML has pages");
  return check_requirements (self, error) && check_actions (self, error) &&
         check_lines (self, error);
}

/* Where the names come from when no argument says it. */
static gboolean
default_input (Parse *self, GError **error)
{
  if (self->cli->inputs->len > 0)
    return TRUE;
  if (self->cli->run.recursive)
    return add_input (self, PF_CURRENT_DIRECTORY, FALSE, error);
  if (self->std_user == NULL && isatty (STDIN_FILENO))
    return usage (
        error, "no files: name some, or pipe in a list of names (see --help)");
  return add_input (self, "-", TRUE, error);
}

static gboolean
default_glossary (Parse *self, GError **error)
{
  const char *named = g_getenv ("PFPROC_GLOSSARY");

  if (self->cli->sources->len > 0 || self->cli->terms->len > 0)
    return TRUE;
  if (named != NULL && named[0] != '\0')
    return add_source (self, named, error);
  if (self->cli->run.in_place || self->cli->run.output_dir != NULL)
    return usage (error, "to write files, name a glossary: by -g, -e or"
                         " PFPROC_GLOSSARY");
  self->cli->glossary_is_default = TRUE;
  return add_source (self, "@misspellings", error);
}

/* A phrase that is replaced across a line break would join the lines; found it
 * is, so that nothing within it is. */
static void
settle_action (Parse *self)
{
  if (is_given (self, "annotate"))
    self->cli->run.action = PF_RUN_ANNOTATE;
  self->cli->run.keep_lines = !is_given (self, "space");
}

/* As other programs have it: https://no-color.org, and GNU grep. */
static gboolean
wants_color (const Cli *self)
{
  const char *no_color = g_getenv ("NO_COLOR"), *term = g_getenv ("TERM");

  if (self->color != COLOR_AUTO)
    return self->color == COLOR_ALWAYS;
  return self->run.terminal && (no_color == NULL || no_color[0] == '\0') &&
         term != NULL && strcmp (term, "dumb") != 0;
}

/* Puts what was gathered where the library looks for it. */
static void
finish (Cli *self)
{
  self->run.inputs = (const PfInput *)self->inputs->data;
  self->run.n_inputs = self->inputs->len;
  self->run.globs = (const PfGlob *)self->globs->data;
  self->run.n_globs = self->globs->len;
  self->run.excluded_dirs = (const char *const *)self->excluded_dirs->pdata;
  self->run.n_excluded_dirs = self->excluded_dirs->len;
  self->run.pre_globs = (const char *const *)self->pre_globs->pdata;
  self->run.n_pre_globs = self->pre_globs->len;
  self->run.protected_files = (const char *const *)self->glossary_files->pdata;
  self->run.n_protected_files = self->glossary_files->len;
  self->glossary.sources = (const char *const *)self->sources->pdata;
  self->glossary.n_sources = self->sources->len;
  self->glossary.terms = (const char *const *)self->terms->pdata;
  self->glossary.n_terms = self->terms->len;
  self->glossary.ignored = (const char *const *)self->ignored->pdata;
  self->glossary.n_ignored = self->ignored->len;
  self->glossary.case_rule = self->run.match.case_rule;
  if (self->quiet) {
    self->run.action = PF_RUN_ANSWER;
    self->expect = !self->check;
  }
  self->run.check = self->check;
  self->run.expect = self->expect;
  self->run.retries = self->retries > 0 ? (int)self->retries : PF_RETRIES_NONE;
  self->glossary.retries = self->run.retries;
  self->run.max_count =
      self->max_count > 0 ? (gint64)self->max_count : PF_MAX_COUNT_NONE;
  self->run.terminal = self->run.output == NULL && isatty (STDOUT_FILENO);
  self->run.color = wants_color (self);
  self->run.line_by_line = self->run.terminal;
  self->run.journal_options = self->words->str;
  self->run.match.isa = g_getenv ("PFPROC_ISA");
}

gboolean
cli_parse (Cli *self, int argc, char **argv, GError **error)
{
  g_autofree gboolean *given = g_new0 (gboolean, n_options);
  Parse parse = { .cli = self, .given = given };

  *self = (Cli){ .retries = PF_RETRIES_DEFAULT, .max_count = G_MAXINT64 };
  self->words = g_string_new (NULL);
  self->inputs = g_array_new (FALSE, FALSE, sizeof (PfInput));
  self->globs = g_array_new (FALSE, FALSE, sizeof (PfGlob));
  self->excluded_dirs = g_ptr_array_new ();
  self->pre_globs = g_ptr_array_new ();
  self->sources = g_ptr_array_new_with_free_func (g_free);
  self->terms = g_ptr_array_new ();
  self->ignored = g_ptr_array_new ();
  self->glossary_files = g_ptr_array_new_with_free_func (g_free);
  if (!parse_arguments (&parse, argc, argv, error))
    return FALSE;
  if (self->help || self->version)
    return TRUE;
  self->run.recursive = self->run.recursive || self->run.follow;
  if (!check_exclusions (&parse, error) ||
      !output_options_check (self, error) ||
      !default_glossary (&parse, error) || !default_input (&parse, error))
    return FALSE;
  settle_action (&parse);
  default_context (&parse);
  finish (self);
  return TRUE;
}

void
cli_clear (Cli *self)
{
  g_string_free (self->words, TRUE);
  g_array_unref (self->inputs);
  g_array_unref (self->globs);
  g_ptr_array_unref (self->excluded_dirs);
  g_ptr_array_unref (self->pre_globs);
  g_ptr_array_unref (self->sources);
  g_ptr_array_unref (self->terms);
  g_ptr_array_unref (self->ignored);
  g_ptr_array_unref (self->glossary_files);
}
