#include "base/error.h"

#include <errno.h>
#include <string.h>

PfStatus
pf_status_from_errno (int errnum)
{
  switch (errnum) {
  case ENOENT:
  case ENOTDIR:
  case ELOOP:
  case ENAMETOOLONG:
  case EISDIR:
  case ENXIO:
    return PF_STATUS_NO_INPUT;
  case EMFILE:
  case ENFILE:
  case ENOMEM:
  case EAGAIN:
    return PF_STATUS_TEMPORARY;
  case EACCES:
  case EPERM:
    return PF_STATUS_PERMISSION;
  default:
    return PF_STATUS_IO;
  }
}

gboolean
pf_error_set (PfError *self, PfStatus status, const char *format, ...)
{
  va_list args;

  if (self == NULL)
    return FALSE;
  g_assert (!pf_error_is_set (self) && status != PF_STATUS_OK);
  va_start (args, format);
  self->message = g_strdup_vprintf (format, args);
  va_end (args);
  self->status = status;
  self->errnum = 0;
  return FALSE;
}

/* The system's words; strerror_r comes in two forms, of which one may leave
 * TEXT alone and return words of its own. */
static const char *
system_words (int errnum, char *text, gsize size)
{
#ifdef STRERROR_R_CHAR_P
  return strerror_r (errnum, text, size);
#else
  return strerror_r (errnum, text, size) == 0 ? text : "unknown error";
#endif
}

gboolean
pf_error_set_system (PfError *self, PfStatus status, int errnum)
{
  char text[256];

  pf_error_set (self, status, "%s", system_words (errnum, text, sizeof text));
  if (self != NULL)
    self->errnum = errnum;
  return FALSE;
}

gboolean
pf_error_set_errno (PfError *self, int errnum)
{
  return pf_error_set_system (self, pf_status_from_errno (errnum), errnum);
}

void
pf_error_prefix (PfError *self, const char *prefix)
{
  char *longer;

  if (self == NULL || !pf_error_is_set (self))
    return;
  longer = g_strconcat (prefix, ": ", self->message, NULL);
  g_free (self->message);
  self->message = longer;
}

void
pf_error_move (PfError *self, PfError *source)
{
  if (self == NULL) {
    pf_error_clear (source);
    return;
  }
  g_assert (!pf_error_is_set (self));
  *self = *source;
  *source = (PfError){ 0 };
}

void
pf_error_clear (PfError *self)
{
  g_free (self->message);
  *self = (PfError){ 0 };
}
