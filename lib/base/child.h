/* A program that makes a text of a file: started, read, and waited for.
 *
 *   file ──standard input──▶ program ──standard output──▶ PfByteSource
 *                               └──────standard error───▶ pf_child_said
 *
 * It is a process group of its own, which is told to end (SIGTERM, and soon
 * SIGKILL) where nobody wants its output any more: what it started ends with
 * it, and an interrupt at the terminal reaches it by way of who started it.
 * Nothing is inherited but the three standard descriptors and what the caller
 * of this process left open.
 *
 * Threads: an object belongs to one thread, and has an event loop of its own;
 * several may be used at once. Processes are waited for by libuv, by SIGCHLD.
 */
#pragma once

#include "base/byte_source.h"
#include "base/cancel.h"

typedef struct {
  const char *program; /* the file to execute */
  const char *name;    /* what it is called, to itself and in messages */
  const char *argument;
  int input;              /* what it reads; it stays the caller's */
  const PfCancel *cancel; /* ends the waiting; may be NULL */
} PfChildOptions;

typedef struct PfChild PfChild;

/* What OPTIONS point to must outlive SELF. (transfer full) NULL with an error
 * that has the errno: PF_STATUS_TEMPORARY where descriptors or memory are out,
 * else PF_STATUS_OS. */
PfChild *pf_child_new (const PfChildOptions *options, PfError *error);

/* Ends the program where it has not ended, and waits for it. NULL is allowed.
 */
void pf_child_free (PfChild *self);

/* What it writes, as long as SELF. Behind all of it reading fails with
 * PF_STATUS_DATA where the exit status is not 0; and without an error where the
 * wait was cancelled. */
PfByteSource pf_child_bytes (PfChild *self);

/* A PfByteWait: of these bytes, or of their end. */
gboolean pf_child_wait (gpointer child, int timeout);

/* What it has written to standard error so far, the first 4 KiB of it, with
 * blanks for control characters but line breaks. */
const char *pf_child_said (const PfChild *self);

/* Whether reading has failed because of the exit status. */
gboolean pf_child_has_failed (const PfChild *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfChild, pf_child_free)
