/* What is wrong with packed data, as libarchive says it. Where that library is.
 */
#pragma once

#include <archive.h>
#include <errno.h>

#include "base/error.h"

/* FALSE with ERROR: OWN, which is moved, where it is set; out of memory
 * (PF_STATUS_TEMPORARY); or "damaged NAME KIND: ..." (PF_STATUS_DATA). */
static inline gboolean
pf_damaged (struct archive *archive, PfError *own, const char *name,
            const char *kind, PfError *error)
{
  const char *what = archive_error_string (archive);

  if (pf_error_is_set (own)) {
    pf_error_move (error, own);
    return FALSE;
  }
  if (archive_errno (archive) == ENOMEM)
    return pf_error_set_system (error, PF_STATUS_TEMPORARY, ENOMEM);
  return pf_error_set (error, PF_STATUS_DATA, "damaged %s %s: %s", name, kind,
                       what != NULL ? what : "truncated or corrupt");
}
