/* The public face of glossaries: from what the user named to a glossary. */
#include <string.h>

#include "engine_private.h"
#include "glossary/builtin.h"
#include "glossary/format.h"
#include "glossary/image.h"
#include "glossary/source.h"

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

static gboolean
load_source (PfGlossaryBuilder *builder, const PfGlossaryOptions *options,
             const char *spec, PfError *error)
{
  PfReadOptions how = { .lenient = options->lenient,
                        .allow_empty = options->allow_empty };
  PfReadReport report = { 0 };
  PfSource source;
  gboolean done = FALSE;

  if (!pf_source_parse (&source, spec, error)) {
    name_source (error, spec);
  } else {
    done = pf_source_read (&source, builder, &how, &report, error);
    if (!done)
      name_source (error, shown_name (&source));
    report_skipped (options, source.path, &report);
  }
  pf_source_clear (&source);
  return done;
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

static PfGlossary *
build (const PfGlossaryOptions *options, PfError *error)
{
  g_autoptr (PfGlossaryBuilder) builder = pf_glossary_builder_new ();

  for (gsize i = 0; i < options->n_sources; i++)
    if (!load_source (builder, options, options->sources[i], error))
      return NULL;
  if (options->n_terms > 0 && !load_terms (builder, options, error))
    return NULL;
  return pf_glossary_builder_seal (builder, error);
}

static PfGlossary *
open_image (const PfGlossaryOptions *options, const PfSource *source,
            PfError *error)
{
  g_autoptr (PfGlossary) image =
      pf_image_open (source->path, &source->rules, error);

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

  if (options->n_sources != 1 || options->n_terms > 0)
    return FALSE;
  is_image =
      pf_source_parse (&source, options->sources[0], NULL) && source.is_image;
  pf_source_clear (&source);
  return is_image;
}

static PfGlossary *
open_alone (const PfGlossaryOptions *options, PfError *error)
{
  PfSource source;
  PfGlossary *glossary = NULL;

  if (pf_source_parse (&source, options->sources[0], error))
    glossary = open_image (options, &source, error);
  pf_source_clear (&source);
  return glossary;
}

/* The built-in glossary that is all there is, and has no rules given with it,
 * is the one that the process has. NULL where it must be made. */
static PfGlossary *
take_builtin (const PfGlossaryOptions *options)
{
  gboolean alone = options->n_sources == 1 && options->n_terms == 0;

  return alone && strcmp (options->sources[0], PF_BUILTIN_NAME) == 0
             ? pf_builtin_glossary ()
             : NULL;
}

PfGlossary *
pf_glossary_load (const PfGlossaryOptions *options, GError **error)
{
  g_auto (PfError) failure = { 0 };
  PfGlossary *glossary = take_builtin (options);

  if (glossary == NULL)
    glossary = is_image_alone (options) ? open_alone (options, &failure)
                                        : build (options, &failure);
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

char *
pf_glossary_entry_to_tsv (const PfGlossary *self, gsize i, gsize *len)
{
  PfEntry entry = pf_glossary_entry (self, i);
  GString *line = g_string_new (NULL);

  /* Exact is the default of tsv, too. */
  if (entry.case_rule == PF_CASE_UNSET &&
      pf_glossary_default_case (self, i) == PF_CASE_IGNORE)
    entry.case_rule = PF_CASE_IGNORE;
  pf_tsv_write (line, &entry);
  *len = line->len;
  return g_string_free (line, FALSE);
}
