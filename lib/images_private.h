/* What images.c and convert.c share. Private to lib/. */
#pragma once

#include "base/atomic_file.h"
#include "pfproc.h"

struct PfImageFile {
  PfAtomicFile *file;
  char *shown; /* as the user named it */
};
