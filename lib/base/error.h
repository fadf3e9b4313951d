/* A plain error record. Threads hand it to each other by value under a lock,
 * which a GError would not survive under ThreadSanitizer; GError appears at
 * the public face only.
 *
 * A zeroed record means "no error". Functions that can fail return gboolean
 * or a pointer and take a PfError * last; it must be zeroed or cleared when
 * it is passed, and may be NULL where the caller does not want to know.
 *
 * Threads: a record moves, message and all; it is not shared but under a lock.
 */
#pragma once

#include "base/types.h"

typedef struct {
  PfStatus status; /* the exit code that this error stands for */
  int errnum;      /* the system's error number, or 0 */
  char *message;   /* owned; without the name of the file */
} PfError;

/* Always returns FALSE, so that a caller can write `return pf_error_set`. */
gboolean pf_error_set (PfError *self, PfStatus status, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

/* The status and the system's own words for ERRNUM, for an input file. */
gboolean pf_error_set_errno (PfError *self, int errnum);

/* The same, with a status of the caller's choice. */
gboolean pf_error_set_system (PfError *self, PfStatus status, int errnum);

/* Puts "PREFIX: " before the message. */
void pf_error_prefix (PfError *self, const char *prefix);

/* Moves SOURCE into the empty SELF, or drops it where SELF is NULL. */
void pf_error_move (PfError *self, PfError *source);

void pf_error_clear (PfError *self);

static inline gboolean
pf_error_is_set (const PfError *self)
{
  return self->status != PF_STATUS_OK;
}

/* The exit code for a system error on an input. */
PfStatus pf_status_from_errno (int errnum);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PfError, pf_error_clear)
