#include "take_option.h"

#include <string.h>

#include "report.h"

/* Takes --NAME VALUE and --NAME=VALUE. */
static gboolean
take_value (const char *name, const char **value, char **argv, int *i)
{
  const char *option = argv[*i];
  gsize len = strlen (name);

  if (strncmp (option, name, len) != 0)
    return FALSE;
  if (option[len] == '=')
    *value = option + len + 1;
  else if (option[len] != '\0' || argv[*i + 1] == NULL)
    return FALSE;
  else
    *value = argv[++*i];
  return TRUE;
}

gboolean
take_option (PfGlossaryOptions *options, char **argv, int *i)
{
  if (strcmp (argv[*i], "--lenient") == 0)
    return options->lenient = TRUE;
  if (strcmp (argv[*i], "--allow-empty") == 0)
    return options->allow_empty = TRUE;
  return take_value ("--tbx-langs", &options->tbx_langs, argv, i) ||
         take_value ("--tbx-forbidden", &options->tbx_forbidden, argv, i);
}

gboolean
is_option (const char *text)
{
  return text[0] == '-' && strchr (":,", text[1]) == NULL;
}

int
take_options (PfGlossaryOptions *options, int argc, char **argv)
{
  gboolean options_over = FALSE;
  int n = 0;

  for (int i = 1; i < argc; i++)
    if (options_over || !is_option (argv[i])) {
      argv[++n] = argv[i];
    } else if (strcmp (argv[i], "--") == 0) {
      options_over = TRUE;
    } else if (!take_option (options, argv, &i)) {
      report ("unknown option %s", argv[i]);
      return -1;
    }
  return n;
}
