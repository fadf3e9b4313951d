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
  const char **sources; /* owned; the strings are not */
  char *output;         /* owned; NULL: none was named */
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
  job->output = default_output (path);
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
set_output (Job *job, const char *path)
{
  g_free (job->output);
  job->output = g_strdup (path);
  return path != NULL;
}

/* An option at ARGV[*I], with its value where that stands apart. */
static gboolean
take_build_option (Job *job, char **argv, int *i)
{
  const char *option = argv[*i];

  if (take_option (&job->glossary, argv, i))
    return TRUE;
  if (strcmp (option, "--anywhere") == 0)
    return job->image.anywhere = TRUE;
  if (strcmp (option, "-o") == 0 || strcmp (option, "--output") == 0)
    return set_output (job, argv[++*i]);
  if (g_str_has_prefix (option, "--output="))
    return set_output (job, option + strlen ("--output="));
  if (g_str_has_prefix (option, "-o"))
    return set_output (job, option + strlen ("-o"));
  report ("unknown option %s", option);
  return FALSE;
}

static gboolean
parse (Job *job, int argc, char **argv)
{
  gboolean options_over = FALSE;
  gsize n = 0;

  for (int i = 1; i < argc; i++)
    if (options_over || !is_option (argv[i]))
      job->sources[n++] = argv[i];
    else if (strcmp (argv[i], "--") == 0)
      options_over = TRUE;
    else if (!take_build_option (job, argv, &i))
      return FALSE;
  job->glossary.sources = job->sources;
  job->glossary.n_sources = n;
  return n > 0;
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
  Job job = { .glossary.skipped = report_skipped,
              .sources = g_new (const char *, (gsize)argc) };
  int status = parse (&job, argc, argv) ? run (&job) : -1;

  g_free (job.sources);
  g_free (job.output);
  return status;
}
