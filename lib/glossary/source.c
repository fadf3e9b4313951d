#include "glossary/source.h"

#include <string.h>

#include "glossary/format.h"

static gboolean
has_prefix (PfSpan text, const char *prefix, PfSpan *rest)
{
  gsize len = strlen (prefix);

  if (text.len < len || memcmp (text.data, prefix, len) != 0)
    return FALSE;
  *rest = pf_span_sub (text, len, text.len);
  return TRUE;
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
find_format (PfSource *self, PfSpan name, PfError *error)
{
  self->format = pf_format_find (name);
  self->is_image = pf_span_equal (name, pf_span_str ("pfg"));
  if (self->format == NULL && pf_format_is_foreign (name))
    return pf_error_set (error, PF_STATUS_USAGE,
                         "glossary format %.*s cannot be read by this version",
                         (int)name.len, (const char *)name.data);
  return TRUE;
}

static gboolean
is_known (const PfSource *self)
{
  return self->format != NULL || self->is_image;
}

/* Takes :FORMAT off the end of *SPEC, or goes by the ending of the name. */
static gboolean
take_format (PfSource *self, PfSpan *spec, PfError *error)
{
  gsize colon = pf_span_find_last (*spec, ':'), dot;

  if (colon < spec->len) {
    if (!find_format (self, pf_span_sub (*spec, colon + 1, spec->len), error))
      return FALSE;
    if (is_known (self)) {
      spec->len = colon;
      return TRUE;
    }
  }
  dot = pf_span_find_last (*spec, '.');
  if (dot < spec->len &&
      !find_format (self, pf_span_sub (*spec, dot + 1, spec->len), error))
    return FALSE;
  if (!is_known (self))
    self->format = &pf_format_txt;
  return TRUE;
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
  }
  if (spec.len == 0)
    return pf_error_set (error, PF_STATUS_USAGE, "glossary without a name");
  self->path = g_strndup ((const char *)spec.data, spec.len);
  return TRUE;
}

void
pf_source_clear (PfSource *self)
{
  g_free (self->path);
  g_free (self->label);
  *self = (PfSource){ 0 };
}
