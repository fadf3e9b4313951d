/* pfglossary: look into glossaries.
 *
 *   info FILE   what is in it, in numbers
 *   dump FILE   its entries, as tsv
 *   check FILE  read all of it and name the first malformed line
 */
#include <stdio.h>
#include <string.h>

#include "pfproc.h"

typedef int (*Command) (const PfGlossary *glossary, const char *name);

static int
fail (const GError *error)
{
  g_autofree char *shown = pf_display_text (error->message, FALSE);

  fprintf (stderr, "pfglossary: %s\n", shown);
  return error->code;
}

static int
finish_output (void)
{
  if (!ferror (stdout) && fflush (stdout) == 0)
    return PF_STATUS_OK;
  fprintf (stderr, "pfglossary: standard output: write failed\n");
  return PF_STATUS_IO;
}

static int
info (const PfGlossary *glossary, const char *name)
{
  gsize n = pf_glossary_n_entries (glossary), values = 0, labels = 0;
  gsize bytes = 0;

  for (gsize i = 0; i < n; i++) {
    PfEntry entry = pf_glossary_entry (glossary, i);

    values += entry.value.len > 0;
    labels += entry.label.len > 0;
    bytes += entry.term.len;
  }
  printf ("%s\n  entries     %" G_GSIZE_FORMAT
          "\n  with value  %" G_GSIZE_FORMAT "\n  with label  %" G_GSIZE_FORMAT
          "\n  term bytes  %" G_GSIZE_FORMAT "\n",
          name, n, values, labels, bytes);
  return finish_output ();
}

static int
dump (const PfGlossary *glossary, const char *name G_GNUC_UNUSED)
{
  for (gsize i = 0; i < pf_glossary_n_entries (glossary); i++) {
    gsize len;
    g_autofree char *line = pf_glossary_entry_to_tsv (glossary, i, &len);

    fwrite (line, 1, len, stdout);
  }
  return finish_output ();
}

/* Having been read is having been checked. */
static int
check (const PfGlossary *glossary G_GNUC_UNUSED, const char *name G_GNUC_UNUSED)
{
  return PF_STATUS_OK;
}

static int
run (Command command, const char *name)
{
  PfGlossaryOptions options = { .sources = &name, .n_sources = 1 };
  g_autoptr (GError) error = NULL;
  g_autoptr (PfGlossary) glossary = pf_glossary_load (&options, &error);

  return glossary != NULL ? command (glossary, name) : fail (error);
}

static Command
find_command (const char *name)
{
  static const struct {
    const char *name;
    Command command;
  } commands[] = { { "info", info }, { "dump", dump }, { "check", check } };

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (strcmp (commands[i].name, name) == 0)
      return commands[i].command;
  return NULL;
}

static const char usage[] =
    "Usage: pfglossary info|dump|check FILE[:FORMAT][,KEY=VALUE]...\n"
    "Look into a glossary: numbers, entries as tsv, or what is wrong with"
    " it.\n";

int
main (int argc, char **argv)
{
  Command command = argc == 3 ? find_command (argv[1]) : NULL;

  if (command != NULL)
    return run (command, argv[2]);
  if (argc == 2 && strcmp (argv[1], "--version") == 0) {
    printf ("pfglossary %s (Unicode %s)\n", PACKAGE_VERSION,
            pf_unicode_version ());
    return finish_output ();
  }
  if (argc == 2 && strcmp (argv[1], "--help") == 0) {
    fputs (usage, stdout);
    return finish_output ();
  }
  fputs (usage, stderr);
  return PF_STATUS_USAGE;
}
