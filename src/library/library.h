/* The library: what happens to a recording after it was stopped, until it is deleted.
 *
 * Owns the queue of renderings and what waits to be deleted. Main thread; threads of its own list, hash and delete files.
 *
 * Signals: changed (char *recording)  something that CvEntry shows is another now
 *          deleted (char *recording)  it is gone, files and rows
 */
#pragma once

#include "base/clock.h"
#include "library/contents.h"
#include "library/entry.h"
#include "library/hooks.h"
#include "process/render-order.h"

G_BEGIN_DECLS

#define CV_LIBRARY_ERROR (cv_library_error_quark ())
GQuark cv_library_error_quark (void);
typedef enum {
  CV_LIBRARY_ERROR_MISSING, /* no such recording, rendering or file, or it is being deleted */
  CV_LIBRARY_ERROR_STATE,   /* it is still being recorded */
  CV_LIBRARY_ERROR_LIMIT,   /* too many renderings of it; too many verifications at once */
  CV_LIBRARY_ERROR_INVALID, /* the cursor is none */
  CV_LIBRARY_ERROR_NO_RENDERER,
  CV_LIBRARY_ERROR_STORE, /* the database or the disk */
} CvLibraryError;

typedef struct {
  CvStore *store;
  CvClock *clock;
  CvHooks *hooks;             /* NULL: none */
  const char *directory;      /* of all recordings */
  const char *render_program; /* conclave-render; NULL: there is none, tracks are all there will be */
  guint renders;              /* at once */
  const char *const *words;   /* of base/film-words.h; what films say themselves */
  guint keep_days;            /* where the room does not say so; 0: for ever */
} CvLibraryOptions;

#define CV_TYPE_LIBRARY (cv_library_get_type ())
G_DECLARE_FINAL_TYPE (CvLibrary, cv_library, CV, LIBRARY, GObject)

CvLibrary *cv_library_new (const CvLibraryOptions *options);
void cv_library_set_keep_days (CvLibrary *self, guint days); /* for what is whole from now on */
/* Before anything is recorded: takes up what the last run left, and begins to work. */
void cv_library_start (CvLibrary *self);
/* Ends what it runs; it goes on at the next start. Signals nothing any more. */
void cv_library_stop (CvLibrary *self);

/* For who records: its row is there and it runs; and its files are whole, its row is `processing` (or still `recording`). */
void cv_library_started (CvLibrary *self, const char *recording);
void cv_library_finished (CvLibrary *self, const char *recording);

/* Renderings that wait, and that run. */
void cv_library_count_renders (CvLibrary *self, guint *waiting, guint *running);

typedef struct {
  GPtrArray *entries; /* of CvEntry */
  char *next;         /* the cursor of the next page; NULL: there is none */
} CvLibraryPage;
void cv_library_page_free (CvLibraryPage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvLibraryPage, cv_library_page_free)
/* Fails with INVALID. Returns: (transfer full). */
void cv_library_list_async (CvLibrary *self, const CvRecordingsQuery *query, GAsyncReadyCallback callback,
                            gpointer user_data);
CvLibraryPage *cv_library_list_finish (CvLibrary *self, GAsyncResult *result, GError **error);

/* From here on everything may fail with MISSING or STORE. Returns: (transfer full). */
void cv_library_load_async (CvLibrary *self, const char *recording, GAsyncReadyCallback callback, gpointer user_data);
CvEntry *cv_library_load_finish (CvLibrary *self, GAsyncResult *result, GError **error);

/* These end with cv_library_finish(). `actor`: as of store/audit.h. */
void cv_library_rename_async (CvLibrary *self, const char *recording, const char *title, GAsyncReadyCallback callback,
                              gpointer user_data);
/* Answers when all is gone. Fails with STATE. */
void cv_library_delete_async (CvLibrary *self, const char *recording, const char *actor, GAsyncReadyCallback callback,
                              gpointer user_data);
/* All of a room, before the room itself; waits for one that is being stopped. */
void cv_library_delete_room_async (CvLibrary *self, const char *room, const char *actor, GAsyncReadyCallback callback,
                                   gpointer user_data);
/* MISSING: it is over already. */
void cv_library_cancel_render_async (CvLibrary *self, const char *render, GAsyncReadyCallback callback,
                                     gpointer user_data);
gboolean cv_library_finish (CvLibrary *self, GAsyncResult *result, GError **error);

/* Queues it. Fails with STATE, LIMIT or NO_RENDERER. Returns: (transfer full). */
void cv_library_render_async (CvLibrary *self, const char *recording, const CvRenderOrder *order,
                              GAsyncReadyCallback callback, gpointer user_data);
CvRenderRow *cv_library_render_finish (CvLibrary *self, GAsyncResult *result, GError **error);

/* Reads every file again. Fails with STATE or LIMIT. Returns: (transfer full) of CvFileCheck. */
void cv_library_verify_async (CvLibrary *self, const char *recording, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *cv_library_verify_finish (CvLibrary *self, GAsyncResult *result, GError **error);

/* A file by its name ("meeting.mp4", "tracks/001-….mkv"). Returns: (transfer full). */
void cv_library_open_file_async (CvLibrary *self, const char *recording, const char *name, GAsyncReadyCallback callback,
                                 gpointer user_data);
CvOpenedFile *cv_library_open_file_finish (CvLibrary *self, GAsyncResult *result, GError **error);

G_END_DECLS
