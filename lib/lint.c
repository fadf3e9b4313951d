/* The public face of lint: from what the user named to findings. */
#include "glossary/lint.h"

#include <string.h>

#include "engine_private.h"
#include "glossary/source.h"
#include "glossary/tbx.h"

typedef struct {
  const PfGlossaryOptions *options;
  void (*found) (const PfFinding *finding, gpointer user);
  gpointer user;
  guint64 n_errors;
} Lint;

static void
on_finding (guint64 line, PfLintKind kind, const char *text, gpointer user)
{
  Lint *self = user;
  PfFinding finding = { .line = line, .text = text };

  finding.kind = kind == PF_LINT_ERROR     ? PF_FINDING_ERROR
                 : kind == PF_LINT_WARNING ? PF_FINDING_WARNING
                                           : PF_FINDING_NOTE;
  self->n_errors += kind == PF_LINT_ERROR;
  self->found (&finding, self->user);
}

/* What is wrong with a line in such a way that nothing behind it was read. */
static gboolean
take_fatal (Lint *self, PfError *error)
{
  char *rest;
  guint64 line = g_ascii_strtoull (error->message, &rest, 10);

  if (error->status != PF_STATUS_DATA || line == 0 ||
      !g_str_has_prefix (rest, ": "))
    return FALSE;
  on_finding (line, PF_LINT_ERROR, rest + strlen (": "), self);
  pf_error_clear (error);
  return TRUE;
}

/* In one piece, since lines are counted, and with all that is malformed
 * skipped, since all of it is told. */
static gboolean
read_source (Lint *self, const PfSource *source, PfError *error)
{
  g_autoptr (PfGlossaryBuilder) builder = pf_glossary_builder_new ();
  g_autoptr (PfLint) lint =
      pf_lint_new (self->options->lenient ? PF_LINT_WARNING : PF_LINT_ERROR);
  g_autoptr (PfRetry) retry =
      pf_retry_new (pf_retries_of (self->options->retries), NULL);
  PfReadOptions how = {
    .lenient = TRUE, .allow_empty = TRUE, .retry = retry, .jobs = 1
  };
  PfBatch *batch = pf_glossary_builder_batch (builder);
  gboolean done;

  pf_batch_set_watch (batch, pf_lint_watch (lint));
  done = pf_source_read (source, builder, &how, NULL, error);
  pf_lint_finish (lint, batch, on_finding, self);
  if (!done)
    return take_fatal (self, error);
  return pf_batch_size (batch) > 0 || self->options->allow_empty ||
         self->n_errors > 0 ||
         pf_error_set (error, PF_STATUS_DATA, "glossary has no entries");
}

static gboolean
verify_image (Lint *self, const char *name, GError **error)
{
  PfGlossaryOptions options = *self->options;
  g_autoptr (PfGlossary) image = NULL;

  options.sources = &name;
  options.n_sources = 1;
  options.n_terms = 0;
  options.tbx_langs = options.tbx_forbidden = NULL;
  image = pf_glossary_load (&options, error);
  if (image == NULL)
    return FALSE;
  if (pf_glossary_verify (image, error))
    return TRUE;
  g_prefix_error (error, "%s: ", name);
  return FALSE;
}

static gboolean
parse (const Lint *self, PfSource *source, const char *name, PfError *error)
{
  return pf_source_parse (source, name, error) &&
         pf_tbx_set_defaults (source, self->options->tbx_langs,
                              self->options->tbx_forbidden, error);
}

gboolean
pf_glossary_lint (const char *name, const PfGlossaryOptions *options,
                  void (*found) (const PfFinding *finding, gpointer user),
                  gpointer user, GError **error)
{
  Lint self = { options, found, user, 0 };
  g_auto (PfError) failure = { 0 };
  gboolean done;
  PfSource source;

  done = parse (&self, &source, name, &failure);
  if (done && source.is_image) {
    pf_source_clear (&source);
    return verify_image (&self, name, error);
  }
  if (!done)
    pf_error_prefix (&failure, name);
  else if (!(done = read_source (&self, &source, &failure)))
    pf_error_prefix (&failure, strcmp (source.path, "-") == 0
                                   ? "(standard input)"
                                   : source.path);
  pf_source_clear (&source);
  if (!done)
    pf_error_propagate (error, &failure);
  return done;
}
