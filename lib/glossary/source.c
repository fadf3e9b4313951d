#include "glossary/source.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/span.h"
#include "base/unpack.h"
#include "glossary/format.h"
#include "glossary/stream_format.h"

static gboolean
has_prefix (PfSpan text, const char *prefix, PfSpan *rest)
{
  gsize len = strlen (prefix);

  if (text.len < len || memcmp (text.data, prefix, len) != 0)
    return FALSE;
  *rest = pf_span_sub (text, len, text.len);
  return TRUE;
}

/* The NAME of NAME=VALUE, or all of OPTION. */
static PfSpan
key_name (PfSpan option)
{
  const guint8 *sign =
      option.len > 0 ? memchr (option.data, '=', option.len) : NULL;

  if (sign != NULL)
    option.len = (gsize)(sign - option.data);
  return option;
}

/* Keeps NAME=VALUE, which some stream format knows. */
static void
keep_key (PfSource *self, PfSpan option)
{
  guint n = self->keys != NULL ? g_strv_length (self->keys) : 0;

  self->keys = g_renew (char *, self->keys, n + 2);
  self->keys[n] = g_strndup ((const char *)option.data, option.len);
  self->keys[n + 1] = NULL;
}

static gboolean
is_format_key (PfSpan option)
{
  PfSpan name = key_name (option);

  return name.len < option.len && pf_stream_format_has_key (name);
}

/* Applies KEY=VALUE; a key that is set stays, since the last is taken first.
 * *KNOWN says whether the key was one of ours. */
static gboolean
apply_key (PfSource *self, PfSpan option, gboolean *known, PfError *error)
{
  PfSourceRules *rules = &self->rules;
  PfBoundary boundary;
  PfCase case_rule;
  PfSpan value;

  *known = TRUE;
  if (has_prefix (option, "case=", &value)) {
    if (!pf_case_parse (value, &case_rule))
      return pf_error_set (error, PF_STATUS_USAGE,
                           "case must be exact or ignore: %.*s",
                           (int)option.len, (const char *)option.data);
    if (rules->case_rule == PF_CASE_UNSET)
      rules->case_rule = case_rule;
  } else if (has_prefix (option, "boundary=", &value)) {
    if (!pf_boundary_parse (value, &boundary))
      return pf_error_set (error, PF_STATUS_USAGE,
                           "boundary must be word, strict, host, none, "
                           "prefix or subword: %.*s",
                           (int)option.len, (const char *)option.data);
    if (rules->boundary == PF_BOUNDARY_UNSET)
      rules->boundary = boundary;
  } else if (has_prefix (option, "label=", &value)) {
    if (self->label == NULL)
      self->label = g_strndup ((const char *)value.data, value.len);
    rules->label = pf_span_str (self->label);
  } else if (is_format_key (option)) {
    keep_key (self, option);
  } else {
    *known = FALSE;
  }
  return TRUE;
}

/* Takes the known KEY=VALUE parts off the end of *SPEC, the last first. */
static gboolean
take_keys (PfSource *self, PfSpan *spec, PfError *error)
{
  gboolean known = TRUE;

  while (known) {
    gsize comma = pf_span_find_last (*spec, ',');

    if (comma == spec->len)
      break;
    if (!apply_key (self, pf_span_sub (*spec, comma + 1, spec->len), &known,
                    error))
      return FALSE;
    if (known)
      spec->len = comma;
  }
  return TRUE;
}

static gboolean
is_known (const PfSource *self)
{
  return self->format != NULL || self->stream != NULL || self->is_image;
}

static gboolean
lacks (PfError *error, const char *format, const char *library)
{
  return pf_error_set (error, PF_STATUS_USAGE,
                       "glossary format %s needs %s, which this build lacks",
                       format, library);
}

static gboolean
find_format (PfSource *self, PfSpan name, PfError *error)
{
  const PfLineFormat *format = pf_format_find (name);
  const PfStreamFormat *stream = pf_stream_format_find (name);

  self->format = format;
  self->stream = stream;
  self->is_image = pf_span_equal (name, pf_span_str ("pfg"));
  if (format != NULL && format->parse == NULL)
    return lacks (error, format->name, format->library);
  if (stream != NULL && stream->read == NULL)
    return lacks (error, stream->name, stream->library);
  return TRUE;
}

/* By the ending of the name, or the one before that of a packed file. */
static gboolean
guess_format (PfSource *self, PfSpan name, PfError *error)
{
  PfSpan plain = pf_packing_strip (name);
  gsize dot = pf_span_find_last (plain, '.');

  if (dot < plain.len &&
      !find_format (self, pf_span_sub (plain, dot + 1, plain.len), error))
    return FALSE;
  if (!is_known (self))
    self->format = &pf_format_txt;
  return !self->is_image || plain.len == name.len ||
         pf_error_set (error, PF_STATUS_USAGE,
                       "an image is mapped, and cannot be compressed");
}

/* Takes :FORMAT off the end of *SPEC, or goes by the name. */
static gboolean
take_format (PfSource *self, PfSpan *spec, PfError *error)
{
  gsize colon = pf_span_find_last (*spec, ':');

  if (colon < spec->len) {
    if (!find_format (self, pf_span_sub (*spec, colon + 1, spec->len), error))
      return FALSE;
    if (is_known (self)) {
      spec->len = colon;
      return TRUE;
    }
  }
  return guess_format (self, *spec, error);
}

static gboolean
knows_key (const PfStreamFormat *format, PfSpan name)
{
  for (guint i = 0;
       format != NULL && format->keys != NULL && format->keys[i] != NULL; i++)
    if (pf_span_equal (name, pf_span_str (format->keys[i])))
      return TRUE;
  return FALSE;
}

/* What the keys of stream formats mean to the format that it is. */
static gboolean
settle_keys (PfSource *self, PfError *error)
{
  const PfStreamFormat *format = self->stream;

  if (knows_key (format, pf_span_str ("label")))
    self->rules.label = (PfSpan){ 0 };
  for (guint i = 0; self->keys != NULL && self->keys[i] != NULL; i++)
    if (!knows_key (format, key_name (pf_span_str (self->keys[i]))))
      return pf_error_set (error, PF_STATUS_USAGE,
                           "this glossary format has no such key: %s",
                           self->keys[i]);
  return format == NULL || format->check_keys == NULL ||
         format->check_keys (self, error);
}

const char *
pf_source_key (const PfSource *self, const char *name)
{
  gsize len = strlen (name);

  if (strcmp (name, "label") == 0)
    return self->label;
  for (guint i = 0; self->keys != NULL && self->keys[i] != NULL; i++)
    if (strncmp (self->keys[i], name, len) == 0 && self->keys[i][len] == '=')
      return self->keys[i] + len + 1;
  return NULL;
}

gboolean
pf_source_set_key (PfSource *self, const char *name, const char *value,
                   PfError *error)
{
  g_autofree char *key = g_strconcat (name, "=", value, NULL);

  keep_key (self, pf_span_str (key));
  return settle_keys (self, error);
}

gboolean
pf_source_parse (PfSource *self, const char *text, PfError *error)
{
  PfSpan spec = pf_span_str (text);

  *self = (PfSource){ 0 };
  if (!take_keys (self, &spec, error))
    return FALSE;
  if (pf_span_equal (spec, pf_span_str (PF_BUILTIN_NAME))) {
    self->rules.default_case = PF_CASE_IGNORE;
    self->rules.default_boundary = PF_BOUNDARY_SUBWORD;
  } else if (!take_format (self, &spec, error)) {
    return FALSE;
  } else if (self->format != NULL) {
    self->rules.default_case = self->format->default_case;
  } else if (self->stream != NULL) {
    self->rules.default_case = self->stream->default_case;
  }
  if (!settle_keys (self, error))
    return FALSE;
  if (spec.len == 0)
    return pf_error_set (error, PF_STATUS_USAGE, "glossary without a name");
  self->path = g_strndup ((const char *)spec.data, spec.len);
  return TRUE;
}

/* Whether SPEC without keys is a source. */
static gboolean
is_there (const char *spec)
{
  PfSource source;
  struct stat st;
  gboolean there;

  there = pf_source_parse (&source, spec, NULL) &&
          (strcmp (source.path, PF_BUILTIN_NAME) == 0 ||
           strcmp (source.path, "-") == 0 || stat (source.path, &st) == 0);
  pf_source_clear (&source);
  return there;
}

void
pf_source_explain_missing (const PfSource *self, PfError *error)
{
  const char *comma = strchr (self->path, ',');
  g_autofree char *plain = NULL;

  if (comma == NULL || error == NULL || error->errnum != ENOENT)
    return;
  plain = g_strndup (self->path, (gsize)(comma - self->path));
  if (!is_there (plain))
    return;
  pf_error_clear (error);
  pf_error_set (error, PF_STATUS_USAGE, "unknown key: %s",
                strrchr (self->path, ',') + 1);
}

void
pf_source_clear (PfSource *self)
{
  g_free (self->path);
  g_free (self->label);
  g_strfreev (self->keys);
  *self = (PfSource){ 0 };
}
