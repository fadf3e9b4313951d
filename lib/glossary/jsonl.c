/* jsonl: an object a line, read by jansson.
 *
 *   {"term": "teh", "value": "the", "label": "typo", "case": "ignore",
 *    "boundary": "word"}                     (in one line)
 *
 * Only term must be there; null is as if a key were not. Several values in an
 * array make an entry each. Other keys, and a key twice, are malformed, so that
 * a misspelt one is not passed over. NUL (\u0000) may stand in values and
 * labels only.
 */
#include "glossary/format.h"

#ifdef HAVE_JANSSON

#include <errno.h>
#include <jansson.h>
#include <string.h>

static gboolean
malformed (PfError *error, const char *what)
{
  return pf_error_set (error, PF_STATUS_DATA, "%s", what);
}

/* What TEXT, a string or null, says. FALSE where it is something else. */
static gboolean
take_string (const json_t *text, PfSpan *span)
{
  if (json_is_string (text))
    *span = (PfSpan){ (const guint8 *)json_string_value (text),
                      json_string_length (text) };
  return json_is_string (text) || json_is_null (text);
}

static gboolean
take_term (const json_t *text, PfEntry *entry, PfError *error)
{
  if (!json_is_string (text) || !take_string (text, &entry->term))
    return malformed (error, "term must be a string");
  return memchr (entry->term.data, '\0', entry->term.len) == NULL ||
         malformed (error, "term with a NUL character");
}

static gboolean
take_case (const json_t *text, PfEntry *entry, PfError *error)
{
  PfSpan name;

  return json_is_null (text) ||
         (take_string (text, &name) &&
          pf_case_parse (name, &entry->case_rule)) ||
         malformed (error, "case must be \"exact\" or \"ignore\"");
}

static gboolean
take_boundary (const json_t *text, PfEntry *entry, PfError *error)
{
  PfSpan name;

  return json_is_null (text) ||
         (take_string (text, &name) &&
          pf_boundary_parse (name, &entry->boundary)) ||
         malformed (error, "boundary is not known");
}

static gboolean
check_values (const json_t *values, PfError *error)
{
  const char *words = "value must be a string, or an array of strings";
  gsize n = json_array_size (values);

  if (!json_is_array (values))
    return json_is_string (values) || json_is_null (values) ||
           malformed (error, words);
  for (gsize i = 0; i < n; i++)
    if (!json_is_string (json_array_get (values, i)))
      return malformed (error, words);
  return TRUE;
}

/* Takes what KEY says; values are only looked at. */
static gboolean
take_key (const char *key, const json_t *what, PfEntry *entry, PfError *error)
{
  if (strcmp (key, "term") == 0)
    return take_term (what, entry, error);
  if (strcmp (key, "value") == 0)
    return check_values (what, error);
  if (strcmp (key, "label") == 0)
    return take_string (what, &entry->label) ||
           malformed (error, "label must be a string");
  if (strcmp (key, "case") == 0)
    return take_case (what, entry, error);
  if (strcmp (key, "boundary") == 0)
    return take_boundary (what, entry, error);
  return pf_error_set (error, PF_STATUS_DATA, "unknown key \"%s\"", key);
}

static gboolean
add_entries (PfBatch *batch, PfEntry *entry, const json_t *values,
             PfError *error)
{
  gsize n = json_array_size (values);

  if (n == 0) {
    take_string (values, &entry->value);
    return pf_batch_add (batch, entry, error);
  }
  for (gsize i = 0; i < n; i++) {
    take_string (json_array_get (values, i), &entry->value);
    if (!pf_batch_add (batch, entry, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
take_object (PfBatch *batch, json_t *object, PfError *error)
{
  PfEntry entry = { 0 };
  const char *key;
  json_t *what;

  json_object_foreach (
      object, key, what) if (!take_key (key, what, &entry, error)) return FALSE;
  if (entry.term.data == NULL)
    return malformed (error, "no term");
  return add_entries (batch, &entry, json_object_get (object, "value"), error);
}

static gboolean
not_json (const json_error_t *why, PfError *error)
{
  if (json_error_code (why) == json_error_out_of_memory)
    return pf_error_set_system (error, PF_STATUS_TEMPORARY, ENOMEM);
  return pf_error_set (error, PF_STATUS_DATA, "byte %d: %s", why->position,
                       why->text);
}

static gboolean
parse (PfBatch *batch, PfSpan line, GByteArray *scratch G_GNUC_UNUSED,
       PfError *error)
{
  json_error_t why;
  json_t *value;
  gboolean done;

  if (pf_line_is_blank (line))
    return TRUE;
  value = json_loadb ((const char *)line.data, line.len,
                      JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &why);
  if (value == NULL)
    return not_json (&why, error);
  done = json_is_object (value) ? take_object (batch, value, error)
                                : malformed (error, "expected an object");
  json_decref (value);
  return done;
}

#else
#define parse NULL
#endif

const PfLineFormat pf_format_jsonl = { "jsonl", PF_CASE_EXACT, parse,
                                       "jansson" };
