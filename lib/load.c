/* The public face of glossaries: from what the user named to a glossary.
 *
 *   -g a.tsv ──▶ read ──▶ builder ─┐
 *   -g b.txt ──▶ read ──▶ builder ─┼─▶ one builder ──▶ glossary
 *   -e term ───────────────────────┘    ▲
 *   --ignore-terms c.txt ──▶ what is left out
 *
 * Sources are read side by side, and everything else is done in their order, so
 * that the glossary, what is reported and the error are those of one after the
 * other.
 */
#include <string.h>

#include "base/join.h"
#include "base/memory.h"
#include "base/processors.h"
#include "base/stage_clock.h"
#include "engine_private.h"
#include "glossary/builtin.h"
#include "glossary/format.h"
#include "glossary/ignored.h"
#include "glossary/image.h"
#include "glossary/source.h"
#include "glossary/tbx.h"

static void
report_skipped (const PfGlossaryOptions *options, const char *name,
                PfReadReport *report)
{
  if (report->skipped > 0 && options->skipped != NULL)
    options->skipped (name, report->skipped, report->first.message,
                      options->user);
  pf_read_report_clear (report);
}

/* Puts the name of the source before a message, which may begin with a line
 * number. */
static void
name_source (PfError *error, const char *name)
{
  gboolean has_line = g_ascii_isdigit (error->message[0]);
  char *longer =
      g_strconcat (name, has_line ? ":" : ": ", error->message, NULL);

  g_free (error->message);
  error->message = longer;
}

static const char *
shown_name (const PfSource *source)
{
  return strcmp (source->path, "-") == 0 ? "(standard input)" : source->path;
}

/* A source on its way; while it is read, its thread's. */
typedef struct {
  PfSource source;
  const PfReadOptions *how;
  PfGlossaryBuilder *builder;
  PfReadReport report;
} Load;

typedef struct {
  const PfGlossaryOptions *options;
  PfRetry *retry; /* all threads' */
  PfReadOptions how;
  Load *loads;
  PfJoinTask *tasks;
  gsize n;          /* sources that could be parsed, from the first on */
  PfError misnamed; /* the one behind them, where there is one */
} Loading;

static gpointer
read_load (gpointer data, PfError *error)
{
  Load *self = data;

  if (!pf_source_read (&self->source, self->builder, self->how, &self->report,
                       error))
    name_source (error, shown_name (&self->source));
  return NULL;
}

static gboolean
parse_source (const PfGlossaryOptions *options, gsize i, PfSource *source,
              PfError *error)
{
  if (pf_source_parse (source, options->sources[i], error) &&
      pf_tbx_set_defaults (source, options->tbx_langs, options->tbx_forbidden,
                           error))
    return TRUE;
  name_source (error, options->sources[i]);
  return FALSE;
}

static void
prepare_loads (Loading *self)
{
  const PfGlossaryOptions *options = self->options;

  self->loads = g_new0 (Load, options->n_sources);
  self->tasks = g_new0 (PfJoinTask, options->n_sources);
  for (gsize i = 0; i < options->n_sources; i++) {
    Load *load = &self->loads[i];

    if (!parse_source (options, i, &load->source, &self->misnamed)) {
      pf_source_clear (&load->source);
      return;
    }
    load->how = &self->how;
    load->builder = pf_glossary_builder_new ();
    self->tasks[self->n++] =
        (PfJoinTask){ .func = read_load, .data = load, .name = "pf-glossary" };
  }
}

static void
clear_loads (Loading *self)
{
  for (gsize i = 0; i < self->n; i++) {
    pf_source_clear (&self->loads[i].source);
    pf_glossary_builder_free (self->loads[i].builder);
    pf_read_report_clear (&self->loads[i].report);
  }
  g_free (self->loads);
  g_free (self->tasks);
  pf_error_clear (&self->misnamed);
}

/* Where not, each is read when those before it are there, so that the first
 * that is too large is told of. */
static gboolean
fit_together (const Loading *self)
{
  guint64 size = 0;

  for (gsize i = 0; i < self->n; i++)
    size += pf_source_size (&self->loads[i].source);
  return size <= self->how.memory;
}

static gboolean
read_in_turn (Loading *self, PfError *error)
{
  gboolean done = TRUE;

  self->how.memory = 0;
  for (gsize i = 0; done && i < self->n; i++)
    done = pf_join_all (&self->tasks[i], 1, error);
  return done;
}

/* As far as they would have been read one after the other. */
static void
report_loads (Loading *self)
{
  for (gsize i = 0; i < self->n; i++) {
    report_skipped (self->options, self->loads[i].source.path,
                    &self->loads[i].report);
    if (self->tasks[i].failed)
      return;
  }
}

static gboolean
read_loads (Loading *self, PfError *error)
{
  gboolean done;

  self->how = (PfReadOptions){ .lenient = self->options->lenient,
                               .allow_empty = self->options->allow_empty,
                               .retry = self->retry };
  if (self->n > 0) {
    self->how.jobs = pf_usable_processors ();
    self->how.memory = pf_available_memory ();
  }
  done = fit_together (self) ? pf_join_all (self->tasks, self->n, error)
                             : read_in_turn (self, error);
  report_loads (self);
  if (done && pf_error_is_set (&self->misnamed)) {
    pf_error_move (error, &self->misnamed);
    return FALSE;
  }
  return done;
}

/* (transfer full): one builder with all sources, in their order; or NULL. */
static PfGlossaryBuilder *
join_loads (Loading *self, PfError *error)
{
  g_autoptr (PfGlossaryBuilder) all = NULL;

  if (self->n == 0)
    return pf_glossary_builder_new ();
  all = g_steal_pointer (&self->loads[0].builder);
  for (gsize i = 1; i < self->n; i++)
    if (!pf_glossary_builder_append (all, self->loads[i].builder, error))
      return NULL;
  return g_steal_pointer (&all);
}

static PfGlossaryBuilder *
load_sources (const PfGlossaryOptions *options, PfRetry *retry, PfError *error)
{
  Loading loading = { .options = options, .retry = retry };
  PfGlossaryBuilder *all = NULL;

  prepare_loads (&loading);
  if (read_loads (&loading, error))
    all = join_loads (&loading, error);
  clear_loads (&loading);
  return all;
}

static gboolean
load_terms (PfGlossaryBuilder *builder, const PfGlossaryOptions *options,
            PfError *error)
{
  PfSourceRules rules = { 0 };

  pf_glossary_builder_begin (builder, "-e", &rules);
  for (gsize i = 0; i < options->n_terms; i++) {
    PfEntry entry = { .term = pf_span_str (options->terms[i]) };

    if (!pf_glossary_builder_add (builder, &entry, error)) {
      error->status = PF_STATUS_USAGE;
      pf_error_prefix (error, "-e");
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
read_ignored (PfIgnored *ignored, const char *path,
              const PfGlossaryOptions *options, PfRetry *retry, PfError *error)
{
  g_autoptr (PfGlossaryBuilder) terms = pf_glossary_builder_new ();
  PfSource source = { .path = g_strdup (path), .format = &pf_format_txt };
  PfReadOptions how = { .lenient = options->lenient,
                        .allow_empty = TRUE,
                        .retry = retry };
  PfReadReport report = { 0 };
  gboolean done = pf_source_read (&source, terms, &how, &report, error);

  report_skipped (options, path, &report);
  if (done)
    pf_ignored_add (ignored, terms);
  else
    name_source (error, shown_name (&source));
  pf_source_clear (&source);
  return done;
}

static gboolean
drop_ignored (PfGlossaryBuilder *builder, const PfGlossaryOptions *options,
              PfRetry *retry, PfError *error)
{
  g_autoptr (PfIgnored) ignored = NULL;

  if (options->n_ignored == 0)
    return TRUE;
  ignored = pf_ignored_new ();
  for (gsize i = 0; i < options->n_ignored; i++)
    if (!read_ignored (ignored, options->ignored[i], options, retry, error))
      return FALSE;
  pf_ignored_drop (ignored, builder, options->case_rule);
  return TRUE;
}

static PfGlossary *
build (const PfGlossaryOptions *options, PfRetry *retry, PfError *error)
{
  g_autoptr (PfGlossaryBuilder) builder = load_sources (options, retry, error);

  if (builder == NULL)
    return NULL;
  if (options->n_terms > 0 && !load_terms (builder, options, error))
    return NULL;
  if (!drop_ignored (builder, options, retry, error))
    return NULL;
  return pf_glossary_builder_seal (builder, error);
}

static PfGlossary *
open_image (const PfGlossaryOptions *options, const PfSource *source,
            PfRetry *retry, PfError *error)
{
  g_autoptr (PfGlossary) image =
      pf_image_open (source->path, &source->rules, retry, error);

  if (image != NULL &&
      (pf_glossary_n_entries (image) > 0 || options->allow_empty))
    return g_steal_pointer (&image);
  if (image != NULL)
    pf_error_set (error, PF_STATUS_DATA, "glossary has no entries");
  name_source (error, shown_name (source));
  return NULL;
}

/* An image that is all there is is used where it lies. */
static gboolean
is_image_alone (const PfGlossaryOptions *options)
{
  PfSource source;
  gboolean is_image;

  if (options->n_sources != 1 || options->n_terms > 0 || options->n_ignored > 0)
    return FALSE;
  is_image =
      pf_source_parse (&source, options->sources[0], NULL) && source.is_image;
  pf_source_clear (&source);
  return is_image;
}

static PfGlossary *
open_alone (const PfGlossaryOptions *options, PfRetry *retry, PfError *error)
{
  PfSource source;
  PfGlossary *glossary = NULL;

  if (pf_source_parse (&source, options->sources[0], error))
    glossary = open_image (options, &source, retry, error);
  pf_source_clear (&source);
  return glossary;
}

/* The built-in glossary that is all there is, and has no rules given with it,
 * is the one that the process has. NULL where it must be made. */
static PfGlossary *
take_builtin (const PfGlossaryOptions *options)
{
  gboolean alone = options->n_sources == 1 && options->n_terms == 0 &&
                   options->n_ignored == 0;

  return alone && strcmp (options->sources[0], PF_BUILTIN_NAME) == 0
             ? pf_builtin_glossary ()
             : NULL;
}

static gboolean
has_tbx (const PfGlossaryOptions *options)
{
  gboolean found = FALSE;

  for (gsize i = 0; i < options->n_sources && !found; i++) {
    PfSource source;

    /* What cannot be parsed is told of later. */
    found = !pf_source_parse (&source, options->sources[i], NULL) ||
            source.stream == &pf_format_tbx;
    pf_source_clear (&source);
  }
  return found;
}

static gboolean
check_tbx (const PfGlossaryOptions *options, PfError *error)
{
  const char *name = options->tbx_langs != NULL ? "tbx-langs" : "tbx-forbidden";

  if (options->tbx_langs != NULL && options->tbx_forbidden != NULL)
    return pf_error_set (error, PF_STATUS_USAGE,
                         "--tbx-langs makes no sense with --tbx-forbidden");
  if ((options->tbx_langs == NULL && options->tbx_forbidden == NULL) ||
      has_tbx (options))
    return TRUE;
  return pf_error_set (error, PF_STATUS_USAGE,
                       "--%s makes no sense without a glossary of the format "
                       "tbx",
                       name);
}

static PfGlossary *
load (const PfGlossaryOptions *options, PfRetry *retry, PfError *error)
{
  PfGlossary *builtin;

  if (!check_tbx (options, error))
    return NULL;
  builtin = take_builtin (options);
  if (builtin != NULL)
    return builtin;
  return is_image_alone (options) ? open_alone (options, retry, error)
                                  : build (options, retry, error);
}

PfGlossary *
pf_glossary_load (const PfGlossaryOptions *options, GError **error)
{
  g_auto (PfError) failure = { 0 };
  g_autoptr (PfRetry) retry =
      pf_retry_new (pf_retries_of (options->retries), NULL);
  PfTimeSpent begun = pf_time_of_process ();
  PfGlossary *glossary = load (options, retry, &failure);

  if (options->cost != NULL) {
    options->cost->time = pf_time_between (begun, pf_time_of_process ());
    options->cost->retries = pf_retry_count (retry);
  }
  return glossary != NULL ? glossary : pf_error_propagate (error, &failure);
}

char *
pf_glossary_source_path (const char *spec, GError **error)
{
  g_auto (PfError) failure = { 0 };
  PfSource source;
  char *path = NULL;

  if (pf_source_parse (&source, spec, &failure)) {
    path = g_steal_pointer (&source.path);
  } else {
    name_source (&failure, spec);
    pf_error_propagate (error, &failure);
  }
  pf_source_clear (&source);
  return path;
}
