#include "stats.h"

#include <stdio.h>

#include "diag.h"

static int
write_file (const Cli *cli, PfRun *run, int status, gboolean failed)
{
  g_autoptr (GError) error = NULL;

  if (pf_run_write_stats (run, &cli->run, status, &error))
    return status;
  /* Without a run, it was this file that could not be opened, or what was
   * wrong came before. */
  if (run != NULL || !failed)
    diag ("%s", error->message);
  return failed ? status : error->code;
}

static int
print (const char *text, int status, gboolean failed)
{
  gboolean printed = fputs (text, stderr) >= 0 && fflush (stderr) == 0;

  /* There is nowhere to say so. */
  return printed || failed ? status : PF_STATUS_IO;
}

int
stats_tell (const Cli *cli, PfRun *run, int status, gboolean failed)
{
  g_autofree char *text = NULL;

  if (!cli->run.stats || status == PF_STATUS_USAGE)
    return status;
  if (cli->run.stats_file != NULL)
    return write_file (cli, run, status, failed);
  text = pf_run_stats (run, &cli->run, status);
  return print (text, status, failed);
}
