#include "convert.h"

#include <string.h>

#include "faults.h"
#include "report.h"
#include "sources.h"
#include "take_option.h"

typedef struct {
  PfGlossaryOptions glossary;
  const char *output; /* NULL: standard output */
  const char *to;     /* NULL: by the ending of OUTPUT */
} Job;

static int
check_sources (const Job *job)
{
  int status = PF_STATUS_OK;
  guint n_stdin = 0;

  for (gsize i = 0; i < job->glossary.n_sources && status == PF_STATUS_OK; i++)
    g_free (check_source (job->glossary.sources[i], job->output, &n_stdin,
                          &status));
  return status;
}

static void
report_left_out (guint64 entries, const char *first,
                 gpointer user G_GNUC_UNUSED)
{
  report ("%" G_GUINT64_FORMAT " entr%s left out; first: %s", entries,
          entries == 1 ? "y" : "ies", first);
}

static gboolean
write_glossary (const Job *job, const char *format, PfImageFile *file,
                const PfGlossary *glossary, GError **error)
{
  PfTextOptions options = { .format = format,
                            .lenient = job->glossary.lenient,
                            .skipped = report_left_out };

  return strcmp (format, "pfg") == 0
             ? pf_image_file_write (file, glossary, NULL, error)
             : pf_image_file_write_text (file, glossary, &options, error);
}

/* The file is opened first: a place that cannot be written to is told before
 * much is read. */
static gboolean
make (const Job *job, const char *format, GError **error)
{
  g_autoptr (PfImageFile) file = NULL;
  g_autoptr (PfGlossary) glossary = NULL;
  gboolean done;

  if (job->output != NULL) {
    file = pf_image_file_open (job->output, error);
    if (file == NULL)
      return FALSE;
  }
  faults_guard (file);
  glossary = pf_glossary_load (&job->glossary, error);
  done =
      glossary != NULL && write_glossary (job, format, file, glossary, error);
  faults_guard (NULL);
  return done;
}

static gboolean
take_convert_option (gpointer user, char **argv, int *i)
{
  Job *job = user;

  return take_option (&job->glossary, argv, i) ||
         take_value ("-o", "--output", &job->output, argv, i) ||
         take_value (NULL, "--to", &job->to, argv, i);
}

static int
run (Job *job)
{
  GError *error = NULL;
  const char *format;
  int status;

  /* As everywhere, - is standard output. */
  if (job->output != NULL && strcmp (job->output, "-") == 0)
    job->output = NULL;
  format = pf_glossary_output_format (job->to, job->output, &error);
  if (format == NULL)
    return report_error (error);
  if (job->output == NULL && strcmp (format, "pfg") == 0) {
    report ("name the image with -o");
    return PF_STATUS_USAGE;
  }
  status = check_sources (job);
  if (status != PF_STATUS_OK)
    return status;
  return make (job, format, &error) ? PF_STATUS_OK : report_error (error);
}

int
convert (int argc, char **argv)
{
  Job job = { .glossary = { .sources = (const char *const *)argv + 1,
                            .skipped = report_skipped } };
  int n = take_arguments (take_convert_option, &job, argc, argv);

  if (n <= 0)
    return -1;
  job.glossary.n_sources = (gsize)n;
  return run (&job);
}
