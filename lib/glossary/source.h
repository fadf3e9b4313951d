/* Where the entries of a glossary come from: a file in one of the source
 * formats, standard input, or the built-in list.
 *
 * A large file is cut into pieces, each read by a thread of its own into a
 * batch of its own; what is read does not depend on the cut:
 *
 *   |   piece 0   |   piece 1   |   piece 2   |   by size
 *   |line|line|li:ne|line|line|l:ine|line|line|   a line is read where it
 * begins
 *
 * Formats whose entries are not lines (glossary/stream_format.h), packed files
 * (base/unpack.h) and what is no regular file are read by one thread.
 */
#pragma once

#include "base/retry.h"
#include "glossary/builder.h"

typedef struct PfLineFormat PfLineFormat;
typedef struct PfStreamFormat PfStreamFormat;

/* One source as the user named it. */
typedef struct {
  char *path;                   /* owned; "-" is standard input */
  const PfLineFormat *format;   /* NULL: one of the following */
  const PfStreamFormat *stream; /* NULL: an image, or PF_BUILTIN_NAME */
  gboolean is_image;
  PfSourceRules rules;
  char *label; /* owned; what rules.label points into */
  char **keys; /* owned: "NAME=VALUE", of STREAM; NULL: none */
} PfSource;

/* Parses FILE[:FORMAT][,KEY=VALUE...]. The ending (without that of
 * packed files) names the format unless :FORMAT does; only known formats and
 * keys count, so that other colons and commas belong to the name. FALSE with
 * PF_STATUS_USAGE, also for a key that the format does not know. */
gboolean pf_source_parse (PfSource *self, const char *spec, PfError *error);
void pf_source_clear (PfSource *self);

/* Where a name that is not there is that of a source with a misspelt key:
 * makes of ERROR one that says so, with PF_STATUS_USAGE. */
void pf_source_explain_missing (const PfSource *self, PfError *error);

/* The value of the key NAME of a stream format, as long as SELF, or NULL where
 * it was not given. */
const char *pf_source_key (const PfSource *self, const char *name);

/* Gives SELF a key of its format that it does not have. FALSE with
 * PF_STATUS_USAGE where the value will not do. */
gboolean pf_source_set_key (PfSource *self, const char *name, const char *value,
                            PfError *error);

typedef struct {
  gboolean lenient;     /* skip malformed lines and count them */
  gboolean allow_empty; /* a source without entries is no error */
  gsize piece;          /* bytes of a file for which a thread is worth its
                           while; 0: what seems right */
  PfRetry *retry;       /* what fails is tried again; may be NULL */
  guint jobs;           /* threads at most; 0: the processors there are */
  guint64 memory;       /* bytes that are available; 0: ask the system */
} PfReadOptions;

/* What was skipped, for --lenient. */
typedef struct {
  guint64 skipped; /* malformed lines */
  PfError first;   /* the first of them, "LINE: message" */
} PfReadReport;

void pf_read_report_clear (PfReadReport *self);

/* How many bytes of memory the text of SELF is going to take, as far as that
 * can be known. */
guint64 pf_source_size (const PfSource *self);

/* Reads all of SELF into BUILDER; an image is copied. Messages begin with the
 * line number where there is one ("12: empty term"), not with the name. REPORT
 * may be NULL. Any thread may call it, and several at once, for different
 * sources and builders, where OPTIONS has jobs and memory. */
gboolean pf_source_read (const PfSource *self, PfGlossaryBuilder *builder,
                         const PfReadOptions *options, PfReadReport *report,
                         PfError *error);
