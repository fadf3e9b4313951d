#include "build.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "faults.h"
#include "report.h"

#define ENDING ".pfg"

typedef struct {
  PfGlossaryOptions glossary;
  char *output; /* owned */
} Job;

/* PATH with its ending replaced. */
static char *
default_output (const char *path)
{
  const char *slash = strrchr (path, '/'), *dot = strrchr (path, '.');
  const char *name = slash != NULL ? slash + 1 : path;

  if (dot == NULL || dot <= name)
    return g_strconcat (path, ENDING, NULL);
  return g_strdup_printf ("%.*s" ENDING, (int)(dot - path), path);
}

static gboolean
is_file_name (const char *path)
{
  return strcmp (path, "-") != 0 && path[0] != '@';
}

static gboolean
is_same_file (const char *a, const char *b)
{
  struct stat x, y;

  return stat (a, &x) == 0 && stat (b, &y) == 0 && x.st_dev == y.st_dev &&
         x.st_ino == y.st_ino;
}

static int
refuse (const char *path, const char *why)
{
  report ("%s: %s", path, why);
  return PF_STATUS_USAGE;
}

/* Looks at one source before anything is read or written. */
static int
check_source (Job *job, const char *spec, guint *n_stdin)
{
  GError *error = NULL;
  g_autofree char *path = pf_glossary_source_path (spec, &error);

  if (path == NULL)
    return report_error (error);
  if (strcmp (path, "-") == 0 && ++*n_stdin > 1)
    return refuse (spec, "standard input can be read once only");
  if (job->output == NULL) {
    if (!is_file_name (path))
      return refuse (path, "name the image with -o");
    job->output = default_output (path);
  }
  /* Also where neither is there yet. */
  if (strcmp (path, job->output) == 0 || is_same_file (path, job->output))
    return refuse (job->output, "the image would replace a source");
  return PF_STATUS_OK;
}

static int
check_sources (Job *job)
{
  int status = PF_STATUS_OK;
  guint n_stdin = 0;

  for (gsize i = 0; i < job->glossary.n_sources && status == PF_STATUS_OK; i++)
    status = check_source (job, job->glossary.sources[i], &n_stdin);
  return status;
}

/* The file is opened first: a place that cannot be written to is told before
 * much is read. */
static gboolean
make (const Job *job, GError **error)
{
  g_autoptr (PfImageFile) file = pf_image_file_open (job->output, error);
  g_autoptr (PfGlossary) glossary = NULL;
  gboolean done;

  if (file == NULL)
    return FALSE;
  faults_guard (file);
  glossary = pf_glossary_load (&job->glossary, error);
  done = glossary != NULL && pf_image_file_write (file, glossary, error);
  faults_guard (NULL);
  return done;
}

static gboolean
parse (Job *job, int argc, char **argv)
{
  static const struct option options[] = {
    { "output", required_argument, NULL, 'o' },
    { "lenient", no_argument, NULL, 'l' },
    { "allow-empty", no_argument, NULL, 'e' },
    { 0 },
  };
  int option;

  /* The name in getopt's messages. */
  argv[0] = (char *)"pfglossary";
  while ((option = getopt_long (argc, argv, "o:", options, NULL)) != -1)
    switch (option) {
    case 'o':
      g_free (job->output);
      job->output = g_strdup (optarg);
      break;
    case 'l':
      job->glossary.lenient = TRUE;
      break;
    case 'e':
      job->glossary.allow_empty = TRUE;
      break;
    default:
      return FALSE;
    }
  job->glossary.sources = (const char *const *)argv + optind;
  job->glossary.n_sources = (gsize)(argc - optind);
  return optind < argc;
}

static int
run (Job *job)
{
  GError *error = NULL;
  int status = check_sources (job);

  if (status != PF_STATUS_OK)
    return status;
  return make (job, &error) ? PF_STATUS_OK : report_error (error);
}

int
build (int argc, char **argv)
{
  Job job = { .glossary.skipped = report_skipped };
  int status = parse (&job, argc, argv) ? run (&job) : -1;

  g_free (job.output);
  return status;
}
