#include "build.h"

#include <string.h>

#include "faults.h"
#include "report.h"
#include "sources.h"
#include "take_option.h"

#define ENDING ".pfg"

typedef struct {
  PfGlossaryOptions glossary;
  PfImageOptions image;
  const char *output;   /* NULL: that of the first source */
  char *default_output; /* owned; then it is this */
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

/* Looks at one source before anything is read or written. */
static int
look_at_source (Job *job, const char *spec, guint *n_stdin)
{
  int status = PF_STATUS_OK;
  g_autofree char *path = check_source (spec, job->output, n_stdin, &status);

  if (path == NULL || job->output != NULL)
    return status;
  if (!is_file_name (path)) {
    report ("%s: name the image with -o", path);
    return PF_STATUS_USAGE;
  }
  job->output = job->default_output = default_output (path);
  g_free (check_source (spec, job->output, &(guint){ 0 }, &status));
  return status;
}

static int
check_sources (Job *job)
{
  int status = PF_STATUS_OK;
  guint n_stdin = 0;

  for (gsize i = 0; i < job->glossary.n_sources && status == PF_STATUS_OK; i++)
    status = look_at_source (job, job->glossary.sources[i], &n_stdin);
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
  done = glossary != NULL &&
         pf_image_file_write (file, glossary, &job->image, error);
  faults_guard (NULL);
  return done;
}

static gboolean
take_build_option (gpointer user, char **argv, int *i)
{
  Job *job = user;

  if (strcmp (argv[*i], "--anywhere") == 0)
    return job->image.anywhere = TRUE;
  return take_option (&job->glossary, argv, i) ||
         take_value ("-o", "--output", &job->output, argv, i);
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
  Job job = { .glossary = { .sources = (const char *const *)argv + 1,
                            .skipped = report_skipped } };
  int n = take_arguments (take_build_option, &job, argc, argv), status;

  if (n <= 0)
    return -1;
  job.glossary.n_sources = (gsize)n;
  status = run (&job);
  g_free (job.default_output);
  return status;
}
