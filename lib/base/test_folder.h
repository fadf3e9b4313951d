/* For tests: a folder of its own for each case, which is the current one while
 * the case runs, and is removed behind it with all that lies in it. What fails
 * ends the test. Set-up and tear-down for g_test_add, or parts of them.
 */
#pragma once

#include <glib.h>

typedef struct {
  char *path; /* absolute */
  int before; /* the current folder before */
} PfTestFolder;

void pf_test_folder_enter (PfTestFolder *self, gconstpointer data);
void pf_test_folder_leave (PfTestFolder *self, gconstpointer data);
