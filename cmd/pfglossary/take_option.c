#include "take_option.h"

#include <string.h>

#include "report.h"

gboolean
take_value (const char *short_name, const char *long_name, const char **value,
            char **argv, int *i)
{
  const char *option = argv[*i];
  gsize len = strlen (long_name);

  if (strcmp (option, long_name) == 0 ||
      (short_name != NULL && strcmp (option, short_name) == 0))
    *value = argv[*i + 1] != NULL ? argv[++*i] : NULL;
  else if (strncmp (option, long_name, len) == 0 && option[len] == '=')
    *value = option + len + 1;
  else if (short_name != NULL && g_str_has_prefix (option, short_name))
    *value = option + strlen (short_name);
  else
    return FALSE;
  return *value != NULL;
}

gboolean
take_option (PfGlossaryOptions *options, char **argv, int *i)
{
  if (strcmp (argv[*i], "--lenient") == 0)
    return options->lenient = TRUE;
  if (strcmp (argv[*i], "--allow-empty") == 0)
    return options->allow_empty = TRUE;
  return take_value (NULL, "--tbx-langs", &options->tbx_langs, argv, i) ||
         take_value (NULL, "--tbx-forbidden", &options->tbx_forbidden, argv, i);
}

/* "-", "-:tsv" and "-,case=ignore" are standard input, and no options. */
static gboolean
is_option (const char *text)
{
  return text[0] == '-' && strchr (":,", text[1]) == NULL;
}

/* Whether OPTION would be known with something behind it. */
static gboolean
lacks_value (TakeOption take, gpointer user, char *option)
{
  char value[] = "";
  char *argv[] = { option, value, NULL };
  int i = 0;

  return take (user, argv, &i) && i == 1;
}

int
take_arguments (TakeOption take, gpointer user, int argc, char **argv)
{
  gboolean options_over = FALSE;
  int n = 0;

  for (int i = 1; i < argc; i++) {
    const char *option = argv[i];

    if (options_over || !is_option (option)) {
      argv[++n] = argv[i];
    } else if (strcmp (option, "--") == 0) {
      options_over = TRUE;
    } else if (!take (user, argv, &i)) {
      if (argv[i + 1] == NULL && lacks_value (take, user, argv[i]))
        report ("option needs a value: %s", option);
      else
        report ("unknown option %s", option);
      return -1;
    }
  }
  return n;
}

static gboolean
take_source_option (gpointer user, char **argv, int *i)
{
  return take_option (user, argv, i);
}

int
take_options (PfGlossaryOptions *options, int argc, char **argv)
{
  return take_arguments (take_source_option, options, argc, argv);
}
