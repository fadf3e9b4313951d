/* pfglossary: make and look into glossaries.
 *
 *   build [-o OUT.pfg] FILE...   an image of all FILEs   build.c
 *   convert [-o OUT] [--to=FORMAT] FILE...   one source of them   convert.c
 *   info FILE    what is in it, in numbers               look.c
 *   dump FILE    its entries, as tsv
 *   check FILE...  what is odd in a source, by line; an image is verified
 *                                                        check.c
 *
 *   sources.c    what is looked at before anything is read
 *   report.c     messages; faults.c   signals and truncated images
 *   take_option.c  options that several commands take
 */
#include <stdio.h>
#include <string.h>

#include "build.h"
#include "check.h"
#include "convert.h"
#include "faults.h"
#include "look.h"
#include "report.h"
#include "take_option.h"

typedef int (*Look) (const PfGlossary *glossary, const char *name);

/* ARGV[0] is the name of the command. */
static int
look (Look command, int argc, char **argv)
{
  PfGlossaryOptions options = { .sources = (const char *const *)argv + 1,
                                .n_sources = 1,
                                .skipped = report_skipped };
  g_autoptr (PfGlossary) glossary = NULL;
  GError *error = NULL;

  if (take_options (&options, argc, argv) != 1)
    return -1;
  glossary = pf_glossary_load (&options, &error);
  return glossary != NULL ? command (glossary, argv[1]) : report_error (error);
}

static Look
find_look (const char *name)
{
  static const struct {
    const char *name;
    Look command;
  } commands[] = { { "info", look_info }, { "dump", look_dump } };

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (strcmp (commands[i].name, name) == 0)
      return commands[i].command;
  return NULL;
}

static const char usage[] =
    "Usage: pfglossary build [-o OUT.pfg] [--anywhere] [--lenient] "
    "[--allow-empty]\n"
    "                        FILE...\n"
    "       pfglossary convert [-o OUT] [--to=FORMAT] [--lenient] "
    "[--allow-empty]\n"
    "                        FILE...\n"
    "       pfglossary info|dump [OPTION]... FILE\n"
    "       pfglossary check [OPTION]... FILE...\n"
    "Compile glossaries into an image, which opens at once, convert them to "
    "txt,\n"
    "tsv, csv, jsonl, codespell, tbx or pfg, or look into one: numbers, "
    "entries "
    "as\n"
    "tsv, or what is odd in it, line by line.\n"
    "Each FILE is FILE[:FORMAT][,KEY=VALUE]...; without -o, the image is "
    "named\n"
    "after the first of them. --anywhere adds an index for --boundary=none,\n"
    "prefix and subword, which pfproc otherwise makes at its start. All take\n"
    "--lenient, --allow-empty, --tbx-langs=LANG,LANG and "
    "--tbx-forbidden=LANG,\n"
    "as pfproc does.\n";

/* -1: the arguments make no sense. */
static int
run (int argc, char **argv)
{
  Look command = argc > 1 ? find_look (argv[1]) : NULL;

  if (command != NULL)
    return look (command, argc - 1, argv + 1);
  if (argc > 1 && strcmp (argv[1], "check") == 0)
    return check (argc - 1, argv + 1);
  if (argc > 1 && strcmp (argv[1], "build") == 0)
    return build (argc - 1, argv + 1);
  if (argc > 1 && strcmp (argv[1], "convert") == 0)
    return convert (argc - 1, argv + 1);
  if (argc == 2 && strcmp (argv[1], "--version") == 0) {
    printf ("pfglossary %s (Unicode %s)\n", PACKAGE_VERSION,
            pf_unicode_version ());
    return finish_output ();
  }
  if (argc == 2 && strcmp (argv[1], "--help") == 0) {
    fputs (usage, stdout);
    return finish_output ();
  }
  return -1;
}

int
main (int argc, char **argv)
{
  int status;

  faults_watch ();
  status = run (argc, argv);
  if (status >= 0)
    return status;
  fputs (usage, stderr);
  return PF_STATUS_USAGE;
}
