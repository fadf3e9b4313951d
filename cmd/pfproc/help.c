/* What --help prints, from the table of options. */
#include "cli.h"
#include "options.h"

/* "=FILE", "[=FILE]", or " LIST" where there is only a letter. */
static void
append_value (GString *text, const Option *option)
{
  if (option->value[0] == '[')
    g_string_append_printf (text, "[=%s", option->value + 1);
  else
    g_string_append_printf (text, "%c%s", option->name != NULL ? '=' : ' ',
                            option->value);
}

static void
append_option (GString *text, const Option *option)
{
  GString *left = g_string_new ("  ");

  if (option->letter != 0)
    g_string_append_printf (left, "-%c", option->letter);
  else
    g_string_append (left, "  ");
  if (option->name != NULL)
    g_string_append_printf (left, "%s --%s", option->letter != 0 ? "," : " ",
                            option->name);
  if (option->value != NULL)
    append_value (left, option);
  g_string_append_printf (text, "%-32s %s\n", left->str, option->help);
  g_string_free (left, TRUE);
}

char *
cli_help (void)
{
  GString *text = g_string_new (
      "Usage: pfproc [OPTION]... [FILE]...\n"
      "Find, count, mark or replace the terms of a glossary in files.\n"
      "Without FILE, names are read from standard input; - is a document"
      " there.\n");

  for (guint group = 0; group < N_GROUPS; group++) {
    g_string_append_printf (text, "\n%s:\n", option_group_names[group]);
    for (guint i = 0; i < n_options; i++)
      if (options[i].group == group)
        append_option (text, &options[i]);
  }
  g_string_append (text, "\nExit status: 0 done; 1 --check or --expect does not"
                         " hold; 64 usage; 65 bad\nglossary or list; 66 no such"
                         " file; 71 no threads; 73 cannot create output;\n"
                         "74 reading or writing failed; 75 out of descriptors"
                         " or memory; 77 permission\ndenied. The first error in"
                         " input order counts.\n");
  return g_string_free (text, FALSE);
}
