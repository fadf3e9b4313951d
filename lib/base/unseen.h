/* Around calls of libraries that take turns, or give things back, by means that
 * ThreadSanitizer does not see: libuv closes its own descriptors by system
 * calls, and the C library has locks of its own. What is written between the
 * two, by this thread, races with nobody in its eyes. For any thread; of no
 * effect without ThreadSanitizer.
 */
#pragma once

#ifdef __SANITIZE_THREAD__
void AnnotateIgnoreWritesBegin (const char *file, int line);
void AnnotateIgnoreWritesEnd (const char *file, int line);
#define PF_BEGIN_UNSEEN() AnnotateIgnoreWritesBegin (__FILE__, __LINE__)
#define PF_END_UNSEEN() AnnotateIgnoreWritesEnd (__FILE__, __LINE__)
#else
#define PF_BEGIN_UNSEEN() ((void)0)
#define PF_END_UNSEEN() ((void)0)
#endif
